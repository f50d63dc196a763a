"""Register 03/TCD and denunciations: every row stands in its place, in the same words."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from receptions.models import (
    Registration,
    VisitRecord,
)
from receptions.sealing import words_of
from receptions.selectors import session_visitors
from receptions.selectors_register import register_page
from receptions.serializers_staff import visitor_json
from receptions.services.visit_case import visit_case_join
from receptions.services.visits import Visit, session_record
from tests.leaks.crawler import read
from tests.people import access_make
from tests.receptions.cast import NOW, session_public
from tests.receptions.cast_book import (
    BOOK,
    DURING,
    SEALED,
    YEAR,
    Tell,
    asked,
    heard,
    rows,
    signed_in,
)
from tests.receptions.concluding import promised

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


NAMELESS = "Danh tính được bảo vệ (Luật Tố cáo)"


def test_a_denunciation_stands_behind_all_rows_and_no_row_is_replaced(story: Tell) -> None:
    """The row stays in its place, with its numbers, for whoever sees the denunciation too: a name
    taken out of the order would be known from any other list."""
    tale = story(kind="denunciation", respondent=SEALED)
    session = session_public()
    visit = heard(session, 1, note="Bryxol", register_number=71, register_year=2026)
    heard(session, 2, register_number=72, register_year=2026)
    visit_case_join(
        access=access_make("chair"),
        session_id=visit.registration.session.public_id,
        code=visit.registration.code,
        case_code=tale.filed.code,
        at=DURING,
    )
    seen, unseen = rows("chair"), rows("secretary")
    assert seen[:2] == unseen
    assert [entry.cells[0] for entry in seen] == ["1", "2", ""]
    assert ["71/2026" in entry.cells[12] for entry in unseen] == [True, False]
    assert (unseen[0].cells[2], unseen[0].cells[5], unseen[0].case_code) == (
        "Người dân số 1",
        "",
        "",
    )
    behind = seen[2]
    assert behind.cells[:6] == ("", "12/2026", NAMELESS, "", tale.case.subject, "TC")
    assert (behind.cells[6], behind.cells[12], behind.case_code) == ("", "", tale.filed.code)


def test_the_filters_of_kind_name_no_visitor(story: Tell) -> None:
    tale = story(kind="denunciation", respondent=SEALED)
    heard(session_public(), petition=(tale.filed.code, tale.filed.secret))
    assert [entry.cells[2] for entry in rows("chair", kind="denunciation")] == [NAMELESS]
    assert rows("secretary", kind="denunciation") == []
    # What came of it, or who received, would tell which visit it was.
    for narrowed in ({"outcome": "taken_in"}, {"leader": "secretary"}, {"kind": "complaint"}):
        assert NAMELESS not in [entry.cells[2] for entry in rows("chair", **narrowed)]


def test_the_last_page_alone_holds_the_denunciations(story: Tell) -> None:
    session, tale = session_public(capacity=9), story(kind="denunciation", respondent=SEALED)
    heard(session, 1, petition=(tale.filed.code, tale.filed.secret))
    heard(session, 2)
    heard(session, 3)
    page, after, _before = register_page(access_make("chair"), asked(), "", 2)
    assert [entry.cells[0] for entry in page] == ["1", "2"]
    page, _after, _before = register_page(access_make("chair"), asked(), after, 2)
    assert [entry.cells[0] for entry in page] == ["3", ""]


def test_a_recorded_denunciation_without_a_case_is_kept_apart_in_the_same_way() -> None:
    heard(session_public(), kind="denunciation", content="Tố cáo ông Bryxol", note="Bryxol")
    (own, behind) = rows("chair")
    assert behind.cells[:6] == ("", "12/2026", NAMELESS, "", "Tố cáo", "TC")
    assert rows("secretary") == [own]
    assert own.cells[2] == "Người dân số 1"
    # As of whoever left the topic to be said in person, never an empty cell.
    assert (own.cells[4], own.cells[5]) == ("Sẽ trình bày trực tiếp tại buổi tiếp", "")
    assert "Bryxol" not in " ".join((*own.cells, *behind.cells))


def test_a_denunciation_that_is_not_read_has_no_topic_either() -> None:
    visit = heard(session_public(), kind="denunciation")
    topics = Registration.objects.filter(pk=visit.registration_id).values_list("topic", flat=True)
    assert list(topics) == [""]


@pytest.mark.parametrize("who", ["secretary", "chair"])
def test_form_and_api_say_kind_and_words_to_who_sees_denunciations(who: str) -> None:
    """Anybody else reads a sparse record there, with nothing left blank that is asked for."""
    visit = heard(session_public(), kind="denunciation", content="Nhận Bryxol", said="Nhận Bryxol")
    session, code = visit.registration.session, visit.registration.code
    form = signed_in(who).get(f"/can-bo/tiep-dan/{session.public_id}/dang-ky/{code}/")
    assert ("Bryxol" in form.content.decode()) == (who == "chair")
    assert (form.context["form"].initial["kind"] == "denunciation") == (who == "chair")
    assert form.context["form"].initial["said"]
    (visitor,) = session_visitors(access_make(who), session)
    told = visitor_json(access_make(who), visitor)["visit"]
    assert (told["kind"] == "denunciation") == ("Bryxol" in told["content"]) == (who == "chair")
    assert told["said"]


def correct(visit: VisitRecord, who: str, said: str, **entry: Any) -> VisitRecord:
    session_record(
        access=access_make(who),
        session_id=visit.registration.session.public_id,
        code=visit.registration.code,
        visit=Visit(said, "taken_in", entry=entry, **promised("taken_in")),  # type: ignore[typeddict-item]
        at=DURING + dt.timedelta(minutes=5),
    )
    return VisitRecord.objects.select_related("registration__session", "case").get(pk=visit.pk)


def test_a_correction_keeps_what_its_writer_could_not_read() -> None:
    visit = heard(session_public(), kind="denunciation", content="Nhận Bryxol")
    visit = correct(visit, "secretary", "Bổ sung.", kind="", content="Ngõ đi")
    assert words_of(access_make("chair"), visit)["content"] == "Nhận Bryxol"
    # Who wrote it reads the own words again.
    read_again = words_of(access_make("secretary"), visit)
    assert (read_again["kind"], read_again["content"], read_again["said"]) == (
        "",
        "Ngõ đi",
        "Bổ sung.",
    )


def test_who_sees_denunciations_corrects_what_is_under_seal() -> None:
    visit = heard(session_public(), kind="denunciation", content="Nhận Bryxol")
    open_words = words_of(access_make("secretary"), visit)
    visit = correct(visit, "chair", "Nhận Bryxol lần hai.", content="Nhận Bryxol")
    assert words_of(access_make("chair"), visit)["said"] == "Nhận Bryxol lần hai."
    assert words_of(access_make("secretary"), visit) == open_words


def test_what_was_no_denunciation_after_all_stands_open_again() -> None:
    visit = heard(session_public(), kind="denunciation", content="Nhận Bryxol", said="Nói về ngõ")
    visit = correct(visit, "chair", "Nói về ngõ đi.", kind="complaint")
    assert (visit.sealed_at, visit.sealed_words) == (None, {})
    assert (visit.kind, visit.content, visit.said) == ("complaint", "Nhận Bryxol", "Nói về ngõ đi.")
    assert visit.registration.topic == "Hỏi về tiến độ cấp giấy chứng nhận."


def test_earlier_versions_say_no_more_and_none_is_missing() -> None:
    visit = heard(session_public(), content="Nhận Bryxol", said="Nhận Bryxol")
    visit = correct(visit, "chair", "Nhận Bryxol.", kind="denunciation", content="Nhận Bryxol")
    correct(visit, "chair", "Nhận Bryxol!")
    session, code = visit.registration.session, visit.registration.code
    path = f"/can-bo/tiep-dan/{session.public_id}/dang-ky/{code}/"
    for who, count in (("secretary", 0), ("chair", 2)):
        page = signed_in(who).get(path)
        assert [version["version"] for version in page.context["versions"]] == [2, 1]
        told = [version["said"] for version in page.context["versions"]]
        assert sum("Bryxol" in said for said in told) == count
        assert all(told)


def test_a_citizens_own_link_to_a_denunciation_changes_no_byte(story: Tell) -> None:
    tale = story(kind="denunciation", respondent=SEALED)
    heard(session_public(), petition=(tale.filed.code, tale.filed.secret))
    client = signed_in("secretary")
    paths = [BOOK + YEAR + more for more in ("", "&kind=denunciation", "&kind=complaint")]
    before = [read(client.get(path)) for path in paths]
    Registration.objects.update(case=None)
    assert [read(client.get(path)) for path in paths] == before
