"""The cases' side of a change of days off: their nearest date and their history follow."""

import datetime as dt
from collections.abc import Sequence

from django.db import connection

from common.history import NewEvent
from deadlines.models import Clock
from deadlines.recalculation import Move
from petitions.models import Case, CaseClock, CaseEvent

MOVED_EVENT = "petitions.case.due_date_moved"
_LOCK = f"""
    SELECT item.id FROM {Case._meta.db_table} AS item
    WHERE item.id IN (
        SELECT link.case_id FROM {CaseClock._meta.db_table} AS link WHERE link.clock_id = ANY(%s)
    )
    ORDER BY item.id FOR NO KEY UPDATE OF item
"""  # noqa: S608 -- the only inserted names are the models' own tables
_NEAREST = f"""
    UPDATE {Case._meta.db_table} AS item SET due_on = nearest.due_on
    FROM (
        SELECT link.case_id, min(clock.due_on) AS due_on
        FROM {CaseClock._meta.db_table} AS link
        JOIN {Clock._meta.db_table} AS clock ON clock.id = link.clock_id
        WHERE clock.state = 'running' AND link.case_id IN (
            SELECT case_id FROM {CaseClock._meta.db_table} WHERE clock_id = ANY(%s)
        )
        GROUP BY link.case_id
    ) AS nearest
    WHERE item.id = nearest.case_id AND item.due_on IS DISTINCT FROM nearest.due_on
"""  # noqa: S608


class CaseDates:
    """Registered in ``deadlines.recalculation`` when the app starts."""

    def lock(self, clock_ids: Sequence[int]) -> None:
        """Lock the cases of these clocks before their clocks, as every transition does."""
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [list(clock_ids)])

    def moved(self, moves: Sequence[Move], reason: str, at: dt.datetime) -> None:
        """Bring ``due_on`` along and tell the history; the version stays: nobody's form is stale."""
        if not moves:
            return
        by_clock = {move.clock_id: move for move in moves}
        with connection.cursor() as cursor:
            cursor.execute(_NEAREST, [list(by_clock)])
        links = CaseClock.objects.filter(clock_id__in=by_clock).order_by("case_id", "id")
        CaseEvent.append_many(
            [
                NewEvent(case_id, MOVED_EVENT, _told(by_clock[clock_id], reason), at=at)
                for case_id, clock_id in links.values_list("case_id", "clock_id")
            ]
        )


def _told(move: Move, reason: str) -> dict[str, str]:
    return {
        "rule": move.rule_code,
        "from_on": move.before.isoformat(),
        "to_on": move.after.isoformat(),
        "reason": reason,
    }
