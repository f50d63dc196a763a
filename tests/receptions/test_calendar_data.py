"""Open data, the frame for other sites, and the wider list of the API."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from receptions.models import ReceptionSession
from receptions.open_data import FIELDS
from tests.receptions.cast import NOW, session_draft, session_public
from tests.receptions.test_calendar_pages import call_off, move

pytestmark = pytest.mark.django_db
JSON = "/lich-tiep-dan/du-lieu.json"
CSV = "/lich-tiep-dan/du-lieu.csv"
WIDGET = "/lich-tiep-dan/nhung/00004/"
API = "/api/v1/reception-sessions/"
NAMES = [field.name for field in FIELDS]


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def table(answer: Any) -> list[list[str]]:
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_json_and_csv_hold_the_documented_fields(client: Client) -> None:
    session = session_public()
    move(session)
    session_draft(day=NOW.date().replace(month=12, day=24))
    body = client.get(JSON).json()
    (row,) = body["results"]
    assert list(row) == NAMES
    assert (row["id"], row["unit_code"]) == (str(session.public_id), "00004")
    assert (row["starts_at"], row["moved_from"]) == ("2026-12-17T08:00:00+07:00", "2026-12-10")
    assert (row["status"], row["free_places"], row["slot_minutes"]) == ("published", 3, None)
    assert body["licence"] == "CC-BY-4.0"
    assert body["updated_at"] == row["updated_at"] == "2026-11-30T09:00:00+07:00"
    assert body["next"] is None
    head, line = table(client.get(CSV))
    assert head == NAMES
    shown = dict(zip(head, line, strict=True))
    assert (shown["unit"], shown["is_delegated"]) == ("Phường Ba Đình", "false")
    assert (shown["slot_minutes"], shown["capacity"]) == ("", "3")
    page = client.get("/lich-tiep-dan/du-lieu/").content.decode()
    for name in NAMES:
        assert f'<span class="code">{name}</span>' in page, name


def test_called_off_sessions_stay_with_their_reason(client: Client) -> None:
    call_off(session_public())
    (row,) = client.get(JSON).json()["results"]
    assert (row["status"], row["cancel_reason"]) == ("cancelled", "Lãnh đạo đi công tác")


def test_pages_of_the_data(client: Client) -> None:
    made = {str(session_public(day=NOW.date().replace(month=12, day=day)).public_id)
            for day in range(10, 15)}  # fmt: skip
    seen, path, pages = set(), f"{JSON}?page_size=2&unit=00004", 0
    while path:
        body = client.get(path).json()
        seen |= {row["id"] for row in body["results"]}
        path, pages = (body["next"] or "").removeprefix("http://testserver"), pages + 1
    assert (seen, pages) == (made, 3)
    link = client.get(f"{CSV}?page_size=2")["Link"]
    assert link.endswith('; rel="next"')
    following = link[1:].split(">")[0].removeprefix("http://testserver")
    assert len(table(client.get(following))) == 3


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("unit=99999", "unit"), ("unit=%00", "unit"), ("kind=king", "kind"), ("mode=%00", "mode"),
        ("duty_holder=x", "duty_holder"), ("district=x", "district"), ("from=2026-02-30", "from"),
        ("to=9999-12-31", "to"), ("from=0001-01-01", "from"), ("leader=%00", "leader"),
        ("page_size=0", "page_size"), ("page_size=1001", "page_size"),
        ("page_size=" + "9" * 400, "page_size"), ("page_size=%D9%A1", "page_size"),
        ("cursor=x", "cursor"), ("uint=00004", "uint"), ("leader=" + "x" * 400, "leader"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(client: Client, query: str, field: str) -> None:
    for path in (JSON, CSV):
        answer = client.get(f"{path}?{query}")
        assert answer.status_code == 400
        assert field in answer.json()["fields"]
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "no-store" in answer["Cache-Control"]


def test_other_sites_may_read_and_keep_the_data(client: Client) -> None:
    session_public()
    for path in (JSON, CSV):
        asked = client.options(path, headers={"Origin": "https://khac.example"})
        assert (asked.status_code, asked["Access-Control-Allow-Origin"]) == (204, "*")
        first = client.get(path)
        assert first["Cache-Control"] == "public, max-age=300"
        assert "Access-Control-Allow-Credentials" not in first
        again = client.get(path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again["Access-Control-Allow-Origin"]) == (304, "*")
        assert client.post(path).status_code == 405


def test_a_formula_in_the_table_is_text(client: Client) -> None:
    session_public(place="=HYPERLINK(1)", planned_content="@SUM(1)")
    head, line = table(client.get(CSV))
    shown = dict(zip(head, line, strict=True))
    assert (shown["place"], shown["planned_content"]) == ("'=HYPERLINK(1)", "'@SUM(1)")
    assert client.get(JSON).json()["results"][0]["place"] == "=HYPERLINK(1)"


def test_the_frame_shows_five_sessions_without_script_form_or_cookie(client: Client) -> None:
    for day in range(10, 17):
        session_public(day=NOW.date().replace(month=12, day=day))
    answer = client.get(WIDGET)
    page = answer.content.decode()
    assert page.count('<li class="widget__session">') == 5
    assert "<script" not in page
    assert "<form" not in page
    assert not answer.cookies
    assert page.count('target="_blank" rel="noopener"') == 6
    assert 'href="http://testserver/lich-tiep-dan/?unit=00004#list"' in page
    assert "X-Frame-Options" not in answer
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    again = client.get(WIDGET, headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    missing = client.get("/lich-tiep-dan/nhung/99999/")
    assert (missing.status_code, missing["X-Frame-Options"]) == (404, "DENY")


def test_the_lines_to_copy_frame_the_page_of_the_unit(client: Client) -> None:
    page = client.get("/lich-tiep-dan/nhung/", {"q": "ba dinh"}).content.decode()
    assert '&lt;iframe src="http://testserver/lich-tiep-dan/nhung/00004/"' in page
    assert "<iframe" not in page


def test_the_api_says_more_and_stays_compatible(client: Client) -> None:
    session = session_public()
    ReceptionSession.objects.filter(pk=session.pk).update(
        mode="both", slot_minutes=15, participants="Thanh tra"
    )
    (row,) = client.get(API).json()["results"]
    assert (row["mode"], row["slot_minutes"], row["participants"]) == ("both", 15, "Thanh tra")
    assert row["status"] == "published"
    assert "cancel_reason" not in row
    for query, count in (
        ({"kind": "periodic"}, 1), ({"kind": "dialogue"}, 0), ({"mode": "online"}, 1),
        ({"duty_holder": "head_of_agency"}, 0), ({"district": "Quận Ba Đình"}, 1),
    ):  # fmt: skip
        assert len(client.get(API, query).json()["results"]) == count, query
    move(session)
    call_off(session)
    assert client.get(API).json()["results"] == []
    (row,) = client.get(API, {"announced": "true"}).json()["results"]
    assert (row["status"], row["moved_from"]) == ("cancelled", "2026-12-10")
    assert row["cancel_reason"] == "Lãnh đạo đi công tác"
    assert row["move_reason"] == "Lãnh đạo dự họp của Thành phố"
    for wrong in ({"kind": "king"}, {"announced": "yes"}, {"district": "x"}, {"mode": "air"}):
        answer = client.get(API, wrong)
        assert (answer.status_code, list(answer.json()["fields"])) == (400, list(wrong))


def test_an_unchanged_list_of_the_api_is_not_sent_again(client: Client) -> None:
    session = session_public()
    first = client.get(API)
    assert "no-cache" in first["Cache-Control"]
    kept = {"If-None-Match": first["ETag"]}
    assert client.get(API, headers=kept).status_code == 304
    ReceptionSession.objects.filter(pk=session.pk).update(places_taken=1)
    assert client.get(API, headers=kept).status_code == 200


def test_queries_do_not_grow_with_rows(client: Client, django_assert_max_num_queries: Any) -> None:
    move(session_public())
    for day in range(18, 28):
        session_public(day=NOW.date().replace(month=12, day=day))
    client.get(WIDGET)
    limits = {API: 1, API + "?announced=true": 2, JSON: 3, CSV: 3, WIDGET: 1}
    for path, most in limits.items():
        with django_assert_max_num_queries(most):
            client.get(path)
