"""What a directive asks: groups of tasks, and tasks."""

from collections.abc import Collection
from typing import Self

from django.db import models
from django.db.models import F, Q

from communes.models import Unit
from directives.enums import Addressee, EvidenceSource, Indicator, Rhythm, TaskSource
from directives.models.directive import Directive
from petitions.models import SubjectField

# Calendar days after the end of a period within which its report is due; the City's own number.
REPORT_DAYS = 5


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


class TaskQuerySet(models.QuerySet["Task"]):
    def live(self) -> Self:
        """Tasks that were not withdrawn."""
        return self.filter(withdrawn_at=None)

    def carried_by(self, units: Collection[int], part: str = "") -> Self:
        """Tasks of which one of these bodies is in charge (``lead``), which it supports
        (``support``), or either."""
        helped = TaskSupport.objects.filter(unit_id__in=units).values("task_id")
        parts = {"lead": Q(lead_unit_id__in=units), "support": Q(pk__in=helped)}
        return self.filter(parts[part] if part else parts["lead"] | parts["support"])


class Task(models.Model):
    """What is tracked. ``addressee`` is who is asked unless an assignment says otherwise.

    ``is_plan``: the task is to have a plan; the unit's ``UnitPlan`` is its evidence. ``due_on``
    (asked once) and ``starts_on`` to ``ends_on`` (a rhythm) are local dates; ``report_days`` are
    calendar days after the end of a period. ``target`` is the aim in the form of the indicator.
    ``lead_unit``: the city body in charge, to which late work climbs (else the propaganda body).
    ``source`` receptions: the figure is counted from the reception calendar and never typed in.
    ``evidence_source``: the register whose rows of the unit are shown beside it, "" for none.
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
    rhythm = models.CharField(max_length=10, choices=Rhythm, default=Rhythm.ONCE)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    report_days = models.PositiveSmallIntegerField(default=REPORT_DAYS)
    target = models.CharField(max_length=40, blank=True, default="")
    lead_unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="led_tasks"
    )
    supporting_units = models.ManyToManyField(
        Unit, through="directives.TaskSupport", related_name="supported_tasks"
    )
    source = models.CharField(max_length=10, choices=TaskSource, default=TaskSource.TYPED)
    evidence_source = models.CharField(
        max_length=12, choices=EvidenceSource, blank=True, default=""
    )
    version = models.PositiveIntegerField(default=1)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["group_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["group", "position"], name="task_position_once"),
            models.CheckConstraint(
                condition=Q(indicator__in=Indicator.values), name="task_indicator_known"
            ),
            models.CheckConstraint(condition=Q(rhythm__in=Rhythm.values), name="task_rhythm_known"),
            models.CheckConstraint(
                condition=Q(source__in=TaskSource.values), name="task_source_known"
            ),
            models.CheckConstraint(
                condition=Q(evidence_source__in=["", *EvidenceSource.values]),
                name="task_evidence_source_known",
            ),
            models.CheckConstraint(
                condition=Q(rhythm=Rhythm.ONCE) | Q(starts_on__isnull=False, due_on=None),
                name="task_rhythm_has_dates",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="task_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(report_days__lte=90), name="task_report_days_at_most_90"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_periodic(self) -> bool:
        return self.rhythm != Rhythm.ONCE

    @property
    def is_counted(self) -> bool:
        """Whether the portal counts the figure itself."""
        return self.source == TaskSource.RECEPTIONS


class TaskSupport(models.Model):
    """A body that helps the one in charge of a task."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="supports")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "unit"], name="task_support_once")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.unit_id}"


class TaskField(models.Model):
    """A subject field of petitions that a task is about; a task without any is about the fields
    that name its document (``SubjectField.directive``)."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="topics")
    field = models.ForeignKey(SubjectField, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "field"], name="task_field_once")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.field_id}"
