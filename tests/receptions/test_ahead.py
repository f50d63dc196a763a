"""What visitors and desks are told ahead: reminders, online receptions, days that became days off."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.models import Absence
from common.time import local_moment
from communes.models import Unit
from deadlines.calendars import calendar_cache_clear
from deadlines.models import CalendarDay
from notifications.models import OutboxMessage
from notifications.rendering import words_of
from receptions.models import ReceptionSession, Registration, SessionEvent
from receptions.selectors_plan import trouble_of, troubles_of
from receptions.selectors_quota import quota_month
from receptions.services.days_off import days_off_tell
from receptions.services.online_telling import online_tell_due
from receptions.services.reminding import visitors_remind
from receptions.services.sessions import session_cancel, session_publish
from receptions.tasks import tell_ahead
from tests.people import WARD, Story, access_make, person_make
from tests.receptions.cast import (
    DAY,
    NOW,
    register,
    secretary,
    session_draft,
    session_public,
)
from tests.receptions.test_online import LINK, note, online_session
from tests.receptions.test_told import postpone, to_call, with_mail

pytestmark = pytest.mark.django_db
EVE = local_moment(dt.date(2026, 12, 9), 8)
NOTICE = local_moment(dt.date(2026, 12, 3), 8)


def mails(template: str) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(template=template, channel="email").order_by("pk"))


# Reminders


def test_whoever_confirmed_an_address_is_reminded_once_the_working_day_before() -> None:
    session = session_public()
    with_mail(session, 1)
    register(session, 2)
    assert visitors_remind(at=EVE - dt.timedelta(minutes=1)) == 0
    assert visitors_remind(at=EVE) == 1
    assert visitors_remind(at=EVE + dt.timedelta(hours=3)) == 0
    assert to_call(session) == []
    [mail] = mails("reception_reminder")
    assert mail.params == {
        "unit": "Phường Ba Đình", "session_on": "2026-12-10", "time": "08:00",
        "place": "Trụ sở Ủy ban nhân dân phường",
    }  # fmt: skip
    assert SessionEvent.objects.filter(action="receptions.visitor.reminded").count() == 1


def test_the_reminder_says_where_when_what_and_how_to_cancel_and_no_matter() -> None:
    session = session_public()
    made = with_mail(session, 1)
    visitors_remind(at=EVE)
    [mail] = mails("reception_reminder")
    words = words_of(mail.template, mail.params)
    for part in ("08:00", "10/12/2026", "Trụ sở", "thẻ căn cước", "hủy", "/lich-tiep-dan/dang-ky/"):
        assert part in words.text
    for secret in (made.code, "cấp giấy chứng nhận", "Người dân số 1", "08800001"):
        assert secret not in words.subject + words.text
    assert "tiếp" not in words.subject.lower()


def test_over_a_week_end_it_is_friday_and_a_late_run_makes_it_up() -> None:
    monday = dt.date(2026, 12, 14)
    session = session_public(day=monday)
    with_mail(session, 1)
    assert visitors_remind(at=local_moment(dt.date(2026, 12, 10), 9)) == 0
    assert visitors_remind(at=local_moment(dt.date(2026, 12, 12), 10)) == 1
    other = session_public(day=dt.date(2026, 12, 21))
    with_mail(other, 2)
    assert visitors_remind(at=local_moment(dt.date(2026, 12, 18), 8)) == 1


def test_what_was_called_off_or_moved_away_is_not_reminded_the_new_day_is() -> None:
    gone, moved = session_public(), session_public(day=dt.date(2026, 12, 11))
    with_mail(gone, 1)
    with_mail(moved, 2)
    session_cancel(
        access=secretary(), public_id=gone.public_id, version=gone.version, reason="Bận", at=NOW
    )
    assert visitors_remind(at=EVE) == 0
    postpone(moved)  # to 17 December
    assert visitors_remind(at=local_moment(dt.date(2026, 12, 10), 8)) == 0
    assert visitors_remind(at=local_moment(dt.date(2026, 12, 16), 8)) == 1


def test_who_was_reminded_is_reminded_again_of_a_new_day() -> None:
    session = session_public()
    with_mail(session, 1)
    visitors_remind(at=EVE)
    Registration.objects.update(registered_at=NOW)
    postpone(session)
    assert visitors_remind(at=local_moment(dt.date(2026, 12, 16), 8)) == 1


def test_who_waits_has_not_confirmed_or_registered_since_is_not() -> None:
    session = session_public(capacity=1)
    with_mail(session, 1)
    register(session, 2, waiting_list=True)
    Registration.objects.update(registered_at=EVE)
    assert visitors_remind(at=EVE + dt.timedelta(hours=1)) == 0
    Registration.objects.update(registered_at=NOW, reminded_for=None, confirm_hmac=b"x" * 32)
    assert visitors_remind(at=EVE + dt.timedelta(hours=1)) == 0


def test_a_denouncers_reminder_names_neither_unit_nor_day(story: Callable[..., Story]) -> None:
    session = session_public()
    with_mail(session, 1)
    Registration.objects.update(case=story(kind="denunciation").case)
    assert visitors_remind(at=EVE) == 1
    [mail] = mails("reception_reminder")
    assert mail.params == {}
    words = words_of(mail.template, mail.params)
    assert "Ba Đình" not in words.text
    assert "10/12" not in words.text


def test_who_comes_online_is_reminded_of_the_page_not_of_the_place() -> None:
    session = online_session()
    with_mail(session, 1)
    Registration.objects.update(is_online=True)
    visitors_remind(at=EVE)
    [mail] = mails("reception_reminder")
    assert mail.params["place"] == ""
    assert "diễn ra trực tuyến" in words_of(mail.template, mail.params).text


# Online receptions


def online(**changes: Any) -> tuple[ReceptionSession, list[Any]]:
    session = online_session()
    made = [with_mail(session, 1), register(session, 2), register(session, 3)]
    session.registrations.exclude(queue_number=3).update(is_online=True)
    return session, made


def test_who_comes_online_is_told_five_working_days_before_once() -> None:
    session, _made = online()
    assert online_tell_due(at=NOTICE - dt.timedelta(minutes=1)) == 0
    assert online_tell_due(at=NOTICE) == 1
    assert online_tell_due(at=NOTICE + dt.timedelta(days=1)) == 0
    [mail] = mails("registration_online")
    text = words_of(mail.template, mail.params).text
    assert "10/12/2026" in text
    assert "kết nối hoàn tất chậm nhất ngày 09/12/2026" in text
    assert LINK not in text
    assert to_call(session) == [(2, "online")]
    told = OutboxMessage.objects.filter(template="online_calls", channel="app")
    assert [row.params["href"] for row in told] == [
        f"/can-bo/tiep-dan/{session.public_id}/goi-bao/"
    ]
    assert SessionEvent.objects.filter(action="receptions.online.told").count() == 1


def test_noting_the_notice_tells_them_earlier() -> None:
    session, _made = online()
    note(session, "notice", NOW + dt.timedelta(hours=1))
    assert len(mails("registration_online")) == 1
    assert to_call(session) == [(2, "online")]
    assert online_tell_due(at=NOTICE) == 0


def test_who_registers_later_is_told_at_once() -> None:
    session, _made = online()
    online_tell_due(at=NOTICE)
    later = NOTICE + dt.timedelta(days=1)
    Registration.objects.filter(queue_number=1).update(invited_for=None, registered_at=later)
    Registration.objects.filter(queue_number=3).update(is_online=True, registered_at=later)
    assert online_tell_due(at=later + dt.timedelta(minutes=10)) == 1
    assert len(mails("registration_online")) == 2
    # Without an address it stands on the page of the registration from the first moment.
    assert to_call(session) == [(2, "online")]
    assert online_tell_due(at=later + dt.timedelta(minutes=20)) == 0


def test_after_a_move_they_are_told_of_the_new_day() -> None:
    session, _made = online()
    online_tell_due(at=NOTICE)
    postpone(session)  # to 17 December
    assert online_tell_due(at=local_moment(dt.date(2026, 12, 9), 8)) == 0
    assert online_tell_due(at=local_moment(dt.date(2026, 12, 10), 8)) == 1
    assert len(mails("registration_online")) == 2
    assert to_call(session)[0] == (2, "online")


def test_a_denouncer_is_on_the_list_of_calls_like_anybody(story: Callable[..., Story]) -> None:
    session, _made = online()
    Registration.objects.filter(queue_number=2).update(case=story(kind="denunciation").case)
    online_tell_due(at=NOTICE)
    assert to_call(session) == [(2, "online")]


@pytest.mark.parametrize(
    ("registered_at", "words"),
    [
        (NOW, "chậm nhất ngày 03/12/2026, trước 05 ngày làm việc"),
        (local_moment(dt.date(2026, 12, 4), 9), "không bảo đảm được"),
    ],
)
def test_the_page_says_honestly_whether_the_notice_is_kept(
    client: Client, time_machine: Any, registered_at: dt.datetime, words: str
) -> None:
    session = online_session()
    made = register(session)
    Registration.objects.update(is_online=True, registered_at=registered_at)
    time_machine.move_to(registered_at, tick=False)
    typed = {"code": made.code, "secret": made.secret}
    page = client.post("/lich-tiep-dan/dang-ky/", typed).content.decode()
    assert words in page
    assert "kết nối hoàn tất chậm nhất ngày 09/12/2026" in page


def test_whoever_was_told_in_time_reads_no_excuse_later(client: Client, time_machine: Any) -> None:
    made = register(online_session())
    Registration.objects.update(is_online=True)
    for told_for, words in ((None, "không bảo đảm được"), (DAY, "chậm nhất ngày 03/12/2026")):
        Registration.objects.update(invited_for=told_for)
        time_machine.move_to(local_moment(dt.date(2026, 12, 7), 9), tick=False)
        typed = {"code": made.code, "secret": made.secret}
        assert words in client.post("/lich-tiep-dan/dang-ky/", typed).content.decode()


def test_of_a_day_announced_too_late_the_page_says_so_to_everybody(
    client: Client, time_machine: Any
) -> None:
    session = online_session()
    ReceptionSession.objects.update(announced_late=True)
    made = register(session)
    Registration.objects.update(is_online=True)
    time_machine.move_to(NOW, tick=False)
    typed = {"code": made.code, "secret": made.secret}
    page = client.post("/lich-tiep-dan/dang-ky/", typed).content.decode()
    assert "không bảo đảm được" in page


# Days off


@pytest.fixture
def day_off() -> Iterator[Callable[[dt.date], None]]:
    def make(day: dt.date) -> None:
        CalendarDay.objects.create(
            date=day, kind="swapped_off", name="Nghỉ hoán đổi", basis="x", status="verified"
        )
        calendar_cache_clear()

    yield make
    calendar_cache_clear()


def marks_late(unit: str = WARD) -> int:
    lines = quota_month(
        access_make("city_chair"), DAY.replace(day=1), unit=Unit.objects.get(code=unit)
    )
    return sum(line.marks.late for line in lines)


def test_a_day_that_becomes_a_day_off_is_shown_and_told_once(
    day_off: Callable[[dt.date], None], client: Client, time_machine: Any
) -> None:
    time_machine.move_to(NOW, tick=False)
    session, draft = session_public(), session_draft(day=dt.date(2026, 12, 15))
    assert days_off_tell(at=NOW) == 0
    day_off(DAY)
    unit = Unit.objects.get(code=WARD)
    [trouble] = troubles_of(secretary(), unit)
    assert (trouble.session, trouble.kind, trouble.on) == (
        session, "day_off", dt.date(2026, 12, 11),
    )  # fmt: skip
    assert trouble_of(draft) is None
    assert [days_off_tell(at=NOW), days_off_tell(at=NOW)] == [1, 1]
    told = OutboxMessage.objects.filter(template="session_day_off", channel="app")
    assert {(row.position, row.recipient_id) for row in told} == {
        ("clerk", None), ("", person_make("secretary").pk),
    }  # fmt: skip
    text = words_of("session_day_off", told[0].params).text
    assert "Nghỉ hoán đổi" in text
    assert "11/12/2026" in text
    client.force_login(person_make("secretary"))
    assert "trở thành ngày nghỉ" in client.get("/can-bo/tiep-dan/").content.decode()
    page = client.get(f"/can-bo/tiep-dan/{session.public_id}/").content.decode()
    assert 'value="2026-12-11"' in page


def test_a_day_off_that_was_meant_is_no_trouble(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    meant = session_draft(day=dt.date(2026, 12, 12), on_day_off=True)
    assert meant.on_day_off
    assert trouble_of(meant) is None
    assert days_off_tell(at=NOW) == 0
    # Saying it of a working day says nothing of what the day may become.
    assert not session_draft(day=dt.date(2026, 12, 15), on_day_off=True).on_day_off


def test_a_newer_calendar_makes_nothing_late_that_was_in_time(
    day_off: Callable[[dt.date], None],
) -> None:
    draft = session_draft()
    at = local_moment(dt.date(2026, 12, 3), 9)
    session = session_publish(
        access=secretary(), public_id=draft.public_id, version=draft.version, at=at
    )
    assert session.announced_late is False
    assert marks_late() == 0
    day_off(dt.date(2026, 12, 8))
    assert marks_late() == 0
    # Of what was announced before this was kept, the calendar of today is all there is.
    ReceptionSession.objects.update(announced_late=None)
    assert marks_late() == 1


def test_an_absence_of_the_leader_is_shown(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    session = session_public()
    person = person_make("secretary")
    away = Absence.objects.create(
        person=person, from_on=DAY, to_on=DAY, reason="leave", recorded_by=person, recorded_at=NOW
    )
    [trouble] = troubles_of(secretary(), Unit.objects.get(code=WARD))
    assert (trouble.session, trouble.kind) == (session, "away")
    away.ended_on = DAY
    away.save()
    assert trouble_of(session) is None


def test_the_job_does_all_three(time_machine: Any, day_off: Callable[[dt.date], None]) -> None:
    session, _made = online()
    day_off(DAY)
    time_machine.move_to(NOTICE, tick=False)
    assert tell_ahead() == 2
    assert session.registrations.exclude(invited_for=None).count() == 2
