"""``/api/v1/deadline-rules/``, ``deadlines/``, ``calendar/`` as anybody calls them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar")]


def get(client: Client, name: str, query: str = "", status: int = 200) -> Any:
    answer = client.get(f"{reverse(f'api:{name}')}?{query}")
    assert answer.status_code == status, answer.content
    return answer.json()


def test_a_deadline_with_its_derivation(client: Client) -> None:
    found = get(client, "deadlines", "rule=KN-ACC&start=2026-11-16")
    assert {name: found[name] for name in ("rule", "start", "legal_due_on", "due_on")} == {
        "rule": "KN-ACC",
        "start": "2026-11-16",
        "legal_due_on": "2026-11-26",
        "due_on": "2026-11-26",
    }
    assert (found["days"], found["day_kind"]) == (7, "working")
    assert found["basis"].startswith("khoản 1 Điều 16 Nghị định 124/2020/NĐ-CP")
    days = found["derivation"]
    assert (days[0]["date"], days[-1]["date"]) == ("2026-11-16", "2026-11-26")
    assert sum(day["counted"] for day in days) == 7
    assert [d["why"] for d in days if d["date"] == "2026-11-24"] == [
        "Nghỉ lễ: Ngày Văn hóa Việt Nam"
    ]


@pytest.mark.parametrize(
    ("query", "legal", "due"),
    [
        ("rule=KN-RES1-N&start=2026-11-26", "2026-12-26", "2026-12-28"),
        (
            (
                "rule=KN-RES1-N&start=2026-07-01&suspended=2026-07-10/2026-07-20"
                "&suspended=2026-08-03/2026-08-05"
            ),
            "2026-08-12",
            "2026-08-12",
        ),
        ("rule=KN-RES1-N&start=2026-07-01&suspended=2026-06-20/2026-07-05", "2026-08-03", None),
        ("rule=TCD-POST&start=2026-12-01", "2026-11-23", "2026-11-23"),
        ("rule=KN-DLG-NOT&start=2026-11-27", "2026-11-22", "2026-11-20"),
        ("rule=TC-CRIME&start=2026-11-22", "2026-11-22", "2026-11-22"),
        ("rule=IH-URGENT&start=2026-11-23", "2026-11-23", "2026-11-23"),
        ("rule=DL-BREACH&start=2026-11-19", "2026-11-22", "2026-11-22"),
    ],
)
def test_deadlines_of_every_kind(client: Client, query: str, legal: str, due: str | None) -> None:
    found = get(client, "deadlines", query)
    assert (found["legal_due_on"], found["due_on"]) == (legal, due or legal)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("rule=KP-RES&start=2026-11-16", "no_fixed_limit"),
        ("rule=KN-SUSP-CLOCK&start=2020-01-01", "no_fixed_limit"),
        ("rule=KN-ACC&start=2026-06-30", "not_in_force"),
        ("rule=KN-ACC-OLD&start=2026-07-01", "not_in_force"),
        ("rule=TC-RES&start=2027-12-15", "calendar_missing"),
        ("rule=TC-RES&start=2024-05-06", "calendar_missing"),
        ("rule=TC-RES&start=9999-12-31", "calendar_missing"),
    ],
)
def test_what_cannot_be_computed(client: Client, query: str, code: str) -> None:
    found = get(client, "deadlines", query, 422)
    assert found["code"] == code
    assert found["message"]
    assert found["fields"] == {}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("start=2026-11-16", "rule"),
        ("rule=KN-ACC", "start"),
        ("rule=KN-ACC&start=", "start"),
        ("rule=KN-NEVER&start=2026-11-16", "rule"),
        ("rule=KN-ACC&start=16/11/2026", "start"),
        ("rule=KN-ACC&start=20261116", "start"),
        ("rule=KN-ACC&start=2026-02-30", "start"),
        ("rule=KN-ACC&start=2026-11-16%00", "start"),
        ("rule=KN-ACC&start=%EF%BC%92026-11-16", "start"),
        ("rule=KN-ACC&start=2026-11-16&suspended=2026-11-18", "suspended"),
        ("rule=KN-ACC&start=2026-11-16&suspended=2026-11-18/", "suspended"),
        ("rule=KN-ACC&start=2026-11-16&suspended=2026-11-20/2026-11-18", "suspended"),
        (
            (
                "rule=KN-ACC&start=2026-11-16&suspended=2026-11-17/2026-11-20"
                "&suspended=2026-11-18/2026-11-19"
            ),
            "suspended",
        ),
        ("rule=KN-ACC&start=2026-11-16&days=3", "days"),
    ],
)
def test_bad_input_names_the_field(client: Client, query: str, field: str) -> None:
    found = get(client, "deadlines", query, 400)
    assert found["code"] == "invalid"
    assert list(found["fields"]) == [field]


def test_all_rules_at_once_and_in_pages(client: Client) -> None:
    whole = get(client, "deadline-rules")
    assert (whole["next"], whole["previous"], len(whole["results"])) == (None, None, 81)
    codes, url = [], f"{reverse('api:deadline-rules')}?page_size=30"
    while url:
        page = client.get(url).json()
        codes += [rule["code"] for rule in page["results"]]
        last, url = page, page["next"]
    assert codes == [rule["code"] for rule in whole["results"]]
    back = client.get(last["previous"]).json()
    assert [rule["code"] for rule in back["results"]] == codes[30:60]
    assert client.get(back["next"]).json()["results"] == last["results"]


def test_a_rule_as_data(client: Client) -> None:
    rules = {rule["code"]: rule for rule in get(client, "deadline-rules")["results"]}
    assert rules["KN-ACC-OLD"] == {
        "code": "KN-ACC-OLD",
        "petition_type": "complaint",
        "stage": "acceptance",
        "condition": rules["KN-ACC-OLD"]["condition"],
        "days": 10,
        "hours": None,
        "day_kind": "calendar",
        "rolls": True,
        "clock_starts": "received",
        "extension_of": None,
        "relation": None,
        "basis": "Điều 27 Luật Khiếu nại số 02/2011/QH13",
        "valid_from": "2012-07-01",
        "valid_to": "2026-06-30",
        "status": "verified",
        "is_verified": True,
        "words": f"{rules['KN-ACC-OLD']['condition']}."
        " Thời hạn: 10 ngày kể từ ngày nhận được đơn, yêu cầu.",
    }
    assert rules["KP-RES"]["days"] is None
    assert rules["IH-URGENT"]["days"] == 0.5


@pytest.mark.parametrize("cursor", ["x", "AAAA", "PktOLU5FVkVS", "%F0%9F%98%80"])
def test_a_wrong_page_link_is_refused(client: Client, cursor: str) -> None:
    assert "cursor" in get(client, "deadline-rules", f"cursor={cursor}", 400)["fields"]


def test_the_calendar_gives_every_day_with_its_reason(client: Client) -> None:
    found = get(client, "calendar", "from=2026-08-21&to=2026-09-03")["results"]
    assert len(found) == 14
    off = {day["date"][5:]: day["kind"] for day in found if not day["is_working"]}
    assert off == {
        "08-23": "weekend",
        "08-29": "weekend",
        "08-30": "weekend",
        "08-31": "swapped_off",
        "09-01": "holiday",
        "09-02": "holiday",
    }
    swapped = next(day for day in found if day["date"] == "2026-08-22")
    assert (swapped["is_working"], swapped["kind"]) == (True, "swapped_working")
    assert swapped["reason"] == "Làm bù cho 31/08"


def test_calendar_pages_and_edges(client: Client) -> None:
    assert len(get(client, "calendar")["results"]) == 791
    page = get(client, "calendar", "from=2026-01-01&to=2026-12-31&page_size=200")
    assert len(page["results"]) == 200
    assert len(client.get(page["next"]).json()["results"]) == 165
    assert get(client, "calendar", "to=2028-01-01", 422)["code"] == "calendar_missing"
    assert "to" in get(client, "calendar", "from=2026-05-02&to=2026-05-01", 400)["fields"]
    assert "page_size" in get(client, "calendar", "page_size=201", 400)["fields"]
