"""Who stands in column 3 of the register: the address, asked where it is missing and sealed with
the person, and who speaks for a delegation."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
import time_machine
from django.test import Client

from common.errors import InvalidInput
from common.time import local_moment
from communes.models import Unit
from receptions.brief import page_of
from receptions.models import Registration, SessionEvent
from receptions.selectors import person_open, representatives_beside
from receptions.selectors_brief import brief_sheets
from receptions.selectors_register import Asked, register_all
from receptions.services.refusals import PaperDetails, refusal_prepare, refusal_undo
from receptions.services.registration_changes import Change, registration_change
from receptions.services.visit_case import VisitFiling, visit_case_make
from receptions.services.visits import Visit, session_record
from receptions.services.wishes import Visitor
from tests.people import OTHER_WARD, WARD, access_make, person_make
from tests.receptions.cast import DAY, NOW, register, session_public, visitor
from tests.receptions.cast_day import MORNING, refuse, row_of
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
ADDRESS = "Số 5, phố Tưởng Tượng, phường Ba Đình"
DURING = local_moment(DAY, 9)
GROUP = ("Bà Đại Diện Một", "Người dân số 1", "Ông Đại Diện Hai")
WITH_ADDRESS = replace(visitor(1), address=ADDRESS)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        person_make("secretary")
        yield


def known_of(code: str) -> dict[str, Any]:
    return person_open(Registration.objects.get(code=code))


def received(code: str, **changes: Any) -> None:
    session_record(
        access=access_make("clerk"),
        session_id=Registration.objects.get(code=code).session.public_id,
        code=code,
        visit=Visit("Công dân trình bày.", "answered", **changes),
        at=DURING,
    )


def column_3() -> str:
    asked = Asked(Unit.objects.get(code=WARD), DAY, DAY)
    (entry,) = register_all(access_make("clerk"), asked)
    return entry.cells[2]


def test_an_address_given_when_registering_stands_in_the_register_and_nowhere_in_clear() -> None:
    made = register(session_public(), visitor=WITH_ADDRESS)
    received(made.code)
    assert column_3() == f"Người dân số 1, {ADDRESS}"
    row = Registration.objects.get()
    clear = [str(getattr(row, field.attname)) for field in row._meta.concrete_fields]
    assert not any("Tưởng Tượng" in value for value in clear)
    assert "Tưởng Tượng" not in str(list(SessionEvent.objects.values_list("data", flat=True)))


def test_an_address_that_is_too_long_is_named() -> None:
    long = replace(visitor(1), address="x" * 301)
    with pytest.raises(InvalidInput) as error:
        register(session_public(), visitor=long)
    assert list(error.value.fields) == ["address"]
    made = register(session_public(day=DAY + dt.timedelta(days=1)))
    with (
        time_machine.travel(DURING + dt.timedelta(days=1), tick=False),
        pytest.raises(InvalidInput) as error,
    ):
        session_record(
            access=access_make("clerk"),
            session_id=Registration.objects.get().session.public_id,
            code=made.code,
            visit=Visit("Đã nói.", "answered", address="x" * 301),
        )
    assert list(error.value.fields) == ["address"]
    assert known_of(made.code)["address"] == ""


def test_the_public_form_asks_for_it(client: StrictClient) -> None:
    session = session_public()
    path = f"/lich-tiep-dan/{session.public_id}/dang-ky/"
    assert 'name="address"' in client.get(path).text
    sent = {
        "key": "k" * 32,
        "full_name": "Nguyễn Thị Ví Dụ",
        "identity_number": "001088000001",
        "phone": "0912000001",
        "address": f"  {ADDRESS} ",
        "topic": "",
        "people": "1",
    }
    assert client.post(path, sent).status_code == 302
    assert known_of(Registration.objects.get().code)["address"] == ADDRESS


def test_the_record_asks_where_it_is_missing_and_shows_what_is_known(client: StrictClient) -> None:
    code = register(session_public()).code
    client.force_login(person_make("clerk"))
    path = f"/can-bo/tiep-dan/{Registration.objects.get().session.public_id}/dang-ky/{code}/"
    sent = {"attendance": "received", "said": "Đã nói.", "outcome": "answered", "version": "0"}
    with time_machine.travel(DURING, tick=False):
        assert "Mẫu số 03/TCD, cột 3" in client.get(path).text
        wrong = client.post(path, sent | {"address": ADDRESS, "outcome": ""})
        assert ADDRESS in wrong.text
        assert known_of(code)["address"] == ""
        assert client.post(path, sent | {"address": ADDRESS}).status_code == 302
        assert ADDRESS in client.get(path).text
    assert column_3() == f"Người dân số 1, {ADDRESS}"
    event = SessionEvent.objects.get(action="receptions.visit.recorded")
    assert event.data["fields"] == ["address"]


def test_a_record_that_says_nothing_about_it_keeps_it() -> None:
    code = register(session_public(), visitor=WITH_ADDRESS).code
    received(code)
    assert known_of(code)["address"] == ADDRESS
    assert "fields" not in SessionEvent.objects.get(action="receptions.visit.recorded").data
    received(code, address="")
    assert known_of(code)["address"] == ""


def test_a_changed_registration_keeps_what_others_sealed() -> None:
    """Also what form 01/TCD of a refusal that was taken back had asked for."""
    session = session_public()
    made = register(session)
    given = {"access": access_make("clerk"), "session_id": session.public_id, "code": made.code}
    refuse(session, 1)
    details = PaperDetails(ADDRESS, dt.date(2021, 5, 4), "Cục Cảnh sát")
    refusal_prepare(**given, version=row_of(session, 1).version, details=details, at=MORNING)
    refusal_undo(**given, version=row_of(session, 1).version, at=MORNING)
    Registration.objects.update(status="registered")
    registration_change(
        code=made.code,
        secret=made.secret,
        version=row_of(session, 1).version,
        change=Change("Việc khác", email=""),
        at=NOW,
    )
    known = known_of(made.code)
    assert (known["address"], known["identity_issued_on"]) == (ADDRESS, "2021-05-04")
    assert known["identity_issued_by"] == "Cục Cảnh sát"


@pytest.mark.parametrize(("kind", "kept"), [("recommendation", ADDRESS), ("denunciation", "")])
def test_the_address_of_the_petition_goes_back_but_for_a_denunciation(kind: str, kept: str) -> None:
    code = register(session_public()).code
    received(code)
    about = {"name": "Ông Bryxol", "unit": OTHER_WARD, "position": "officer"}
    visit_case_make(
        access=access_make("clerk"),
        session_id=Registration.objects.get().session.public_id,
        code=code,
        filing=VisitFiling(
            kind=kind,
            field="land_compensation",
            subject="Về bồi thường",
            content="Nội dung.",
            person=(("address", ADDRESS), ("email", "")),
            respondent=about,
        ),
        at=DURING,
    )
    assert known_of(code)["address"] == kept


def delegation() -> Registration:
    who = Visitor("Người dân số 1", "001088000001", "0912000001", representatives=GROUP)
    code = register(session_public(), visitor=who, people=12).code
    return Registration.objects.select_related("session").get(code=code)


def test_who_speaks_for_a_delegation_stands_in_register_brief_and_record() -> None:
    row = delegation()
    (sheet,) = brief_sheets(access_make("clerk"), row.session)
    facts = dict(page_of(sheet).facts)
    assert facts["Người đại diện"] == "Bà Đại Diện Một, Ông Đại Diện Hai"
    received(row.code)
    assert column_3() == "Người dân số 1; người đại diện: Bà Đại Diện Một, Ông Đại Diện Hai"
    client = Client()
    client.force_login(person_make("clerk"))
    with time_machine.travel(DURING, tick=False):
        page = client.get(f"/can-bo/tiep-dan/{row.session.public_id}/dang-ky/{row.code}/")
    assert "Bà Đại Diện Một, Ông Đại Diện Hai" in page.content.decode()


def test_and_on_the_minutes_with_the_address() -> None:
    row = delegation()
    received(row.code, address=ADDRESS)
    client = Client()
    client.force_login(person_make("clerk"))
    path = f"/can-bo/tiep-dan/{row.session.public_id}/bien-ban/{row.code}/ban-in.pdf"
    document = pypdfium2.PdfDocument(client.get(path).content)
    words = " ".join(document[0].get_textpage().get_text_range().split())
    assert f"Địa chỉ: {ADDRESS}" in words
    assert "Người đại diện: Bà Đại Diện Một, Ông Đại Diện Hai" in words


def test_nobody_represents_beside_himself() -> None:
    own = {"full_name": "Người dân số 1", "representatives": ["NGƯỜI DÂN SỐ 1"]}
    assert representatives_beside(own) == []
    assert representatives_beside({}) == []
