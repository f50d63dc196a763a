"""Who was reminded of or escalated to for which clock, every run of the sweep, and what the City
sets about both: ladders of its own, switches, stops."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communes.models import Unit
from deadlines.models import Clock
from escalation.enums import AnswerStep, LadderGroup, StepKind


class EscalationState(models.TextChoices):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    # The clock was met or cancelled before anybody answered.
    SETTLED = "settled"


# Step numbers of manual escalations, beyond every ladder.
MANUAL_FROM = 1000


class Escalation(models.Model):
    """A step of the ladder taken for a clock: unique, so a second sweep changes nothing.

    ``round``: that of the clock; the same step comes once more for a due date that has moved. A
    manual one has a step number of its own and says by whom and why.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Its index is that of the unique key.
    clock = models.ForeignKey(
        Clock, on_delete=models.PROTECT, related_name="escalations", db_index=False
    )
    round = models.PositiveSmallIntegerField(default=0)
    step = models.PositiveSmallIntegerField()
    step_code = models.CharField(max_length=30)
    kind = models.CharField(max_length=12, choices=StepKind)
    level = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    # What is open is found by the index below, the rest by its clock.
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, db_index=False)
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
    answer_step = models.CharField(max_length=10, choices=AnswerStep, blank=True)
    # The Hà Nội date by which the answer says it is done; the next step waits for it.
    answer_until = models.DateField(null=True, blank=True)
    # Of a manual one only.
    reason = models.TextField(blank=True)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clock", "round", "step"], name="escalation_once"),
            models.CheckConstraint(
                condition=(Q(step__lt=MANUAL_FROM, raised_by=None, reason=""))
                | (Q(step__gte=MANUAL_FROM, raised_by__isnull=False) & ~Q(reason="")),
                name="escalation_manual_has_reason",
                violation_error_message=_("A manual escalation says by whom and why."),
            ),
            models.CheckConstraint(
                condition=Q(state="acknowledged") & ~Q(answer_step="")
                | ~Q(state="acknowledged") & Q(answer_step="", answer_until=None),
                name="escalation_acknowledged_with_step",
                violation_error_message=_("An escalation is confirmed with a step."),
            ),
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

    @property
    def is_manual(self) -> bool:
        return self.step >= MANUAL_FROM


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
    # Public ids of some of the clocks behind each reason.
    examples = models.JSONField(default=dict)
    parked = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)

    class Meta:
        indexes = [models.Index(fields=["-started_at"], name="sweep_run_latest")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class Ladder(models.Model):
    """A ladder that the City sets itself for a group of clocks, a kind of petition, a field.

    One row is one version. It holds for clocks that start on or after ``valid_from``; before it
    is confirmed it is a draft that is only tried. Never changed after that: a change is a new one.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # What clocks keep (``Clock.ladder``).
    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=120)
    group = models.CharField(max_length=14, choices=LadderGroup)
    # "" holds for every kind, every field.
    kind = models.CharField(max_length=16, blank=True)
    field_code = models.CharField(max_length=40, blank=True)
    # As ``escalation.ladders.steps_pack`` writes them.
    steps = models.JSONField(default=list)
    reason = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    # What the last dry run found, and when; without one it cannot be confirmed.
    tried = models.JSONField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(group__in=LadderGroup.values), name="ladder_group_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
                name="ladder_valid_range",
                violation_error_message=_("A ladder ends on or after the day it begins."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False, tried__isnull=False),
                name="ladder_tried_before_confirmed",
                violation_error_message=_("A ladder is tried before it is confirmed."),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class LadderSwitch(models.Model):
    """The ladder does not act for a unit, or one ladder for everybody, until an end. What falls
    due meanwhile is not lost: it comes when the switch ends."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    ladder = models.CharField(max_length=30, blank=True)
    reason = models.CharField(max_length=300)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )

    class Meta:
        ordering = ["-until_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__gte=models.F("from_at")),
                name="switch_range",
                violation_error_message=_("The end lies after the beginning."),
            ),
            models.CheckConstraint(
                condition=~Q(unit=None, ladder=""),
                name="switch_names_something",
                violation_error_message=_("Choose a unit, a ladder or both."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="switch_has_reason",
                violation_error_message=_("Say why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id or '*'} {self.ladder or '*'} {self.until_at:%Y-%m-%d}"


class SweepStop(models.Model):
    """More was due at once than the cap allows: the sweep waits for a person. ``unit`` None: the
    whole run. Confirmed, it is open until ``released_until``."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    due = models.PositiveIntegerField()
    cap = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    released_until = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            # One waits at a time for each unit, one for the whole.
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(confirmed_at=None),
                nulls_distinct=False,
                name="stop_one_open",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None, released_until=None)
                | Q(
                    confirmed_at__isnull=False,
                    confirmed_by__isnull=False,
                    released_until__isnull=False,
                ),
                name="stop_confirmed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id or '*'} {self.due}"
