"""Petitions and conclusions of a unit that concern a task of it, for one reader. Denunciations
take no part, whoever reads."""

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from accounts.access import Access
from accounts.roles import Permission
from directives.models import Assignment, TaskField
from petitions.enums import Kind
from petitions.models import Case, SubjectField
from petitions.models.case import CaseQuerySet
from receptions.enums import NoticeState
from receptions.models import TASK_OVER, ConclusionTask
from receptions.policies import can_see_visitors

CASES_SHOWN, TASKS_SHOWN = 8, 8


class FieldLink(NamedTuple):
    """A subject field of the task, and the inbox narrowed to its open cases in the unit ("" for
    whoever does not see them)."""

    label: str
    href: str


class CaseCounts(NamedTuple):
    """Open ordinary cases of the fields in the unit, as numbers."""

    open: int
    overdue: int
    escalated: int
    collective: int


@dataclass(frozen=True)
class Related:
    """``counts`` None: neither cases nor figures of the unit are the reader's; ``cases`` are those
    that the reader may open, what is due first at the top."""

    fields: list[FieldLink]
    counts: CaseCounts | None = None
    cases: list[Case] = field(default_factory=list)
    conclusions: list[ConclusionTask] = field(default_factory=list)


def related_of(access: Access, assignment: Assignment, on: dt.date) -> Related | None:
    """What concerns a task, or None where it is about no subject field. ``on``: today, a local
    date. Five queries at most, whatever is found."""
    fields = _fields(assignment)
    if not fields:
        return None
    sees_cases = access.has(Permission.CASE_VIEW, assignment.unit_id)
    sees_counts = sees_cases or access.has(Permission.OVERVIEW_VIEW, assignment.unit_id)
    rows = Case.objects.filter(
        ~Q(kind=Kind.DENUNCIATION), unit=assignment.unit_id, closed_at=None, field__in=fields
    )
    return Related(
        fields=[_link(one, assignment, sees_cases) for one in fields],
        counts=_counts(rows, on) if sees_counts else None,
        cases=_cases(access, rows) if sees_cases else [],
        conclusions=_conclusions(access, assignment, fields),
    )


def _fields(assignment: Assignment) -> list[SubjectField]:
    """Those of the task, else those that name its document."""
    own = list(
        SubjectField.objects.filter(
            pk__in=TaskField.objects.filter(task=assignment.task_id).values("field")
        )
    )
    number = assignment.task.group.directive.number
    return own or list(SubjectField.objects.filter(directive=number))


def _link(one: SubjectField, assignment: Assignment, sees_cases: bool) -> FieldLink:
    query = {"unit": assignment.unit.code, "field": one.code, "open": "1"}
    href = f"{reverse('cases:inbox')}?{urlencode(query)}" if sees_cases else ""
    return FieldLink(one.label_vi, href)


def _counts(rows: CaseQuerySet, on: dt.date) -> CaseCounts:
    return CaseCounts(
        **rows.aggregate(
            open=Count("pk"),
            overdue=Count("pk", filter=Q(due_on__lt=on)),
            escalated=Count("pk", filter=Q(escalation_level__gt=0)),
            collective=Count("pk", filter=Q(flags__contains=["collective"])),
        )
    )


def _cases(access: Access, rows: CaseQuerySet) -> list[Case]:
    seen: QuerySet[Case] = rows.visible_to(access).with_list_data()
    return list(seen.order_by("due_on", "id")[:CASES_SHOWN])


def _conclusions(
    access: Access, assignment: Assignment, fields: list[SubjectField]
) -> list[ConclusionTask]:
    """Open tasks of conclusions on such cases, for those who see the unit's visitors."""
    if not can_see_visitors(access, assignment.unit_id):
        return []
    rows = ConclusionTask.objects.filter(
        notice__state=NoticeState.ISSUED,
        notice__visit__sealed_at=None,
        notice__visit__case__field__in=fields,
        unit=assignment.unit_id,
    )
    rows = rows.exclude(notice__visit__case__kind=Kind.DENUNCIATION).exclude(state__in=TASK_OVER)
    return list(rows.select_related("notice__session").order_by("due_on", "id")[:TASKS_SHOWN])
