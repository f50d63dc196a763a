"""A published session changes: who is written to, who is called, in which order places go."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from common.time import local_moment
from notifications.models import OutboxMessage
from receptions.enums import RegistrationStatus
from receptions.models import ReceptionSession, Registration, VisitorTelling
from receptions.moves import Move, priority_of
from receptions.refusal_grounds import grounds
from receptions.registrants import queue_of
from receptions.selectors_brief import brief_sheets
from receptions.selectors_day import queue_of as queue_of_day
from receptions.selectors_day import screen_of
from receptions.selectors_places import queue_order
from receptions.selectors_plan import calls_count
from receptions.services.changes import SessionChange, session_change
from receptions.services.confirmations import registration_confirm
from receptions.services.misses import session_miss, visitors_move
from receptions.services.registrations import (
    Options,
    Registered,
    registration_cancel,
    registration_create_for,
)
from receptions.services.sessions import session_cancel, session_postpone
from receptions.services.tellings import visitor_told
from tests.people import Story, access_make
from tests.receptions.cast import (
    DAY,
    NOW,
    VISITOR,
    digits_sent,
    register,
    secretary,
    session_public,
    slotted,
    sums_hold,
    taken,
    visitor,
)
from tests.receptions.cast_day import MORNING, call_next, day_with, move, refuse, row_of

pytestmark = pytest.mark.django_db
NEXT = dt.date(2026, 12, 17)
EMAIL = "ten@example.com"


def with_mail(session: ReceptionSession, number: int, **changes: Any) -> Registered:
    """Somebody who confirmed an address."""
    made = register(session, visitor=replace(visitor(number), email=EMAIL), **changes)
    registration_confirm(code=made.code, secret=made.secret, digits=digits_sent(made.code), at=NOW)
    return made


def mails(template: str = "registration_news") -> int:
    return OutboxMessage.objects.filter(template=template).count()


def to_call(session: ReceptionSession) -> list[tuple[int, str]]:
    rows = VisitorTelling.objects.filter(registration__session=session, told_at=None)
    return list(rows.order_by("pk").values_list("registration__queue_number", "reason"))


def postpone(session: ReceptionSession) -> ReceptionSession:
    session.refresh_from_db()
    return session_postpone(
        access=secretary(), public_id=session.public_id, version=session.version,
        starts_at=local_moment(NEXT, 8), ends_at=local_moment(NEXT, 11, 30), reason="Họp", at=NOW,
    )  # fmt: skip


def change(session: ReceptionSession, **changes: Any) -> ReceptionSession:
    session.refresh_from_db()
    names = SessionChange.__dataclass_fields__
    values = {name: getattr(session, name) for name in names} | changes
    return session_change(
        access=secretary(), public_id=session.public_id, version=session.version,
        change=SessionChange(**values), reason="Đổi phòng", at=NOW,
    )  # fmt: skip


def call_off(session: ReceptionSession) -> ReceptionSession:
    session.refresh_from_db()
    return session_cancel(
        access=secretary(), public_id=session.public_id, version=session.version,
        reason="Bận", at=NOW,
    )  # fmt: skip


def miss(session: ReceptionSession) -> ReceptionSession:
    session.refresh_from_db()
    return session_miss(
        access=secretary(), public_id=session.public_id, version=session.version,
        reason="Đi chống bão", at=local_moment(DAY, 11),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (postpone, "moved"),
        (lambda session: change(session, place="Phòng 2"), "changed"),
        (call_off, "cancelled"),
        (miss, "missed"),
    ],
)
def test_who_confirmed_an_address_is_written_to_and_the_others_are_called(
    step: Callable[[ReceptionSession], ReceptionSession], reason: str
) -> None:
    session = session_public()
    with_mail(session, 1)
    register(session, 2)
    register(session, visitor=replace(visitor(3), email=EMAIL))  # never typed the code
    step(session)
    assert mails() == 1
    assert to_call(session) == [(2, reason), (3, reason)]


def test_a_letter_takes_the_place_of_an_earlier_call() -> None:
    session = session_public()
    made = register(session, visitor=replace(visitor(1), email=EMAIL))
    change(session, place="Phòng 2")
    assert to_call(session) == [(1, "changed")]
    registration_confirm(code=made.code, secret=made.secret, digits=digits_sent(made.code), at=NOW)
    change(session, place="Phòng 3")
    assert to_call(session) == []
    assert mails() == 1


def test_more_or_fewer_places_are_told_to_who_moves_up_only() -> None:
    session = session_public(capacity=1)
    register(session, 1)
    for number in (2, 3, 4):
        register(session, number, waiting_list=True)
    Registration.objects.filter(queue_number=4).update(priority=["mass"])
    change(session, capacity=2)
    assert to_call(session) == [(4, "place_free")]
    assert taken(session) == 2
    assert sums_hold()


def test_a_place_on_its_way_back_is_given_when_its_time_is_over() -> None:
    session = session_public(capacity=2)
    made = register(session, 1)
    register(session, 2)
    registration_cancel(code=made.code, secret=made.secret, at=NOW)
    assert taken(session) == 2
    session.refresh_from_db()
    names = SessionChange.__dataclass_fields__
    values = {name: getattr(session, name) for name in names} | {"capacity": 1}
    session_change(
        access=secretary(), public_id=session.public_id, version=session.version,
        change=SessionChange(**values), reason="Phòng nhỏ", at=NOW + dt.timedelta(minutes=40),
    )  # fmt: skip
    assert taken(session) == 1
    assert sums_hold()


def test_those_moved_get_places_by_priority_and_one_letter_or_call() -> None:
    session, to = session_public(), session_public(day=NEXT, capacity=2)
    with_mail(session, 1)
    for number in (2, 3):
        register(session, number)
    Registration.objects.filter(queue_number=3).update(priority=["prolonged"])
    register(to, 9)
    call_off(session)
    before = mails()
    session.refresh_from_db()
    rows = visitors_move(
        access=access_make("clerk"), public_id=session.public_id, version=session.version,
        to=to.public_id, at=NOW,
    )  # fmt: skip
    assert [(row.queue_number, row.status) for row in rows] == [
        (2, "registered"), (3, "waiting"), (4, "waiting"),
    ]  # fmt: skip
    assert rows[0].priority == ["prolonged"]
    assert (mails() - before, mails("registration_place")) == (1, 0)
    assert sorted(to_call(to)) == [(2, "other_session"), (4, "other_session")]
    assert (calls_count(session), calls_count(to)) == (0, 2)
    assert sums_hold()


def test_being_told_of_a_place_by_telephone_is_kept_with_the_registration() -> None:
    session = session_public(capacity=1)
    first = register(session, 1)
    second = register(session, 2, waiting_list=True)
    registration_cancel(code=first.code, secret=first.secret, at=NOW)
    assert to_call(session) == [(2, "place_free")]
    visitor_told(
        access=access_make("clerk"), session_id=session.public_id, code=second.code,
        since=VisitorTelling.objects.get(registration__code=second.code).since, at=NOW,
    )  # fmt: skip
    assert Registration.objects.get(code=second.code).told_at == NOW
    assert to_call(session) == []


def orders(session: ReceptionSession) -> list[list[int]]:
    """The order on every list: queue of officers, desk of the day, screen, brief, calls."""
    session.refresh_from_db()
    clerk = access_make("clerk")
    day = queue_of_day(clerk, session)
    return [
        [entry.registration.queue_number for entry in queue_of(clerk, session)],
        [seen.registration.queue_number for seen in day.waiting],
        screen_of(session).next,
        [sheet.registration.queue_number for sheet in brief_sheets(clerk, session)],
        [day.next_number or 0],
    ]


def test_one_order_on_every_list(story: Callable[..., Story]) -> None:
    """First by priority, whatever the linked case is."""
    session = slotted(capacity=5)
    for number in range(1, 6):
        register(session, number)
    tale = story(kind="denunciation")
    rows = {row.queue_number: row for row in session.registrations.all()}
    Registration.objects.filter(pk=rows[5].pk).update(priority=["complex"])
    Registration.objects.filter(pk=rows[4].pk).update(priority=["complex"], case=tale.case)
    found = orders(session)
    assert {tuple(order) for order in found[:4]} == {(4, 5, 1, 2, 3)}
    assert found[4] == [4]
    assert call_next(session).queue_number == 4


def test_slots_come_before_numbers() -> None:
    session = slotted(capacity=3)
    later, first = session.starts_at + dt.timedelta(minutes=60), session.starts_at
    register(session, 1, options=Options(slot_at=later))
    register(session, 2, options=Options(slot_at=first))
    assert {tuple(order) for order in orders(session)[:4]} == {(2, 1)}


def test_marks_show_what_the_order_follows_whatever_the_case_is(
    story: Callable[..., Story],
) -> None:
    session = session_public()
    register(session, 1, people=6)
    Registration.objects.update(priority=["complex", "mass"])
    clerk, shown = access_make("clerk"), []
    for case in (None, story(kind="denunciation").case):
        Registration.objects.update(case=case)
        row = session.registrations.select_related("case").get()
        assert priority_of(row) == ["complex", "mass"]
        shown.append(queue_of(clerk, session)[0].marks)
    assert shown[0] == shown[1]
    assert [text for text in shown[0] if text.startswith(("ưu tiên", "priority"))]


def test_the_sql_rule_and_the_words_agree(story: Callable[..., Story]) -> None:
    """Every mix of priority, people and case: the order says first where the words give a why."""
    tale, session = story(kind="denunciation"), session_public(capacity=20)
    number = 0
    for priority in ([], ["mass"], ["complex"], ["complex", "mass"]):
        for people in (1, 5):
            for case in (None, tale.case):
                number += 1
                register(session, number)
                Registration.objects.filter(session=session, queue_number=number).update(
                    priority=priority, people=people, case=case
                )
    rows = list(session.registrations.select_related("case").order_by(*queue_order()))
    firsts = [bool(priority_of(row)) for row in rows]
    assert firsts == sorted(firsts, reverse=True)
    assert 0 < sum(firsts) < len(firsts)


def test_who_has_not_confirmed_stands_apart_and_is_never_called() -> None:
    session = day_with(1, capacity=3)
    register(session, visitor=replace(visitor(2), email=EMAIL), at=MORNING - dt.timedelta(days=1))
    Registration.objects.filter(queue_number=2).update(confirm_by=MORNING)
    queue = queue_of_day(access_make("clerk"), session)
    shown = [*queue.called, *queue.waiting, *queue.parked, *queue.done]
    assert [seen.registration.queue_number for seen in shown] == [1]
    assert [seen.registration.queue_number for seen in queue.unconfirmed] == [2]
    assert screen_of(session).next == [1]
    assert call_next(session).queue_number == 1
    with pytest.raises(Exception, match="nobody_waits"):
        call_next(session)
    with pytest.raises(Exception, match="wrong_state"):
        move(session, 2, Move.CALL)


def test_at_the_counter_an_address_keeps_nobody_waiting_for_a_code() -> None:
    session = session_public()
    made = registration_create_for(
        access=access_make("clerk"), session_id=session.public_id, topic="Đến trực tiếp",
        visitor=replace(visitor(1), email=EMAIL), options=Options(walk_in=True), at=MORNING,
    )  # fmt: skip
    assert made.status == RegistrationStatus.REGISTERED
    assert call_next(session).code == made.code


def client_of(person: Callable[[str], User], name: str = "clerk") -> Client:
    client = Client()
    client.force_login(person(name))
    return client


def test_a_walk_in_from_the_desk_comes_back_to_it(
    person: Callable[[str], User], time_machine: Any
) -> None:
    time_machine.move_to(MORNING, tick=False)
    session = day_with(1, capacity=3)
    register(session, visitor=replace(visitor(2), email=EMAIL), at=MORNING - dt.timedelta(days=1))
    Registration.objects.filter(queue_number=2).update(confirm_by=MORNING)
    client, desk = client_of(person), f"/can-bo/tiep-dan/{session.public_id}/hom-nay/"
    here = f"/can-bo/tiep-dan/{session.public_id}/dang-ky/?walk_in=1"
    page = client.get(desk).content.decode()
    assert here in page
    assert "Chưa xác nhận" in page
    form = client.get(here).content.decode()
    assert desk in form
    field = form[form.index('name="walk_in"') - 80 : form.index('name="walk_in"') + 120]
    assert "checked" in field
    typed = {
        "key": "k" * 32, "full_name": VISITOR.full_name, "phone": VISITOR.phone, "people": "1",
        "identity_number": VISITOR.identity_number, "topic": "Đến trực tiếp", "walk_in": "on",
        "attend": "place",
    }  # fmt: skip
    slip = client.post(here, typed)
    assert slip.status_code == 201
    assert desk in slip.content.decode()
    assert Registration.objects.get(queue_number=3).source == "walk_in"


def looked_up(made: Registered) -> str:
    sent = {"code": made.code, "secret": made.secret}
    return Client().post("/lich-tiep-dan/dang-ky/", sent).content.decode()


def test_who_was_refused_reads_the_ground_the_article_and_the_limit() -> None:
    session = session_public()
    made = register(session, 1)
    assert "Lý do không tiếp" not in looked_up(made)
    refuse(session, 1, "settled")
    page = looked_up(made)
    assert "Lý do không tiếp" in page
    assert "hoản 3 Điều 9 Luật Tiếp công dân số 42/2013/QH13" in page
    assert "đã có quyết định giải quyết lần hai" in page
    assert "15/12/2026" in page  # 3 working days after Thursday 10 December


def test_of_a_ground_not_held_against_the_decree_the_article_alone_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = session_public()
    made = register(session, 1)
    refuse(session, 1, "decree_k")
    words = "đang được cơ quan, tổ chức, đơn vị có thẩm quyền khác thụ lý"
    page = looked_up(made)
    assert "iểm k khoản 1 Điều 4 Nghị định số 154/2026/NĐ-CP" in page
    assert words in page
    assert "01/TCD" not in page
    unknown = {code: row._replace(is_verified=False) for code, row in grounds().items()}
    monkeypatch.setattr("receptions.progress.grounds", lambda: unknown)
    page = looked_up(made)
    assert "iểm k khoản 1 Điều 4 Nghị định số 154/2026/NĐ-CP" in page
    assert words not in page


def test_a_denouncers_page_repeats_no_explanation(story: Callable[..., Story]) -> None:
    session = session_public()
    made = register(session, 1)
    Registration.objects.update(case=story(kind="denunciation").case)
    refuse(session, 1, "settled")
    page = looked_up(made)
    assert "hoản 3 Điều 9" in page
    assert "giải quyết lần hai" not in page


def test_the_way_into_an_online_reception_stands_once_and_in_its_time(time_machine: Any) -> None:
    session = session_public()
    ReceptionSession.objects.filter(pk=session.pk).update(
        mode="both", meeting_link="https://hop.example.vn/1"
    )
    made = register(session, 1, options=Options(is_online=True))
    time_machine.move_to(NOW, tick=False)
    assert "hop.example.vn" not in looked_up(made)
    time_machine.move_to(MORNING, tick=False)
    assert looked_up(made).count("https://hop.example.vn/1") == 1
    assert row_of(session, 1).is_online
