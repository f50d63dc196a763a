"""A reception day under way: registered visitors and what officers do with them."""

import datetime as dt
from typing import Any

from common.time import local_moment
from receptions.models import ReceptionSession, Registration
from receptions.moves import Move
from receptions.services.day import visitor_call_next, visitor_move
from receptions.services.refusals import visitor_refuse
from tests.people import access_make
from tests.receptions.cast import DAY, register, session_public

MORNING = local_moment(DAY, 8, 30)


def day_with(visitors: int, **changes: Any) -> ReceptionSession:
    """A published session with so many visitors, numbers from 1."""
    session = session_public(capacity=changes.pop("capacity", max(visitors, 1)), **changes)
    for number in range(1, visitors + 1):
        register(session, number)
    return session


def row_of(session: ReceptionSession, number: int) -> Registration:
    return session.registrations.get(queue_number=number)


def move(
    session: ReceptionSession,
    number: int,
    step: Move,
    *,
    who: str = "clerk",
    at: dt.datetime = MORNING,
    version: int | None = None,
) -> Registration:
    row = row_of(session, number)
    return visitor_move(
        access=access_make(who),
        session_id=session.public_id,
        code=row.code,
        version=version or row.version,
        move=step,
        at=at,
    )


def call_next(
    session: ReceptionSession, *, who: str = "clerk", at: dt.datetime = MORNING
) -> Registration:
    return visitor_call_next(access=access_make(who), session_id=session.public_id, at=at)


def refuse(
    session: ReceptionSession, number: int, ground: str = "settled", *, at: dt.datetime = MORNING
) -> Registration:
    row = row_of(session, number)
    visitor_refuse(
        access=access_make("clerk"),
        session_id=session.public_id,
        code=row.code,
        version=row.version,
        ground=ground,
        explanation="Vụ việc đã có quyết định giải quyết lần hai.",
        at=at,
    )
    row.refresh_from_db()
    return row
