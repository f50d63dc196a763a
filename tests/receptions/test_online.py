"""Online receptions: the checklist, its dates, reminders, and who is let in."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from common.errors import Conflict, DomainError, InvalidInput
from common.time import HANOI, local_moment
from notifications.models import OutboxMessage
from receptions.models import ReceptionSession, Registration, SessionEvent
from receptions.online import comes_online, meeting_link_for, online_lines
from receptions.selectors_day import online_checks_of
from receptions.services.online import online_remind, online_step_note
from tests.people import Story, access_make
from tests.receptions.cast import DAY, NOW, register, session_public

pytestmark = pytest.mark.django_db
LINK = "https://hop.example/phong-1"
DURING = local_moment(DAY, 9)


def online_session(mode: str = "both") -> ReceptionSession:
    session = session_public()
    ReceptionSession.objects.update(mode=mode, meeting_link=LINK)
    session.refresh_from_db()
    return session


def note(session: ReceptionSession, step: str, at: dt.datetime = DURING, **values: Any) -> Any:
    return online_step_note(
        access=access_make("clerk"), session_id=session.public_id, step=step, at=at, **values
    )


def test_each_step_has_its_date_and_its_article() -> None:
    lines = online_lines(online_session(), [])
    told = [(line.step.value, line.due_words) for line in lines]
    assert told == [
        ("notice", "03/12/2026"),
        ("test", "09/12/2026"),
        ("connected", "07:00, 10/12/2026"),
        ("recording", "11:30, 10/12/2026"),
    ]
    assert all("Nghị định 154/2026" in line.basis for line in lines)


def test_a_step_is_noted_once_with_who_and_whether_in_time() -> None:
    session = online_session()
    note(session, "notice", NOW, note="Đã gửi giấy mời")
    note(session, "test", DURING)
    with pytest.raises(Conflict) as caught:
        note(session, "notice", DURING)
    assert caught.value.code == "online_check_once"
    lines = {x.step.value: x for x in online_lines(session, online_checks_of(session))}
    assert not lines["notice"].is_late(DURING)
    assert lines["test"].is_late(DURING)
    check = lines["notice"].check
    assert check is not None
    assert (check.done_by.username, check.note) == ("clerk", "Đã gửi giấy mời")
    events = SessionEvent.objects.filter(action="receptions.online.done").order_by("pk")
    assert [event.data for event in events] == [
        {"step": "notice", "late": False},
        {"step": "test", "late": True},
    ]


def test_nothing_is_connected_before_the_day_nor_without_an_online_session() -> None:
    session = online_session()
    for step in ("connected", "recording"):
        with pytest.raises(DomainError) as caught:
            note(session, step, NOW)
        assert caught.value.code == "too_early"
    with pytest.raises(InvalidInput):
        note(session, "coffee")
    ReceptionSession.objects.update(mode="place")
    with pytest.raises(DomainError):
        note(session, "test")


def reminded() -> list[str]:
    rows = OutboxMessage.objects.filter(template="online_step_due", channel="app").order_by("pk")
    return [str(row.params["step"]) for row in rows]


def test_the_desk_is_reminded_of_each_step_once() -> None:
    session = online_session()
    assert online_remind(at=NOW) == 0
    moments = [
        local_moment(dt.date(2026, 12, 2), 9),
        local_moment(dt.date(2026, 12, 2), 10),
        local_moment(dt.date(2026, 12, 8), 9),
        local_moment(DAY, 6),
        local_moment(DAY, 8, 5),
    ]
    told = []
    for moment in moments:
        online_remind(at=moment)
        told.append(len(reminded()))
    assert told == [1, 1, 2, 3, 4]
    assert reminded() == ["notice", "test", "connected", "recording"]
    message = OutboxMessage.objects.filter(template="online_step_due").first()
    assert message is not None
    assert (message.position, message.params["href"]) == (
        "clerk", f"/can-bo/tiep-dan/{session.public_id}/",
    )  # fmt: skip


def test_what_is_done_past_or_called_off_is_not_told() -> None:
    session = online_session()
    note(session, "notice", NOW)
    online_remind(at=local_moment(dt.date(2026, 12, 2), 9))
    online_remind(at=local_moment(DAY, 12))
    ReceptionSession.objects.update(status="cancelled", cancel_reason="Bận")
    online_remind(at=local_moment(dt.date(2026, 12, 9), 9))
    assert reminded() == []


def test_a_moved_session_is_told_again() -> None:
    session = online_session()
    online_remind(at=local_moment(dt.date(2026, 12, 2), 9))
    week = dt.timedelta(days=7)
    ReceptionSession.objects.update(
        starts_at=session.starts_at + week, ends_at=session.ends_at + week
    )
    online_remind(at=local_moment(dt.date(2026, 12, 9), 9))
    assert reminded() == ["notice", "notice"]


def visitor(session: ReceptionSession, number: int = 1, **values: Any) -> Registration:
    register(session, number)
    session.registrations.filter(queue_number=number).update(**({"is_online": True} | values))
    rows = Registration.objects.select_related("case", "session")
    return rows.get(session=session, queue_number=number)


@pytest.mark.parametrize(
    ("hour", "minute", "shown"), [(6, 59, False), (7, 0, True), (11, 29, True), (11, 30, False)]
)
def test_the_link_is_shown_from_one_hour_before_to_the_end(
    hour: int, minute: int, shown: bool
) -> None:
    row = visitor(online_session())
    assert bool(meeting_link_for(row, local_moment(DAY, hour, minute))) is shown


@pytest.mark.parametrize(
    "values", [{"is_online": False}, {"status": "refused"}, {"status": "absent"}]
)
def test_who_comes_to_the_place_or_is_out_gets_no_link(values: dict[str, Any]) -> None:
    assert meeting_link_for(visitor(online_session(), **values), DURING) == ""


def test_no_link_without_an_online_session() -> None:
    session = online_session("place")
    assert meeting_link_for(visitor(session), DURING) == ""


def test_a_denouncer_comes_to_the_place(story: Callable[..., Story]) -> None:
    session = online_session()
    row = visitor(session, case=story(kind="denunciation").case)
    assert not comes_online(row)
    assert meeting_link_for(row, DURING) == ""
    assert comes_online(visitor(session, 2, case=story().case))


def test_the_tracking_page_shows_the_way_in_its_time(client: Client, time_machine: Any) -> None:
    session = online_session()
    made = register(session, 1)
    Registration.objects.update(is_online=True)
    typed = {"code": made.code, "secret": made.secret}
    for hour, shown in ((6, False), (8, True)):
        time_machine.move_to(local_moment(DAY, hour).astimezone(HANOI), tick=False)
        page = client.post("/lich-tiep-dan/dang-ky/", typed).content.decode()
        assert (LINK in page) is shown
    Registration.objects.update(is_online=False)
    assert LINK not in client.post("/lich-tiep-dan/dang-ky/", typed).content.decode()
