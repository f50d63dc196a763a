"""What is asked of a unit, what was done about it, and what waits for the City's answer."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Least

from accounts.access import Access
from accounts.models import User
from accounts.roles import Permission
from accounts.selectors import holders_of
from attachments.models import Attachment
from common.api import Keyset
from common.errors import NotVisible
from common.text import fold
from communes.models import Unit
from communes.selectors import unit_by_id
from deadlines.models import OPEN_STATES, Clock
from directives.enums import (
    OPEN_WORK,
    OVER,
    OWED,
    AssignmentState,
    ExtensionState,
    PeriodState,
    ReportKind,
)
from directives.models import (
    Assignment,
    AssignmentEvent,
    AssignmentPeriod,
    Directive,
    ExtensionRequest,
    PlanEdition,
    ProgressReport,
    StudySession,
    Task,
    UnitPlan,
)
from directives.models.assignment import AssignmentQuerySet
from directives.selectors import assignment_get_for

# Nothing is owed: behind everything that is.
NEVER = dt.date.max
SOON = dt.timedelta(days=7)
DESK_ORDER = Keyset("next_due", "id")
TODO = "todo"
# Beside what is asked of the unit itself: tasks that it is in charge of, tasks that it supports.
CARRIED = ("lead", "support")
_TASK = "task__group__directive"


@dataclass(frozen=True)
class DeskFilter:
    """What of a unit's tasks is shown. ``state`` is one of the states, ``todo`` (the unit has
    still something to do) or "" for all; ``due`` is ``late``, ``soon`` (within 7 days) or "";
    ``directive`` a slug; ``mine``: the person's own."""

    state: str = ""
    directive: str = ""
    due: str = ""
    mine: bool = False


def desk_units(access: Access) -> list[Unit]:
    """The units in which the person works with directives, by name."""
    found = [unit_by_id(pk) for pk in access.units(Permission.DIRECTIVE_VIEW)]
    known = [unit for unit in found if unit is not None]
    return sorted(known, key=lambda unit: (unit.pk in access.past, unit.full_name))


def carried_counts(units: Collection[int]) -> dict[str, int]:
    """How many tasks these bodies are in charge of (``lead``) and support; one query."""
    tasks = Task.objects.live()
    parts = {name: tasks.carried_by(units, name) for name in CARRIED}
    rows = tasks.aggregate(
        **{name: Count("pk", filter=Q(pk__in=rows.values("pk"))) for name, rows in parts.items()}
    )
    return dict(rows)


def desk_rows(access: Access, unit: Unit, part: str = "") -> QuerySet[Assignment]:
    """Everything asked of a unit, or (``part``, one of ``CARRIED``) of all units on tasks that it is
    in charge of or supports, with ``next_due`` (local date: the earliest thing owed, of the task or
    of a period; ``NEVER`` when nothing with a date is owed) and ``asks_time``."""
    owed = AssignmentPeriod.objects.filter(assignment=OuterRef("pk"), state__in=OWED)
    asks = ExtensionRequest.objects.filter(assignment=OuterRef("pk"), state=ExtensionState.ASKED)
    first = Subquery(owed.order_by("due_on").values("due_on")[:1])
    own = Case(When(state__in=OPEN_WORK, then=F("due_on")))
    period = Case(When(~Q(state__in=OVER), then=first))
    rows = _of_desk(access, unit, part).with_list_data()
    read = {"next_due": Coalesce(Least(own, period), Value(NEVER)), "asks_time": Exists(asks)}
    return rows.annotate(**read)


def _of_desk(access: Access, unit: Unit, part: str) -> AssignmentQuerySet:
    rows = Assignment.objects.visible_to(access)
    if part:
        return rows.filter(task__in=Task.objects.carried_by([unit.pk], part).values("pk"))
    return rows.filter(unit=unit)


def desk_filtered(
    rows: QuerySet[Assignment], chosen: DeskFilter, access: Access, on: dt.date
) -> QuerySet[Assignment]:
    """``desk_rows`` as far as they fit; ``on``: today, a Hà Nội date."""
    if chosen.state == TODO:
        rows = rows.filter(_todo())
    elif chosen.state:
        rows = rows.filter(state=chosen.state)
    if chosen.directive:
        rows = rows.filter(task__group__directive__slug=chosen.directive)
    if chosen.due in _DUE:
        rows = rows.filter(_DUE[chosen.due](on))
    if chosen.mine:
        rows = rows.filter(owner_id=access.user_id)
    return rows


def desk_counts(rows: QuerySet[Assignment], access: Access, on: dt.date) -> dict[str, int]:
    """How many of ``desk_rows`` are to be done, are new, late, due within a week, the person's own;
    one query."""
    return rows.aggregate(
        todo=Count("pk", filter=_todo()),
        new=Count("pk", filter=Q(state=AssignmentState.ASSIGNED)),
        late=Count("pk", filter=_DUE["late"](on)),
        soon=Count("pk", filter=_DUE["soon"](on)),
        mine=Count("pk", filter=Q(owner_id=access.user_id) & _todo()),
    )


def _todo() -> Q:
    return Q(state__in=OPEN_WORK) | Q(next_due__lt=NEVER)


_DUE: dict[str, Callable[[dt.date], Q]] = {
    "late": lambda on: Q(next_due__lt=on),
    "soon": lambda on: Q(next_due__range=(on, on + SOON)),
}


def desk_directives(access: Access, unit: Unit, part: str = "") -> list[Directive]:
    """The documents of ``desk_rows``, newest first."""
    mine = _of_desk(access, unit, part)
    return list(Directive.objects.filter(pk__in=mine.values("task__group__directive")))


def colleagues(assignment: Assignment) -> list[User]:
    """Who of the unit may see to its task, by name."""
    return list(holders_of(Permission.DIRECTIVE_REPORT, assignment.unit_id))


def supporting_of(assignment: Assignment) -> list[Unit]:
    """The bodies that support the one in charge of its task, by name; one query."""
    return list(assignment.task.supporting_units.order_by("name", "code"))


def periods_of(assignment: Assignment) -> list[AssignmentPeriod]:
    """The periods of a task with a rhythm, oldest first."""
    found = list(assignment.periods.order_by("starts_on"))
    for row in found:
        row.assignment = assignment
    return found


def reports_of(assignment: Assignment) -> list[ProgressReport]:
    """What was reported, newest first, with its files; two queries."""
    rows = assignment.reports.select_related("by", "reviewed_by", "period")
    return list(rows.prefetch_related("files__attachment"))


def studies_of(assignment: Assignment) -> list[StudySession]:
    """Study sessions, newest first, also those that were withdrawn."""
    return list(assignment.studies.select_related("by", "attachment"))


def extensions_of(assignment: Assignment) -> list[ExtensionRequest]:
    """Requests for more time, newest first."""
    return list(assignment.extensions.select_related("by", "answered_by", "period"))


def extension_open(extensions: Iterable[ExtensionRequest]) -> ExtensionRequest | None:
    """The request that waits for an answer."""
    return next((row for row in extensions if row.state == ExtensionState.ASKED), None)


def clocks_of(assignment: Assignment) -> list[Clock]:
    """The limits of a task, oldest first, and those of its periods that still run."""
    rows = Clock.objects.select_related("holder_unit").order_by("pk")
    own = list(rows.filter(assignment_clock__assignment=assignment))
    running = rows.filter(state__in=OPEN_STATES, period_clock__period__assignment=assignment)
    return [*own, *running]


def events_of(assignment: Assignment) -> list[AssignmentEvent]:
    """The history, newest first, with who did it."""
    return list(assignment.events.select_related("actor").order_by("-sequence"))


def names_of(usernames: Iterable[str]) -> dict[str, str]:
    """Full names by user name."""
    rows = User.objects.filter(username__in=set(usernames))
    return dict(rows.values_list("username", "full_name"))


def editions_of(plan: UnitPlan | None) -> list[PlanEdition]:
    """What a plan was before, the newest first."""
    return list(plan.editions.select_related("attachment")) if plan is not None else []


def file_get_for(
    access: Access, public_id: uuid.UUID | str, file_id: uuid.UUID | str
) -> Attachment:
    """A file of a report, of the plan and its earlier editions or of a study session, for whoever
    sees the task. Raises NotVisible."""
    row = assignment_get_for(access, public_id)
    reported = Q(report_file__report__assignment=row)
    studied = Q(study_session__assignment=row)
    if row.task.is_plan:
        directive = row.task.group.directive_id
        plans = UnitPlan.objects.filter(unit_id=row.unit_id, directive_id=directive)
        editions = PlanEdition.objects.filter(plan__in=plans).values("attachment")
        reported |= Q(unit_plan__in=plans) | Q(pk__in=editions)
    found = Attachment.objects.filter(reported | studied, public_id=file_id).first()
    if found is None:
        raise NotVisible
    return found


# What waits for the City


@dataclass(frozen=True)
class WaitingFilter:
    """``q``: words of the unit's name; ``directive``: a slug; "" for all."""

    q: str = ""
    directive: str = ""


WAITING_ORDER = {
    ReportKind.COMPLETION.value: Keyset("reported_at", "id"),
    ReportKind.PERIOD.value: Keyset("reported_at", "id"),
    "extension": Keyset("at", "id"),
}


def waiting_rows(access: Access, kind: str, chosen: WaitingFilter) -> QuerySet[Any]:
    """What waits for an answer of whoever gives tasks: assignments reported as done, periods that
    were reported, open requests for more time. Order: ``WAITING_ORDER``, the oldest first."""
    seen = Assignment.objects.visible_to(access)
    if kind == ReportKind.COMPLETION:
        done = seen.filter(state=AssignmentState.REPORTED_DONE).with_list_data()
        return done.filter(_waiting(chosen, ""))
    path = "assignment__"
    related = (f"{path}unit", f"{path}{_TASK}", f"{path}owner")
    if kind == ReportKind.PERIOD:
        periods = AssignmentPeriod.objects.filter(
            state=PeriodState.REPORTED, assignment__in=seen.exclude(state__in=OVER)
        )
        return periods.filter(_waiting(chosen, path)).select_related(*related)
    asked = ExtensionRequest.objects.filter(state=ExtensionState.ASKED, assignment__in=seen)
    return asked.filter(_waiting(chosen, path)).select_related("period", *related)


def waiting_counts(access: Access, chosen: WaitingFilter) -> dict[str, int]:
    """How much waits by kind; three queries."""
    return {kind: waiting_rows(access, kind, chosen).count() for kind in WAITING_ORDER}


def waiting_directives() -> list[Directive]:
    """Every document that was given to units, newest first."""
    given = Assignment.objects.values("task__group__directive")
    return list(Directive.objects.filter(pk__in=given))


def _waiting(chosen: WaitingFilter, path: str) -> Q:
    fits = Q()
    for word in fold(chosen.q).split():
        fits &= Q(**{f"{path}unit__search_text__contains": word})
    if chosen.directive:
        fits &= Q(**{f"{path}{_TASK}__slug": chosen.directive})
    return fits


def period_reports(reports: Sequence[ProgressReport]) -> dict[int, ProgressReport]:
    """The newest report by period; ``reports`` are newest first."""
    found: dict[int, ProgressReport] = {}
    for row in reports:
        if row.period_id is not None:
            found.setdefault(row.period_id, row)
    return found
