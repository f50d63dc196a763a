"""Names, numbers and addresses, encrypted and apart from everything that is listed or searched."""

from django.conf import settings
from django.db import models

from petitions.models.parties import Party


class SealedIdentity(models.Model):
    """AES-256-GCM box of a party's personal data (``common.crypto``).

    ``is_protected``: a denouncer; opening it needs a permission and a reason, and is recorded
    (Articles 47 to 49 of the Law on Denunciations).
    """

    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="identity")
    is_protected = models.BooleanField(default=False)
    key_version = models.PositiveSmallIntegerField()
    box = models.BinaryField()

    def __str__(self) -> str:
        return f"identity of party {self.party_id}"


class IdentityOpening(models.Model):
    """Who looked at a protected identity, when and why. Written before the name is shown."""

    identity = models.ForeignKey(SealedIdentity, on_delete=models.PROTECT, related_name="openings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=300)

    def __str__(self) -> str:
        return f"{self.identity_id} {self.at:%Y-%m-%d %H:%M}"
