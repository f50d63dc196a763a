"""Registers of a unit: the right rows and columns, for whoever belongs to it."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership
from common.errors import NotVisible
from common.time import local_moment
from communes.models import Unit
from petitions.models import Case
from petitions.references import fields_all
from receptions.models import RegisterEvent
from reports.registers import BY_CODE
from reports.selectors_registers import book_count, book_page
from tests.people import OTHER_WARD, PERSON, WARD, Story, access_make, person_make
from tests.reports.registering import LETTERS, NOW, ROOT, asked, numbers, rows, signed_in

pytestmark = pytest.mark.django_db
Tell = Callable[..., Story]


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_petition_from_its_number_to_its_result(story: Tell) -> None:
    tale = story(petitioners=[PERSON, PERSON | {"full_name": "Lê Văn Mẫu", "address": ""}])
    assert rows() == []  # nothing before the clerk gives it its number
    tale.decided()
    (entry,) = rows()
    assert entry.case_code == tale.filed.code
    assert entry.cells == (
        "1/2026",
        "23/11/2026",
        "Trực tuyến",
        "Vũ Thị Thử Nghiệm; Lê Văn Mẫu",
        "Số 5, ngõ 12, phố Tưởng Tượng",
        "Khiếu nại",
        tale.case.field.label_vi,
        "Khiếu nại mức bồi thường khi thu hồi đất",
        entry.cells[8],
        "Cán bộ handler",
        "2 người",
    )
    assert "45/QĐ-UBND (23/11/2026)" in entry.cells[8]


def test_what_was_accepted_with_officer_limit_and_result(story: Tell) -> None:
    tale = story()
    tale.accepted()
    (entry,) = rows(code="accepted")
    due = tale.case.due_on
    assert entry.cells[:5] == (
        "12/TB-UBND", "23/11/2026", tale.filed.code, "Vũ Thị Thử Nghiệm", "Khiếu nại",
    )  # fmt: skip
    assert entry.cells[6:8] == ("Cán bộ handler", f"{due:%d/%m/%Y}")
    assert entry.cells[9] == ""
    tale.do("handler", "start_verification")
    tale.do("handler", "draft_outcome", text="Dự thảo.")
    tale.do("chair", "decide", number="45/QĐ-UBND")
    (entry,) = rows(code="accepted")
    assert "45/QĐ-UBND" in entry.cells[8]
    assert entry.cells[9] == "23/11/2026"


def test_the_period_is_that_of_the_number(story: Tell) -> None:
    """Sent in October, registered in November: numbers of a month are in line."""
    early = local_moment(dt.date(2026, 10, 30), 9)
    late = story(at=early)
    late.do("clerk", "receive", local_moment(dt.date(2026, 11, 2), 8), is_signed=True)
    november = {"since": dt.date(2026, 11, 1), "until": dt.date(2026, 11, 30)}
    assert numbers(rows(**november)) == ["1/2026"]
    assert rows(since=dt.date(2026, 10, 1), until=dt.date(2026, 10, 31)) == []
    assert rows(since=dt.date(2027, 1, 1), until=dt.date(2027, 1, 31)) == []


def test_filters_narrow_the_rows(story: Tell) -> None:
    story().accepted()
    story(kind="feedback", field="environment").do("clerk", "receive", is_signed=True)
    assert numbers(rows()) == ["1/2026", "2/2026"]
    assert numbers(rows(kind="feedback")) == ["2/2026"]
    assert numbers(rows(field="land_compensation")) == ["1/2026"]
    assert numbers(rows(state="open")) == ["1/2026", "2/2026"]
    assert rows(state="closed") == []
    Case.objects.filter(kind="complaint").update(due_on=dt.date(2026, 11, 20))
    assert numbers(rows(state="late")) == ["1/2026"]
    assert book_count(access_make("clerk"), asked(state="late")) == 1


def test_a_row_stays_when_the_case_has_gone_and_tells_no_more_of_it(story: Tell) -> None:
    tale = story()
    tale.accepted()
    Case.objects.update(unit=Unit.objects.get(code=OTHER_WARD))
    (entry,) = rows()
    assert (entry.cells[0], entry.cells[3], entry.case_code) == ("1/2026", PERSON["full_name"], "")
    assert (entry.cells[8], entry.cells[9]) == ("", "")
    assert rows(state="open") == []


@pytest.mark.parametrize("who", ["other_clerk", "inspector", "city_chair", "front", "admin"])
def test_another_unit_and_the_city_read_nothing_of_it(who: str, story: Tell) -> None:
    story().accepted()
    with pytest.raises(NotVisible):
        book_page(access_make(who), asked(), "", 50)
    client = signed_in(who)
    for path in (LETTERS, ROOT, ROOT + "theo-thang/"):
        assert client.get(f"{path}?unit={WARD}").status_code == 404
    answer = client.post(f"{LETTERS}tai-ve/", {"unit": WARD, "format": "xlsx"})
    assert answer.status_code == 404
    assert client.get(f"/api/v1/registers/letters/?unit={WARD}").status_code == 404
    assert not RegisterEvent.objects.exists()


def test_a_right_that_ended_ends_the_register(story: Tell) -> None:
    story().accepted()
    Membership.objects.filter(user=person_make("clerk")).update(valid_to=dt.date(2026, 11, 22))
    assert signed_in("clerk").get(LETTERS).status_code == 404


def test_the_page_links_its_rows_and_the_list_leads_to_every_register(story: Tell) -> None:
    tale = story()
    tale.accepted()
    client = signed_in("handler")
    page = text(client.get(LETTERS))
    assert f'href="{reverse("cases:case", args=[tale.filed.code])}">1/2026</a>' in page
    assert "Vũ Thị Thử Nghiệm" in page
    home = text(client.get(ROOT))
    assert [title for title in ("Sổ tiếp nhận đơn", "Sổ thụ lý", "Sổ tiếp công dân", "tố cáo (niêm")
            if title in home] == ["Sổ tiếp nhận đơn", "Sổ thụ lý"]  # fmt: skip
    chair = text(signed_in("chair").get(ROOT))
    assert "Sổ tiếp công dân" in chair
    assert "Sổ tiếp nhận đơn tố cáo (niêm phong)" in chair
    assert signed_in("clerk").get(ROOT + "khong-co/").status_code == 404
    assert signed_in("clerk").get(ROOT + "tiep-cong-dan/").status_code == 404  # its own page


def test_pages_follow_one_another(story: Tell) -> None:
    for _number in range(3):
        story().do("clerk", "receive", is_signed=True)
    clerk = access_make("clerk")
    first, after, before = book_page(clerk, asked(), "", 2)
    assert (numbers(first), before) == (["1/2026", "2/2026"], "")
    rest, end, _before = book_page(clerk, asked(), after, 2)
    assert (numbers(rest), end) == (["3/2026"], "")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("period=range&since=2026-11-05&until=2026-11-01", "until"),
        ("period=range&since=2026-11-05", "until"),
        ("period=century", "period"),
        ("day=2026-13-40", "day"),
        ("kind=denunciation", "kind"),
        ("field=khong-co", "field"),
        ("state=x", "state"),
    ],
)
def test_filters_that_cannot_be_are_named(query: str, field: str) -> None:
    client = signed_in("clerk")
    page = client.get(f"{LETTERS}?{query}")
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert "error-summary" in text(page)
    answer = client.get(f"/api/v1/registers/letters/?{query}")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    pairs = dict(pair.split("=") for pair in query.split("&"))
    assert client.post(f"{LETTERS}tai-ve/", pairs | {"format": "xlsx"}).status_code == 400


@pytest.mark.parametrize("code", ["letters", "accepted"])
def test_queries_do_not_grow_with_the_rows(code: str, story: Tell) -> None:
    def count() -> int:
        fields_all()  # kept in memory for half a minute
        with CaptureQueriesContext(
            connection,
        ) as found:
            book_page(access, asked(code), "", 50)
        return len(found)

    access = access_make("clerk")
    story().decided()
    one = count()
    for _number in range(3):
        story().decided()
    assert count() == one <= 8
    assert len(rows(code=code)) == 4


def test_the_api_gives_the_cells_by_name(by_token: Callable[[str], Any], story: Tell) -> None:
    tale = story()
    tale.accepted()
    client = by_token("clerk")
    answer = client.get("/api/v1/registers/letters/?page_size=1")
    assert answer.status_code == 200
    (row,) = answer.json()["results"]
    assert list(row) == [*(column.key for column in BY_CODE["letters"].columns), "case"]
    assert (row["number"], row["case"]) == ("1/2026", tale.filed.code)
    assert client.get("/api/v1/registers/receptions/").status_code == 404
    assert client.get("/api/v1/registers/x/").status_code == 404
    assert client.get("/api/v1/registers/letters/?unti=1").json()["fields"].keys() == {"unti"}
    assert client.post("/api/v1/registers/letters/").status_code in (403, 405)


@pytest.mark.parametrize("path", [LETTERS, "/can-bo/tiep-dan/so-tiep-cong-dan/"])
def test_the_form_shows_the_period_that_is_shown(path: str) -> None:
    page = signed_in("clerk").get(path)
    assert '<option value="month" selected>' in page.content.decode()
    assert (page.context["asked"].since, page.context["asked"].until) == (
        dt.date(2026, 11, 1),
        dt.date(2026, 11, 30),
    )
    chosen = signed_in("clerk").get(f"{path}?period=day").content.decode()
    assert '<option value="day" selected>' in chosen
