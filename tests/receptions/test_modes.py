"""The way of receiving changes: checklist, visitors, what was said publicly; contacts by invitation."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from common.errors import Conflict, InvalidInput
from common.time import local_moment
from receptions.models import ReceptionSession, Registration, SessionEvent
from receptions.online import meeting_link_for
from receptions.selectors_plan import sessions_open
from receptions.services.holds import hold_place
from receptions.services.misses import visitors_move
from receptions.services.registrations import Options, registration_create_for
from tests.people import Story, access_make, person_make
from tests.receptions.cast import (
    DAY,
    NOW,
    register,
    session_public,
    taken,
    visitor,
    with_mode,
)
from tests.receptions.test_changes import change, move
from tests.receptions.test_online import note, online_session
from tests.receptions.test_staff_pages import PLAN
from tests.receptions.test_told import call_off, miss

pytestmark = pytest.mark.django_db
NEXT = dt.date(2026, 12, 17)
LINK = "https://hop.example.vn/phong-1"
ONLINE = {"mode": "online", "meeting_link": LINK}
BOTH = {"mode": "both", "meeting_link": LINK}


def steps(session: ReceptionSession) -> list[str]:
    return sorted(session.online_checks.values_list("step", flat=True))


def last_data(session: ReceptionSession) -> dict[str, Any]:
    event = SessionEvent.objects.filter(session=session, action__startswith="receptions.session.")
    data: dict[str, Any] = event.order_by("-sequence")[0].data
    return data


# The checklist


def test_another_day_asks_for_notice_and_test_again() -> None:
    session = online_session()
    note(session, "notice", NOW)
    note(session, "test", NOW)
    move(session, DAY, 9)
    assert steps(session) == ["notice", "test"]
    move(session, NEXT)
    assert steps(session) == []
    assert last_data(session)["online_again"] == ["notice", "test"]
    note(session, "notice", NOW)
    assert SessionEvent.objects.filter(action="receptions.online.done").count() == 3


def test_another_link_is_tested_again() -> None:
    session = online_session()
    note(session, "notice", NOW)
    note(session, "test", NOW)
    change(session, meeting_link=LINK)
    assert steps(session) == ["notice"]
    assert last_data(session) == {"fields": ["meeting_link"], "online_again": ["test"]}


# Those registered


def test_a_session_with_visitors_widens_but_is_never_online_alone() -> None:
    session = session_public()
    register(session)
    with pytest.raises(InvalidInput) as caught:
        change(session, **ONLINE)
    assert "1 lượt đăng ký" in str(caught.value.fields["mode"])
    assert change(session, **BOTH).mode == "both"
    assert not Registration.objects.get().is_online
    # The same for everybody: also where all of them come online.
    Registration.objects.update(is_online=True)
    with pytest.raises(InvalidInput):
        change(session, **ONLINE)
    Registration.objects.update(status="cancelled", has_place=False)
    ReceptionSession.objects.update(places_taken=0)
    assert change(session, **ONLINE).mode == "online"


def test_a_denouncer_is_never_left_with_online_alone(story: Callable[..., Story]) -> None:
    session = session_public()
    register(session)
    Registration.objects.update(case=story(kind="denunciation").case)
    change(session, **BOTH)
    with pytest.raises(InvalidInput):
        change(session, **ONLINE)
    row = Registration.objects.select_related("case", "session").get()
    assert (row.is_online, meeting_link_for(row, local_moment(DAY, 9))) == (False, "")


def test_where_nobody_takes_part_online_any_more_all_come_to_the_place() -> None:
    session = with_mode("both")
    register(session, options=Options(is_online=True))
    register(session, 2)
    Registration.objects.update(invited_for=DAY)
    change(session, mode="place", meeting_link="")
    rows = list(session.registrations.order_by("queue_number"))
    assert [(row.is_online, row.invited_for) for row in rows] == [(False, None), (False, DAY)]
    assert last_data(session)["to_the_place"] == 1


@pytest.mark.parametrize(("mode", "online"), [("place", [False, False]), ("both", [True, False])])
def test_those_moved_on_come_as_the_other_session_allows(mode: str, online: list[bool]) -> None:
    session = with_mode("both")
    register(session, options=Options(is_online=True))
    register(session, 2)
    to = session_public(day=NEXT)
    ReceptionSession.objects.filter(pk=to.pk).update(mode=mode)
    call_off(session)
    rows = carry(session, to)
    assert [row.is_online for row in rows] == online


def carry(session: ReceptionSession, to: ReceptionSession) -> list[Registration]:
    session.refresh_from_db()
    return visitors_move(
        access=access_make("clerk"), public_id=session.public_id, version=session.version,
        to=to.public_id, at=NOW,
    )  # fmt: skip


def test_nobody_who_counts_on_a_place_is_moved_to_an_online_session() -> None:
    session, to = session_public(), session_public(day=NEXT)
    register(session)
    ReceptionSession.objects.filter(pk=to.pk).update(mode="online")
    call_off(session)
    with pytest.raises(InvalidInput) as caught:
        carry(session, to)
    assert "to" in caught.value.fields
    assert sessions_open(session) == []
    ReceptionSession.objects.filter(pk=session.pk).update(mode="online")
    assert [row.is_online for row in carry(session, to)] == [True]


def test_a_late_reason_goes_with_a_new_date_in_time() -> None:
    session = session_public()
    late = move(session, dt.date(2026, 12, 2), late_reason="Mưa lũ")
    assert (late.late_reason, late.announced_late) == ("Mưa lũ", True)
    again = move(session, NEXT)
    assert (again.late_reason, again.announced_late) == ("", False)


# Whoever stands in the other session already


def test_whoever_stands_in_the_other_session_is_not_moved_a_second_time(client: Client) -> None:
    session, to = session_public(), session_public(day=NEXT, capacity=2)
    first = register(session, 1)
    register(session, 2)
    register(to, 1)
    call_off(session)
    rows = carry(session, to)
    assert [row.queue_number for row in rows] == [2]
    assert to.registrations.count() == 2
    ended = Registration.objects.get(code=first.code)
    assert (ended.session, ended.status, ended.has_place) == (session, "cancelled", False)
    assert (taken(session), taken(to)) == (0, 2)
    assert last_data(session) == {
        "to": str(to.public_id), "numbers": [2], "there_already": [1],
    }  # fmt: skip
    told = to.registrations.filter(tellings__reason="other_session")
    assert sorted(told.values_list("queue_number", flat=True)) == [1, 2]


def test_the_visitor_reads_why(client: Client, time_machine: Any) -> None:
    session, to = session_public(), session_public(day=NEXT)
    made = register(session)
    register(to)
    call_off(session)
    carry(session, to)
    time_machine.move_to(NOW, tick=False)
    typed = {"code": made.code, "secret": made.secret}
    page = client.post("/lich-tiep-dan/dang-ky/", typed).content.decode()
    assert "08:00 ngày 17/12/2026" in page
    assert "không chuyển sang lần thứ hai" in page


def test_the_officer_reads_who_was_not_moved(client: Client, time_machine: Any) -> None:
    session, to = session_public(), session_public(day=NEXT)
    register(session)
    register(to)
    miss(session)
    time_machine.move_to(local_moment(DAY, 12), tick=False)
    client.force_login(person_make("clerk"))
    session.refresh_from_db()
    form = {"version": session.version, "to": str(to.public_id)}
    path = f"/can-bo/tiep-dan/{session.public_id}/"
    page = client.post(f"{path}chuyen-nguoi/", form, follow=True).content.decode()
    assert "1 người đã có lượt đăng ký ở buổi tiếp đó" in page


def test_whoever_has_not_confirmed_there_is_moved() -> None:
    session, to = session_public(), session_public(day=NEXT)
    register(session)
    register(to)
    to.registrations.update(status="unconfirmed", confirm_by=NOW + dt.timedelta(minutes=5))
    call_off(session)
    assert len(carry(session, to)) == 1


# Contact and dialogue with the Front and organisations


def contact(**changes: Any) -> ReceptionSession:
    return session_public(kind="contact", **changes)


def test_a_contact_says_who_is_invited() -> None:
    for wrong in ([], [" "], ["x" * 201], ["Hội"] + [f"Hội {n}" for n in range(41)]):
        with pytest.raises(InvalidInput) as caught:
            contact(invited=wrong)
        assert list(caught.value.fields) == ["invited"]
    session = contact(invited=[" Hội Nông dân ", "Hội Nông dân", "Đoàn Thanh niên"])
    assert session.invited == ["Hội Nông dân", "Đoàn Thanh niên"]
    assert session_public(day=NEXT, invited=["Hội Nông dân"]).invited == []


def test_nobody_registers_for_a_contact_officers_enter_who_comes(client: Client) -> None:
    session = contact()
    with pytest.raises(Conflict) as caught:
        register(session)
    assert caught.value.code == "closed"
    with pytest.raises(Conflict):
        hold_place(session_id=session.public_id, key="k", at=NOW)
    assert session.free_places(NOW) == 0
    made = registration_create_for(
        access=access_make("clerk"), session_id=session.public_id, visitor=visitor(1),
        topic="", at=NOW,
    )  # fmt: skip
    assert made.queue_number == 1


def test_a_dialogue_with_citizens_is_open_to_everybody() -> None:
    session = session_public(kind="dialogue")
    assert register(session).queue_number == 1
    assert session_public(kind="dialogue", day=NEXT).free_places(NOW) == 3


def test_the_public_reads_who_is_invited_and_that_nobody_registers(
    client: Client, time_machine: Any
) -> None:
    time_machine.move_to(NOW, tick=False)
    session = contact(invited=["Hội Nông dân phường"])
    path = f"/lich-tiep-dan/{session.public_id}/"
    page = client.get(path).content.decode()
    assert "Hội Nông dân phường" in page
    assert "Theo giấy mời" in page
    assert "2200-QĐ/TU" in page
    assert "/dang-ky/" not in page.split("<main")[1].split("</main")[0]
    assert client.get(f"{path}dang-ky/")["Location"] == path
    feed = client.get(f"{path.rstrip('/')}.ics").content.decode().replace("\r\n ", "")
    assert "Thành phần mời: Hội Nông dân phường" in feed
    rows = client.get("/lich-tiep-dan/du-lieu.json?from=2026-12-01").json()["results"]
    assert rows[0]["invited"] == ["Hội Nông dân phường"]
    body = client.get("/lich-tiep-dan/du-lieu.csv?from=2026-12-01").content.decode()
    assert "Hội Nông dân phường" in body


def test_who_is_invited_changes_with_a_reason() -> None:
    session = contact()
    done = change(session, invited=["Hội Phụ nữ"])
    assert done.invited == ["Hội Phụ nữ"]
    with pytest.raises(InvalidInput):
        change(session, invited=[])


def test_visitors_of_a_reception_are_not_moved_to_a_contact() -> None:
    session, to = session_public(), contact(day=NEXT)
    register(session)
    call_off(session)
    with pytest.raises(InvalidInput):
        carry(session, to)
    assert sessions_open(session) == []


def test_the_form_asks_who_is_invited(client: Client, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    client.force_login(person_make("secretary"))
    path = "/can-bo/tiep-dan/moi/"
    form = PLAN | {"kind": "contact"}
    page = client.post(path, form).content.decode()
    assert "Ghi thành phần mời" in page
    client.post(path, form | {"invited": "Hội Nông dân\nĐoàn Thanh niên"})
    session = ReceptionSession.objects.get()
    assert session.invited == ["Hội Nông dân", "Đoàn Thanh niên"]
    ReceptionSession.objects.update(status="published", published_at=NOW)
    page = client.get(f"/can-bo/tiep-dan/{session.public_id}/sua/").content.decode()
    assert "Hội Nông dân\nĐoàn Thanh niên</textarea>" in page
