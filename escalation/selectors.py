"""What waits for the positions that a person holds."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.access import Access
from accounts.roles import Permission
from common.api import Keyset
from common.errors import NotVisible
from common.time import today
from deadlines.calendars import calendar_current
from deadlines.clock import working_days_between
from escalation.enums import StepKind
from escalation.models import Escalation, EscalationState
from escalation.registry import subjects_of

SHOWN = 50
OPEN_ORDER = Keyset("-level", "created_at", "id")


@dataclass(frozen=True)
class OpenEscalation:
    """An escalation with what it is about. ``days_late``: working days since the due date."""

    escalation: Escalation
    code: str
    href: str
    days_late: int
    may_answer: bool


def open_for(access: Access, *, limit: int = SHOWN) -> list[OpenEscalation]:
    """Open escalations to the person's positions, highest and oldest first; two queries."""
    return open_shown(
        access, list(open_rows(access).order_by("-level", "created_at", "id")[:limit])
    )


def open_rows(access: Access) -> QuerySet[Escalation]:
    """All of them, for pages in ``OPEN_ORDER``."""
    return _mine(access).select_related("clock__holder_unit", "unit")


def open_count(access: Access) -> int:
    """How many wait; one query, none for people without a position."""
    return _mine(access).count() if access.positions else 0


def mine_get_for(access: Access, public_id: UUID) -> OpenEscalation:
    """One to the person's positions, also when it is over meanwhile. Raises NotVisible."""
    rows = list(
        _to_me(access).select_related("clock__holder_unit", "unit").filter(public_id=public_id)
    )
    if not rows:
        raise NotVisible
    return open_shown(access, rows)[0]


def _mine(access: Access) -> QuerySet[Escalation]:
    return _to_me(access).filter(state=EscalationState.OPEN)


def _to_me(access: Access) -> QuerySet[Escalation]:
    held: Any = Q(pk__in=[])
    for unit_id, position in access.positions:
        held |= Q(unit_id=unit_id, position=position)
    return Escalation.objects.filter(held, kind=StepKind.ESCALATION)


def open_shown(access: Access, rows: list[Escalation]) -> list[OpenEscalation]:
    """Rows with what they are about; one query for all."""
    subjects = subjects_of([row.clock_id for row in rows])
    may = access.units(Permission.ESCALATION_ANSWER)
    day, calendar = today(), calendar_current()
    found = []
    for row in rows:
        subject = subjects.get(row.clock_id)
        due_on = row.clock.due_on
        found.append(
            OpenEscalation(
                escalation=row,
                code=subject.code if subject else "",
                href=subject.href if subject else "",
                days_late=working_days_between(due_on, day, calendar) if due_on < day else 0,
                may_answer=row.unit_id in may,
            )
        )
    return found
