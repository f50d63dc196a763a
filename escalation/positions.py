"""Which escalations went to the positions that a person holds."""

from django.db.models import Q, QuerySet

from accounts.access import Access
from escalation.enums import StepKind
from escalation.models import Escalation


def to_positions(access: Access) -> QuerySet[Escalation]:
    """Escalations, open or over, to the positions of a person."""
    held = Q(pk__in=[])
    for unit_id, position in access.positions:
        held |= Q(unit_id=unit_id, position=position)
    return Escalation.objects.filter(held, kind=StepKind.ESCALATION)
