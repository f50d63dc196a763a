"""The sweep against the bare SQL that touches the same rows."""

import time
from typing import Any

from django.db import connection, transaction

from common.time import now
from escalation.models import Escalation
from escalation.sweep import sweep_run

DUE = 1000
_MAKE_DUE = """
    UPDATE deadlines_clock SET next_action_at = NULL WHERE state = 'running';
    UPDATE deadlines_clock SET next_step = 0, escalation_level = 0,
        step_moments = ARRAY[now() - interval '1 minute'], next_action_at = now() - interval '1 minute'
    WHERE id IN (SELECT id FROM deadlines_clock WHERE state = 'running' ORDER BY id LIMIT %s)
"""
_BARE = (
    """INSERT INTO escalation_escalation (public_id, clock_id, step, step_code, kind, level, due_at, created_at,
           unit_id, position, nobody_found, state, answer)
       SELECT gen_random_uuid(), id, 0, 'x', 'reminder', 0, next_action_at, now(), holder_unit_id, 'clerk', false,
           'open', '' FROM deadlines_clock WHERE next_action_at <= now()""",
    """INSERT INTO notifications_outboxmessage (event, recipient_key, channel, template, params, language,
           unit_id, position, state, attempts, created_at, next_attempt_at, sent_at, error, answer)
       SELECT 'bare' || id, 'p:' || holder_unit_id || ':clerk', way.channel, 'reminder', '{}', '',
           holder_unit_id, 'clerk', way.state, 0, now(), now(), way.sent_at, '', ''
       FROM deadlines_clock, (VALUES ('app', 'sent', now()), ('email', 'pending', NULL))
           AS way (channel, state, sent_at)
       WHERE next_action_at <= now()""",
    """INSERT INTO petitions_caseevent (case_id, sequence, action, at, data, hash)
       SELECT l.case_id, 9999, 'x', now(), '{}', decode(repeat('00', 32), 'hex')
       FROM petitions_caseclock l JOIN deadlines_clock c ON c.id = l.clock_id
       WHERE c.next_action_at <= now()""",
    """UPDATE petitions_case SET escalation_level = 1 WHERE id IN (SELECT l.case_id
       FROM petitions_caseclock l JOIN deadlines_clock c ON c.id = l.clock_id
       WHERE c.next_action_at <= now())""",
    """UPDATE deadlines_clock SET next_step = 1, escalation_level = 1, next_action_at = NULL
       WHERE next_action_at <= now()""",
)


def measure() -> dict[str, Any]:
    """Median of three: bare SQL (rolled back) and the real sweep over the same 1,000 clocks."""
    bare, sweep = [], []
    for _ in range(3):
        _make_due()
        bare.append(_bare_seconds())
        start = time.perf_counter()
        result = sweep_run(at=now(), is_manual=True)
        sweep.append(time.perf_counter() - start)
        assert result.reminders + result.escalations == DUE, result
    bare_s, sweep_s = sorted(bare)[1], sorted(sweep)[1]
    return {
        "bare_sql_seconds": round(bare_s, 3),
        "sweep_seconds": round(sweep_s, 3),
        "ratio": round(sweep_s / bare_s, 2),
    }


def _make_due() -> None:
    Escalation.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM notifications_outboxmessage WHERE template <> 'petition_arrived'"
        )
        cursor.execute(_MAKE_DUE, (DUE,))


def _bare_seconds() -> float:
    with transaction.atomic():
        start = time.perf_counter()
        with connection.cursor() as cursor:
            for statement in _BARE:
                cursor.execute(statement)
        seconds = time.perf_counter() - start
        transaction.set_rollback(True)
    return seconds
