"""What waits for the positions that a person holds."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import QuerySet

from accounts.access import Access
from accounts.roles import Permission
from common.api import Keyset
from common.errors import NotVisible
from common.time import today
from deadlines.calendars import calendar_current
from deadlines.clock import working_days_between
from escalation.drafts import draft_text
from escalation.models import Escalation, EscalationState
from escalation.positions import to_positions
from escalation.registry import Choice, Subject, owner_choices, subjects_of
from escalation.words import step_words

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
    step: str
    # What lies ready, and what may be done besides answering: of one that is shown alone.
    draft: str = ""
    choices: tuple[Choice, ...] = ()

    @property
    def pages(self) -> list[Choice]:
        """Steps that are done on pages of their own."""
        return [choice for choice in self.choices if choice.href]


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
        to_positions(access)
        .select_related("clock__holder_unit", "unit")
        .filter(public_id=public_id)
    )
    if not rows:
        raise NotVisible
    row, subjects = rows[0], subjects_of([rows[0].clock_id])
    item = open_shown(access, rows)[0]
    draft = draft_text(row, subjects.get(row.clock_id), item.days_late)
    choices = tuple(owner_choices(access, row.clock_id)) if item.may_answer else ()
    return replace(item, draft=draft, choices=choices)


def _mine(access: Access) -> QuerySet[Escalation]:
    return to_positions(access).filter(state=EscalationState.OPEN)


def open_shown(access: Access, rows: list[Escalation]) -> list[OpenEscalation]:
    """Rows with what they are about; one query for all."""
    subjects = subjects_of([row.clock_id for row in rows])
    may = access.units(Permission.ESCALATION_ANSWER)
    day, calendar = today(), calendar_current()
    found = []
    for row in rows:
        code, href = _shown(row, subjects.get(row.clock_id))
        due_on = row.clock.due_on
        found.append(
            OpenEscalation(
                escalation=row,
                code=code,
                href=href,
                days_late=working_days_between(due_on, day, calendar) if due_on < day else 0,
                may_answer=row.unit_id in may,
                step=step_words(row.step_code),
            )
        )
    return found


def _shown(row: Escalation, subject: Subject | None) -> tuple[str, str]:
    """Code and page; whoever sent it on has a case of its own on the matter."""
    if subject is None:
        return "", ""
    if row.step_code == "forwarder_urges" and row.unit_id == row.clock.forwarder_unit_id:
        return subject.sender_code or subject.code, subject.sender_href or subject.href
    return subject.code, subject.href
