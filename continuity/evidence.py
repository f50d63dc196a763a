"""What lies untouched in a unit, beside its task that work for the people is not interrupted."""

from accounts.access import Access
from accounts.roles import Permission
from common.time import local_date, now
from continuity.enums import GapKind
from continuity.policies import sees_city
from continuity.presenters_board import href_of, words_of
from continuity.selectors_board import gaps_found
from directives.enums import EvidenceSource
from directives.evidence import Evidence
from directives.models import Assignment

SHOWN = 10


def gaps(access: Access, assignment: Assignment) -> list[Evidence]:
    """Rows of the continuity board about the unit, for whoever sees them there."""
    unit = assignment.unit_id
    if assignment.task.evidence_source != EvidenceSource.PETITIONS:
        return []
    if not (sees_city(access) or unit in access.units(Permission.OVERVIEW_VIEW)):
        return []
    at = now()
    rows = [row for row in gaps_found(at, {unit}) if row.kind != GapKind.REFORM]
    on = local_date(at)
    return [
        Evidence(row.kind.label, href_of(row, access), words_of(row, on)) for row in rows[:SHOWN]
    ]
