"""Reforms of units by their pages."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from communes.models import Unit
from continuity.models import UnitReform
from petitions.services.intake import petition_file
from tests.continuity.reforming import AT, MONDAY, NEW, NEW_NAME, choose, draft, merged, submit
from tests.people import OTHER_WARD, WARD, Story, filing_make, person_make

pytestmark = pytest.mark.django_db
BOARD, LIST = "/can-bo/lien-tuc/", "/can-bo/lien-tuc/sap-xep/"
FORM = {
    "kind": "merge",
    "number": "12/NQ-HĐND",
    "decided_on": "2026-11-16",
    "issuer": "Hội đồng nhân dân thành phố Hà Nội",
    "effective_on": "2026-11-30",
    "sources": f"{WARD}\nPhường Ngọc Hà",
    "targets": f"{NEW} {NEW_NAME}",
}
Enter = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)
    for name in ("clerk", "chair", "other_chair", "secretary"):
        person_make(name)


@pytest.fixture
def enter(client: Client) -> Enter:
    def sign_in(name: str) -> Client:
        client.force_login(person_make(name))
        return client

    return sign_in


def page(reform: UnitReform) -> str:
    return f"{LIST}{reform.public_id}/"


def test_from_the_decision_to_the_new_unit(enter: Enter) -> None:
    admin = enter("admin")
    sources = f"{WARD}\n{Unit.objects.get(code=OTHER_WARD).full_name}"
    answer = admin.post(LIST + "moi/", FORM | {"sources": sources})
    reform = UnitReform.objects.get()
    assert answer.headers["Location"] == page(reform)
    shown = admin.get(page(reform))
    assert "phải quyết định trước" in shown.content.decode()
    form = shown.context["steps"]["choices"]
    data = {name: form[name].initial for name in form.posts}
    name = next(n for n, key in form.posts.items() if "other_chair" in key)
    chosen = admin.post(page(reform) + "lua-chon/", data | {name: "end", "version": reform.version})
    assert chosen.status_code == 302
    reform.refresh_from_db()
    answer = admin.post(page(reform) + "trinh/", {"version": reform.version})
    assert answer.status_code == 302
    office = enter("party_office")
    shown = office.get(page(reform))
    approve = shown.context["steps"]["approve"].initial
    assert office.post(page(reform) + "duyet/", approve).status_code == 302
    assert Unit.objects.get(code=NEW).full_name == NEW_NAME
    assert "Những gì đã chuyển" in office.get(page(reform)).content.decode()


def test_words_are_kept_when_a_decision_is_refused(enter: Enter) -> None:
    answer = enter("admin").post(LIST + "moi/", FORM | {"sources": "99999\n00004"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "99999" in text
    assert NEW_NAME in text
    assert not UnitReform.objects.exists()


def test_a_stale_form_keeps_its_words(enter: Enter) -> None:
    reform = choose(draft(), other_chair="")
    data = FORM | {"version": "1", "number": "13/NQ-HĐND", "sources": f"{WARD}\n{OTHER_WARD}"}
    answer = enter("admin").post(page(reform) + "sua/", data)
    assert answer.status_code == 422
    assert "13/NQ-HĐND" in answer.content.decode()
    reform.refresh_from_db()
    assert reform.number == "12/NQ-HĐND"


def test_a_stale_approval_shows_the_new_preview(enter: Enter) -> None:
    reform = submit(choose(draft(), other_chair=""))
    office = enter("party_office")
    answer = office.post(page(reform) + "duyet/", {"version": reform.version, "digest": "0" * 32})
    assert answer.status_code == 422
    form = answer.context["steps"]["approve"]
    assert form["digest"].value() == answer.context["preview"].digest
    assert office.post(page(reform) + "duyet/", form.data).status_code == 302


def test_a_return_and_a_cancellation_need_a_reason(enter: Enter) -> None:
    reform = submit(choose(draft(), other_chair=""))
    office = enter("party_office")
    for step in ("tra-lai/", "huy/"):
        answer = office.post(page(reform) + step, {"version": reform.version, "reason": " "})
        assert answer.status_code == 422
    answer = office.post(
        page(reform) + "huy/", {"version": reform.version, "reason": "Nhầm đơn vị"}
    )
    assert answer.status_code == 302
    assert "Nhầm đơn vị" in office.get(page(reform)).content.decode()


def test_units_see_what_was_decided_not_what_is_prepared(enter: Enter) -> None:
    reform = choose(draft(), other_chair="")
    assert enter("chair").get(page(reform)).status_code == 404
    assert enter("handler").get(LIST).status_code == 403
    done = merged(number="14/NQ-HĐND")
    assert enter("chair").get(page(done)).status_code == 200


@pytest.mark.parametrize(("who", "links"), [("clerk", []), ("admin", [BOARD, LIST])])
def test_the_way_back_leads_only_where_one_may_go(enter: Enter, who: str, links: list[str]) -> None:
    reform = merged()
    answer = enter(who).get(page(reform))
    found = [crumb.href for crumb in answer.context["crumbs"] if crumb.href]
    assert found == links
    assert all(enter(who).get(link).status_code == 200 for link in found)


def test_the_old_address_says_what_became_of_the_unit(client: Client) -> None:
    slug = Unit.objects.get(code=WARD).slug
    merged()
    text = client.get(f"/don-vi/{slug}/").content.decode()
    assert NEW_NAME in text
    assert "?don-vi=" not in text
    new = Unit.objects.get(code=NEW)
    assert (
        Unit.objects.get(code=WARD).full_name in client.get(f"/don-vi/{new.slug}/").content.decode()
    )
    calendar = client.get("/lich-tiep-dan/", {"unit": WARD}).content.decode()
    assert "Đơn vị này tồn tại đến hết ngày" in calendar


def test_an_open_case_says_where_it_was_before(enter: Enter) -> None:
    story = Story(petition_file(filing=filing_make(), at=AT - dt.timedelta(days=2)))
    old = Unit.objects.get(code=WARD).full_name
    merged()
    text = enter("clerk").get(f"/can-bo/vu-viec/{story.filed.code}/").content.decode()
    assert f"trước đây: {old}" in text
    assert f"{old} → {NEW_NAME}" in text


def test_people_of_the_new_unit_read_the_files_of_the_old_one(enter: Enter) -> None:
    at = AT - dt.timedelta(days=20)
    story = Story(petition_file(filing=filing_make(kind="recommendation"), at=at))
    story.do("clerk", "receive", at, is_signed=True)
    story.do("chair", "propose", at, proposal="file_away", text="Đơn trùng.")
    closed = story.do("chair", "file_away", at, reason="Đã hướng dẫn một lần.")
    assert closed.closed_at is not None
    merged()
    assert story.case.unit.code == WARD
    client = enter("other_chair")
    answer = client.get(f"/can-bo/vu-viec/{story.filed.code}/")
    assert answer.status_code == 200
    assert "trước đây" not in answer.content.decode()
    assert closed.closed_at.date() < MONDAY
