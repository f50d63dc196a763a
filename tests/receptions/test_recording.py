"""Nobody who denounces in an online reception is recorded against the own will."""

from typing import Any

import pytest

from common.errors import InvalidInput
from receptions.enums import SessionMode
from receptions.models import ReceptionSession, Registration, VisitRecord
from receptions.sealing import words_of
from receptions.services.visits import Visit, session_record
from tests.people import access_make, person_make
from tests.receptions.cast_day import MORNING, day_with, row_of
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
WORDS = "Ông Bryxol nhận phong bì màu xanh."


@pytest.fixture
def session(time_machine: Any) -> ReceptionSession:
    """Number 1 takes part online, number 2 comes to the place."""
    person_make("clerk")
    session = day_with(2)
    ReceptionSession.objects.filter(pk=session.pk).update(mode=SessionMode.BOTH)
    Registration.objects.filter(session=session, queue_number=1).update(is_online=True)
    time_machine.move_to(MORNING, tick=False)
    return session


def record(session: ReceptionSession, number: int = 1, who: str = "chair", **values: Any) -> None:
    visit = {"said": WORDS, "outcome": "answered", "entry": {"kind": "denunciation"}} | values
    session_record(
        access=access_make(who),
        session_id=session.public_id,
        code=row_of(session, number).code,
        visit=Visit(**visit),
        at=MORNING,
    )


def test_a_denunciation_online_says_what_became_of_the_recording(
    session: ReceptionSession,
) -> None:
    with pytest.raises(InvalidInput) as caught:
        record(session)
    assert "dừng ghi âm" in str(caught.value.fields["recording"][0])
    assert not VisitRecord.objects.exists()
    with pytest.raises(InvalidInput):
        record(session, recording="forgotten")
    record(session, recording="stopped")
    visit = VisitRecord.objects.select_related("registration__session", "case").get()
    assert visit.sealed_words["recording"] == "stopped"
    assert words_of(access_make("chair"), visit)["recording"] == "stopped"
    assert "recording" not in words_of(access_make("secretary"), visit)


def test_what_is_kept_needs_not_be_said_again_by_who_reads_it(session: ReceptionSession) -> None:
    record(session, recording="waived")
    record(session, said=f"{WORDS} Có tài liệu kèm theo.")
    assert VisitRecord.objects.get().sealed_words["recording"] == "waived"
    # An answer that depended on what lies under seal would tell of it.
    with pytest.raises(InvalidInput):
        record(session, who="secretary")


def test_no_other_visit_is_asked(session: ReceptionSession) -> None:
    record(session, 2)
    record(session, 1, entry={"kind": "complaint"}, recording="stopped")
    assert VisitRecord.objects.get(registration__queue_number=1).sealed_words == {}


def test_who_denounces_in_a_session_held_online_alone_is_asked_too(
    session: ReceptionSession,
) -> None:
    ReceptionSession.objects.filter(pk=session.pk).update(mode=SessionMode.ONLINE)
    with pytest.raises(InvalidInput):
        record(session, 2)


def test_the_page_asks_beside_the_field_and_keeps_the_words(
    client: StrictClient, session: ReceptionSession
) -> None:
    client.force_login(person_make("clerk"))
    path = f"/can-bo/tiep-dan/{session.public_id}/dang-ky/{row_of(session, 1).code}/"
    assert 'name="recording"' in client.get(path).text
    sent = {
        "attendance": "received", "people": "1", "said": WORDS, "kind": "denunciation",
        "outcome": "answered", "version": "0",
    }  # fmt: skip
    refused = client.post(path, sent)
    assert refused.status_code == 422
    assert WORDS in refused.text
    assert client.post(path, sent | {"recording": "stopped"}).status_code == 302
    at_the_place = f"/can-bo/tiep-dan/{session.public_id}/dang-ky/{row_of(session, 2).code}/"
    assert 'name="recording"' not in client.get(at_the_place).text
