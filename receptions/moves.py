"""The steps of a visitor on the day, as a table, and who may be called. No database.

Pages show a step where ``moves_of`` allows it; the service holds the same table.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from receptions.enums import AdHocTrigger, RegistrationStatus
from receptions.models import Registration

S = RegistrationStatus
# Who may still be called.
QUEUED = (S.REGISTERED, S.WAITING)


class Move(models.TextChoices):
    ARRIVE = "arrive", _("Has come")
    CALL = "call", _("Call")
    CALL_AGAIN = "call_again", _("Call again")
    PARK = "park", _("Put back for now")
    BRING_BACK = "bring_back", _("Back into the queue")
    NO_SHOW = "no_show", _("Did not come")
    UNDO_NO_SHOW = "undo_no_show", _("Came after all")


@dataclass(frozen=True)
class MoveRow:
    """``target`` None: where the visitor stood in the queue, with a place or on the waiting list."""

    action: str
    sources: tuple[RegistrationStatus, ...]
    target: RegistrationStatus | None


MOVES: dict[Move, MoveRow] = {
    Move.ARRIVE: MoveRow("receptions.visitor.arrived", QUEUED, None),
    Move.CALL: MoveRow("receptions.visitor.called", (*QUEUED, S.PARKED), S.CALLED),
    Move.CALL_AGAIN: MoveRow("receptions.visitor.called_again", (S.CALLED,), S.CALLED),
    Move.PARK: MoveRow("receptions.visitor.parked", (*QUEUED, S.CALLED), S.PARKED),
    Move.BRING_BACK: MoveRow("receptions.visitor.brought_back", (S.PARKED,), None),
    Move.NO_SHOW: MoveRow("receptions.visit.absent", (S.REGISTERED, S.CALLED, S.PARKED), S.ABSENT),
    Move.UNDO_NO_SHOW: MoveRow("receptions.visitor.absence_undone", (S.ABSENT,), None),
}
REFUSABLE = (*QUEUED, S.CALLED, S.PARKED)


def moves_of(row: Registration) -> list[Move]:
    """What may be done with a visitor now, in the order of the table."""
    found = [move for move, rule in MOVES.items() if row.status in rule.sources]
    if row.arrived_at is not None and Move.ARRIVE in found:
        found.remove(Move.ARRIVE)
    return found


def target_of(move: Move, row: Registration) -> RegistrationStatus:
    """The state after a move."""
    back = S.REGISTERED if row.has_place else S.WAITING
    return MOVES[move].target or back


def priority_of(row: Registration) -> list[str]:
    """Why a visitor goes first (Article 26 of Decree 154/2026), as officers decided.

    The linked case plays no part, so that neither order nor mark tells of a denunciation.
    """
    return list(row.priority)


def priority_words(row: Registration) -> str:
    """The same by name, "" for who does not go first."""
    return ", ".join(str(AdHocTrigger(value).label) for value in priority_of(row))


def call_order(rows: Iterable[Registration]) -> list[Registration]:
    """Who may be called, of ``rows`` in ``queue_order``: those who have come before those who are
    only expected.

    Somebody on the waiting list is called only when known to be there.
    """
    there = [row for row in rows if row.status in QUEUED and (row.arrived_at or row.has_place)]
    return sorted(there, key=lambda row: row.arrived_at is None)
