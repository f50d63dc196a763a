"""The outbox: what must be told, written in the transaction that made it true, sent later."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.history import HistoryEvent
from communes.models import Unit
from notifications.topics import ChannelName

QUIET_FROM = dt.time(21, 0)
QUIET_UNTIL = dt.time(6, 30)


# In ``params``: about a denunciation, told only to those in the position who see denunciations.
SECRET = {"secret": True}


class MessageState(models.TextChoices):
    PENDING = "pending"
    SENT = "sent"
    # A position's mail that was written out to the people who hold it.
    SPREAD = "spread"
    # A dead letter: refused for good, or tried too often.
    FAILED = "failed"
    # Not sent: demo data, switched off by the recipient, or nowhere to send it (see ``error``).
    SUPPRESSED = "suppressed"


def person_key(user_id: int) -> str:
    return f"u:{user_id}"


def position_key(unit_id: int, position: str) -> str:
    return f"p:{unit_id}:{position}"


class OutboxMessage(models.Model):
    """One fact to one recipient by one channel; the three are unique together.

    ``event`` names the fact, ``recipient_key`` whom it is for (``u:`` a person, ``p:`` a position,
    ``a:`` a sealed address). ``params`` hold codes, labels and dates, never a name or what a
    citizen wrote.
    """

    event = models.CharField(max_length=120)
    recipient_key = models.CharField(max_length=64)
    channel = models.CharField(max_length=12, choices=ChannelName)
    template = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    # Of citizens' messages; empty: the site's own.
    language = models.CharField(max_length=8, blank=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    # Or whoever holds a position when the message is sent; the position outlives the person.
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    position = models.CharField(max_length=20, blank=True)
    # A citizen's address, sealed (common.crypto), when there is no account; until it was sent.
    address_key_version = models.PositiveSmallIntegerField(null=True, blank=True)
    address_box = models.BinaryField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=MessageState, default=MessageState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    # The local date of the digest it waits for.
    digest_on = models.DateField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=120, blank=True)
    # What the provider said last, without addresses.
    answer = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "recipient_key", "channel"], name="outbox_told_once"
            ),
            models.CheckConstraint(
                condition=~Q(event="") & ~Q(recipient_key=""), name="outbox_has_recipient"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=ChannelName.values), name="outbox_channel_known"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at=None)),
                name="outbox_sent_has_moment",
            ),
        ]
        indexes = [
            # The delivery job: pending messages of a channel whose time has come, oldest first.
            models.Index(
                fields=["channel", "next_attempt_at", "id"],
                condition=Q(state="pending", unit=None, digest_on=None),
                name="outbox_pending",
            ),
            # The same job: messages to positions, to be written out to people.
            models.Index(
                fields=["channel", "next_attempt_at", "id"],
                condition=Q(state="pending", unit__isnull=False),
                name="outbox_spread",
            ),
            # The same job: people whose digest is due.
            models.Index(
                fields=["channel", "recipient", "digest_on"],
                condition=Q(state="pending", digest_on__isnull=False),
                name="outbox_digest",
            ),
            # The bell: notices to a person or a position, newest first. Persons and positions are
            # asked for together, so that one column must name both.
            models.Index(
                fields=["recipient_key", "-created_at", "-id"],
                condition=Q(channel="app", state="sent"),
                name="outbox_app",
            ),
            # Letters that could not be sent, newest first.
            models.Index(
                fields=["state", "-created_at", "-id"],
                condition=Q(state="failed") | Q(state="suppressed", error="no_address"),
                name="outbox_undelivered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.recipient_key} {self.channel}"


def is_secret(row: OutboxMessage) -> bool:
    """Whether a message is about a denunciation."""
    return bool(row.params.get("secret"))


class MessageEvent(HistoryEvent):
    """Who had a dead letter sent again, and when."""

    SUBJECT = "message"

    message = models.ForeignKey(OutboxMessage, on_delete=models.PROTECT, related_name="events")

    class Meta(HistoryEvent.Meta):
        constraints = [
            models.UniqueConstraint(fields=["message", "sequence"], name="message_event_chain")
        ]


class NoticeRead(models.Model):
    """A person has read a notice in the portal; a position's notice is read by each by himself."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(OutboxMessage, on_delete=models.CASCADE, related_name="reads")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="notice_read_once")]

    def __str__(self) -> str:
        return f"{self.message_id} {self.user_id}"


class NoticeSettings(models.Model):
    """How a person wants e-mails: by topic where the law leaves a choice, and quiet hours.

    ``by_topic`` maps codes of topics to ``EmailMode``; a topic that is absent has its default.
    Quiet hours are Hà Nội wall-clock times; the same time twice means none.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_settings"
    )
    by_topic = models.JSONField(default=dict)
    quiet_from = models.TimeField(default=QUIET_FROM)
    quiet_until = models.TimeField(default=QUIET_UNTIL)
    # Notices in the portal written until then are read, whatever NoticeRead says.
    read_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"notice settings of {self.user_id}"
