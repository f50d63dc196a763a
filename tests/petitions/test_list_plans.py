"""No list of cases ever scans the case table, whoever reads it and whatever narrows it."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hanoi_portal.demo.fast import fast_seed
from petitions.filters import filters_clean
from petitions.models import Case
from petitions.selectors import ORDERINGS, case_list_for
from petitions.services.intake import petition_file
from petitions.staff.desk import desk_rows
from tests.people import WARD, access_make, filing_make, person_make

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
READERS = ("clerk", "handler", "chair", "board_officer", "board_head", "city_chair")
SINGLE: tuple[dict[str, str], ...] = (
    {},
    {"status": "verifying"},
    {"kind": "complaint"},
    {"field": "housing"},
    {"unit": WARD},
    {"assignee": "handler"},
    {"due_before": "2026-11-20"},
    {"due_after": "2026-11-20"},
    {"overdue": "true"},
    {"escalated": "true"},
    {"escalation_level": "2"},
    {"flag": "collective"},
    {"open": "true"},
    {"forwarded": "true"},
    {"received_after": "2026-10-01"},
    {"received_before": "2026-10-01"},
    {"q": "bồi thường"},
    {"q": "HN-7K3M9-QXD4F-2T"},
    {"q": "12"},
    {"q": "12/2026"},
)
PAIRS = (
    {"status": "verifying", "unit": WARD},
    {"overdue": "true", "unit": WARD},
    {"kind": "complaint", "field": "housing"},
    {"assignee": "handler", "status": "verifying"},
)


@pytest.fixture
def cases(db: None) -> None:
    fast_seed(cases=400, seed=5, workers=1, say=lambda line: None, now=NOW)


def scans(plan: dict[str, Any]) -> Iterator[str]:
    """Tables that a plan reads from end to end."""
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for inner in plan.get("Plans", ()):
        yield from scans(inner)


def plan_of(rows: Any) -> dict[str, Any]:
    told = rows.explain(format="json")
    return dict(json.loads(told)[0]["Plan"])


@pytest.mark.parametrize("ordering", ["-submitted_at", "due_on"])
def test_no_list_scans_the_case_table(cases: None, ordering: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    order = ORDERINGS[ordering]
    for who in READERS:
        for query in (*SINGLE, *PAIRS):
            rows = case_list_for(access_make(who), filters_clean(query))
            if ordering == "due_on":
                rows = rows.filter(due_on__isnull=False)
            page = rows.order_by(*order.order())[:51]
            assert "petitions_case" not in set(scans(plan_of(page))), (who, query)


def test_the_desk_scans_no_case_table(cases: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    for who in READERS:
        assert "petitions_case" not in set(scans(plan_of(desk_rows(access_make(who))))), who


BIG = {"petitions_case", "petitions_letter", "petitions_caseevent", "deadlines_clock"}
MANY = 100  # rows; a page about one case reads fewer of any table


def reads(plan: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Tables and how many of their rows a plan that ran has looked at."""
    if plan.get("Relation Name") in BIG:
        each = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
        yield plan["Relation Name"], int(each * plan["Actual Loops"])
    for inner in plan.get("Plans", ()):
        yield from reads(inner)


def wide(queries: list[dict[str, str]]) -> Iterator[tuple[str, int, str]]:
    """Queries that look at many rows of a big table."""
    with connection.cursor() as cursor:
        for sql in (query["sql"] for query in queries):
            if sql.startswith("SELECT"):
                cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql.replace('%', '%%')}", None)
                plan = cursor.fetchone()[0][0]["Plan"]
                yield from ((name, n, sql[:400]) for name, n in reads(plan) if n > MANY)


def test_no_page_of_a_case_looks_at_many_rows(cases: None, client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("ANALYZE")
    case = Case.objects.filter(unit__code=WARD, kind="complaint").exclude(assignee=None)[0]
    filed = petition_file(filing=filing_make())
    client.force_login(person_make("clerk"))
    client.post("/tra-cuu/", {"code": filed.code, "secret": filed.secret})
    for path in (
        f"/can-bo/vu-viec/{case.code}/",
        "/tra-cuu/don/",
        f"/api/v1/cases/{case.code}/",
        f"/api/v1/cases/{case.code}/similar/",
    ):
        with CaptureQueriesContext(connection) as told:
            assert client.get(path).status_code in (200, 401), path
        assert list(wide(told.captured_queries)) == [], path
