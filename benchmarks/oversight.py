"""``python -m benchmarks.oversight``: the board of 126 units × 12 months with five years of sessions.

The rows of the board, its page and its workbook in turns with the bare SQL that reads the same
rows; medians, 95th percentiles and the ratio to the bare SQL. ``COUNT=50`` is longer.
"""

import datetime as dt
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import site

YEARS = 5
WARM_UP = 3
BARE = """
    SELECT unit_id, duty_holder, (starts_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, status,
           is_delegated, kind, (published_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
    FROM receptions_receptionsession
    WHERE starts_at >= %s AND starts_at < %s AND status <> 'cancelled'
"""


def main() -> None:
    count = int(os.environ.get("COUNT", "20"))
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        data = Path(folder)
        os.environ.update(site.environment(data, site.free_port()))
        os.environ["PORTAL_PROCESS"] = "command"
        from hanoi_portal import embedded

        with embedded.joined():
            for command in ("collectstatic --no-input", "migrate", "load_reference"):
                site.manage(command, data, 0)
            import django

            django.setup()
            print(json.dumps(measure(count), indent=1))


def measure(count: int) -> dict[str, Any]:
    from accounts.access import access_of
    from benchmarks.prepare import analyze
    from common.sheets import xlsx_bytes
    from common.time import months_between, today
    from receptions.oversight_sheet import sheet
    from receptions.selectors_oversight import Filters, board

    reader, sessions = prepare()
    analyze()
    year = today().year
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 1)
    access = access_of(reader)
    rows = board(access, first, last, Filters())
    page = opened(reader, f"/can-bo/tiep-dan/giam-sat/nam/?year={year}")
    month = opened(reader, "/can-bo/tiep-dan/giam-sat/")
    works: dict[str, Callable[[], Any]] = {
        "bare_sql": lambda: bare(first, last),
        "board": lambda: board(access, first, last, Filters()),
        "page_year": page,
        "page_month": month,
        "workbook": lambda: xlsx_bytes(sheet(rows, months_between(first, last))),
    }
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for number in range(WARM_UP + count):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            if number >= WARM_UP:
                seconds[name].append((time.perf_counter() - began) * 1000)
    medians = {name: statistics.median(found) for name, found in seconds.items()}
    return {
        "sessions": sessions,
        "duty_holders": len(rows),
        **{f"{name}_ms": round(value, 1) for name, value in medians.items()},
        "board_p95_ms": round(p95(seconds["board"]), 1),
        "page_year_p95_ms": round(p95(seconds["page_year"]), 1),
        "board_to_bare_sql": round(medians["board"] / medians["bare_sql"], 1),
    }


def prepare() -> tuple[Any, int]:
    """A chair and a secretary in every commune, two days a month each, and one reader."""
    from accounts.enums import Role
    from accounts.models import User
    from accounts.services import membership_add
    from communes.models import Unit

    reader = User.objects.create_user("bench.reader", full_name="Người xem", is_demo=True)
    body = Unit.objects.get(code="BNC")
    start = dt.date(2025, 7, 1)
    membership_add(user=reader, unit=body, role=Role.INTERNAL_AFFAIRS, valid_from=start)
    made = 0
    duties = ((Role.SECRETARY, "party_secretary"), (Role.HEAD, "people_committee_chair"))
    for unit in Unit.objects.commune_level():
        for role, duty in duties:
            leader = User.objects.create_user(
                f"bench.{role}.{unit.code}", full_name=f"{unit.name} {role}", is_demo=True
            )
            membership_add(user=leader, unit=unit, role=role, valid_from=start)
            made += days_of(unit, leader, duty)
    return reader, made


def days_of(unit: Any, leader: Any, duty: str) -> int:
    """Two sessions a month of the last years and this one."""
    from common.time import local_moment, today
    from receptions.models import ReceptionSession

    on = today()
    days = [
        dt.date(year, month, number)
        for year in range(on.year - YEARS + 1, on.year + 1)
        for month in range(1, 13)
        for number in (10, 25)
    ]
    rows = [
        ReceptionSession(
            unit=unit,
            leader=leader,
            duty_holder=duty,
            kind="periodic",
            starts_at=local_moment(day, 8),
            ends_at=local_moment(day, 11),
            place="Trụ sở",
            capacity=10,
            planned_content="Tiếp công dân định kỳ.",
            status="held" if day < on else "published",
            published_at=local_moment(day - dt.timedelta(days=14)),
        )
        for day in days
    ]
    return len(ReceptionSession.objects.bulk_create(rows))


def opened(reader: Any, path: str) -> Callable[[], None]:
    """The page as the site answers it, without the network."""
    from django.test import Client

    client = Client()
    client.force_login(reader)

    def ask() -> None:
        answer = client.get(path)
        assert answer.status_code == 200, answer.status_code

    return ask


def bare(first: dt.date, last: dt.date) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(BARE, [first - dt.timedelta(days=7), last + dt.timedelta(days=38)])
        return len(cursor.fetchall())


def p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95) - 1]


if __name__ == "__main__":
    main()
