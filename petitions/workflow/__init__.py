"""The workflow as data: states, actions, who, what is needed, what the clocks do.

No Django here. Pages, API, tests, diagrams and the database's own trigger are derived from these
tables or held against them. Legal bases: Law on Complaints 02/2011 (LC), Law on Denunciations
25/2018 (LD), Law on Citizen Reception 42/2013 (LR), Decree 124/2020 as amended by 155/2026
(D124).
"""

from petitions.workflow.handling import AFTER, WORK
from petitions.workflow.intake import ALWAYS, BY_THE_HEAD, FORWARDING, TAKING_IN
from petitions.workflow.rows import (
    PAPER,
    Action,
    ClockEffect,
    Field,
    FieldType,
    Side,
    Transition,
)
from petitions.workflow.states import (
    ALL_KINDS,
    AWAITING_HEAD,
    CLOSED_STATUSES,
    COMPLAINT,
    DENUNCIATION,
    FEEDBACK,
    IN_WORK,
    N_,
    OPEN,
    RATEABLE,
    RECOMMENDATION,
    STATUS_LABELS,
    Status,
    status_label,
)

__all__ = [
    "ACTIONS",
    "ALL_KINDS",
    "AWAITING_HEAD",
    "BY_ACTION",
    "CLOSED_STATUSES",
    "COMPLAINT",
    "DENUNCIATION",
    "FEEDBACK",
    "IN_WORK",
    "N_",
    "OPEN",
    "PAPER",
    "RATEABLE",
    "RECOMMENDATION",
    "STATUS_LABELS",
    "TRANSITIONS",
    "Action",
    "ClockEffect",
    "Field",
    "FieldType",
    "Side",
    "Status",
    "Transition",
    "moves",
    "status_label",
    "transition_find",
    "transitions_from",
]

TRANSITIONS: tuple[Transition, ...] = (
    *TAKING_IN,
    *BY_THE_HEAD,
    *FORWARDING,
    *WORK,
    *AFTER,
    *ALWAYS,
)
ACTIONS = frozenset(action.value for action in Action)
BY_ACTION: dict[Action, Transition] = {t.action: t for t in TRANSITIONS}


def transition_find(status: str, action: str, kind: str) -> Transition | None:
    """The row that applies to a case of ``kind`` in ``status``, or None."""
    if action not in ACTIONS:
        return None
    row = BY_ACTION[Action(action)]
    return row if status in row.sources and kind in row.kinds else None


def transitions_from(status: str, kind: str) -> list[Transition]:
    """The rows that may start in ``status`` for ``kind``, in the order of the table."""
    return [row for row in TRANSITIONS if status in row.sources and kind in row.kinds]


def moves() -> list[tuple[str, str, str]]:
    """Every (kind, status before, status after) that the table allows, sorted."""
    found = {
        (kind, source.value, row.target.value)
        for row in TRANSITIONS
        if row.target is not None
        for kind in row.kinds
        for source in row.sources
    }
    return sorted(found)
