"""From a visit to a case: nothing typed twice, one case."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine

from common.errors import Conflict, DomainError, InvalidInput, NotPermitted, NotVisible
from common.invariants import invariants_broken
from deadlines.models import Clock
from petitions.enums import PartyRole
from petitions.flags import Facts
from petitions.models import Case, CaseEvent, Letter, SealedIdentity
from petitions.selectors import case_letters, identity_read
from petitions.selectors_flags import facts_of
from petitions.selectors_public import letter_track
from receptions.models import (
    Registration,
    SessionEvent,
    VisitPaper,
    VisitRecord,
)
from receptions.services.visits import Visit, session_record
from tests.people import OTHER_WARD, Story, access_make, person_make
from tests.receptions.cast import DAY, NOW, register, session_public, visitor
from tests.receptions.cast_visit_case import (
    ANOTHER,
    DESK,
    DURING,
    Tell,
    case_path,
    denounce,
    heard,
    join,
    make,
    session_of,
    signed_in,
)
from tests.receptions.concluding import promised

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _during() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False) as traveller:
        person_make("secretary")
        yield
        del traveller


def test_a_visit_becomes_a_petition_in_the_name_of_the_visitor() -> None:
    code = heard()
    filed = make(code)
    letter = Letter.objects.get()
    assert (letter.channel, letter.kind, letter.code) == ("reception", "complaint", filed.code)
    assert letter_track(filed.code, filed.secret) == letter
    identity = SealedIdentity.objects.get(party__role=PartyRole.PETITIONER)
    person = identity_read(identity)
    assert person["full_name"] == "Người dân số 1"
    assert person["identity_number"] == "001088000001"
    assert person["address"] == "Số 5, phố Tưởng Tượng"
    row = Registration.objects.select_related("visit").get()
    assert row.case == row.visit.case == letter.case
    assert SessionEvent.objects.filter(action="receptions.visit.case_made").count() == 1
    event = CaseEvent.objects.get(action="petitions.visit.joined")
    assert event.data == {"visit_on": "2026-12-10"}


def test_papers_taken_and_the_group_come_along() -> None:
    code = heard(people=7)
    VisitPaper.objects.create(
        registration=Registration.objects.get(),
        position=1,
        name="Quyết định 12/QĐ-UBND",
        pages=3,
        condition="copy",
        taken_by=person_make("clerk"),
        taken_at=DURING,
    )
    make(code)
    letter = Letter.objects.get()
    assert "Quyết định 12/QĐ-UBND" in letter.content
    assert (letter.people, letter.case.flags) == (7, ["unsigned", "collective"])


def test_twice_makes_one() -> None:
    code = heard()
    make(code)
    with pytest.raises(Conflict) as caught:
        make(code, "chair")
    assert caught.value.code == "has_case"
    assert Case.objects.count() == 1


def test_only_what_was_heard_becomes_a_petition() -> None:
    code = register(session_public()).code
    with pytest.raises(DomainError) as caught:
        make(code)
    assert caught.value.code == "wrong_state"


@pytest.mark.parametrize(
    ("who", "error"),
    [("front", NotPermitted), ("handler", NotPermitted), ("other_clerk", NotVisible)],
)
def test_others_make_and_join_nothing(who: str, error: type[Exception], story: Tell) -> None:
    code, tale = heard(), story()
    with pytest.raises(error):
        make(code, who)
    with pytest.raises(error):
        join(code, tale.filed.code, who)


def test_a_refused_petition_changes_nothing() -> None:
    code = heard()
    with pytest.raises(InvalidInput):
        make(code, respondent=None)
    assert not Case.objects.exists()
    assert VisitRecord.objects.get().case is None


def test_a_visit_joins_a_case_that_the_person_sees(story: Tell) -> None:
    code, tale = heard(), story(at=NOW)
    assert join(code, tale.filed.code.lower()) == tale.case
    row = Registration.objects.select_related("visit").get()
    assert row.case == row.visit.case == tale.case
    # Brought to the Party secretary's reception: he hears when a limit passes.
    assert Clock.objects.get(case_clock__case=tale.case).tells_secretary
    with pytest.raises(Conflict):
        join(code, tale.filed.code)


def test_a_registration_is_joined_before_the_day(story: Tell) -> None:
    code, tale = register(session_public()).code, story()
    join(code, tale.filed.code)
    assert Registration.objects.get().case == tale.case


def test_a_case_that_the_person_does_not_see_is_no_case(story: Tell) -> None:
    code = heard()
    hidden = story(kind="denunciation", respondent=ANOTHER)
    for case_code in (hidden.filed.code, story(unit=OTHER_WARD).filed.code, "HN-1", ""):
        with pytest.raises(InvalidInput) as caught:
            join(code, case_code, "secretary")
        assert "case_code" in caught.value.fields
    assert not CaseEvent.objects.filter(action="petitions.visit.joined").exists()


def test_the_mark_repeated_counts_what_visits_made_and_joined(story: Tell) -> None:
    tale = story()
    session = session_public(capacity=9)
    assert visits(tale).visits == 0
    join(heard(1, session=session), tale.filed.code)
    heard(2, session=session, petition=(tale.filed.code, tale.filed.secret))
    assert visits(tale).visits == 2
    apart = heard(3, session=session, petition=(tale.filed.code, tale.filed.secret))
    assert visits(tale).visits == 3
    VisitRecord.objects.filter(registration__code=apart).update(case=story().case)
    assert visits(tale).visits == 2


def visits(tale: Story) -> Facts:
    letters = case_letters(tale.case)
    return facts_of(access_make("chair"), tale.case, letters, [], [])


def test_the_case_shows_its_receptions_to_those_who_see_both(story: Tell) -> None:
    code, tale = heard(), story()
    join(code, tale.filed.code)
    path = f"/can-bo/vu-viec/{tale.filed.code}/"
    link = f"{DESK}{session_of(code).public_id}/"
    for who in ("clerk", "chair", "secretary"):
        assert link in signed_in(who).get(path).content.decode()
    for who in ("handler", "city_chair"):
        page = signed_in(who).get(path).content.decode()
        assert link not in page
        # Who reads the letters of the case reads what was said, without the name.
        assert "Đề nghị xem lại mức bồi thường." in page
        assert "Người dân số 1" not in page


def test_words_of_a_recorded_denunciation_stand_beside_no_other_case(story: Tell) -> None:
    code, tale = heard(entry={"kind": "denunciation"}), story()
    join(code, tale.filed.code)
    path = f"/can-bo/vu-viec/{tale.filed.code}/"
    for who in ("chair", "secretary", "handler"):
        page = signed_in(who).get(path).content.decode()
        assert "Đề nghị xem lại mức bồi thường." not in page, who


def test_a_case_runs_from_the_reception_however_late_it_is_entered() -> None:
    session = session_public("chair", duty_holder="people_committee_chair")
    code = heard(session=session)
    a_week_later = DURING + dt.timedelta(days=7)
    make(code, kind="recommendation", respondent=None, at=a_week_later)
    case = Case.objects.get()
    assert (case.submitted_at, case.letters.get().submitted_at) == (session.starts_at,) * 2
    clock = Clock.objects.get(case_clock__case=case)
    assert (clock.rule_code, clock.started_on) == ("KP-NOTICE", DAY)
    filed = CaseEvent.objects.get(case=case, action="petitions.letter.filed")
    assert (filed.at, filed.data["received_on"]) == (a_week_later, "2026-12-10")
    # One duty, one clock.
    visit = VisitRecord.objects.get()
    assert [link.clock.state for link in visit.clocks.all()] == ["cancelled"]
    correct(code)
    assert visit.clocks.count() == 1
    assert not [name for name in invariants_broken() if name.startswith("receptions.")]


def correct(code: str) -> None:
    session_record(
        access=access_make("chair"),
        session_id=session_of(code).public_id,
        code=code,
        visit=Visit("Đề nghị xem lại mức bồi thường, hỗ trợ.", "taken_in", **promised("taken_in")),
        at=DURING + dt.timedelta(days=8),
    )


def test_what_the_party_secretary_owes_goes_on_beside_the_case() -> None:
    make(heard(), kind="recommendation", respondent=None)
    (link,) = VisitRecord.objects.get().clocks.all()
    assert (link.clock.rule_code, link.clock.state) == ("DANG-NOTICE", "running")


def test_of_a_denunciation_and_of_a_joined_case_the_visits_limit_goes_on(story: Tell) -> None:
    session = session_public("chair", duty_holder="people_committee_chair")
    denounce(heard(session=session))
    join(heard(2, session=session), story(at=NOW).filed.code)
    for visit in VisitRecord.objects.all():
        assert [link.clock.state for link in visit.clocks.all()] == ["running"]


def test_who_represents_his_own_group_is_no_second_petitioner() -> None:
    session = session_public()
    group = replace(visitor(1), representatives=("NGƯỜI DÂN số 1", "Bà Mẫu"))
    code = heard(session=session, visitor=group, people=6)
    page = signed_in("clerk").get(case_path(code)).content.decode()
    assert "Bà Mẫu" in page
    assert "NGƯỜI DÂN số 1" not in page
