"""``python -m benchmarks.clocks``: one limit computed, and a million open clocks recomputed.

Both beside a plain loop over days that asks the ``holidays`` package. ``SCALE=100k`` is quicker.
Clocks stand alone: the cases above them are not made.
"""

import datetime as dt
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import holidays

from benchmarks import site

SCALES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
RULES = ("KN-ACC", "KN-RES1-N", "KN-RES1-C", "TC-RES", "TCD-NOTICE")
FIRST, DAYS = dt.date(2026, 9, 1), 80
_FILL = """
    INSERT INTO deadlines_clock ({columns}, public_id)
    SELECT {columns}, gen_random_uuid() FROM deadlines_clock, generate_series(1, %s)
"""


def main() -> None:
    count = SCALES.get(os.environ.get("SCALE", "1m").lower())
    if count is None:
        sys.exit(f"SCALE is one of {', '.join(SCALES)}.")
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        data = Path(folder)
        os.environ.update(site.environment(data, site.free_port()))
        os.environ["PORTAL_PROCESS"] = "command"
        from hanoi_portal import embedded

        with embedded.joined():
            for command in ("migrate", "load_reference"):
                site.manage(command, data, 0)
            import django

            django.setup()
            print(json.dumps(arithmetic() | recalculation(count), indent=1))


def arithmetic() -> dict[str, Any]:
    """Microseconds of a limit of 1 to 60 working days; ours and the plain loop's."""
    from deadlines.calendars import calendar_current
    from deadlines.clock import compute

    calendar, known = calendar_current(), holidays.country_holidays("VN", years=(2026, 2027))
    asked = [(FIRST + dt.timedelta(days=n % DAYS), 1 + n % 60) for n in range(3000)]

    def ours() -> None:
        for start, days in asked:
            compute(days, "working", True, start, calendar)

    def plain() -> None:
        for start, days in asked:
            _plain(start, days, known)

    fast, slow = (_best(run) / len(asked) * 1e6 for run in (ours, plain))
    return {"compute_us": round(fast, 2), "plain_loop_us": round(slow, 1),
            "compute_ratio": round(slow / fast, 1)}  # fmt: skip


def recalculation(count: int) -> dict[str, Any]:
    """Seconds and memory of a change of days off that every open clock must be asked about."""
    from deadlines.calendars import calendar_file
    from deadlines.clock import Day
    from deadlines.recalculation import calendar_change

    made = _clocks(count)
    basis = ("Công văn", "verified")
    days = [
        *calendar_file(),
        Day(dt.date(2026, 11, 23), "swapped_off", "Nghỉ hoán đổi với 28/11", *basis),
        Day(dt.date(2026, 11, 28), "swapped_working", "Làm bù cho 23/11", *basis),
    ]
    before = _peak_mb()
    start = time.perf_counter()
    found = calendar_change(days, reason="hoán đổi ngày 23/11")
    seconds = time.perf_counter() - start
    plain = _plain_seconds(made)
    return {
        "clocks": made,
        "examined": found.examined,
        "moved": found.moved,
        "recalculation_s": round(seconds, 1),
        "memory_added_mb": _peak_mb() - before,
        "plain_loop_s": round(plain, 1),
        "recalculation_ratio": round(plain / seconds, 2),
    }


def _clocks(count: int) -> int:
    """Open clocks of five rules and eighty days, copied until there are enough."""
    from django.db import connection

    from communes.models import Unit
    from deadlines.models import Clock
    from deadlines.services import clock_build
    from escalation.ladders import plan_for

    unit = Unit.objects.get(code="00004")
    seeds = [
        clock_build(rule_code=code, started_on=FIRST + dt.timedelta(days=n), holder_unit=unit,
                    plan=plan_for)
        for code in RULES for n in range(DAYS)
    ]  # fmt: skip
    Clock.objects.bulk_create(seeds)
    columns = [
        str(f.column) for f in Clock._meta.concrete_fields if f.name not in ("id", "public_id")
    ]
    with connection.cursor() as cursor:
        cursor.execute(_FILL.format(columns=", ".join(columns)), [count // len(seeds) - 1])
        cursor.execute("ANALYZE deadlines_clock")
    return int(Clock.objects.count())


def _plain_seconds(count: int) -> float:
    """The same number of limits by the plain loop alone, without a database; from a sample."""
    known = holidays.country_holidays("VN", years=(2026, 2027))
    sample = min(count, 20_000)
    start = time.perf_counter()
    for n in range(sample):
        _plain(FIRST + dt.timedelta(days=n % DAYS), (7, 21, 32, 21, 10)[n % 5], known)
    return (time.perf_counter() - start) * count / sample


def _plain(start: dt.date, days: int, known: Any) -> dt.date:
    day = start
    while days:
        day += dt.timedelta(days=1)
        if day.weekday() < 5 and day not in known:
            days -= 1
    return day


def _best(run: Callable[[], None]) -> float:
    run()
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
