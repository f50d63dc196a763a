"""Days off and running clocks. A clock knows no case: owners tie themselves to it from above."""

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communes.models import Unit
from deadlines.derivation import derivation_line, derivation_steps, derivation_unpack


class DayKind(models.TextChoices):
    HOLIDAY = "holiday", _("public holiday")
    COMPENSATORY_OFF = "compensatory_off", _("day off in lieu")
    SWAPPED_OFF = "swapped_off", _("swapped day off")
    SWAPPED_WORKING = "swapped_working", _("make-up working day")


class CalendarDay(models.Model):
    """A day that is not what its weekday says, with its basis.

    ``status`` is ``verified``, or ``expected`` until the year's official notice is out.
    """

    date = models.DateField(unique=True)
    kind = models.CharField(max_length=20, choices=DayKind)
    name = models.CharField(max_length=120)
    basis = models.CharField(max_length=200)
    status = models.CharField(max_length=12)

    class Meta:
        ordering = ["date"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=DayKind.values),
                name="calendar_day_kind_known",
                violation_error_message=_("Choose what kind of day this is."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=("verified", "expected")),
                name="calendar_day_status_known",
                violation_error_message=_("The status is verified or expected."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class ClockState(models.TextChoices):
    """A closed clock was ``met`` when it closed on or before its due date, else ``missed``; one
    that is still open after its due date is ``running``, and overdue."""

    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused")
    MET = "met", _("met")
    MISSED = "missed", _("missed")
    CANCELLED = "cancelled", _("no longer applies")


CLOSED_STATES = (ClockState.MET, ClockState.MISSED, ClockState.CANCELLED)
OPEN_STATES = (ClockState.RUNNING, ClockState.PAUSED)


class Clock(models.Model):
    """A legal limit as stored dates with their derivation, never a counter.

    ``due_on`` is the effective last day (a local date), ``legal_due_on`` the raw one before it
    moved off a day off. ``pauses`` are ``[from, to)`` as ISO dates, ``to`` null while it lasts.
    ``step_moments`` are the UTC moments of the ladder's steps; ``next_action_at`` is the moment of
    the next one not yet taken. Dates change only through ``deadlines.services``.
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
    # The chair's own target where the law sets no limit; never shown as law.
    is_internal = models.BooleanField(default=False)
    derivation = models.JSONField(default=dict)
    pauses = models.JSONField(default=list, blank=True)
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
                violation_error_message=_("A time limit has a closing date once it is closed."),
            ),
            models.CheckConstraint(
                condition=Q(state=ClockState.RUNNING) | Q(next_action_at=None),
                name="clock_acts_only_while_running",
                violation_error_message=_("Only a running time limit can escalate."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=ClockState.values),
                name="clock_state_known",
                violation_error_message=_("The state of the time limit is not known."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(amount__lt=0, due_on__lte=models.F("legal_due_on"))
                    | Q(amount__gte=0, due_on__gte=models.F("legal_due_on"))
                ),
                name="clock_due_on_right_side",
                violation_error_message=_("A limit ends on its legal last day or moves off it."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ClockState.PAUSED) | ~Q(pauses=[]),
                name="clock_paused_has_pause",
                violation_error_message=_("A paused time limit has the day of its suspension."),
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

    @property
    def steps(self) -> list[dict[str, Any]]:
        """Day by day why it is due then: ``date, counted, code, why``; from the stored row only."""
        steps = derivation_steps(*derivation_unpack(self.derivation))
        return [step._asdict() for step in steps]

    @property
    def explanation(self) -> str:
        """One sentence: what was counted, what was skipped, where it ends."""
        return derivation_line(*derivation_unpack(self.derivation))
