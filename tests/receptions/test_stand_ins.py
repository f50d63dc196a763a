"""Somebody else receives: named before the day, put right after it, always with a public reason."""

import datetime as dt
from typing import Any

import pytest

from common.errors import Conflict, DomainError, InvalidInput, NotPermitted, Stale
from common.history_check import table_check
from common.time import local_moment
from notifications.models import OutboxMessage
from receptions.models import ReceptionSession, SessionEvent, VisitorTelling
from receptions.services.stand_ins import session_receiver_correct, session_stand_in
from tests.people import access_make, person_make
from tests.receptions.cast import DAY, NOW, register, session_draft, session_public
from tests.receptions.test_holding import AFTER, hold, tally
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
WHY = "Bí thư ốm, đồng chủ trì phân công người tiếp thay."
STAFF = "/can-bo/tiep-dan/"


@pytest.fixture(autouse=True)
def people() -> None:
    for name in ("secretary", "chair", "front", "other_chair"):
        person_make(name)


def stand_in(
    session: ReceptionSession, to: str = "chair", who: str = "chair", **changes: Any
) -> ReceptionSession:
    session.refresh_from_db()
    values = {"version": session.version, "reason": WHY, "at": NOW} | changes
    return session_stand_in(
        access=access_make(who), public_id=session.public_id, received_by=to, **values
    )


def correct(session: ReceptionSession, to: str, who: str = "chair", **changes: Any) -> Any:
    session.refresh_from_db()
    values = {"version": session.version, "reason": "Ghi nhầm người tiếp.", "at": AFTER} | changes
    return session_receiver_correct(
        access=access_make(who), public_id=session.public_id, received_by=to, **values
    )


def test_a_stand_in_is_named_before_the_day_and_the_day_does_not_count(time_machine: Any) -> None:
    session = session_public()
    done = stand_in(session)
    assert (done.leader, done.is_delegated) == (person_make("chair"), True)
    assert tally(time_machine).published == 0
    event = SessionEvent.objects.get(action="receptions.session.stand_in")
    assert event.data["before"] == person_make("secretary").pk
    assert (event.data["reason"], event.data["delegated"]) == (WHY, True)
    assert hold(done, "chair").is_delegated is True
    assert tally(time_machine).delegated == 1
    assert next(table_check(SessionEvent), None) is None


def test_a_leader_who_recovers_receives_again_and_the_day_counts(time_machine: Any) -> None:
    session = session_public()
    stand_in(session)
    done = stand_in(session, "secretary", reason="Bí thư trở lại làm việc.")
    assert (done.leader, done.is_delegated) == (person_make("secretary"), False)
    hold(done)
    assert (tally(time_machine).held, tally(time_machine).delegated) == (1, 0)


def test_everybody_is_told_who_receives() -> None:
    session = session_public()
    register(session, 1)
    stand_in(session)
    telling = VisitorTelling.objects.get(registration__session=session)
    assert telling.reason == "handed_over"
    rows = OutboxMessage.objects.filter(template="session_stand_in", channel="app")
    told = set(rows.values_list("recipient__username", flat=True))
    assert {"secretary", "chair"} <= told
    assert rows.filter(position="clerk").exists()


def test_the_public_reads_who_receives_and_why(client: StrictClient, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    session = session_public()
    stand_in(session)
    page = client.get(f"/lich-tiep-dan/{session.public_id}/").text
    assert person_make("chair").full_name in page
    assert WHY in page
    assert "tiếp thay Bí thư Đảng ủy" in page


@pytest.mark.parametrize(
    ("to", "changes", "field"),
    [
        ("other_chair", {}, "received_by"),
        ("secretary", {}, "received_by"),
        ("", {}, "received_by"),
        ("chair", {"reason": "  "}, "reason"),
    ],
)
def test_what_is_missing_is_said_at_its_field(to: str, changes: Any, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        stand_in(session_public(), to, **changes)
    assert field in caught.value.fields


def test_only_a_published_session_that_is_not_over_and_was_not_changed() -> None:
    with pytest.raises(DomainError) as draft:
        stand_in(session_draft())
    assert draft.value.code == "wrong_state"
    session = session_public(day=DAY + dt.timedelta(days=1))
    with pytest.raises(DomainError) as over:
        stand_in(session, at=local_moment(DAY + dt.timedelta(days=1), 12))
    assert over.value.code == "in_the_past"
    with pytest.raises(Stale):
        stand_in(session, version=1)
    with pytest.raises(NotPermitted):
        stand_in(session, who="clerk")


def test_a_stand_in_with_a_session_of_the_own_cannot_be_in_both() -> None:
    session = session_public()
    session_public("chair", duty_holder="people_committee_chair")
    with pytest.raises(Conflict) as caught:
        stand_in(session)
    assert caught.value.code == "session_leader_in_one_place"


def test_a_wrong_receiver_is_put_right_and_the_month_counts_anew(time_machine: Any) -> None:
    session = session_public()
    hold(session)
    assert tally(time_machine).held == 1
    done = correct(session, "chair")
    assert (done.leader, done.is_delegated, done.status) == (person_make("chair"), True, "held")
    assert (tally(time_machine).held, tally(time_machine).delegated) == (0, 1)
    event = SessionEvent.objects.get(action="receptions.session.receiver_corrected")
    assert event.data["before"] == person_make("secretary").pk
    assert event.data["reason"] == "Ghi nhầm người tiếp."
    correct(session, "secretary")
    assert (tally(time_machine).held, tally(time_machine).delegated) == (1, 0)
    told = OutboxMessage.objects.filter(template="session_receiver_corrected", channel="app")
    assert told.filter(recipient__username="chair").exists()
    assert next(table_check(SessionEvent), None) is None


def test_a_receiver_is_put_right_only_of_a_held_session_with_a_reason() -> None:
    session = session_public()
    with pytest.raises(DomainError) as caught:
        correct(session, "chair")
    assert caught.value.code == "wrong_state"
    hold(session)
    with pytest.raises(InvalidInput) as missing:
        correct(session, "chair", reason="")
    assert "reason" in missing.value.fields
    with pytest.raises(NotPermitted):
        correct(session, "chair", "clerk")


def test_both_steps_stand_on_the_page_and_keep_what_was_typed(
    client: StrictClient, time_machine: Any
) -> None:
    session = session_public()
    client.force_login(person_make("chair"))
    time_machine.move_to(NOW, tick=False)
    path = f"{STAFF}{session.public_id}/"
    assert "tiep-thay/" in client.get(path).text
    sent = {"version": session.version, "received_by": "", "reason": WHY}
    refused = client.post(f"{path}tiep-thay/", sent)
    assert refused.status_code == 422
    assert WHY in refused.text
    assert client.post(f"{path}tiep-thay/", sent | {"received_by": "chair"}).status_code == 302
    assert WHY in client.get(path).text
    hold(session, "chair")
    assert "nguoi-da-tiep/" in client.get(path).text
    session.refresh_from_db()
    sent = {"version": session.version, "received_by": "secretary", "reason": "Ghi nhầm."}
    assert client.post(f"{path}nguoi-da-tiep/", sent).status_code == 302
    session.refresh_from_db()
    assert (session.leader, session.is_delegated) == (person_make("secretary"), False)
