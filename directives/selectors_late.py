"""What is late, how long, who has to act and what happened last."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from accounts.access import Access
from common.api import Keyset
from common.text import fold
from common.time import local_moment
from communes.models import Unit
from deadlines.models import OPEN_STATES, Clock
from directives.models import Assignment, AssignmentEvent, AssignmentPeriod, Task
from directives.models.assignment import AssignmentQuerySet
from directives.receivers import FOLLOWER
from directives.selectors_overview import late_own, owes_a_period, periods_late
from escalation.models import Escalation

TASK, PERIOD = "task", "period"
URGED = "directives.assignment.urged"
LATE_ORDER = Keyset("due_on", "id")
_DIRECTIVE = "task__group__directive"


@dataclass(frozen=True)
class LateFilter:
    """``q``: words of the unit's name; ``unit``: its code; ``directive``: a slug; ``body``: the
    code of the body of the City in charge; "" for all."""

    q: str = ""
    unit: str = ""
    directive: str = ""
    addressee: str = ""
    body: str = ""


@dataclass(frozen=True)
class Standing:
    """Who holds what is late now: the newest step of the ladder, and the last thing done."""

    escalation: Escalation | None
    last: AssignmentEvent | None


def late_scope(access: Access, chosen: LateFilter) -> AssignmentQuerySet:
    """What the person may see of it, late or not."""
    rows = Assignment.objects.visible_to(access).live()
    asked = {
        "unit__code": chosen.unit,
        f"{_DIRECTIVE}__slug": chosen.directive,
        "addressee": chosen.addressee,
    }
    rows = rows.filter(**{name: value for name, value in asked.items() if value})
    for word in fold(chosen.q).split():
        rows = rows.filter(unit__search_text__contains=word)
    if chosen.body:
        of_body = Q(task__lead_unit__code=chosen.body)
        if chosen.body == FOLLOWER:
            of_body |= Q(task__lead_unit=None)
        rows = rows.filter(of_body)
    return rows


def late_tasks(access: Access, chosen: LateFilter, on: dt.date) -> QuerySet[Assignment]:
    """Tasks past their own date on a Hà Nội date."""
    return late_scope(access, chosen).filter(late_own(on)).with_list_data()


def late_periods(access: Access, chosen: LateFilter, on: dt.date) -> QuerySet[AssignmentPeriod]:
    """Reports of periods that are owed past their date."""
    rows = periods_late(late_scope(access, chosen), on)
    one = "assignment"
    return rows.select_related(f"{one}__unit", f"{one}__task__group__directive", f"{one}__owner")


def late_rows(access: Access, kind: str, chosen: LateFilter, on: dt.date) -> QuerySet[Any]:
    """Of one kind: ``task`` or ``period``."""
    rows = late_tasks if kind == TASK else late_periods
    return rows(access, chosen, on)


def late_counts(access: Access, chosen: LateFilter, on: dt.date) -> dict[str, int]:
    """How many of each kind."""
    return {
        TASK: late_scope(access, chosen).filter(late_own(on)).count(),
        PERIOD: periods_late(late_scope(access, chosen), on).count(),
    }


def late_of_unit(access: Access, unit: Unit, on: dt.date) -> list[Assignment]:
    """Assignments of a unit that are late themselves or by a period, the oldest given first."""
    mine = Assignment.objects.visible_to(access).live().filter(unit=unit)
    rows = mine.filter(late_own(on) | owes_a_period(on))
    return list(rows.with_list_data().order_by("pk"))


def standings(
    tasks: Sequence[Assignment], periods: Sequence[AssignmentPeriod]
) -> dict[tuple[str, int], Standing]:
    """By kind and key of the row; four queries at most, whatever their number."""
    ids = {row.pk for row in tasks} | {row.assignment_id for row in periods}
    events = AssignmentEvent.objects.filter(assignment__in=ids)
    newest = events.order_by("assignment_id", "-sequence").distinct("assignment_id")
    last = {event.assignment_id: event for event in newest}
    owners = _owners(tasks, periods)
    rows = Escalation.objects.filter(clock__in=owners, kind="escalation")
    risen: dict[tuple[str, int], Escalation] = {}
    for row in rows.select_related("unit").order_by("created_at", "id"):
        risen[owners[row.clock_id]] = row
    keys = [(TASK, row.pk, row.pk) for row in tasks]
    keys += [(PERIOD, row.pk, row.assignment_id) for row in periods]
    return {
        (kind, pk): Standing(risen.get((kind, pk)), last.get(assignment))
        for kind, pk, assignment in keys
    }


def _owners(
    tasks: Sequence[Assignment], periods: Sequence[AssignmentPeriod]
) -> dict[int, tuple[str, int]]:
    """The running clocks of the rows, each with the row that it measures."""
    running = Clock.objects.filter(state__in=OPEN_STATES)
    of_tasks = running.filter(assignment_clock__assignment__in=tasks)
    pairs = of_tasks.values_list("pk", "assignment_clock__assignment_id")
    found = {clock: (TASK, pk) for clock, pk in pairs}
    of_periods = running.filter(period_clock__period__in=periods)
    pairs = of_periods.values_list("pk", "period_clock__period_id")
    return found | {clock: (PERIOD, pk) for clock, pk in pairs}


def bodies_in_charge() -> list[Unit]:
    """The bodies of the City that are in charge of a task, by code."""
    named = Q(pk__in=Task.objects.exclude(lead_unit=None).values("lead_unit"))
    return list(Unit.objects.filter(named | Q(code=FOLLOWER)).order_by("code"))


def urgings_of(access: Access, unit: Unit, count: int = 5) -> list[dt.datetime]:
    """The newest moments at which a unit was urged about what the person sees of it."""
    mine = Assignment.objects.visible_to(access).filter(unit=unit)
    rows = AssignmentEvent.objects.filter(assignment__in=mine.values("pk"), action=URGED)
    return list(rows.order_by("-at").values_list("at", flat=True).distinct()[:count])


def urged_on(unit: Unit, on: dt.date) -> bool:
    """Whether the unit was urged on a Hà Nội date."""
    rows = AssignmentEvent.objects.filter(assignment__unit=unit, action=URGED)
    since = local_moment(on)
    return rows.filter(at__gte=since, at__lt=since + dt.timedelta(days=1)).exists()
