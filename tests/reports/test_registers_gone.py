"""Sealed registers keep the numbers of cases that have gone, and not a word of them."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine

from accounts.enums import Role
from accounts.models import Membership
from common.time import today
from communes.models import Unit
from papers.services.issuing import paper_void
from petitions.models import Case, CaseEvent
from reports.selectors_registers import book_count
from tests.papers.making import case_of, issued, step
from tests.people import OTHER_WARD, Story, access_make, person_make
from tests.reports.registering import ACCUSED, NAMELESS, NOW, ROOT, asked, numbers, rows, signed_in

pytestmark = pytest.mark.django_db
Tell = Callable[..., Story]
SEALED_BOOKS = ("denunciations", "denunciations-accepted", "denunciation-papers")


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def one_row(code: str, story: Tell) -> Case:
    """A denunciation with one row in this register of the ward."""
    if code == "denunciation-papers":
        case = case_of("denunciation")
        issued(case)
        return case
    tale = story(kind="denunciation", respondent=ACCUSED)
    tale.accepted()
    return tale.case


def gone(case: Case) -> None:
    """Handled by another unit now; nobody of the ward sees it any more."""
    Case.objects.filter(pk=case.pk).update(unit=Unit.objects.get(code=OTHER_WARD))


def test_every_number_of_the_outgoing_papers_stays_without_words() -> None:
    first, second = case_of("denunciation"), case_of("denunciation")
    papers = [issued(first), issued(second), issued(second)]
    step(paper_void, papers[1], reason="Ký nhầm bản của ông Bryxol.")
    gone(second)
    found = rows(code="denunciation-papers")
    assert numbers(found) == [paper.shown_number for paper in papers]
    assert found[0].case_code == first.code
    kind, signer = "Phiếu đề xuất", "Cán bộ chair"
    assert [entry.cells[1:] for entry in found[1:]] == [
        ("23/11/2026", kind, "", "", signer, "Đã hủy", ""),
        ("23/11/2026", kind, "", "", signer, "Còn hiệu lực", ""),
    ]
    assert {entry.case_code for entry in found[1:]} == {""}
    page = signed_in("clerk").get(ROOT + "van-ban-di-to-cao/").content.decode()
    assert papers[2].shown_number in page
    assert second.code not in page


def test_letters_stay_without_words() -> None:
    case = case_of("denunciation", subject="Zamboanga nhận hối lộ")
    gone(case)
    (entry,) = rows(code="denunciations")
    assert entry == (
        ("1/2026-TC", "23/11/2026", "Trực tuyến", NAMELESS, "", "Tố cáo", "", "", "", "", ""),
        "",
        "",
    )


def test_an_acceptance_that_was_taken_over_stays_with_who_accepted(story: Tell) -> None:
    tale = story(kind="denunciation", respondent=ACCUSED)
    tale.accepted()
    (before,) = rows(code="denunciations-accepted")
    with time_machine.travel(NOW + dt.timedelta(days=200), tick=False):
        tale.do("city_chair", "take_over", ground="overdue", number="1/QĐ", reason="Quá hạn")
        assert tale.case.unit.code == "UBND"
        (entry,) = rows(code="denunciations-accepted")
        assert entry.cells[:2] == before.cells[:2]
        assert entry.cells[2:] == ("", NAMELESS, "Tố cáo", "", "", "", "", "", "")
        assert entry.case_code == ""
        city = Unit.objects.get(code="UBND")
        assert rows("city_chair", "denunciations-accepted", unit=city) == []
    accepted = CaseEvent.objects.filter(case=tale.case, action="petitions.case.accept")
    assert accepted.count() == 1


@pytest.mark.parametrize("code", SEALED_BOOKS)
def test_a_barred_unit_finds_no_row_of_what_has_gone_either(code: str, story: Tell) -> None:
    """Articles 12 and 49 of the Law on Denunciations: not even a withheld number."""
    gone(one_row(code, story))
    assert book_count(access_make("clerk"), asked(code)) == (0 if "accepted" in code else 1)
    accused = Unit.objects.get(code=ACCUSED["unit"])
    Membership.objects.create(
        user=person_make("clerk"), unit=accused, role=Role.HANDLER, valid_from=today()
    )
    assert rows(code=code) == []
    assert book_count(access_make("clerk"), asked(code)) == 0


@pytest.mark.parametrize("code", SEALED_BOOKS)
def test_the_field_of_what_has_gone_is_told_by_no_filter(code: str, story: Tell) -> None:
    case = one_row(code, story)
    field = case.field.code
    assert len(rows(code=code, field=field)) == 1
    gone(case)
    assert rows(code=code, field=field) == []
