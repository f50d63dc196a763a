"""The outbox: what must be told, written in the transaction that made it true, sent later."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from communes.models import Unit


class MessageState(models.TextChoices):
    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    # Never to be sent: demo data, or a recipient without an address.
    SUPPRESSED = "suppressed"


class OutboxMessage(models.Model):
    """One message to one person by one channel. ``key`` makes a second writing harmless.

    ``params`` hold codes, labels and dates, never a name or what a citizen wrote.
    """

    key = models.CharField(max_length=120, unique=True)
    template = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # Or whoever holds a position when the message is sent; the position outlives the person.
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    position = models.CharField(max_length=20, blank=True)
    # A citizen's address, sealed (common.crypto), when there is no account.
    address_key_version = models.PositiveSmallIntegerField(null=True, blank=True)
    address_box = models.BinaryField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=MessageState, default=MessageState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at=None)),
                name="outbox_sent_has_moment",
            )
        ]
        indexes = [
            # The delivery job: pending messages whose time has come, oldest first.
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(state="pending"),
                name="outbox_pending",
            )
        ]

    def __str__(self) -> str:
        return self.key
