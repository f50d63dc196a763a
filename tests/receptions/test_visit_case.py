"""From a visit to a case: nothing typed twice, one case, and no denouncer beside his name."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.test import Client

from common.errors import Conflict, DomainError, InvalidInput, NotPermitted, NotVisible
from common.invariants import invariants_broken
from common.time import local_moment
from communes.models import Unit
from deadlines.models import Clock
from petitions.enums import PartyRole
from petitions.flags import Facts
from petitions.models import Case, CaseEvent, Letter, SealedIdentity
from petitions.selectors import case_letters, identity_read
from petitions.selectors_flags import facts_of
from petitions.selectors_public import letter_track
from receptions.models import (
    ReceptionSession,
    Registration,
    SessionEvent,
    VisitPaper,
    VisitRecord,
)
from receptions.services.visit_case import VisitFiling, visit_case_join, visit_case_make
from receptions.services.visits import Visit, session_record
from tests.leaks.crawler import read
from tests.people import OTHER_WARD, WARD, Story, access_make, person_make
from tests.receptions.cast import DAY, NOW, register, session_public, visitor
from tests.receptions.concluding import promised

pytestmark = pytest.mark.django_db
DESK = "/can-bo/tiep-dan/"
DURING = local_moment(DAY, 9)
Tell = Callable[..., Story]
HIDDEN = "Ông Bryxol nhận phong bì màu xanh."
OWN_CHAIR = {"name": "Ông Bryxol", "unit": WARD, "position": "head"}
ANOTHER = {"name": "Ông Bryxol", "unit": OTHER_WARD, "position": "officer"}
FORM = {
    "do": "make",
    "key": "k" * 32,
    "kind": "complaint",
    "field": "land_compensation",
    "subject": "Khiếu nại mức bồi thường",
    "content": "Mức bồi thường chưa đúng.",
    "address": "Số 5, phố Tưởng Tượng",
    "respondent_name": "Ủy ban nhân dân phường",
    "respondent_unit": WARD,
    "representatives": "1",
}


@pytest.fixture(autouse=True)
def _during() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False) as traveller:
        person_make("secretary")
        yield
        del traveller


def heard(number: int = 1, said: str = "Đề nghị xem lại mức bồi thường.", **changes: Any) -> str:
    """A recorded visit of a new session; its code."""
    session = changes.pop("session", None) or session_public()
    entry = changes.pop("entry", {})
    code = register(session, number, **changes).code
    session_record(
        access=access_make("secretary"),
        session_id=session.public_id,
        code=code,
        visit=Visit(said, "taken_in", entry=entry, **promised("taken_in")),
        at=DURING,
    )
    return code


def session_of(code: str) -> ReceptionSession:
    return Registration.objects.get(code=code).session


def make(code: str, who: str = "clerk", **changes: Any) -> Any:
    values: dict[str, Any] = {
        "kind": "complaint",
        "field": "land_compensation",
        "subject": "Khiếu nại mức bồi thường",
        "content": "Mức bồi thường chưa đúng.",
        "person": (("address", "Số 5, phố Tưởng Tượng"),),
        "respondent": {"name": "UBND phường", "unit": WARD, "position": ""},
    }
    at = changes.pop("at", DURING)
    return visit_case_make(
        access=access_make(who),
        session_id=session_of(code).public_id,
        code=code,
        filing=VisitFiling(**(values | changes)),
        at=at,
    )


def join(code: str, case_code: str, who: str = "clerk") -> Case:
    session_id = session_of(code).public_id
    return visit_case_join(
        access=access_make(who), session_id=session_id, code=code, case_code=case_code, at=DURING
    )


def denounce(code: str, who: str = "clerk", respondent: dict[str, str] = ANOTHER) -> Any:
    return make(
        code, who, kind="denunciation", subject=HIDDEN, content=HIDDEN, respondent=respondent
    )


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(person_make(name))
    return client


def case_path(code: str) -> str:
    return f"{DESK}{session_of(code).public_id}/dang-ky/{code}/vu-viec/"


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


def test_a_denunciation_leaves_neutral_words_and_a_sealed_name() -> None:
    code = heard(said=HIDDEN, topic=HIDDEN)
    VisitRecord.objects.update(note=HIDDEN, content=HIDDEN)
    filed = denounce(code)
    identity = SealedIdentity.objects.get(party__role=PartyRole.PETITIONER)
    assert identity.is_protected
    assert Letter.objects.get().content == HIDDEN
    row = Registration.objects.select_related("visit").get()
    assert row.case is None
    assert row.visit.case is not None
    assert row.visit.case.code == filed.code
    kept = [row.topic, row.visit.said, row.visit.content, row.visit.note, row.visit.kind]
    assert not any("Bryxol" in text or "denunciation" in text for text in kept)
    assert CaseEvent.objects.get(action="petitions.visit.joined").data == {}
    # The session's history holds a corrected record, nothing else.
    actions = list(SessionEvent.objects.order_by("sequence").values_list("action", flat=True))
    assert actions[-2:] == ["receptions.visit.recorded"] * 2


def test_who_does_not_see_the_denunciation_reads_any_visit() -> None:
    """The same bytes as after a correction of the record with the same words."""
    code = heard(said=HIDDEN, topic=HIDDEN)
    denounce(code)
    session = session_of(code)
    paths = [
        f"{DESK}{session.public_id}/",
        f"{DESK}{session.public_id}/tai-lieu/",
        f"{DESK}{session.public_id}/tai-lieu/{code}/",
        case_path(code),
        f"{DESK}so-tiep-cong-dan/?period=year&day=2026-12-01",
        f"{DESK}so-tiep-cong-dan/?period=year&day=2026-12-01&kind=denunciation",
    ]
    client = signed_in("secretary")
    after = [read(client.get(path)) for path in paths]
    assert all(answer.status == 200 for answer in after)
    assert not any("Bryxol" in answer.text for answer in after)
    VisitRecord.objects.update(case=None)
    assert [read(client.get(path)) for path in paths] == after


def test_a_second_step_of_who_does_not_see_the_first_is_not_refused() -> None:
    """A refusal would tell that there is something."""
    code = heard(said=HIDDEN)
    denounce(code)
    filed = make(code, "secretary")
    assert Registration.objects.get().case == Case.objects.get(code=filed.code)
    visit = VisitRecord.objects.select_related("case").get()
    assert visit.case is not None
    assert visit.case.is_denunciation


def test_a_denunciation_of_the_own_chair_goes_to_a_neutral_body() -> None:
    code = heard(said=HIDDEN)
    filed = denounce(code, respondent=OWN_CHAIR)
    case = Case.objects.get(code=filed.code)
    assert case.unit.code == "BTCD"
    assert case.barred_units == [Unit.objects.get(code=WARD).pk]
    page = signed_in("chair").get(case_path(code)).content.decode()
    assert filed.code not in page


def test_a_denunciation_is_joined_only_where_identities_may_be_opened(story: Tell) -> None:
    tale = story(kind="denunciation", respondent=ANOTHER)
    session = session_public()
    code = register(session).code
    with pytest.raises(DomainError):
        join(code, tale.filed.code, "chair")
    code = heard(2, said=HIDDEN, session=session, topic=HIDDEN)
    join(code, tale.filed.code, "chair")
    row = Registration.objects.select_related("visit").get(code=code)
    assert row.visit.case == tale.case
    assert "Bryxol" not in row.topic + row.visit.said


def test_the_page_knows_what_is_known_and_prints_the_slip() -> None:
    code = heard(topic="Hỏi về mức bồi thường")
    client = signed_in("clerk")
    page = client.get(case_path(code)).content.decode()
    for words in ("Người dân số 1", "Hỏi về mức bồi thường", "Đề nghị xem lại mức bồi thường."):
        assert words in page
    assert 'name="identity_number"' not in page
    answers = [client.post(case_path(code), FORM) for _twice in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Case.objects.count() == 1
    case = Case.objects.get()
    secrets = [answer.context["secret"] for answer in answers]
    assert secrets[0] == secrets[1]
    assert case.code in answers[0].content.decode()
    again = client.post(case_path(code), {**FORM, "key": "z" * 32})
    assert again.status_code == 422
    assert "đã có vụ việc" in again.content.decode()


def test_the_slip_of_a_denunciation_comes_again_after_a_double_click() -> None:
    code = heard(said=HIDDEN)
    client = signed_in("clerk")
    form = {**FORM, "kind": "denunciation", "subject": HIDDEN, "respondent_unit": OTHER_WARD}
    answers = [client.post(case_path(code), form) for _twice in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].context["secret"] == answers[1].context["secret"]
    assert "Người dân số 1" not in answers[0].content.decode()
    # The page names the visitor: it says that there is a case, and not which one.
    page = client.get(case_path(code)).content.decode()
    assert "Lượt tiếp này đã có vụ việc" in page
    assert "Tố cáo – lĩnh vực" not in page
    assert answers[0].context["answer"]["code"] not in page


def test_what_is_missing_is_said_beside_the_field() -> None:
    code = heard()
    answer = signed_in("clerk").post(case_path(code), {**FORM, "address": ""})
    assert answer.status_code == 422
    answer = signed_in("clerk").post(case_path(code), {"do": "join", "case_code": "HN-1"})
    assert answer.status_code == 422
    assert "Không có vụ việc nào mang mã này" in answer.content.decode()


def test_joining_by_the_page(story: Tell) -> None:
    code, tale = heard(), story()
    answer = signed_in("secretary").post(
        case_path(code), {"do": "join", "case_code": tale.filed.code}
    )
    assert answer.status_code == 302
    assert VisitRecord.objects.get().case == tale.case
