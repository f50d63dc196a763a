"""From a visit to a case, of a denunciation: no denouncer beside his name; and the page."""

from collections.abc import Iterator

import pytest
import time_machine

from common.errors import DomainError
from communes.models import Unit
from petitions.enums import PartyRole
from petitions.models import Case, CaseEvent, Letter, SealedIdentity
from receptions.models import (
    Registration,
    SessionEvent,
    VisitRecord,
)
from tests.leaks.crawler import read
from tests.people import OTHER_WARD, WARD, person_make
from tests.receptions.cast import NOW, register, session_public
from tests.receptions.cast_visit_case import (
    ANOTHER,
    DESK,
    FORM,
    HIDDEN,
    OWN_CHAIR,
    Tell,
    case_path,
    denounce,
    heard,
    join,
    make,
    session_of,
    signed_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _during() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False) as traveller:
        person_make("secretary")
        yield
        del traveller


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
