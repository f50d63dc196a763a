"""Places: taking, giving back, moving up; names are sealed."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import override_settings

from common.codes import code_clean
from common.errors import Conflict, DomainError, NotPermitted, NotVisible
from common.time import local_moment
from notifications.models import OutboxMessage
from receptions.models import Registration, SessionEvent
from receptions.registrants import matter_initial
from receptions.selectors import person_open, registration_track, session_visitors, visitor_get
from receptions.serializers_staff import visitor_json
from receptions.services.registration_changes import (
    Change,
    registration_change,
    registration_change_for,
)
from receptions.services.registrations import (
    registration_cancel,
    registration_create,
    registration_create_for,
)
from receptions.services.sessions import session_cancel
from receptions.services.visits import Visit, session_record
from tests.people import Story, access_make
from tests.receptions.cast import (
    DAY,
    NOW,
    SECRET_WORDS,
    VISITOR,
    register,
    secretary,
    session_draft,
    session_public,
    visitor,
)

pytestmark = pytest.mark.django_db


def test_a_registration_gives_number_code_and_secret() -> None:
    session = session_public()
    first, second = register(session, 1), register(session, 2, people=6)
    assert [(r.queue_number, r.status) for r in (first, second)] == [
        (1, "registered"),
        (2, "registered"),
    ]
    assert code_clean(first.code.lower(), "TD") == first.code
    session.refresh_from_db()
    assert (session.places_taken, session.free_places(NOW)) == (2, 1)
    found = registration_track(first.code, first.secret.lower().replace("-", " "))
    assert found is not None
    assert found.queue_number == 1
    assert registration_track(first.code, second.secret) is None
    assert registration_track("nonsense", first.secret) is None


def test_the_person_is_sealed_and_nowhere_else() -> None:
    session = session_public()
    register(session, visitor=VISITOR)
    row = Registration.objects.get()
    told = str(list(OutboxMessage.objects.values_list("params", "event")))
    told += str(list(SessionEvent.objects.values_list("data", flat=True)))
    for word in SECRET_WORDS:
        assert word.encode() not in bytes(row.box) + bytes(row.person_hmac)
        assert word not in told + row.topic


def test_full_says_so_unless_the_waiting_list_is_wanted() -> None:
    session = session_public(capacity=1)
    register(session, 1)
    with pytest.raises(Conflict) as caught:
        register(session, 2)
    assert caught.value.code == "full"
    waiting = register(session, 2, waiting_list=True)
    assert (waiting.queue_number, waiting.status) == (2, "waiting")


def test_the_first_one_waiting_moves_up() -> None:
    session = session_public(capacity=1)
    first = register(session, 1)
    others = [register(session, n, waiting_list=True) for n in (2, 3)]
    registration_cancel(code=first.code, secret=first.secret, at=NOW)
    states = dict(Registration.objects.values_list("queue_number", "status"))
    assert states == {1: "cancelled", 2: "registered", 3: "waiting"}
    session.refresh_from_db()
    assert session.places_taken == 1
    # Somebody who waits gives up: nobody moves, no place is lost.
    registration_cancel(code=others[1].code, secret=others[1].secret, at=NOW)
    registration_cancel(code=others[0].code, secret=others[0].secret, at=NOW)
    session.refresh_from_db()
    # Nobody waits: the place is on its way back, and free after 40 minutes at most.
    assert (session.places_taken, session.last_number) == (1, 3)
    assert register(session, 4, at=NOW + dt.timedelta(minutes=40)).queue_number == 4


def test_cancelling_needs_the_secret_and_happens_once() -> None:
    made = register(session_public())
    with pytest.raises(NotVisible):
        registration_cancel(code=made.code, secret="wrong", at=NOW)
    registration_cancel(code=made.code, secret=made.secret, at=NOW)
    with pytest.raises(DomainError) as caught:
        registration_cancel(code=made.code, secret=made.secret, at=NOW)
    assert caught.value.code == "wrong_state"


def test_closed_when_begun_cancelled_or_not_public() -> None:
    session = session_public()
    with pytest.raises(Conflict) as caught:
        register(session, at=local_moment(DAY, 8))
    assert caught.value.code == "closed"
    assert session.free_places(local_moment(DAY, 8)) == 0
    session_cancel(
        access=secretary(),
        public_id=session.public_id,
        version=session.version,
        reason="Bận họp",
        at=NOW,
    )
    for gone in (session, session_draft()):
        with pytest.raises(NotVisible):
            register(gone)


@override_settings(RATE_LIMITS=True)
def test_nobody_learns_who_is_registered() -> None:
    """Who holds the number of somebody, but not the telephone, sees what everybody sees."""
    session = session_public()
    register(session, 1)
    stranger = replace(visitor(1), phone="0987654321")
    assert register(session, visitor=stranger).queue_number == 2


def test_the_same_salt_gives_the_same_secret() -> None:
    session, salt = session_public(), b"s" * 16
    first = register(session, 1, salt=salt)
    assert register(session, 2, salt=salt).secret == first.secret


def test_a_petition_is_linked_by_code_and_secret(story: Callable[..., Story]) -> None:
    tale, session = story(), session_public()
    register(session, 1, petition=(tale.filed.code, tale.filed.secret))
    assert Registration.objects.get().case == tale.case
    for wrong in (
        (tale.filed.code, "wrong"),
        ("HN-00000-00000-00", tale.filed.secret),
        ("", ""),
    ):
        with pytest.raises(NotVisible):
            register(session, 2, petition=wrong)
    session.refresh_from_db()
    assert session.places_taken == 1


def test_who_sees_the_visitors() -> None:
    session = session_public()
    register(session, visitor=VISITOR)
    for who in ("secretary", "chair", "clerk"):
        (line,) = session_visitors(access_make(who), session)
        assert line.person is not None
        assert line.person["full_name"] == VISITOR.full_name
    for who in ("front", "handler", "city_chair", "internal_affairs"):
        (line,) = session_visitors(access_make(who), session)
        assert (line.person, line.topic, line.case_code) == (None, "", "")


def test_the_topic_of_a_denunciation_is_sealed_and_reads_as_one_left_empty(
    story: Callable[..., Story],
) -> None:
    tale, session, access = (
        story(kind="denunciation"),
        session_public(capacity=3),
        access_make("chair"),
    )
    made = register(session, 1, topic="Bryxol", petition=(tale.filed.code, tale.filed.secret))
    register(session, 2, topic="")
    row = Registration.objects.get(code=made.code)
    assert (row.topic, person_open(row)["topic"]) == ("", "Bryxol")
    linked, plain = session_visitors(access, session)
    assert linked.topic == plain.topic != ""
    assert visitor_json(access, linked)["topic"] == plain.topic
    # The citizen reads the own words, an officer the form of somebody who left it empty.
    assert matter_initial(row, own=True)["topic"] == "Bryxol"
    assert matter_initial(row)["topic"] == ""
    # A row of before shows nothing either.
    register(session, 3, topic="Bryxol")
    Registration.objects.filter(queue_number=3).update(case=tale.case)
    assert session_visitors(access, session)[2].topic == plain.topic


def test_changed_words_about_a_denunciation_stay_sealed_and_an_officers_are_shown(
    story: Callable[..., Story],
) -> None:
    tale, session, clerk = story(kind="denunciation"), session_public(), access_make("clerk")
    register(session, 2, topic="")
    made = register(session, 1)
    Registration.objects.filter(code=made.code).update(case=tale.case)
    own = {"code": made.code, "secret": made.secret, "at": NOW}
    row = registration_change(version=1, change=Change(topic="Bryxol"), **own)
    row.refresh_from_db()
    assert (row.topic, person_open(row)["topic"]) == ("", "Bryxol")
    registration_change_for(
        access=clerk,
        session_id=session.public_id,
        code=made.code,
        version=2,
        change=Change(topic="Gọi điện"),
        at=NOW,
    )
    row.refresh_from_db()
    assert visitor_get(clerk, session, made.code).topic == "Gọi điện"
    assert person_open(row)["topic"] == "Bryxol"


def test_a_linked_denunciation_shows_to_nobody_who_does_not_see_it(
    story: Callable[..., Story],
) -> None:
    tale, session = story(kind="denunciation"), session_public()
    assert tale.case.barred_units
    register(session, petition=(tale.filed.code, tale.filed.secret))
    for who in ("secretary", "chair", "clerk"):
        (line,) = session_visitors(access_make(who), session)
        assert line.case_code == ""


def test_a_clerk_registers_a_visitor_also_when_it_is_full() -> None:
    session = session_public(capacity=1)
    values: dict[str, Any] = {
        "session_id": session.public_id,
        "visitor": VISITOR,
        "topic": "Nộp đơn trực tiếp",
        "at": local_moment(DAY, 9),
    }
    clerk = access_make("clerk")
    made = [registration_create_for(access=clerk, **values) for _ in range(2)]
    assert [r.status for r in made] == ["registered", "waiting"]
    assert SessionEvent.objects.filter(actor_id=clerk.user_id).count() == 2
    for who in ("front", "handler"):
        with pytest.raises(NotPermitted):
            registration_create_for(access=access_make(who), **values)
    with pytest.raises(NotVisible):
        registration_create_for(access=access_make("other_clerk"), **values)


def test_filing_a_place_takes_few_queries(
    django_assert_max_num_queries: Any, story: Callable[..., Story]
) -> None:
    session = session_public()
    filed = story().filed
    with django_assert_max_num_queries(13):
        registration_create(
            session_id=session.public_id,
            visitor=VISITOR,
            topic="Hỏi kết quả",
            petition=(filed.code, filed.secret),
            at=NOW,
        )


def test_a_visitor_of_the_waiting_list_can_still_be_received() -> None:
    session = session_public(capacity=1)
    register(session, 1)
    made = register(session, 2, waiting_list=True)
    session_record(
        access=secretary(),
        session_id=session.public_id,
        code=made.code,
        visit=Visit("Trình bày ngắn", "answered"),
        at=local_moment(DAY, 10),
    )
    session.refresh_from_db()
    assert (session.places_taken, Registration.objects.get(code=made.code).status) == (
        1,
        "received",
    )
