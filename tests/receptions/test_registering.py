"""What somebody registers with: delegations, needs, online, limits, confirming by code."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from common.errors import Conflict, DomainError, InvalidInput, NotVisible
from common.time import local_moment
from notifications.models import OutboxMessage
from notifications.rendering import render
from receptions.models import Registration, SessionEvent
from receptions.selectors import person_open
from receptions.services.confirmations import code_resend, registration_confirm
from receptions.services.registrations import (
    LIVE_MAX,
    Options,
    registration_cancel,
    registration_create_for,
)
from tests.people import Story, access_make
from tests.receptions.cast import (
    DAY,
    NOW,
    digits_sent,
    register,
    session_public,
    sums_hold,
    taken,
    visitor,
    with_mode,
)

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
EMAIL = "ten.vi.du@example.com"


def mailed(number: int = 1) -> Any:
    return replace(visitor(number), email=EMAIL)


@pytest.mark.parametrize(
    ("people", "names", "fits"),
    [
        (4, (), True),
        (4, ("Một",), False),
        (5, ("Một",), True),
        (10, ("Một", "Hai"), True),
        (10, ("Một", "Hai", "Ba"), False),
        (11, ("Một", "Hai", "Ba"), True),
        (11, ("1", "2", "3", "4", "5", "6"), False),
        (11, ("x" * 121,), False),
    ],
)
def test_a_delegation_by_article_29(people: int, names: tuple[str, ...], fits: bool) -> None:
    session = session_public()
    who = replace(visitor(1), representatives=names)
    if fits:
        register(session, visitor=who, people=people)
        assert person_open(Registration.objects.get())["representatives"] == list(names)
        return
    with pytest.raises(InvalidInput) as caught:
        register(session, visitor=who, people=people)
    assert set(caught.value.fields) == {"representatives"}


def test_a_delegation_that_names_nobody_is_spoken_for_by_who_registers() -> None:
    register(session_public(), people=6)
    box = person_open(Registration.objects.get())
    assert box["representatives"] == [visitor(1).full_name]


def test_names_needs_and_address_are_sealed() -> None:
    who = replace(mailed(), representatives=("Trần Thị Đại Diện",), needs=("sign_language",))
    register(session_public(), visitor=who, people=5)
    row = Registration.objects.get()
    told = str(list(OutboxMessage.objects.values())) + str(list(SessionEvent.objects.values()))
    told += str([getattr(row, f.attname) for f in Registration._meta.fields if f.name != "box"])
    for word in ("Đại Diện", "sign_language", EMAIL):
        assert word not in told
        assert word.encode() not in bytes(row.box)
    assert person_open(row)["needs"] == ["sign_language"]
    with pytest.raises(InvalidInput):
        register(session_public("chair", duty_holder="people_committee_chair"),
                 visitor=replace(visitor(2), needs=("gold",)))  # fmt: skip


def test_one_live_registration_a_session() -> None:
    session = session_public()
    made = register(session, 1)
    with pytest.raises(Conflict) as caught:
        register(session, 1)
    assert caught.value.code == "registered_already"
    registration_cancel(code=made.code, secret=made.secret, at=NOW)
    assert register(session, 1).queue_number == 2


@pytest.mark.parametrize("changes", [{"phone": "0987654321"}, {"identity_number": "001088099999"}])
def test_number_or_telephone_alone_tells_nothing(changes: dict[str, str]) -> None:
    """Whoever holds the number of another person, but not the telephone, gets the same answer as
    for somebody who never registered, in this session and in the fourth."""
    sessions = [session_public(day=DAY + dt.timedelta(days=n)) for n in range(4)]
    for session in sessions[:3]:
        register(session, 1)
    stranger = replace(visitor(1), **changes)
    nobody = replace(visitor(77), phone="0911111111")
    for session, number in ((sessions[0], 2), (sessions[3], 1)):
        asked = register(session, visitor=stranger)
        other = register(session, visitor=nobody)
        assert (asked.queue_number, other.queue_number) == (number, number + 1)
        assert asked.status == other.status == "registered"


def test_three_live_registrations_in_the_city_within_30_days() -> None:
    sessions = [session_public(day=DAY + dt.timedelta(days=n)) for n in range(5)]
    made = [register(session, 1) for session in sessions[:LIVE_MAX]]
    with pytest.raises(Conflict) as caught:
        register(sessions[3], 1)
    assert caught.value.code == "too_many"
    registration_cancel(code=made[0].code, secret=made[0].secret, at=NOW)
    register(sessions[3], 1)
    with pytest.raises(Conflict):
        register(sessions[4], 1)
    # One that has taken place does not count any more.
    register(sessions[4], 1, at=local_moment(DAY + dt.timedelta(days=1), 12))


def test_the_counter_is_not_limited_but_counted() -> None:
    session, clerk = session_public(), access_make("clerk")
    for number in (1, 2):
        values: dict[str, Any] = {"visitor": visitor(1), "topic": "Nộp đơn", "at": NOW}
        made = registration_create_for(access=clerk, session_id=session.public_id, **values)
        assert made.queue_number == number
    with pytest.raises(Conflict):
        register(session, 1)


def test_with_an_address_the_place_is_kept_until_the_digits_come() -> None:
    session = session_public(capacity=1)
    made = register(session, visitor=mailed())
    assert (made.status, taken(session)) == ("unconfirmed", 1)
    row = Registration.objects.get()
    assert row.confirm_by == NOW + 15 * MINUTE
    asked = {"code": made.code, "secret": made.secret, "at": NOW + 14 * MINUTE}
    registration_confirm(digits=f" {digits_sent()[:3]} {digits_sent()[3:]} ", **asked)
    row.refresh_from_db()
    assert (row.status, row.confirm_hmac) == ("registered", None)
    with pytest.raises(DomainError) as caught:
        registration_confirm(digits=digits_sent(), **asked)
    assert caught.value.code == "too_late"
    assert sums_hold()


def test_five_tries_and_fifteen_minutes() -> None:
    made = register(session_public(), visitor=mailed())
    right = digits_sent()
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    own: dict[str, Any] = {"code": made.code, "secret": made.secret, "at": NOW}
    with pytest.raises(NotVisible):
        registration_confirm(code=made.code, secret="x", digits=right, at=NOW)
    for _ in range(5):
        with pytest.raises(InvalidInput):
            registration_confirm(digits=wrong, **own)
    for digits in (wrong, right):
        with pytest.raises(DomainError) as caught:
            registration_confirm(digits=digits, **own)
        assert caught.value.code == "too_many_tries"
    # Another mail would begin neither time nor tries anew: none is sent.
    with pytest.raises(DomainError):
        code_resend(**own)
    assert digits_sent() == right


def test_after_fifteen_minutes_the_place_is_gone() -> None:
    session = session_public(capacity=1)
    made = register(session, visitor=mailed())
    late: dict[str, Any] = {"code": made.code, "secret": made.secret, "at": NOW + 15 * MINUTE}
    with pytest.raises(DomainError) as caught:
        registration_confirm(digits=digits_sent(), **late)
    assert caught.value.code == "too_late"
    assert sums_hold()


def test_only_the_last_mail_counts() -> None:
    made = register(session_public(), visitor=mailed())
    first, own = digits_sent(), {"code": made.code, "secret": made.secret, "at": NOW + MINUTE}
    code_resend(**own)  # type: ignore[arg-type]
    if first != digits_sent():
        with pytest.raises(InvalidInput):
            registration_confirm(digits=first, **own)  # type: ignore[arg-type]
    registration_confirm(digits=digits_sent(), **own)  # type: ignore[arg-type]


def test_mails_say_neither_name_nor_matter_nor_address() -> None:
    session = session_public(capacity=1)
    first = register(session, 9)
    made = register(session, visitor=mailed(), waiting_list=True)
    registration_confirm(code=made.code, secret=made.secret, digits=digits_sent(), at=NOW)
    registration_cancel(code=first.code, secret=first.secret, at=NOW)
    row = Registration.objects.get(queue_number=2)
    # Told by e-mail: nobody has to call.
    assert (row.status, row.told_at) == ("registered", NOW)
    assert not OutboxMessage.objects.filter(template="registration_moved_up").exists()
    for mail in OutboxMessage.objects.filter(
        template__in=("registration_code", "registration_place")
    ):
        subject, body = render(mail.template, mail.params)
        for word in ("Người dân", "0010880", EMAIL, "tiến độ", made.code):
            assert word not in subject + body


def test_a_mail_about_a_denunciation_goes_by_the_vault_and_names_no_unit(
    story: Callable[..., Story],
) -> None:
    tale, session = story(kind="denunciation"), session_public()
    register(session, visitor=mailed(), petition=(tale.filed.code, tale.filed.secret))
    mail = OutboxMessage.objects.get(template="registration_code")
    assert set(mail.params) == {"salt"}
    plain = register(session, visitor=mailed(2))
    other = OutboxMessage.objects.filter(template="registration_code").latest("pk")
    assert plain.status == "unconfirmed"
    assert (mail.address_key_version or 0) > (other.address_key_version or 0)


def test_online_where_the_session_offers_it(story: Callable[..., Story]) -> None:
    both = with_mode("both")
    register(both, 1, options=Options(is_online=True))
    register(both, 2)
    assert list(both.registrations.values_list("is_online", flat=True)) == [True, False]
    tale = story(kind="denunciation")
    link = (tale.filed.code, tale.filed.secret)
    with pytest.raises(InvalidInput) as caught:
        register(both, 3, petition=link, options=Options(is_online=True))
    assert "is_online" in caught.value.fields
    assert register(both, 3, petition=link).status == "registered"


def test_online_only_and_place_only(story: Callable[..., Story]) -> None:
    place = session_public()
    with pytest.raises(InvalidInput):
        register(place, 1, options=Options(is_online=True))


def test_an_online_session_takes_no_denouncer(story: Callable[..., Story]) -> None:
    online, tale = with_mode("online"), story(kind="denunciation")
    register(online, 1)
    assert Registration.objects.get().is_online
    with pytest.raises(InvalidInput):
        register(online, 2, petition=(tale.filed.code, tale.filed.secret))
    with pytest.raises(InvalidInput):
        register(online, 2, options=Options(is_online=False))
