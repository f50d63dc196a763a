"""What happens to visitors' slots when a session moves."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from receptions.models import ReceptionSession, Registration


def slots_move(session: ReceptionSession, was_at: dt.datetime) -> dict[str, int]:
    """Move every slot of a locked session by as much as its beginning moved; what no longer ends
    in time has no slot any more: that visitor comes at the beginning and waits for the number.

    Returns how many moved and how many fell away, for the history; nothing without slots.
    """
    moved, lost = _move(session, session.registrations.all(), session.starts_at - was_at)
    return {"slots_moved": moved, "slots_lost": lost} if moved or lost else {}


def _move(session: ReceptionSession, rows: QuerySet[Any], by: dt.timedelta) -> tuple[int, int]:
    """In two statements: a slot may be given while another visitor's still has that moment."""
    taken = list(rows.filter(slot_at__isnull=False))
    rows.filter(slot_at__isnull=False).update(slot_at=None)
    length = dt.timedelta(minutes=session.slot_minutes or 0)
    kept = [row for row in taken if row.slot_at + by + length <= session.ends_at]
    for row in kept:
        row.slot_at += by
    Registration.objects.bulk_update(kept, ["slot_at"])
    return len(kept), len(taken) - len(kept)
