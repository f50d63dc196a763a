"""Who of those registered must still be called about a change."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from receptions.enums import RegistrationStatus, TellReason
from receptions.models.registration import Registration

# Whose reception has taken place.
SEEN = (RegistrationStatus.RECEIVED, RegistrationStatus.REFUSED)
# Who still counts on being received.
EXPECTING = (
    RegistrationStatus.UNCONFIRMED,
    RegistrationStatus.REGISTERED,
    RegistrationStatus.WAITING,
    RegistrationStatus.CALLED,
    RegistrationStatus.PARKED,
)


class VisitorTelling(models.Model):
    """Somebody registered who must be called: the newest change that is not told yet, and every
    call that was made. No name, no number: those lie sealed in the registration."""

    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, related_name="tellings"
    )
    reason = models.CharField(max_length=14, choices=TellReason)
    since = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=TellReason.values), name="telling_reason_known"
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True, told_by__isnull=True)
                | Q(told_at__isnull=False, told_by__isnull=False),
                name="telling_told_has_person",
            ),
            # A later change takes the place of one that was not told yet.
            models.UniqueConstraint(
                fields=["registration"],
                condition=Q(told_at__isnull=True),
                name="telling_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"telling of {self.registration_id}"
