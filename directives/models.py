"""Directives, what they ask, who was asked, and what was done."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.access import Access
from accounts.roles import Permission
from common.history import HistoryEvent
from communes.models import Unit
from directives.enums import (
    DONE,
    Addressee,
    AssignmentState,
    DirectiveKind,
    Indicator,
    RelationKind,
)


class DirectiveQuerySet(models.QuerySet["Directive"]):
    def published(self) -> Self:
        return self.filter(is_public=True)

    def visible_to(self, access: Access) -> Self:
        """City bodies see every directive; a unit's people the public ones and their own."""
        if Permission.DIRECTIVE_VIEW in access.city:
            return self
        units = access.units(Permission.DIRECTIVE_VIEW)
        if not units:
            return self.none()
        mine = Assignment.objects.filter(unit_id__in=units).values("task__group__directive_id")
        return self.filter(Q(is_public=True) | Q(pk__in=mine))


class Directive(models.Model):
    """A document that asks something of the units. The words are those of its record."""

    slug = models.SlugField(max_length=60, unique=True)
    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=16, choices=DirectiveKind)
    issued_on = models.DateField()
    issuer = models.CharField(max_length=160)
    signer = models.CharField(max_length=160, blank=True)
    subject = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    # The full text may not be public although the existence of the document is.
    is_text_public = models.BooleanField(default=False)
    text_note = models.TextField(blank=True)
    is_public = models.BooleanField(default=False)
    source = models.CharField(max_length=240, blank=True)

    objects = DirectiveQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=DirectiveKind.values), name="directive_kind_known"
            )
        ]

    def __str__(self) -> str:
        return self.number


class DirectiveRelation(models.Model):
    """``source`` continues, amends, replaces or carries out ``target``."""

    source = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="relations")
    kind = models.CharField(max_length=12, choices=RelationKind)
    target = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="related_from")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind", "target"], name="directive_relation_once"
            ),
            models.CheckConstraint(
                condition=~Q(source=models.F("target")),
                name="directive_relation_not_to_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


class TaskGroup(models.Model):
    code = models.SlugField(max_length=60, unique=True)
    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="groups")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField()

    class Meta:
        ordering = ["directive_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["directive", "number"], name="task_group_number_once")
        ]

    def __str__(self) -> str:
        return self.code


class Task(models.Model):
    """What is tracked. ``addressee`` is who is asked unless an assignment says otherwise.

    ``is_plan``: the task is to have a plan; the unit's ``UnitPlan`` is its evidence.
    """

    code = models.SlugField(max_length=80, unique=True)
    group = models.ForeignKey(TaskGroup, on_delete=models.PROTECT, related_name="tasks")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=240)
    expected_result = models.TextField()
    evidence = models.TextField()
    indicator = models.CharField(max_length=12, choices=Indicator)
    addressee = models.CharField(max_length=16, choices=Addressee)
    is_plan = models.BooleanField(default=False)

    class Meta:
        ordering = ["group_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["group", "position"], name="task_position_once"),
            models.CheckConstraint(
                condition=Q(indicator__in=Indicator.values), name="task_indicator_known"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, access: Access) -> Self:
        """City bodies see what every unit was asked; a unit's people see only their own."""
        if Permission.DIRECTIVE_VIEW in access.city:
            return self
        return self.filter(unit_id__in=access.units(Permission.DIRECTIVE_VIEW))

    def of(self, directive: Directive) -> Self:
        return self.filter(task__group__directive=directive)

    def with_list_data(self) -> Self:
        return self.select_related("unit", "task__group__directive")


class Assignment(models.Model):
    """A task given to a unit. ``version`` grows with every change; ``due_on`` is the issuer's."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="assignments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="assignments")
    addressee = models.CharField(max_length=16, choices=Addressee)
    state = models.CharField(
        max_length=14, choices=AssignmentState, default=AssignmentState.ASSIGNED
    )
    due_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    assigned_at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "unit"], name="assignment_once"),
            models.CheckConstraint(
                condition=Q(state__in=AssignmentState.values),
                name="assignment_state_known",
            ),
            models.CheckConstraint(
                condition=Q(addressee__in=Addressee.values),
                name="assignment_addressee_known",
            ),
        ]
        indexes = [
            # A unit's own assignments.
            models.Index(fields=["unit", "task"], name="assignment_unit"),
            # Progress of a task by state.
            models.Index(fields=["task", "state"], name="assignment_progress"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_done(self) -> bool:
        """Reported as done or confirmed."""
        return self.state in DONE


class ProgressReport(models.Model):
    """What a unit said it did. ``value`` answers the task's indicator, as typed."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="reports")
    state = models.CharField(max_length=14, choices=AssignmentState)
    text = models.TextField()
    value = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # The issuer's answer to a report of completion.
    review = models.TextField(blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["in_progress", "reported_done"]),
                name="progress_report_state_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.state}"


class UnitPlan(models.Model):
    """The plan with which a unit carries out a directive."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="plans")
    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="plans")
    number = models.CharField(max_length=60)
    issued_on = models.DateField()
    title = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "directive"], name="unit_plan_once")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.number}"


class AssignmentEvent(HistoryEvent):
    """History of an assignment: given, reported, plan recorded, confirmed or returned."""

    SUBJECT = "assignment"

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="events")

    class Meta(HistoryEvent.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "sequence"], name="assignment_event_chain"
            )
        ]
