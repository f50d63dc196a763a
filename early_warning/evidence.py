"""Land projects of a unit as evidence for its tasks on mass mobilisation in acquiring land."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import Access
from directives.evidence import Evidence
from directives.models import Assignment, TaskField
from early_warning.enums import LAND_FIELDS
from early_warning.models import LandProject
from early_warning.policies import sees_projects

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
