"""``python -m benchmarks.escalation``: the sweep over many limits.

First the idle sweep against more and more open limits, then 100,000 that are due at once among
1,000,000: two workers with steps, history, levels and notices, against the bare SQL that inserts
and updates the same rows. Rows are copies of one case, made by SQL. ``SCALE=100k`` is quicker (10,000
due), ``SCALE=10m`` also looks at ten million (limits without cases, idle only).
"""

import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from benchmarks import site

SCALES = {"100k": 100_000, "1m": 1_000_000, "10m": 10_000_000}
FULL = 1_000_000
DUE_SHARE, WORKERS, IDLE_RUNS = 10, 2, 15
_COPY = (
    "INSERT INTO {table} ({columns}) SELECT {values} FROM {table} AS one, "
    "generate_series(%(first)s, %(last)s) AS n WHERE one.id = %(id)s"
)
_BARE = (
    """INSERT INTO escalation_escalation (public_id, clock_id, round, step, step_code, kind, level,
           due_at, created_at, unit_id, position, nobody_found, state, answer, answer_step, reason)
       SELECT gen_random_uuid(), id, 0, 2, 'breach', 'escalation', 1, next_action_at, now(),
           holder_unit_id, 'head', false, 'open', '', '', ''
       FROM deadlines_clock WHERE state = 'running' AND next_action_at <= now()""",
    """INSERT INTO notifications_outboxmessage (event, recipient_key, channel, template, params,
           language, unit_id, position, state, attempts, created_at, next_attempt_at, sent_at, error,
           answer)
       SELECT 'clock:' || c.public_id || ':breach',
           'p:' || c.holder_unit_id || ':' || p.name, ch.name, 'escalation',
           jsonb_build_object('code', i.code, 'href', '/can-bo/vu-viec/' || i.code || '/',
               'unit', 'Phường Ba Đình', 'due_on', c.due_on, 'limit', c.basis, 'step', 'breach',
               'level', 1, 'basis', c.basis, 'nobody_found', false, 'drafts', ''),
           '', c.holder_unit_id, p.name, ch.state, 0, now(), now(), ch.at, '', ''
       FROM deadlines_clock c JOIN petitions_caseclock l ON l.clock_id = c.id
           JOIN petitions_case i ON i.id = l.case_id
           CROSS JOIN (VALUES ('head'), ('clerk')) AS p (name)
           CROSS JOIN (VALUES ('app', 'sent', now()), ('email', 'pending', NULL)) AS ch (name, state, at)
       WHERE c.state = 'running' AND c.next_action_at <= now()""",
    """INSERT INTO petitions_caseevent (case_id, sequence, action, at, data, hash)
       SELECT l.case_id, coalesce((SELECT max(e.sequence) FROM petitions_caseevent e
               WHERE e.case_id = l.case_id), 0) + 1, 'petitions.case.escalated', now(),
           jsonb_build_object('step', 'breach', 'level', 1, 'rule', c.rule_code, 'due_on', c.due_on,
               'unit', '00004', 'position', 'head', 'nobody_found', false, 'basis', c.basis),
           sha256(c.basis::bytea)
       FROM petitions_caseclock l JOIN deadlines_clock c ON c.id = l.clock_id
       WHERE c.state = 'running' AND c.next_action_at <= now()""",
    """UPDATE petitions_case AS i SET escalation_level = greatest(i.escalation_level, 1)
       FROM petitions_caseclock l JOIN deadlines_clock c ON c.id = l.clock_id
       WHERE i.id = l.case_id AND c.state = 'running' AND c.next_action_at <= now()""",
    """UPDATE deadlines_clock SET next_step = 3, escalation_level = 1,
           next_action_at = step_moments[4]
       WHERE state = 'running' AND next_action_at <= now()""",
)  # fmt: skip


def main() -> None:
    wanted = SCALES.get(os.environ.get("SCALE", "1m").lower())
    if wanted is None:
        sys.exit(f"SCALE is one of {', '.join(SCALES)}.")
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        data = Path(folder)
        os.environ.update(site.environment(data, site.free_port()))
        os.environ["PORTAL_PROCESS"] = "command"
        from hanoi_portal import embedded

        with embedded.joined():
            for command in ("migrate", "load_reference"):
                site.manage(command, data, 0)
            result = measure(wanted)
    print(json.dumps(result, indent=1))


def measure(wanted: int) -> dict[str, Any]:
    import django

    django.setup()
    full = min(wanted, FULL)
    template = scene()
    idle: dict[str, float] = {}
    made = 1
    for size in (10_000, 100_000, FULL):
        if size <= full:
            fill(template, made, size)
            made = size
            idle[f"{size:,}"] = idle_ms()
    due = make_due(full)
    bare = bare_seconds()
    workers = swept()
    result = {
        "open": full,
        "due": due,
        "idle_ms": idle,
        "bare_sql_seconds": round(bare, 1),
        "sweep_seconds": round(max(w["seconds"] for w in workers), 1),
        "workers": workers,
        "ratio": round(max(w["seconds"] for w in workers) / bare, 2),
        "checked": check(due),
    }
    if wanted > FULL:
        more_clocks(template, wanted)
        idle[f"{wanted:,}"] = idle_ms()
    return result


def scene() -> dict[str, int]:
    """One petition, and people in every unit."""
    import datetime as dt

    from accounts.models import Membership, User
    from communes.models import Unit
    from petitions.models import Case, CaseClock
    from petitions.services.intake import petition_file
    from tests.people import filing_make

    units = list(Unit.objects.filter(kind__in=("ward", "commune")).order_by("id"))
    for role in ("head", "clerk"):
        users = User.objects.bulk_create(
            [User(username=f"{role}.{u.code}", full_name=f"Cán bộ {u.code}",
                  email=f"{role}.{u.code}@example.com") for u in units])  # fmt: skip
        Membership.objects.bulk_create(
            [Membership(user=user, unit=unit, role=role, valid_from=dt.date(2025, 7, 1))
             for user, unit in zip(users, units, strict=True)])  # fmt: skip
    case = Case.objects.get(code=petition_file(filing=filing_make()).code)
    link = CaseClock.objects.get(case=case)
    return {"case": case.pk, "clock": link.clock_id, "link": link.pk}


def fill(template: dict[str, int], made: int, size: int) -> None:
    """Copies of the case with its limit, up to ``size`` in all; every copy has a history."""
    units = (
        "(SELECT array_agg(id ORDER BY id) FROM communes_unit WHERE kind IN ('ward', 'commune'))"
    )
    unit = f"({units})[1 + n % 126]"
    ahead = "now() + interval '20 days' + n * interval '1 second'"
    start = time.perf_counter()
    offset = {"id": "one.id + n"}
    copy("petitions_case", template["case"], made, size,
         offset | {"code": "'B' || n", "unit_id": unit, "search_text": "''"})  # fmt: skip
    copy("deadlines_clock", template["clock"], made, size,
         offset | {"public_id": "gen_random_uuid()", "holder_unit_id": unit,
                   "next_action_at": ahead})  # fmt: skip
    copy("petitions_caseclock", template["link"], made, size,
         offset | {"case_id": "one.case_id + n", "clock_id": "one.clock_id + n"})  # fmt: skip
    run(f"""INSERT INTO petitions_caseevent (case_id, sequence, action, at, data, hash)
        SELECT {template["case"]} + n, 1, 'petitions.letter.filed', now(), '{{}}', sha256('x')
        FROM generate_series({made}, {size - 1}) AS n""")
    vacuum()
    progress(f"{size:,} cases with an open limit ({time.perf_counter() - start:.0f} s)")


def more_clocks(template: dict[str, int], size: int) -> None:
    ahead = "now() + interval '20 days' + n * interval '1 second'"
    copy("deadlines_clock", template["clock"], FULL, size,
         {"id": "one.id + n", "public_id": "gen_random_uuid()", "next_action_at": ahead})  # fmt: skip
    vacuum()
    progress(f"{size:,} open limits")


def copy(table: str, pk: int, made: int, size: int, new: dict[str, str]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
            " AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        names = [row[0] for row in cursor.fetchall()]
        columns = ", ".join(f'"{name}"' for name in names)
        values = ", ".join(new.get(name, f'one."{name}"') for name in names)
        statement = _COPY.format(table=table, columns=columns, values=values)
        cursor.execute(statement.replace("% 126", "%% 126"),
                       {"first": made, "last": size - 1, "id": pk})  # fmt: skip


def make_due(full: int) -> int:
    """Every tenth limit passed a minute ago."""
    run(f"""UPDATE deadlines_clock SET next_step = 2, next_action_at = now() - interval '1 minute',
        step_moments = step_moments[1:2] || (now() - interval '1 minute')
            || (now() + interval '9 days') || step_moments[5:]
        WHERE id % {DUE_SHARE} = 0""")
    vacuum()
    return full // DUE_SHARE


def idle_ms() -> float:
    """Median of a sweep that finds nothing due, with its row."""
    from common.time import now
    from escalation.sweep import sweep_run

    taken = []
    for _ in range(IDLE_RUNS):
        start = time.perf_counter()
        result = sweep_run(at=now())
        taken.append((time.perf_counter() - start) * 1000)
        assert result.examined == 0, result
    return round(sorted(taken)[IDLE_RUNS // 2], 1)


def bare_seconds() -> float:
    """Rolled back; what it left behind is cleaned up before the sweep."""
    from django.db import connection, transaction

    with transaction.atomic():
        start = time.perf_counter()
        with connection.cursor() as cursor:
            for statement in _BARE:
                cursor.execute(statement)
        seconds = time.perf_counter() - start
        transaction.set_rollback(True)
    vacuum()
    progress(f"bare SQL: {seconds:.1f} s")
    return seconds


def swept() -> list[dict[str, Any]]:
    """Two processes sweep at once, as two workers would; they start together."""
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(WORKERS), context.SimpleQueue()
    workers = [context.Process(target=_sweep, args=(barrier, answers)) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    found = [answers.get() for _ in workers]
    for worker in workers:
        worker.join()
    return found


def _sweep(barrier: Barrier, answers: Any) -> None:
    import django

    django.setup()
    from common.time import now
    from escalation.sweep import sweep_run

    barrier.wait()
    start = time.perf_counter()
    result = sweep_run(at=now(), is_manual=True)
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    answers.put({"seconds": round(seconds, 1), "escalations": result.escalations,
                 "memory_mb": memory})  # fmt: skip


def check(due: int) -> dict[str, int]:
    from escalation.models import Escalation
    from notifications.models import OutboxMessage
    from petitions.models import CaseEvent

    found = {
        "escalations": Escalation.objects.count(),
        "events": CaseEvent.objects.filter(action="petitions.case.escalated").count(),
        "messages": OutboxMessage.objects.filter(template="escalation").count(),
    }
    assert found == {"escalations": due, "events": due, "messages": 4 * due}, found
    return found


def run(statement: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)


def vacuum() -> None:
    run("VACUUM ANALYZE deadlines_clock, petitions_case, petitions_caseclock, petitions_caseevent")


def progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
