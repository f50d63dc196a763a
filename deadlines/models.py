"""Days off and running clocks. A clock knows no case: owners tie themselves to it from above."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from communes.models import Unit


class DayKind(models.TextChoices):
    HOLIDAY = "holiday"
    COMPENSATORY_OFF = "compensatory_off"
    SWAPPED_OFF = "swapped_off"
    SWAPPED_WORKING = "swapped_working"


class CalendarDay(models.Model):
    """A day that is not what its weekday says, with its basis."""

    date = models.DateField(unique=True)
    kind = models.CharField(max_length=20, choices=DayKind)
    name = models.CharField(max_length=120)
    basis = models.CharField(max_length=200)
    status = models.CharField(max_length=12)

    class Meta:
        ordering = ["date"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=DayKind.values), name="calendar_day_kind_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class ClockState(models.TextChoices):
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    CANCELLED = "cancelled"


CLOSED_STATES = (ClockState.MET, ClockState.MISSED, ClockState.CANCELLED)


class Clock(models.Model):
    """A legal limit as stored dates with their derivation, never a counter.

    ``due_on`` is the effective last day (a local date), ``legal_due_on`` the raw one before it
    moved off a day off. ``step_moments`` are the UTC moments of the ladder's steps;
    ``next_action_at`` is the moment of the next one not yet taken.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule_code = models.CharField(max_length=30)
    state = models.CharField(max_length=10, choices=ClockState, default=ClockState.RUNNING)
    started_on = models.DateField()
    legal_due_on = models.DateField()
    due_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    amount = models.DecimalField(max_digits=6, decimal_places=2)
    basis = models.CharField(max_length=300)
    is_internal = models.BooleanField(default=False)
    derivation = models.JSONField(default=list)
    pauses = models.JSONField(default=list)
    ladder = models.CharField(max_length=30, blank=True)
    step_moments = ArrayField(models.DateTimeField(), default=list, blank=True)
    next_step = models.PositiveSmallIntegerField(default=0)
    next_action_at = models.DateTimeField(null=True, blank=True)
    escalation_level = models.PositiveSmallIntegerField(default=0)
    holder_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    holder_position = models.CharField(max_length=20, blank=True)
    # Never escalated to: the accused of a denunciation.
    barred_units = ArrayField(models.BigIntegerField(), default=list, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)
    parked_reason = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=CLOSED_STATES, closed_on__isnull=False)
                | (~Q(state__in=CLOSED_STATES) & Q(closed_on=None)),
                name="clock_closed_has_date",
            ),
            models.CheckConstraint(
                condition=Q(state=ClockState.RUNNING) | Q(next_action_at=None),
                name="clock_acts_only_while_running",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ClockState.values), name="clock_state_known"
            ),
        ]
        indexes = [
            # The sweep: running clocks whose next step is due, earliest first.
            models.Index(
                fields=["next_action_at", "id"],
                condition=Q(state="running", next_action_at__isnull=False, parked_at=None),
                name="clock_next_action",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule_code} {self.due_on}"
