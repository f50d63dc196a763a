"""What must hold between assignments, reports, plans and history."""

from collections.abc import Iterator

from django.db.models import Count, Exists, F, Max, OuterRef
from django.db.models.fields.json import KT

from common.invariants import invariant
from directives.enums import DONE
from directives.models import Assignment, AssignmentEvent, ProgressReport, UnitPlan

SHOWN = 20


@invariant("directives.done_was_reported")
def done_was_reported() -> Iterator[str]:
    rows = Assignment.objects.filter(state__in=DONE).exclude(
        Exists(ProgressReport.objects.filter(assignment=OuterRef("pk"), state="reported_done"))
    )
    yield from map(str, rows[:SHOWN])


@invariant("directives.version_is_number_of_events")
def version_is_number_of_events() -> Iterator[str]:
    """Giving a task and every change of it is one event and one version."""
    rows = Assignment.objects.annotate(n=Count("events"), top=Max("events__sequence"))
    broken = rows.exclude(n=F("version")) | rows.exclude(top=F("version"))
    yield from map(str, broken[:SHOWN])


@invariant("directives.plan_has_history")
def plan_has_history() -> Iterator[str]:
    told = AssignmentEvent.objects.annotate(plan_number=KT("data__number")).filter(
        assignment__unit=OuterRef("unit"),
        assignment__task__group__directive=OuterRef("directive"),
        action="directives.plan.recorded",
        plan_number=OuterRef("number"),
    )
    rows = UnitPlan.objects.exclude(Exists(told)).select_related("unit")
    for plan in rows.order_by("unit__code")[:SHOWN]:
        yield f"{plan.unit.code} {plan.number}"
