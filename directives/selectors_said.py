"""What units say over all their reports, and which of them have studied a document."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from accounts.access import Access
from common.api import Keyset
from common.text import fold
from common.time import local_date, local_moment, month_after
from communes.models import Unit
from directives.models import Assignment, Directive, ProgressReport, StudySession, Task

SAID_ORDER = Keyset("-id")
STUDY_ORDER = Keyset("code")
DIFFICULTIES, PROPOSALS = "difficulties", "proposals"
_DIRECTIVE = "assignment__task__group__directive"


@dataclass(frozen=True)
class SaidFilter:
    """``q``: words of what was said; ``directive`` a slug, ``group`` and ``unit`` codes, ``what``
    difficulties or proposals; "" for all. ``month``: the first day of the month of the report."""

    q: str = ""
    directive: str = ""
    group: str = ""
    unit: str = ""
    what: str = ""
    month: dt.date | None = None


def said_visible(access: Access) -> QuerySet[ProgressReport]:
    """Reports that name difficulties or proposals, of what the person sees and what still counts."""
    said = ProgressReport.objects.exclude(said_text="")
    return said.filter(assignment__in=Assignment.objects.visible_to(access).live().values("pk"))


def said_rows(access: Access, chosen: SaidFilter) -> QuerySet[ProgressReport]:
    """The same as far as they fit; ``SAID_ORDER`` is the newest first."""
    rows = said_visible(access)
    asked = {
        f"{_DIRECTIVE}__slug": chosen.directive,
        "assignment__task__group__code": chosen.group,
        "assignment__unit__code": chosen.unit,
    }
    rows = rows.filter(**{name: value for name, value in asked.items() if value})
    if chosen.what in (DIFFICULTIES, PROPOSALS):
        rows = rows.exclude(**{chosen.what: ""})
    if chosen.month is not None:
        first, after = local_moment(chosen.month), local_moment(month_after(chosen.month))
        rows = rows.filter(at__gte=first, at__lt=after)
    for word in fold(chosen.q).split():
        rows = rows.filter(said_text__contains=word)
    return rows.select_related("assignment__unit", _DIRECTIVE, "period")


def said_months(access: Access) -> tuple[dt.date, dt.date] | None:
    """The first and the last month of such reports; two queries, each of one row of their index."""
    moments = said_visible(access).values_list("at", flat=True)
    ends = [moments.order_by(order).first() for order in ("at", "-at")]
    first, last = (local_date(end).replace(day=1) if end else None for end in ends)
    return (first, last) if first and last else None


def said_units(access: Access) -> list[Unit]:
    """The units that said something, by name; one query."""
    spoke = ProgressReport.objects.exclude(said_text="").filter(assignment=OuterRef("pk"))
    asked = Assignment.objects.visible_to(access).live().filter(unit=OuterRef("pk"))
    rows = Unit.objects.filter(Exists(asked.filter(Exists(spoke))))
    return list(rows.order_by("name", "code"))


@dataclass(frozen=True)
class StudyFilter:
    """``q``: words of the unit's name; ``task``: a code; ``held``: yes, no; "" for all."""

    q: str = ""
    task: str = ""
    held: str = ""


def studies_by_unit(access: Access, directive: Directive, chosen: StudyFilter) -> QuerySet[Unit]:
    """Units that were asked by a document (or by one task of it), with ``sessions``, ``people`` and
    ``last_on`` of the study sessions that count."""
    mine = Assignment.objects.visible_to(access).live().of(directive)
    if chosen.task:
        mine = mine.filter(task__code=chosen.task)
    counts = Q(assignments__in=mine.values("pk"), assignments__studies__withdrawn_at=None)
    rows = Unit.objects.filter(pk__in=mine.values("unit_id")).annotate(
        sessions=Count("assignments__studies", filter=counts),
        people=Coalesce(Sum("assignments__studies__people", filter=counts), 0),
        last_on=Max("assignments__studies__held_on", filter=counts),
    )
    for word in fold(chosen.q).split():
        rows = rows.filter(search_text__contains=word)
    if chosen.held in ("yes", "no"):
        rows = rows.filter(sessions__gt=0) if chosen.held == "yes" else rows.filter(sessions=0)
    return rows


def studies_totals(rows: QuerySet[Unit]) -> dict[str, int]:
    """Of ``studies_by_unit``: units, those that held a session, sessions and people; one query."""
    found = rows.aggregate(
        units=Count("pk"),
        held=Count("pk", filter=Q(sessions__gt=0)),
        total=Coalesce(Sum("sessions"), 0),
        people_total=Coalesce(Sum("people"), 0),
    )
    return {**found, "none": found["units"] - found["held"]}


def studies_held(
    access: Access, directive: Directive, units: Sequence[Unit], task: str = ""
) -> dict[int, list[StudySession]]:
    """The sessions of these units that count, by unit, the latest first; one query."""
    mine = Assignment.objects.visible_to(access).live().of(directive)
    if task:
        mine = mine.filter(task__code=task)
    rows = StudySession.objects.live().filter(
        assignment__unit__in=units, assignment__in=mine.values("pk")
    )
    found: dict[int, list[StudySession]] = {}
    for row in rows.select_related("assignment__task"):
        found.setdefault(row.assignment.unit_id, []).append(row)
    return found


def tasks_asked(access: Access, directive: Directive) -> list[Task]:
    """The tasks of a document of which the person sees what units were asked, in order."""
    mine = Assignment.objects.visible_to(access).live().of(directive)
    rows = Task.objects.filter(pk__in=mine.values("task_id")).select_related("group")
    return list(rows.order_by("group__number", "position"))
