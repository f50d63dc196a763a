"""Who received: a stand-in's day never counts, and only who holds the post receives as its holder."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership, User
from common.errors import Conflict, DomainError, InvalidInput, Stale
from common.time import local_moment
from communes.models import Unit
from communes.selectors import unit_cache_clear
from receptions.models import ReceptionSession, SessionEvent
from receptions.quotas import Tally
from receptions.selectors_plan import receivers_of, troubles_of
from receptions.selectors_quota import quota_month
from receptions.services.handovers import session_hand_over
from receptions.services.holding import session_hold
from receptions.services.patterns import pattern_make
from receptions.services.sessions import session_postpone, session_publish, sessions_publish
from tests.people import WARD, access_make, person_make
from tests.receptions.cast import (
    DAY,
    NOW,
    plan_of,
    secretary,
    session_draft,
    session_public,
)
from tests.receptions.cast_plan import follow, pattern_make_one
from tests.receptions.concluding import drafted, issued
from tests.receptions.test_missed import leave

pytestmark = pytest.mark.django_db
AFTER = local_moment(DAY, 12)
LAST = dt.date(2026, 12, 5)


def hold(session: ReceptionSession, who: str = "secretary", **values: Any) -> ReceptionSession:
    session.refresh_from_db()
    given = {"public_id": session.public_id, "version": session.version, "at": AFTER}
    return session_hold(access=access_make(who), **(given | values))


def tally(time_machine: Any) -> Tally:
    time_machine.move_to(AFTER + dt.timedelta(hours=1), tick=False)
    lines = quota_month(
        access_make("city_chair"), DAY.replace(day=1), unit=Unit.objects.get(code=WARD)
    )
    return next(line.tally for line in lines if line.duty_holder == "party_secretary")


def test_the_leader_holds_the_own_day(time_machine: Any) -> None:
    done = hold(session_public())
    assert (done.status, done.leader, done.is_delegated) == (
        "held", person_make("secretary"), False,
    )  # fmt: skip
    assert (tally(time_machine).held, tally(time_machine).delegated) == (1, 0)


def test_a_stand_in_is_recorded_and_never_counts(time_machine: Any) -> None:
    person_make("chair")
    session = session_public()
    done = hold(session, received_by="chair")
    assert (done.leader, done.is_delegated) == (person_make("chair"), True)
    assert (tally(time_machine).held, tally(time_machine).delegated) == (0, 1)
    event = SessionEvent.objects.get(action="receptions.session.held")
    assert event.data == {
        "on": "2026-12-10", "delegated": True, "planned_leader": person_make("secretary").pk,
    }  # fmt: skip


def test_a_planned_stand_in_who_received_stays_one() -> None:
    person_make("secretary")
    session = session_public("chair", duty_holder="party_secretary", is_delegated=True)
    done = hold(session, "chair")
    assert (done.leader, done.is_delegated) == (person_make("chair"), True)


def test_whoever_says_it_for_somebody_else_says_who_received() -> None:
    session = session_public()
    for wrong in ("", "other_chair", "nobody"):
        with pytest.raises(InvalidInput) as caught:
            hold(session, "chair", received_by=wrong)
        assert "received_by" in caught.value.fields
    with pytest.raises(Stale):
        hold(session, version=1, received_by="secretary")
    assert hold(session, "chair", received_by="secretary").is_delegated is False


def test_a_stand_in_is_not_in_two_places() -> None:
    session = session_public()
    session_draft("chair", duty_holder="people_committee_chair")
    with pytest.raises(Conflict) as caught:
        hold(session, received_by="chair")
    assert caught.value.code == "session_leader_in_one_place"


def test_on_the_day_the_new_holder_is_recorded_as_the_holder() -> None:
    session = session_public()
    leave("secretary", LAST)
    follow("front", dt.date(2026, 12, 6))
    with pytest.raises(InvalidInput) as caught:
        hold(session)
    assert "received_by" in caught.value.fields
    done = hold(session, "chair", received_by="front")
    assert (done.leader, done.is_delegated) == (person_make("front"), False)


def test_a_day_of_whoever_left_since_is_recorded_later() -> None:
    session = session_public()
    leave("secretary", DAY)
    User.objects.filter(username="secretary").update(is_active=False)
    at = AFTER + dt.timedelta(days=3)
    assert person_make("secretary") in receivers_of(session)
    assert hold(session, "chair", received_by="secretary", at=at).is_delegated is False


def test_until_it_is_held_a_session_is_handed_over(time_machine: Any) -> None:
    session = session_public()
    leave("secretary", LAST)
    follow("front", dt.date(2026, 12, 6))
    time_machine.move_to(AFTER, tick=False)
    chair, unit = access_make("chair"), Unit.objects.get(code=WARD)
    assert [one.holder for one in troubles_of(chair, unit)] == [person_make("front")]
    values = {"access": chair, "public_id": session.public_id, "at": AFTER}
    done = session_hand_over(**values, version=session.version)
    assert (done.leader, done.is_delegated) == (person_make("front"), False)
    assert not troubles_of(chair, unit)
    hold(done, "chair", received_by="front")
    done.refresh_from_db()
    with pytest.raises(DomainError):
        session_hand_over(**values, version=done.version)


def test_a_draft_that_has_passed_is_not_handed_over() -> None:
    draft = session_draft()
    leave("secretary", LAST)
    follow("front", dt.date(2026, 12, 6))
    with pytest.raises(DomainError) as caught:
        session_hand_over(
            access=access_make("chair"), public_id=draft.public_id, version=1, at=AFTER
        )
    assert caught.value.code == "in_the_past"


def test_a_stand_in_who_left_the_unit_is_replaced_by_the_holder(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    person_make("secretary")
    session = session_public("chair", duty_holder="party_secretary", is_delegated=True)
    chair, unit = access_make("chair"), Unit.objects.get(code=WARD)
    assert not troubles_of(chair, unit)
    leave("chair", LAST)
    assert [(one.kind, one.holder) for one in troubles_of(chair, unit)] == [
        ("stand_in", person_make("secretary"))
    ]
    done = session_hand_over(
        access=secretary(), public_id=session.public_id, version=session.version, at=NOW
    )
    assert (done.leader, done.is_delegated) == (person_make("secretary"), False)


def test_whoever_left_is_not_published() -> None:
    draft, other = session_draft(), session_draft(day=dt.date(2026, 12, 3))
    leave("secretary", LAST)
    values: dict[str, Any] = {"access": access_make("chair"), "at": NOW}
    with pytest.raises(DomainError) as caught:
        session_publish(**values, public_id=draft.public_id, version=1)
    assert caught.value.code == "not_holder"
    wanted = [(draft.public_id, 1), (other.public_id, 1)]
    with pytest.raises(InvalidInput) as several:
        sessions_publish(**values, wanted=wanted, reason="Gấp")
    assert "10/12/2026" in str(several.value.fields)
    assert session_publish(**values, public_id=other.public_id, version=1, reason="Gấp")


def postpone(session: ReceptionSession, day: dt.date, at: dt.datetime = NOW) -> ReceptionSession:
    session.refresh_from_db()
    return session_postpone(
        access=access_make("chair"), public_id=session.public_id, version=session.version,
        starts_at=local_moment(day, 8), ends_at=local_moment(day, 11), reason="Họp",
        late_reason="Họp gấp", at=at,
    )  # fmt: skip


def test_nobody_is_moved_to_a_day_after_the_term() -> None:
    session = session_public()
    leave("secretary", dt.date(2026, 12, 12))
    with pytest.raises(InvalidInput) as caught:
        postpone(session, dt.date(2026, 12, 15))
    assert "starts_at" in caught.value.fields
    assert postpone(session, dt.date(2026, 12, 11)).starts_at == local_moment(
        dt.date(2026, 12, 11), 8
    )


@pytest.fixture
def ending() -> Any:
    """The ward ends on 6 December."""

    def end() -> Unit:
        Unit.objects.filter(code=WARD).update(valid_to=dt.date(2026, 12, 6))
        unit_cache_clear()
        return Unit.objects.get(code=WARD)

    yield end
    unit_cache_clear()


def test_a_unit_that_ends_plans_publishes_and_moves_nothing_after_it(
    ending: Callable[[], Unit],
) -> None:
    draft = session_draft()
    soon = session_public(day=dt.date(2026, 12, 8))
    pattern = pattern_make_one()
    unit = ending()
    with pytest.raises(InvalidInput) as caught:
        session_draft(day=dt.date(2026, 12, 14))
    assert list(caught.value.fields) == ["starts_at"]
    with pytest.raises(DomainError):
        session_publish(access=secretary(), public_id=draft.public_id, version=1, at=NOW)
    with pytest.raises(InvalidInput):
        postpone(soon, dt.date(2026, 12, 15))
    made = pattern_make(
        access=secretary(), public_id=pattern.public_id, version=1,
        days=[dt.date(2026, 12, 25)], at=NOW,
    )  # fmt: skip
    assert not made.sessions
    assert "không còn" in made.left[0].remarks[0].words
    assert plan_of(person_make("secretary")).leader.memberships.get().unit == unit


PAGE = "/can-bo/tiep-dan/"


def test_the_page_asks_who_received(client: Client, time_machine: Any) -> None:
    session = session_public()
    time_machine.move_to(AFTER, tick=False)
    path = f"{PAGE}{session.public_id}/"
    client.force_login(person_make("secretary"))
    page = client.get(path).content.decode()
    assert '<option value="secretary" selected>' in page
    client.force_login(person_make("chair"))
    page = client.get(path).content.decode()
    assert '<option value="secretary">' in page
    form = {"version": session.version, "received_by": ""}
    refused = client.post(f"{path}da-tiep/", form)
    assert refused.status_code == 422
    assert "Người đã tiếp" in refused.content.decode()
    client.post(f"{path}da-tiep/", form | {"received_by": "chair"})
    session.refresh_from_db()
    assert (session.status, session.is_delegated) == ("held", True)
    assert "tiếp thay" in client.get(path).content.decode()


def test_a_leader_who_left_within_the_month_has_a_row(client: Client, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    session_public()
    Membership.objects.filter(user=person_make("secretary")).update(valid_to=dt.date(2026, 12, 20))
    client.force_login(person_make("chair"))
    page = client.get(f"{PAGE}thang/?month=2026-12&leader=secretary").content.decode()
    assert "Bí thư Đảng ủy" in page
    assert 'id="quota"' in page


MARK, HINT = "ghi người tiếp khác", "Nếu người khác đã tiếp"


def test_a_notice_issued_before_another_receiver_is_recorded_is_put_right(
    client: Client, time_machine: Any
) -> None:
    """It does not change: until another one replaces it, whoever works there is told."""
    session = session_public()
    notice = issued(session=session)
    draft = drafted(session=session)
    time_machine.move_to(AFTER, tick=False)
    client.force_login(person_make("secretary"))
    page, paper = f"{PAGE}{session.public_id}/", f"{PAGE}ket-luan/{notice.public_id}/"

    def said(path: str) -> str:
        return client.get(path).content.decode()

    assert HINT in said(f"{PAGE}ket-luan/{draft.public_id}/")
    assert MARK not in said(page)
    person_make("chair")
    hold(session, received_by="chair")
    assert said(page).count(MARK) == 1
    assert "cần ban hành thông báo mới thay thế" in said(paper)
    assert HINT not in said(f"{PAGE}ket-luan/{draft.public_id}/")
    # Only those who can put it right are told.
    client.force_login(person_make("other_clerk"))
    assert "thông báo mới thay thế" not in said(paper)
    client.force_login(person_make("secretary"))
    right = issued(session=session, replaces=notice.public_id)
    assert right.facts["leader"] == person_make("chair").full_name
    assert right.facts["signing"] != notice.facts["signing"]
    assert MARK not in said(page)
    assert "thông báo mới thay thế" not in said(paper)


def test_a_notice_of_whoever_received_as_planned_stays_as_it_is(
    client: Client, time_machine: Any
) -> None:
    session = session_public()
    issued(session=session)
    time_machine.move_to(AFTER, tick=False)
    hold(session)
    client.force_login(person_make("chair"))
    assert MARK not in client.get(f"{PAGE}{session.public_id}/").content.decode()
