"""What early warning shows on tasks of a unit: its land projects on tasks about acquiring land, its
live signals on tasks about petitions."""

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import Access
from directives.enums import EvidenceSource
from directives.evidence import Evidence
from directives.models import Assignment, TaskField
from early_warning.enums import LAND_FIELDS, SignalState
from early_warning.models import LandProject, Signal
from early_warning.policies import sees_projects, sees_signals
from early_warning.presenters import matter, sentence
from early_warning.selectors import LIVE_STATES

SHOWN = 10
LAND_DIRECTIVE = "36-CT/TU"


def land_projects(access: Access, assignment: Assignment) -> list[Evidence]:
    """Projects that take land in the unit of a task about land, those entered last first, as far
    as the reader sees them. Three queries at most."""
    if not sees_projects(access) or not _is_about_land(assignment):
        return []
    rows = LandProject.objects.visible_to(access).filter(places__unit_id=assignment.unit_id)
    found = rows.prefetch_related("stages").order_by("-created_at", "-id")[:SHOWN]
    return [_evidence(row) for row in found]


def _is_about_land(assignment: Assignment) -> bool:
    if assignment.task.group.directive.number == LAND_DIRECTIVE:
        return True
    topics = TaskField.objects.filter(task=assignment.task_id, field__code__in=LAND_FIELDS)
    return topics.exists()


def _evidence(row: LandProject) -> Evidence:
    over = sum(stage.is_over for stage in row.stages.all())
    note = _("%(over)s of %(of)s stages are over") % {"over": over, "of": len(row.stages.all())}
    return Evidence(row.name, reverse("early_warning_staff:project", args=[row.public_id]), note)


def signals(access: Access, assignment: Assignment) -> list[Evidence]:
    """Live signals of the unit beside its task about petitions: how many, then the newest with why
    each was found, as far as the reader sees them. Two queries at most."""
    if assignment.task.evidence_source != EvidenceSource.PETITIONS or not sees_signals(access):
        return []
    rows = Signal.objects.visible_to(access).live().filter(unit=assignment.unit_id)
    found = list(rows.with_list_data().order_by("-found_at", "-id")[:SHOWN])
    count = rows.count()
    return [_count(count, assignment), *map(_signal, found)]


def _count(count: int, assignment: Assignment) -> Evidence:
    words = ngettext(
        "%(n)d early-warning signal is open", "%(n)d early-warning signals are open", count
    )
    query = urlencode({"unit": assignment.unit.code, "state": LIVE_STATES})
    return Evidence(words % {"n": count}, f"{reverse('early_warning_staff:list')}?{query}")


def _signal(row: Signal) -> Evidence:
    state = capfirst(SignalState(row.state).label)
    return Evidence(
        f"{row.rule.title}: {matter(row)}",
        reverse("early_warning_staff:signal", args=[row.public_id]),
        f"{state}. {sentence(row)}",
    )
