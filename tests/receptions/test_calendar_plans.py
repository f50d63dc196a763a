"""The public calendar looks at the rows it shows, however many years lie behind it."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common.history import NewEvent
from common.time import local_moment
from communes.models import Unit
from receptions.models import MOVED, ReceptionSession, SessionEvent
from tests.receptions.cast import NOW

pytestmark = pytest.mark.django_db
BIG = {"receptions_receptionsession", "receptions_sessionevent"}
YEARS = 5
UNITS = 12
# Sessions of one month: two posts of each unit, one day each.
OF_MONTH = UNITS * 2


@pytest.fixture
def years(db: None) -> Iterator[None]:
    """Sessions of sixty months, each with three events, every tenth moved from the day before."""
    units = list(Unit.objects.commune_level().order_by("code")[:UNITS])
    people = User.objects.bulk_create(
        User(username=f"leader.{n}", full_name=f"Lãnh đạo {n}", is_demo=True)
        for n in range(2 * UNITS)
    )
    rows = []
    for month in range(12 * YEARS):
        for n, person in enumerate(people):
            starts_at = local_moment(dt.date(2022 + month // 12, month % 12 + 1, 10), 8 + n % 2)
            rows.append(session_row(units[n // 2], person, starts_at, n))
    made = ReceptionSession.objects.bulk_create(rows)
    events = [event for n, row in enumerate(made) for event in events_of(row, n)]
    SessionEvent.append_many(events, fresh=True)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("ANALYZE")
    with time_machine.travel(NOW, tick=False):
        yield


def session_row(unit: Unit, leader: User, starts_at: dt.datetime, n: int) -> ReceptionSession:
    return ReceptionSession(
        unit=unit,
        leader=leader,
        duty_holder="party_secretary" if n % 2 else "people_committee_chair",
        kind="periodic",
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(minutes=50),
        place="Trụ sở",
        capacity=5,
        planned_content="Tiếp công dân",
        status="held" if starts_at < NOW else "published",
        published_at=starts_at - dt.timedelta(days=20),
        move_reason="Họp" if n % 10 == 0 else "",
    )


def events_of(row: ReceptionSession, n: int) -> list[NewEvent]:
    at = row.published_at
    day = (row.starts_at - dt.timedelta(days=1)).date().isoformat()
    moved = [NewEvent(row.pk, MOVED, {"from": day}, None, at)] if n % 10 == 0 else []
    return [
        NewEvent(row.pk, "receptions.session.published", {}, None, at),
        *moved,
        NewEvent(row.pk, "receptions.registration.made", {}, None, at),
    ]


def reads(plan: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Big tables and how many of their rows a plan that ran has looked at."""
    if plan.get("Relation Name") in BIG:
        each = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
        yield plan["Relation Name"], int(each * plan["Actual Loops"])
    for inner in plan.get("Plans", ()):
        yield from reads(inner)


def looked_at(queries: list[dict[str, str]]) -> Iterator[tuple[int, str, str]]:
    with connection.cursor() as cursor:
        for sql in (query["sql"] for query in queries if query["sql"].startswith("SELECT")):
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", None)
            told = cursor.fetchone()[0]
            plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
            yield from ((rows, name, sql[:300]) for name, rows in reads(plan))


def test_no_answer_looks_at_years_of_sessions(years: None, client: Client) -> None:
    """Of 1,440 sessions and 3,000 events, a month has 24 sessions, half a year ahead 0."""
    month = "from=2025-03-01&to=2025-03-31"
    most = {
        f"/api/v1/reception-sessions/?{month}": OF_MONTH,
        f"/api/v1/reception-sessions/?{month}&announced=true": OF_MONTH + 10,
        "/api/v1/reception-sessions/": OF_MONTH,
        f"/lich-tiep-dan/du-lieu.json?{month}": 4 * OF_MONTH,
        "/lich-tiep-dan/?month=2025-03": 2 * OF_MONTH,
        "/lich-tiep-dan/ban-do/?month=2025-03": OF_MONTH,
        "/lich-tiep-dan/?unit=00004&month=2025-03": 5 * 12 * 2,
        "/": OF_MONTH,
        "/lich-tiep-dan/lich.ics": 7 * OF_MONTH,  # events of two months
    }
    for path, rows in most.items():
        client.get(path)
        with CaptureQueriesContext(connection) as told:
            assert client.get(path).status_code == 200, path
        wide = [found for found in looked_at(told.captured_queries) if found[0] > rows]
        assert wide == [], path


def test_the_list_answers_the_same_rows_in_order(years: None, client: Client) -> None:
    rows = client.get("/api/v1/reception-sessions/?from=2025-03-01&to=2025-03-31").json()
    starts = [row["starts_at"] for row in rows["results"]]
    assert len(starts) == OF_MONTH
    assert starts == sorted(starts)
