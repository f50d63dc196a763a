"""Tables without a domain word."""

from django.db import models
from django.db.models import Q

from common.history import AppendOnly


class ScheduledRun(models.Model):
    """One claim of a job for a business date: the unique key makes a second run harmless."""

    name = models.CharField(max_length=80)
    business_date = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "business_date"], name="scheduled_run_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.business_date}"


class IdempotencyKey(models.Model):
    """A request that must have one effect however often it is sent.

    Holds the HMAC of the key and of the body, never the body; ``answer`` holds no secret and no
    personal data. ``salt`` gives the same secret again (``common.codes.secret_from_salt``).
    """

    scope = models.CharField(max_length=40)
    key_hmac = models.BinaryField(max_length=32)
    body_hmac = models.BinaryField(max_length=32)
    salt = models.BinaryField(max_length=16)
    answer = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "key_hmac"], name="idempotency_key_once")
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_created")]

    def __str__(self) -> str:
        return f"{self.scope} {self.created_at:%Y-%m-%d}"


class JobState(models.Model):
    """How a periodic job is doing: its last run, and since when one is expected.

    ``name`` is the task's. ``last_error`` is the type of the last failure, never its message.
    """

    name = models.CharField(max_length=80, unique=True)
    expected_since = models.DateTimeField()
    last_started_at = models.DateTimeField(null=True, blank=True)
    last_succeeded_at = models.DateTimeField(null=True, blank=True)
    last_failed_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=120, blank=True)
    last_seconds = models.FloatField(null=True, blank=True)
    runs = models.PositiveBigIntegerField(default=0)
    failures = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class JobAlarm(models.Model):
    """A job fell silent: when that was seen, last told, over, and the end told.

    The unique key makes two watchers open one alarm.
    """

    job = models.ForeignKey(JobState, on_delete=models.CASCADE, related_name="alarms")
    opened_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    end_told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["job"], condition=Q(closed_at=None), name="job_alarm_one_open"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=models.F("opened_at")),
                name="job_alarm_closed_after_opened",
            ),
            models.CheckConstraint(
                condition=Q(end_told_at=None) | Q(closed_at__isnull=False),
                name="job_alarm_end_told_when_closed",
            ),
        ]
        indexes = [
            # The page of jobs: the last alarms.
            models.Index(fields=["-opened_at", "-id"], name="job_alarm_latest"),
            # The watch: ends that nobody has been told of.
            models.Index(
                fields=["id"],
                condition=Q(closed_at__isnull=False, end_told_at=None),
                name="job_alarm_end_untold",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id} {self.opened_at:%Y-%m-%d %H:%M}"


class HistoryHead(models.Model):
    """How many events a subject has had, kept by a trigger of the table of events.

    The application may only read it: whoever cuts the end off a chain leaves the count behind.
    """

    table_name = models.CharField(max_length=63)
    subject_id = models.BigIntegerField()
    sequence = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table_name", "subject_id"], name="history_head_once")
        ]

    def __str__(self) -> str:
        return f"{self.table_name} {self.subject_id}: {self.sequence}"


class HistoryRoot(AppendOnly):
    """The hash over every event that no root before it holds, chained to that root.

    ``since`` and ``day``: the first and the last complete Hà Nội day since the root before.
    ``tables``: for each table of events the identifiers it goes over (``after`` excluded, ``upto``
    included), how many events they are and the root of their tree (``common.roots``).
    """

    since = models.DateField()
    day = models.DateField(unique=True)
    made_at = models.DateTimeField()
    events = models.PositiveBigIntegerField()
    tables = models.JSONField()
    # Unique: the chain of roots cannot fork.
    previous = models.BinaryField(max_length=32, unique=True)
    hash = models.BinaryField(max_length=32, unique=True)

    class Meta(AppendOnly.Meta):
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {bytes(self.hash).hex()}"
