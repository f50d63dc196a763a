"""No list of cases ever scans the case table, whoever reads it and whatever narrows it."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from hanoi_portal.demo.fast import fast_seed
from petitions.filters import filters_clean
from petitions.selectors import ORDERINGS, case_list_for
from petitions.staff.desk import desk_rows
from tests.people import WARD, access_make

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
