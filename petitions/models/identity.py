"""Names, numbers and addresses, encrypted and apart from everything that is listed or searched."""

import datetime as dt
import hashlib
import json

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from common.history import AppendOnly
from communes.models import Unit
from petitions.enums import OpeningGround
from petitions.models.parties import Party


class SealedIdentity(models.Model):
    """Box of a party's personal data (``common.crypto``).

    ``is_protected``: a denouncer, sealed for the vault; opening it needs a permission, a ground and
    the password just typed, and is recorded (Articles 47 to 49 of the Law on Denunciations).
    """

    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="identity")
    is_protected = models.BooleanField(default=False)
    key_version = models.PositiveSmallIntegerField()
    box = models.BinaryField()
    # A copied letter holds the box of the first one as it is; it was sealed for that party.
    made_for = models.ForeignKey(
        Party, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # Of denouncers: HMACs of what must not stand in a published text, of this letter alone.
    tells = ArrayField(models.BigIntegerField(), default=list, blank=True)

    def __str__(self) -> str:
        return f"identity of party {self.party_id}"

    @property
    def sealed_for(self) -> int:
        """The party whose letter the box was made in."""
        return self.made_for_id or self.party_id

    @property
    def context(self) -> str:
        """What binds the box to the party that it was made for."""
        return identity_context(self.sealed_for)


def identity_context(party_id: int) -> str:
    """What binds a sealed identity to its party."""
    return f"party:{party_id}"


class IdentityOpening(AppendOnly):
    """Who looked at a protected identity, when and why. Written before the name is shown.

    ``unit`` held the case at that moment: whoever decides there reads these rows.
    """

    identity = models.ForeignKey(SealedIdentity, on_delete=models.PROTECT, related_name="openings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ground = models.CharField(max_length=20, choices=OpeningGround)
    reason = models.CharField(max_length=300)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta(AppendOnly.Meta):
        indexes = [
            # The head's list of openings in the unit, newest first.
            models.Index(fields=["unit", "-at", "-id"], name="opening_unit_newest")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ground__in=OpeningGround.values), name="opening_ground_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.identity_id} {self.at:%Y-%m-%d %H:%M}"

    @property
    def digest(self) -> str:
        """Of everything the row says; kept in the history of the case, whose chain and daily root
        show when a row was changed or removed."""
        at = self.at.astimezone(dt.UTC).isoformat()
        said = [self.pk, self.identity_id, self.by_id, at, self.ground, self.reason, self.unit_id]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


class VaultUse(AppendOnly):
    """What the vault opened, written by the vault itself before it answers: the identity of one
    opening, once, or the address that a waiting message goes to."""

    opening = models.OneToOneField(
        IdentityOpening, null=True, blank=True, on_delete=models.PROTECT, related_name="use"
    )
    # Key of the outbox, kept when the message is gone.
    message = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        indexes = [
            # How often a message was asked for.
            models.Index(
                fields=["message"], condition=Q(message__isnull=False), name="vault_use_message"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(opening=None, message__isnull=False)
                | Q(opening__isnull=False, message=None),
                name="vault_use_of_one",
            )
        ]

    def __str__(self) -> str:
        return f"opening {self.opening_id}" if self.opening_id else f"message {self.message}"
