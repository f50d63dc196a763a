"""Who was reminded of or escalated to for which clock, and every run of the sweep."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from communes.models import Unit
from deadlines.models import Clock
from escalation.enums import StepKind


class EscalationState(models.TextChoices):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    # The clock was met or cancelled before anybody answered.
    SETTLED = "settled"


class Escalation(models.Model):
    """A step of the ladder taken for a clock: unique, so a second sweep changes nothing."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Its index is that of the unique key.
    clock = models.ForeignKey(
        Clock, on_delete=models.PROTECT, related_name="escalations", db_index=False
    )
    step = models.PositiveSmallIntegerField()
    step_code = models.CharField(max_length=30)
    kind = models.CharField(max_length=12, choices=StepKind)
    level = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT)
    position = models.CharField(max_length=20, blank=True)
    nobody_found = models.BooleanField(default=False)
    state = models.CharField(max_length=14, choices=EscalationState, default=EscalationState.OPEN)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clock", "step"], name="escalation_once"),
            models.CheckConstraint(
                condition=Q(kind__in=StepKind.values), name="escalation_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=EscalationState.values), name="escalation_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="acknowledged", acknowledged_at__isnull=False)
                | (~Q(state="acknowledged") & Q(acknowledged_at=None)),
                name="escalation_acknowledged_has_moment",
            ),
        ]
        indexes = [
            # Badge and list on the desk of whoever holds the position.
            models.Index(
                fields=["unit", "position"],
                condition=Q(state="open", kind="escalation"),
                name="escalation_open_position",
            )
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} step {self.step}"


class SweepRun(models.Model):
    """One run of the sweep: what it saw and did. Silence of these rows is an alarm."""

    at = models.DateTimeField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    is_manual = models.BooleanField(default=False)
    examined = models.PositiveIntegerField(default=0)
    reminders = models.PositiveIntegerField(default=0)
    escalations = models.PositiveIntegerField(default=0)
    skipped = models.JSONField(default=dict)
    parked = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)

    class Meta:
        indexes = [models.Index(fields=["-started_at"], name="sweep_run_latest")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
