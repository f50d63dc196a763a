"""Which escalations went to the positions that a person holds."""

from django.db.models import Q, QuerySet

from accounts.access import Access
from escalation.enums import StepKind
from escalation.models import Escalation
from escalation.registry import hidden_from


def to_positions(access: Access) -> QuerySet[Escalation]:
    """Escalations, open or over, to the positions of a person, but for those that a deputy or a
    position without that right must not know of."""
    held = Q(pk__in=[])
    for unit_id, position in access.positions:
        held |= Q(unit_id=unit_id, position=position)
    rows = Escalation.objects.filter(held, kind=StepKind.ESCALATION)
    hidden = hidden_from(access)
    return rows.exclude(hidden) if hidden else rows
