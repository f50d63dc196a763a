"""A task given to a unit, its limits, and more time asked for."""

import datetime as dt
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.access import Access
from accounts.roles import Permission
from common.history import HistoryEvent
from communes.models import Unit
from deadlines.models import Clock
from directives.enums import (
    DONE,
    OVER,
    OWED,
    TOLD,
    Addressee,
    AssignmentState,
    ExtensionState,
    PeriodState,
)
from directives.models.directive import Directive
from directives.models.task import Task


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, access: Access) -> Self:
        """City bodies see what every unit was asked; a unit's people see their own, and what other
        units were asked of tasks that their body is in charge of or supports."""
        if Permission.DIRECTIVE_VIEW in access.city:
            return self
        units = access.units(Permission.DIRECTIVE_VIEW)
        carried = Task.objects.carried_by(units).values("pk")
        return self.filter(Q(unit_id__in=units) | Q(task__in=carried))

    def of(self, directive: Directive) -> Self:
        return self.filter(task__group__directive=directive)

    def live(self) -> Self:
        """What still counts: everything that was not withdrawn."""
        return self.exclude(state=AssignmentState.WITHDRAWN)

    def with_list_data(self) -> Self:
        return self.select_related("unit", "task__group__directive", "owner")


class Assignment(models.Model):
    """A task given to a unit. ``version`` grows with every change by a person; ``due_on`` is the
    issuer's, a local date. ``owner``: the person of the unit who sees to it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="assignments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="assignments")
    addressee = models.CharField(max_length=16, choices=Addressee)
    state = models.CharField(
        max_length=14, choices=AssignmentState, default=AssignmentState.ASSIGNED
    )
    due_on = models.DateField(null=True, blank=True)
    # What the issuer adds for this unit.
    note = models.CharField(max_length=500, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    assigned_at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_reason = models.CharField(max_length=500, blank=True, default="")
    escalation_level = models.PositiveSmallIntegerField(default=0)
    # Of a task with a rhythm: how many of its reports were sent and stand, how many of these are
    # accepted. The overview adds them up where it would count a million periods.
    periods_told = models.PositiveSmallIntegerField(default=0, db_default=0)
    periods_accepted = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Of rows read as a list of a desk, or with their figures
    next_due: dt.date
    asks_time: bool
    figure: str

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            # A task that was withdrawn may be given to the unit again.
            models.UniqueConstraint(
                fields=["task", "unit"],
                condition=~Q(state=AssignmentState.WITHDRAWN),
                name="assignment_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=AssignmentState.values),
                name="assignment_state_known",
            ),
            models.CheckConstraint(
                condition=Q(addressee__in=Addressee.values),
                name="assignment_addressee_known",
            ),
            models.CheckConstraint(
                condition=Q(received_at=None, received_by=None)
                | Q(received_at__isnull=False, received_by__isnull=False),
                name="assignment_received_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=AssignmentState.RECEIVED) | Q(received_at__isnull=False),
                name="assignment_received_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(state=AssignmentState.WITHDRAWN, withdrawn_reason__gt="")
                | (~Q(state=AssignmentState.WITHDRAWN) & Q(withdrawn_reason="")),
                name="assignment_withdrawn_says_why",
            ),
        ]
        indexes = [
            # A unit's own assignments.
            models.Index(fields=["unit", "task"], name="assignment_unit"),
            # Progress of a task by state.
            models.Index(fields=["task", "state"], name="assignment_progress"),
            # What is late in the city, the longest overdue first.
            models.Index(
                fields=["due_on", "id"],
                condition=Q(due_on__isnull=False)
                & ~Q(state__in=[*(state.value for state in DONE), AssignmentState.WITHDRAWN]),
                name="assignment_late",
            ),
            # Reports of completion that wait for the City, the oldest first.
            models.Index(
                fields=["reported_at", "id"],
                condition=Q(state=AssignmentState.REPORTED_DONE),
                name="assignment_waiting",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_done(self) -> bool:
        """Reported as done or confirmed."""
        return self.state in DONE

    @property
    def is_over(self) -> bool:
        """Confirmed or withdrawn: nothing more is asked."""
        return self.state in OVER


class AssignmentClock(models.Model):
    """Ties a clock to the assignment it measures; a new date is a new clock."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="clocks")
    clock = models.OneToOneField(Clock, on_delete=models.PROTECT, related_name="assignment_clock")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"clock of {self.assignment_id}"


class AssignmentPeriod(models.Model):
    """A month, quarter or year of a task with a rhythm. The report is due on ``due_on``, a local
    date some calendar days after ``ends_on``. ``public_id`` names it in addresses."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="periods")
    starts_on = models.DateField()
    ends_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=PeriodState, default=PeriodState.OPEN)
    reported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["assignment_id", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "starts_on"], name="assignment_period_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=PeriodState.values), name="assignment_period_state_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on"), due_on__gte=F("ends_on")),
                name="assignment_period_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state=PeriodState.OPEN) | Q(reported_at__isnull=False),
                name="assignment_period_reported_has_moment",
            ),
        ]
        indexes = [
            # Reports that are owed, the longest overdue first.
            models.Index(
                fields=["due_on", "id"],
                condition=Q(state__in=[state.value for state in OWED]),
                name="assignment_period_owed",
            ),
            # Reports of periods that wait for the City, the oldest first.
            models.Index(
                fields=["reported_at", "id"],
                condition=Q(state=PeriodState.REPORTED),
                name="assignment_period_waiting",
            ),
            # Reports sent before their date that wait for the City: the overview leaves them out.
            models.Index(
                fields=["due_on"],
                condition=Q(state=PeriodState.REPORTED),
                name="assignment_period_early",
            ),
            # Which assignments owe a report: the overview asks them all, from the index alone.
            models.Index(
                fields=["assignment", "due_on"],
                condition=Q(state__in=[state.value for state in OWED]),
                name="assignment_period_owing",
            ),
            # All units in one period: the overview over time.
            models.Index(fields=["starts_on", "state"], name="assignment_period_time"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.starts_on}"

    def turn(self, state: PeriodState) -> None:
        """Take a state, and keep the numbers of the assignment with it; saves neither."""
        whole, accepted = self.assignment, PeriodState.ACCEPTED
        whole.periods_told += (state in TOLD) - (self.state in TOLD)
        whole.periods_accepted += (state == accepted) - (self.state == accepted)
        self.state = state


class PeriodClock(models.Model):
    """Ties a clock to the period whose report it waits for."""

    period = models.ForeignKey(AssignmentPeriod, on_delete=models.PROTECT, related_name="clocks")
    clock = models.OneToOneField(Clock, on_delete=models.PROTECT, related_name="period_clock")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"clock of period {self.period_id}"


class ExtensionRequest(models.Model):
    """More time asked for by a unit, a local date, and the answer of whoever gave the task; for the
    report on a ``period`` or, without one, for the whole task."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="extensions")
    period = models.ForeignKey(
        AssignmentPeriod,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="extensions",
    )
    wanted_on = models.DateField()
    reason = models.CharField(max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ExtensionState, default=ExtensionState.ASKED)
    answer = models.CharField(max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(state=ExtensionState.ASKED),
                name="extension_request_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ExtensionState.values), name="extension_request_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=ExtensionState.ASKED, answered_at=None, answered_by=None)
                | (~Q(state=ExtensionState.ASKED) & Q(answered_at__isnull=False)),
                name="extension_request_answered_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExtensionState.REFUSED) | ~Q(answer=""),
                name="extension_request_refused_says_why",
            ),
        ]
        indexes = [
            # Requests that wait for the City, the oldest first.
            models.Index(
                fields=["at", "id"],
                condition=Q(state=ExtensionState.ASKED),
                name="extension_request_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.wanted_on}"


class AssignmentEvent(HistoryEvent):
    """History of an assignment: given, received, reported, plan recorded, confirmed or returned,
    periods opened, steps of the ladder."""

    SUBJECT = "assignment"

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="events")

    class Meta(HistoryEvent.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "sequence"], name="assignment_event_chain"
            )
        ]
