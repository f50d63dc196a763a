"""Pages of those who plan, register and receive."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from common.time import local_moment
from communes.models import Unit
from receptions.models import ReceptionSession, Registration, VisitRecord
from receptions.services.visits import Visit, session_record
from tests.people import OTHER_WARD, Story, access_make
from tests.receptions.cast import (
    DAY,
    NOW,
    VISITOR,
    register,
    session_draft,
    session_public,
    visitor,
)

pytestmark = pytest.mark.django_db
DESK = "/can-bo/tiep-dan/"
PLAN = {
    "duty": "secretary:party_secretary",
    "delegate": "",
    "kind": "periodic",
    "day": "2026-12-10",
    "starts": "08:00",
    "ends": "11:30",
    "place": "Phòng tiếp công dân",
    "capacity": "5",
    "planned_content": "Tiếp công dân định kỳ.",
}


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def sign_in(client: Client, person: Callable[[str], User]) -> Callable[[str], Client]:
    def make(name: str) -> Client:
        client.force_login(person(name))
        return client

    return make


SignIn = Callable[[str], Client]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_secretary_plans_publishes_and_it_is_public(sign_in: SignIn) -> None:
    client = sign_in("secretary")
    assert "Lên lịch buổi tiếp" in text(client.get(DESK))
    answer = client.post(DESK + "moi/", PLAN)
    session = ReceptionSession.objects.get()
    assert answer["Location"] == f"{DESK}{session.public_id}/"
    page = text(client.get(answer["Location"]))
    assert "Hạn công bố: 03/12/2026" in page
    client.post(f"{DESK}{session.public_id}/cong-bo/", {"version": session.version})
    session.refresh_from_db()
    assert session.status == "published"
    assert str(session.public_id) in text(Client().get("/lich-tiep-dan/?month=2026-12"))


def test_a_late_publication_asks_for_the_reason_and_keeps_the_page(sign_in: SignIn) -> None:
    client = sign_in("secretary")
    client.post(DESK + "moi/", {**PLAN, "day": "2026-12-03"})
    session = ReceptionSession.objects.get()
    path = f"{DESK}{session.public_id}/cong-bo/"
    answer = client.post(path, {"version": 1, "reason": ""})
    assert answer.status_code == 422
    assert "5 ngày làm việc" in text(answer)
    assert client.post(path, {"version": 1, "reason": "Việc gấp"}).status_code == 302
    assert "Việc gấp" in text(Client().get(f"/lich-tiep-dan/{session.public_id}/"))


def test_what_was_typed_in_a_plan_is_kept(sign_in: SignIn) -> None:
    client = sign_in("secretary")
    client.post(DESK + "moi/", PLAN)
    answer = client.post(DESK + "moi/", {**PLAN, "place": "Nơi khác"})
    page = text(answer)
    assert answer.status_code == 422
    assert "đã có buổi tiếp khác" in page
    assert "Nơi khác" in page
    page = text(client.post(DESK + "moi/", {**PLAN, "ends": "07:00", "day": "2026-12-11"}))
    assert "Giờ kết thúc phải sau" in page


def test_a_stand_in_is_recorded_as_such(sign_in: SignIn, person: Callable[[str], User]) -> None:
    person("chair")
    sign_in("secretary").post(DESK + "moi/", {**PLAN, "delegate": "chair"})
    session = ReceptionSession.objects.get()
    assert (session.leader.username, session.is_delegated) == ("chair", True)


def test_moving_and_calling_off(sign_in: SignIn) -> None:
    session = session_public()
    client = sign_in("secretary")
    moved = {"version": 2, "day": "2026-12-17", "starts": "14:00", "ends": "16:00", "reason": ""}
    path = f"{DESK}{session.public_id}/doi-lich/"
    assert client.post(path, moved).status_code == 422
    assert client.post(path, {**moved, "reason": "Họp"}).status_code == 302
    path = f"{DESK}{session.public_id}/huy/"
    stale = client.post(path, {"version": 2, "reason": "Bận"})
    assert stale.status_code == 422
    assert "đã được người khác thay đổi" in text(stale)
    assert client.post(path, {"version": 3, "reason": "Bận"}).status_code == 302
    session.refresh_from_db()
    assert (session.status, session.cancel_reason) == ("cancelled", "Bận")


def test_the_leader_sees_who_comes_and_records_the_outcome(
    sign_in: SignIn, story: Callable[..., Story]
) -> None:
    tale, session = story(), session_public()
    made = register(session, visitor=VISITOR, petition=(tale.filed.code, tale.filed.secret))
    client = sign_in("secretary")
    page = text(client.get(f"{DESK}{session.public_id}/"))
    assert VISITOR.full_name in page
    assert f"/can-bo/vu-viec/{tale.filed.code}/" in page
    path = f"{DESK}{session.public_id}/dang-ky/{made.code}/"
    assert VISITOR.identity_number in text(client.get(path))
    form = {
        "attendance": "received",
        "said": "Công dân đề nghị trả lời dứt điểm.",
        "outcome": "conclusion",
        "conclusion": "Trả lời trước ngày 20.",
        "responsible_unit": "00004",
        "responsible_person": "Bộ phận địa chính",
        "due_on": "",
    }
    early = client.post(path, {**form, "due_on": "2026-12-20"})
    assert "Chưa đến ngày" in text(early)
    with time_machine.travel(local_moment(DAY, 12), tick=False):
        client.force_login(User.objects.get(username="secretary"))
        answer = client.post(path, form)
        assert answer.status_code == 422
        assert "phải có nội dung này" in text(answer)
        assert "Trả lời trước ngày 20." in text(answer)
        assert client.post(path, {**form, "due_on": "2026-12-20"}).status_code == 302
        assert VisitRecord.objects.get().outcome == "conclusion"
        assert "Trả lời trước ngày 20." in text(client.get(f"{DESK}{session.public_id}/"))
        assert "Trả lời trước ngày 20." in text(client.get(path))
        assert "Xác nhận đã tiếp" in text(client.get(f"{DESK}{session.public_id}/"))
        client.post(
            f"{DESK}{session.public_id}/da-tiep/", {"version": 2, "received_by": "secretary"}
        )
    session.refresh_from_db()
    assert session.status == "held"


def test_somebody_absent_needs_no_text(sign_in: SignIn) -> None:
    session = session_public()
    made = register(session)
    path = f"{DESK}{session.public_id}/dang-ky/{made.code}/"
    with time_machine.travel(local_moment(DAY, 9), tick=False):
        assert sign_in("clerk").post(path, {"attendance": "received"}).status_code == 422
        assert sign_in("clerk").post(path, {"attendance": "absent"}).status_code == 302
    assert Registration.objects.get().status == "absent"


def test_a_clerk_registers_somebody_at_the_counter(sign_in: SignIn) -> None:
    session = session_public()
    client = sign_in("clerk")
    path = f"{DESK}{session.public_id}/dang-ky/"
    form = {
        "key": "a" * 32,
        "full_name": VISITOR.full_name,
        "identity_number": VISITOR.identity_number,
        "phone": VISITOR.phone,
        "topic": "Nộp đơn",
        "people": "1",
    }
    assert client.get(path).status_code == 200
    answers = [client.post(path, form) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201]
    assert Registration.objects.get().code in text(answers[1])
    assert sign_in("front").get(path).status_code == 403


def test_the_front_and_the_city_see_no_names(sign_in: SignIn) -> None:
    session = session_public()
    made = register(session, visitor=VISITOR)
    for who in ("front", "handler", "city_chair", "internal_affairs"):
        client = sign_in(who)
        page = text(client.get(f"{DESK}{session.public_id}/"))
        assert VISITOR.full_name not in page
        assert "Điều 12" in page
        path = f"{DESK}{session.public_id}/dang-ky/{made.code}/"
        assert client.get(path).status_code == 403


def test_another_ward_and_the_administrator_see_nothing(sign_in: SignIn) -> None:
    session = session_draft()
    for who in ("other_chair", "admin"):
        client = sign_in(who)
        assert client.get(f"{DESK}{session.public_id}/").status_code == 404
        assert client.post(f"{DESK}{session.public_id}/huy/", {}).status_code == 404
    assert sign_in("other_chair").get(DESK + "?unit=00004").status_code == 404


def test_who_may_not_plan_is_told_so(sign_in: SignIn) -> None:
    assert sign_in("clerk").get(DESK + "moi/").status_code == 403
    assert sign_in("secretary").get(DESK + "moi/?unit=00008").status_code == 403


def test_the_city_sees_every_units_quota(sign_in: SignIn) -> None:
    client = sign_in("internal_affairs")
    page = text(client.get(DESK))
    assert page.count('scope="row"') >= 252
    assert "Hoàn Kiếm" in text(client.get(DESK + "?unit=00070"))


def test_queries_do_not_grow_with_the_visitors(
    sign_in: SignIn, django_assert_max_num_queries: Any, story: Callable[..., Story]
) -> None:
    session = session_public(capacity=30)
    tale = story()
    client = sign_in("secretary")
    for number in range(12):
        register(session, number, petition=(tale.filed.code, tale.filed.secret))
    client.get(f"{DESK}{session.public_id}/")
    with django_assert_max_num_queries(14):
        client.get(f"{DESK}{session.public_id}/")
    # The desk also shows what to plan: sessions in trouble, calls, cases for ad hoc receptions.
    with django_assert_max_num_queries(20):
        client.get(DESK + "?month=2026-12")


def test_the_unit_that_got_a_task_finds_it_on_its_desk(sign_in: SignIn) -> None:
    made = register(session_public())
    session_record(
        access=access_make("secretary"),
        session_id=Registration.objects.get().session.public_id,
        code=made.code,
        visit=Visit(
            said="Công dân đề nghị kiểm tra ngõ đi chung.",
            outcome="conclusion",
            conclusion="Kiểm tra thực địa và trả lời bằng văn bản.",
            responsible_unit=Unit.objects.get(code=OTHER_WARD),
            due_on=DAY + dt.timedelta(days=14),
        ),
        at=local_moment(DAY, 9),
    )
    page = text(sign_in("other_clerk").get(f"/can-bo/tiep-dan/?unit={OTHER_WARD}"))
    assert "Kiểm tra thực địa và trả lời bằng văn bản." in page
    assert "24/12/2026" in page
    assert "ngõ đi chung" not in page
    city = text(sign_in("city_front").get(f"/can-bo/tiep-dan/?unit={OTHER_WARD}"))
    assert "Kiểm tra thực địa" not in city


def test_the_same_person_twice_is_marked_for_those_who_receive(sign_in: SignIn) -> None:
    session = session_public()
    register(session, 1)
    register(session, visitor=replace(visitor(1), phone="0987654321"))
    register(session, 2)
    page = f"/can-bo/tiep-dan/{session.public_id}/"
    marked = "trùng số căn cước với số"
    assert text(sign_in("clerk").get(page)).count(marked) == 2
    assert marked not in text(sign_in("front").get(page))
