"""Dates at the edges of what can be computed are refused, not a server error."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("start", ["0001-01-01", "1899-12-31", "9999-12-31"])
@pytest.mark.parametrize("rule", ["KN-ACC", "TC-ACC"])
def test_a_far_start_is_refused(rule: str, start: str) -> None:
    for suspended in ((), (f"{start}/9999-12-31",), ("0001-01-01/9999-12-31",)):
        query = {"rule": rule, "start": start, "suspended": suspended}
        assert Client().get("/api/v1/deadlines/", query).status_code in (400, 404, 422)
    for dates in ({"from": start}, {"to": start}, {"from": start, "to": start}):
        assert Client().get("/api/v1/calendar/", dates).status_code in (400, 422)
