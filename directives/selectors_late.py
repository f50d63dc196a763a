"""What is late, how long, who has to act and what happened last."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.db.models.functions import Least

from accounts.access import Access
from common.api import Keyset
from common.text import fold
from common.time import local_moment
from communes.models import Unit
from deadlines.models import OPEN_STATES, Clock
from directives.enums import OPEN_WORK, OWED
from directives.models import Assignment, AssignmentEvent, AssignmentPeriod, Task
from directives.models.assignment import AssignmentQuerySet
from directives.receivers import FOLLOWER
from directives.selectors_overview import asking, late_own, owes_a_period, periods_late
from escalation.models import Escalation

# A task past its own date; a report of a period; an assignment late by either, once.
TASK, PERIOD, EVERY = "task", "period", "all"
URGED = "directives.assignment.urged"
LATE_ORDER = {
    TASK: Keyset("due_on", "id"),
    PERIOD: Keyset("due_on", "id"),
    EVERY: Keyset("late_since", "id"),
}
_DIRECTIVE = "task__group__directive"


@dataclass(frozen=True)
class LateFilter:
    """``q``: words of the unit's name; ``unit``: its code; ``directive``: a slug; ``group``: a code;
    ``body``: the code of the body of the City in charge; ``district``: a former one;
    ``unit_kind``: wards or communes; "" for all."""

    q: str = ""
    unit: str = ""
    directive: str = ""
    addressee: str = ""
    body: str = ""
    group: str = ""
    district: str = ""
    unit_kind: str = ""


@dataclass(frozen=True)
class Standing:
    """Who holds what is late now: the newest step of the ladder, and the last thing done."""

    escalation: Escalation | None
    last: AssignmentEvent | None


def late_scope(access: Access, chosen: LateFilter) -> AssignmentQuerySet:
    """What the person may see of it, late or not."""
    rows = Assignment.objects.visible_to(access).live()
    if not chosen.directive:
        rows = rows.filter(task__group__directive__in=asking())
    asked = {
        "unit__code": chosen.unit,
        "task__group__code": chosen.group,
        "unit__former_district": chosen.district,
        "unit__kind": chosen.unit_kind,
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
    # Read for the rows of a page alone: joined, PostgreSQL would sort them all with their texts.
    return rows.prefetch_related(Prefetch("assignment", Assignment.objects.with_list_data()))


def late_every(access: Access, chosen: LateFilter, on: dt.date) -> QuerySet[Assignment]:
    """Assignments that are late themselves or by a period, each once, as the overview counts them.
    ``late_since`` is the earliest date that passed."""
    owed = AssignmentPeriod.objects.filter(assignment=OuterRef("pk"), state__in=OWED)
    first = Subquery(owed.filter(due_on__lt=on).order_by("due_on").values("due_on")[:1])
    rows = late_scope(access, chosen).filter(late_own(on) | owes_a_period(on)).with_list_data()
    return rows.annotate(late_since=Least(Case(When(late_own(on), then=F("due_on"))), first))


def late_shown(kind: str, rows: Sequence[Any]) -> list[Any]:
    """Rows of one kind as they are shown: of ``EVERY`` the period in place of its assignment where
    that is what passed first; one query."""
    if kind != EVERY:
        return list(rows)
    owed = AssignmentPeriod.objects.filter(assignment__in=rows, state__in=OWED)
    first: dict[int, AssignmentPeriod] = {}
    for period in owed.order_by("due_on", "pk"):
        first.setdefault(period.assignment_id, period)
    return [row if _is_own(row) else _of(first[row.pk], row) for row in rows]


def _is_own(row: Any) -> bool:
    """Whether the date that passed first is that of the task itself."""
    return row.state in OPEN_WORK and row.due_on == row.late_since


def _of(period: AssignmentPeriod, row: Assignment) -> AssignmentPeriod:
    period.assignment = row
    return period


def late_rows(access: Access, kind: str, chosen: LateFilter, on: dt.date) -> QuerySet[Any]:
    """Of one kind. Order: ``LATE_ORDER``."""
    return _ROWS[kind](access, chosen, on)


_ROWS: dict[str, Callable[[Access, LateFilter, dt.date], QuerySet[Any]]] = {
    TASK: late_tasks,
    PERIOD: late_periods,
    EVERY: late_every,
}


def late_counts(access: Access, chosen: LateFilter, on: dt.date) -> dict[str, int]:
    """How many of each kind; three queries."""
    scope = late_scope(access, chosen)
    return {
        EVERY: scope.filter(late_own(on) | owes_a_period(on)).count(),
        TASK: scope.filter(late_own(on)).count(),
        PERIOD: periods_late(scope, on).count(),
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
