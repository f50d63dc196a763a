"""Days off and running clocks. A clock knows no case: owners tie themselves to it from above."""

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communes.models import Unit
from deadlines.derivation import EVENT_DAY, MOVED, chain_line, chain_steps
from deadlines.rules import load_rules
from deadlines.words import rule_mark, rule_words

_ENDS = (EVENT_DAY, MOVED)


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
    the next one not yet taken, or when an answer stops holding it. Dates change only through ``deadlines.services``.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule_code = models.CharField(max_length=30)
    # Fingerprint of the rule's row when the date was computed (``Rule.version``).
    rule_version = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=10, choices=ClockState, default=ClockState.RUNNING)
    started_on = models.DateField()
    legal_due_on = models.DateField()
    due_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    amount = models.DecimalField(max_digits=6, decimal_places=2)
    basis = models.CharField(max_length=600)
    # The chair's own target where the law sets no limit; never shown as law.
    is_internal = models.BooleanField(default=False)
    derivation = models.JSONField(default=dict)
    pauses = models.JSONField(default=list, blank=True)
    # Each lawful lengthening in its order: rule, version, relation, on, amount, day_kind, rolls,
    # basis, and what it replaced.
    extensions = models.JSONField(default=list, blank=True)
    # Set while a date told to the citizen is later than what the inputs give now.
    kept = models.JSONField(null=True, blank=True)
    ladder = models.CharField(max_length=30, blank=True)
    step_moments = ArrayField(models.DateTimeField(), default=list, blank=True)
    next_step = models.PositiveSmallIntegerField(default=0)
    next_action_at = models.DateTimeField(null=True, blank=True)
    # Grows when the due date moved so that steps already taken come once more, for the new date.
    step_round = models.PositiveSmallIntegerField(default=0)
    # An answer with a date holds the next step back until this moment.
    held_until = models.DateTimeField(null=True, blank=True)
    escalation_level = models.PositiveSmallIntegerField(default=0)
    holder_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    holder_position = models.CharField(max_length=20, blank=True)
    # The body that sent it here and urges; whether the Party secretary is told (his reception).
    forwarder_unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    tells_secretary = models.BooleanField(default=False)
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
        return [step._asdict() for step in chain_steps(self.derivation)]

    @property
    def explanation(self) -> str:
        """What was counted, what was skipped, where it ends; one sentence a stretch."""
        return chain_line(self.derivation, self.kept)

    @property
    def words(self) -> str:
        """The rule's article in our words; "" for a rule the table does not know any more."""
        rule = load_rules().get(self.rule_code)
        return rule_words(rule) if rule else ""

    @property
    def mark(self) -> str:
        """What must be said beside the date: not compared with the law's text yet, or ""."""
        rule = load_rules().get(self.rule_code)
        return rule_mark(rule) if rule and not self.is_internal else ""

    @property
    def skipped(self) -> list[dict[str, Any]]:
        """The days inside the limit that were not counted, and why; without the event day."""
        return [step for step in self.steps if not step["counted"] and step["code"] not in _ENDS]


class CalendarChange(models.Model):
    """A change of days off that recomputed the open clocks, with everything it did."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    # Dates added, changed and removed, as ISO dates with their kinds.
    days = models.JSONField(default=dict)
    examined = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.reason}"


class ClockMove(models.Model):
    """A clock that a change of the calendar touched: moved to ``computed_on``, or, when that is
    earlier than the date already told, ``is_kept`` on ``before_on``."""

    change = models.ForeignKey(CalendarChange, on_delete=models.PROTECT, related_name="moves")
    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="moves")
    before_on = models.DateField()
    computed_on = models.DateField()
    is_kept = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change", "clock"], name="clock_move_once"),
            models.CheckConstraint(
                condition=Q(is_kept=True, computed_on__lt=models.F("before_on"))
                | Q(is_kept=False, computed_on__gte=models.F("before_on")),
                name="clock_move_never_shortens",
                violation_error_message=_("A date already told is never shortened."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.before_on} {self.computed_on}"
