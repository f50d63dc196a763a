"""Denunciations in the registers: apart, nameless, and without a trace in the others."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine

from accounts.enums import Role
from accounts.models import Membership
from common.errors import NotVisible
from common.time import today
from communes.models import Unit
from petitions.models import Case
from receptions.models import RegisterEvent
from reports.selectors_registers import book_count
from tests.people import WARD, Story, access_make, person_make
from tests.receptions.test_papers_pdf import text_of
from tests.reports.registering import (
    ACCUSED,
    LETTERS,
    NAMELESS,
    NOW,
    ROOT,
    SEALED,
    asked,
    numbers,
    rows,
    signed_in,
    table,
)

pytestmark = pytest.mark.django_db
Tell = Callable[..., Story]
API = "/api/v1/registers/"


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def denounced(story: Tell) -> Story:
    tale = story(kind="denunciation", respondent=ACCUSED, subject="Zamboanga nhận hối lộ")
    tale.accepted()
    return tale


def seen_by(who: str) -> list[Any]:
    """Everything that somebody without sight of denunciations can get of the common registers."""
    client = signed_in(who)
    found: list[Any] = []
    for slug in ("tiep-nhan-don", "thu-ly"):
        page = client.get(f"{ROOT}{slug}/?period=year")
        found += [page.status_code, [entry.cells for entry in page.context["rows"]]]
        sheet = client.post(f"{ROOT}{slug}/tai-ve/", {"period": "year", "format": "xlsx"})
        found.append(table(sheet))
        paper = client.post(f"{ROOT}{slug}/tai-ve/", {"period": "year", "format": "pdf"})
        found.append(text_of(paper.content))
    for code in ("letters", "accepted"):
        found.append(client.get(f"{API}{code}/?period=year").json())
        found.append(book_count(access_make(who), asked(code)))
    found.append([event.data["rows"] for event in RegisterEvent.objects.order_by("sequence")][-4:])
    return found


@pytest.mark.parametrize("who", ["handler", "clerk"])
def test_the_common_registers_hold_no_trace(who: str, story: Tell) -> None:
    """Neither a row nor a gap nor a count, also for whoever sees denunciations."""
    story().accepted()
    before = seen_by(who)
    denounced(story)
    assert seen_by(who) == before
    story().accepted()
    assert numbers(rows(who)) == ["1/2026", "2/2026"]


def test_the_sealed_ones_stand_apart_and_name_nobody(story: Tell) -> None:
    tale = denounced(story)
    (entry,) = rows(code="denunciations")
    assert (entry.cells[0], entry.case_code) == ("1/2026-TC", tale.filed.code)
    assert entry.cells[3:5] == (NAMELESS, "")
    assert entry.cells[7] == tale.case.subject
    (accepted,) = rows(code="denunciations-accepted")
    assert accepted.cells[3] == NAMELESS
    client = signed_in("clerk")
    page = client.get(SEALED).content.decode()
    sheet = str(table(client.post(SEALED + "tai-ve/", {"format": "xlsx"})))
    paper = text_of(client.post(SEALED + "tai-ve/", {"format": "pdf"}).content)
    answer = client.get(API + "denunciations/").content.decode()
    for text in (page, sheet, paper, answer):
        assert "1/2026-TC" in text
        assert not [word for word in ("Thử Nghiệm", "ThửNghiệm", "Tưởng Tượng", "Zamboanga")
                    if word in text]  # fmt: skip


@pytest.mark.parametrize("who", ["handler", "other_chair", "inspector", "admin"])
def test_who_may_not_see_denunciations_finds_no_sealed_register(who: str, story: Tell) -> None:
    denounced(story)
    client = signed_in(who)
    for slug in ("don-to-cao", "thu-ly-to-cao"):
        assert client.get(f"{ROOT}{slug}/?unit={WARD}").status_code == 404
        posted = client.post(f"{ROOT}{slug}/tai-ve/", {"unit": WARD, "format": "pdf"})
        assert posted.status_code == 404
    assert client.get(f"{API}denunciations/?unit={WARD}").status_code == 404
    with pytest.raises(NotVisible):
        rows(who, "denunciations")


def test_who_is_assigned_one_gets_no_register_of_all(story: Tell) -> None:
    denounced(story)
    assert Case.objects.visible_to(access_make("handler")).filter(kind="denunciation").exists()
    assert signed_in("handler").get(SEALED).status_code == 404


def test_whose_unit_is_barred_reads_no_row(story: Tell) -> None:
    denounced(story)
    accused = Unit.objects.get(code=ACCUSED["unit"])
    Membership.objects.create(
        user=person_make("clerk"), unit=accused, role=Role.HANDLER, valid_from=today()
    )
    assert rows(code="denunciations") == []
    assert book_count(access_make("clerk"), asked("denunciations")) == 0


def test_downloads_of_the_sealed_ones_are_listed_there_alone(story: Tell) -> None:
    denounced(story)
    client = signed_in("chair")
    client.post(SEALED + "tai-ve/", {"format": "xlsx"})
    assert RegisterEvent.objects.get().data["book"] == "denunciations"
    shown = {path: "Cán bộ chair · XLSX" in client.get(path).content.decode()
             for path in (SEALED, LETTERS, "/can-bo/tiep-dan/so-tiep-cong-dan/")}  # fmt: skip
    assert list(shown.values()) == [True, False, False]
