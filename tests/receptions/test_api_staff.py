"""The steps of a reception day by API, with an officer's token."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import Membership
from receptions.models import ReceptionSession, Registration, VisitRecord
from tests.people import Story, person_make
from tests.receptions.cast import NOW, register, session_draft, session_public, visitor
from tests.receptions.cast_plan import follow

pytestmark = pytest.mark.django_db
SESSIONS = "/api/v1/reception-sessions/"
ByToken = Callable[[str], Client]
PLAN: dict[str, Any] = {
    "unit": "00004",
    "leader": "secretary",
    "duty_holder": "party_secretary",
    "kind": "periodic",
    "starts_at": "2026-12-10T08:00:00+07:00",
    "ends_at": "2026-12-10T11:30:00+07:00",
    "place": "Trụ sở Đảng ủy phường",
    "capacity": 3,
    "planned_content": "Tiếp công dân định kỳ tháng 12.",
}
CONCLUSION: dict[str, Any] = {
    "attendance": "received",
    "said": "Đề nghị trả lời về giấy chứng nhận.",
    "outcome": "conclusion",
    "conclusion": "Trả lời bằng văn bản.",
    "responsible_unit": "00004",
    "due_on": "2026-12-20",
    "version": 0,
}


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def post(client: Client, path: str, body: Any) -> Any:
    return client.post(SESSIONS + path, body, content_type="application/json")


def step(client: Client, session: Any, name: str, **body: Any) -> Any:
    return post(client, f"{getattr(session, 'public_id', session)}/{name}/", body)


def plan(client: Client, **changes: Any) -> Any:
    person_make("secretary")
    return post(client, "", PLAN | changes)


def test_a_session_of_a_leader_who_takes_office_before_it(by_token: ByToken) -> None:
    client = by_token("secretary")
    Membership.objects.filter(user=person_make("secretary")).update(valid_to=dt.date(2026, 12, 5))
    follow("other_chair", dt.date(2026, 12, 6))
    assert plan(client, leader="other_chair").status_code == 201


def test_a_whole_day(by_token: ByToken) -> None:
    client = by_token("secretary")
    draft = plan(client)
    assert draft.status_code == 201
    row = draft.json()
    assert (row["status"], row["version"], row["leader"]) == ("draft", 1, "Cán bộ secretary")
    assert Client().get(SESSIONS).json()["results"] == []
    published = step(client, row["id"], "publish", version=1)
    assert (published.status_code, published.json()["status"]) == (200, "published")
    assert [r["id"] for r in Client().get(SESSIONS).json()["results"]] == [row["id"]]
    session = ReceptionSession.objects.get()
    came, absent = register(session, 1).code, register(session, 2).code
    early = step(client, row["id"], "hold", version=2)
    assert (early.status_code, early.json()["code"]) == (422, "too_early")
    with time_machine.travel(session.starts_at, tick=False):
        received = step(client, row["id"], f"registrations/{came}/record", **CONCLUSION)
        missed = step(
            client, row["id"], f"registrations/{absent}/record", attendance="absent", version=0
        )
        held = step(client, row["id"], "hold", version=2)
    assert (received.status_code, received.json()["status"]) == (200, "received")
    assert received.json()["visit"]["responsible_unit"]["code"] == "00004"
    assert (missed.status_code, missed.json()["status"]) == (200, "absent")
    assert (held.json()["status"], held.json()["version"]) == ("held", 3)
    visit = VisitRecord.objects.get()
    assert (visit.conclusion, visit.recorded_by) == (
        "Trả lời bằng văn bản.",
        person_make("secretary"),
    )


def test_the_list_stays_public_and_planning_needs_a_token(by_token: ByToken) -> None:
    session_public()
    wrong = Client(headers={"Authorization": "Token wrong"})
    for client in (Client(), wrong):
        assert client.get(SESSIONS).status_code == 200
        assert plan(client).status_code == 401
    assert by_token("admin").get(SESSIONS).status_code == 200
    assert ReceptionSession.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("chair", 201),
        ("clerk", 403),
        ("front", 403),
        ("other_chair", 403),
        ("city_secretary", 403),
        ("admin", 403),
    ],
)
def test_only_planners_of_the_unit_plan(by_token: ByToken, who: str, status: int) -> None:
    assert plan(by_token(who)).status_code == status


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"unit": "99999"}, "unit"),
        ({"leader": "other_chair"}, "leader"),
        ({"leader": "nobody"}, "leader"),
        ({"leader": "clerk"}, "leader"),
        ({"duty_holder": "mayor"}, "duty_holder"),
        ({"kind": "party"}, "kind"),
        ({"starts_at": "2026-12-10T08:00:00"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+07:00"}, "starts_at"),
        ({"starts_at": 5}, "starts_at"),
        ({"starts_at": "2026-11-01T08:00:00+07:00"}, "starts_at"),
        ({"ends_at": "2026-12-11T08:00:00+07:00"}, "ends_at"),
        ({"capacity": 0}, "capacity"),
        ({"place": " "}, "place"),
        ({"status": "published"}, "status"),
    ],
)
def test_wrong_plans_are_named(by_token: ByToken, changes: dict[str, Any], field: str) -> None:
    for name in ("clerk", "other_chair"):
        person_make(name)
    answer = plan(by_token("secretary"), **changes)
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]
    assert not ReceptionSession.objects.exists()


def test_a_stand_in_and_a_clash(by_token: ByToken) -> None:
    client = by_token("secretary")
    person_make("clerk")
    stand_in = plan(client, leader="clerk", is_delegated=True)
    assert (stand_in.status_code, stand_in.json()["is_delegated"]) == (201, True)
    assert plan(client).status_code == 201
    again = plan(client)
    assert (again.status_code, again.json()["code"]) == (409, "session_leader_in_one_place")


def test_moving_and_calling_off(by_token: ByToken) -> None:
    session, client = session_public(), by_token("chair")
    times = {
        "starts_at": "2026-12-11T08:00:00+07:00",
        "ends_at": "2026-12-11T11:00:00+07:00",
    }
    moved = step(client, session, "postpone", version=2, reason="Trùng lịch họp", **times)
    assert (moved.status_code, moved.json()["move_reason"]) == (200, "Trùng lịch họp")
    off = step(client, session, "cancel", version=3, reason="Lãnh đạo đi công tác")
    assert (off.json()["status"], off.json()["version"]) == ("cancelled", 4)
    again = step(client, session, "cancel", version=4, reason="Lãnh đạo đi công tác")
    assert (again.status_code, again.json()["code"]) == (422, "wrong_state")


def test_late_publication_needs_a_reason(by_token: ByToken) -> None:
    draft, client = session_draft(), by_token("secretary")
    with time_machine.travel("2026-12-08T02:00:00Z", tick=False):
        refused = step(client, draft, "publish", version=1)
        done = step(client, draft, "publish", version=1, reason="Việc gấp")
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["reason"])
    assert (done.status_code, done.json()["late_reason"]) == (200, "Việc gấp")


STEPS: list[tuple[str, dict[str, Any]]] = [
    ("publish", {"version": 1}),
    ("hold", {"version": 1}),
    ("cancel", {"version": 1, "reason": "Lý do"}),
    (
        "postpone",
        {
            "version": 1,
            "reason": "Lý do",
            "starts_at": "2026-12-11T08:00:00+07:00",
            "ends_at": "2026-12-11T11:00:00+07:00",
        },
    ),
]


@pytest.mark.parametrize(("name", "body"), STEPS)
def test_a_stale_version_changes_nothing(
    by_token: ByToken, name: str, body: dict[str, Any]
) -> None:
    session = session_public()
    answer = step(by_token("secretary"), session, name, **body)
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")
    assert answer.json()["version"] == 2
    session.refresh_from_db()
    assert (session.version, session.status) == (2, "published")


@pytest.mark.parametrize(("name", "body"), STEPS)
def test_steps_belong_to_the_unit(by_token: ByToken, name: str, body: dict[str, Any]) -> None:
    session = session_draft()
    answers = {
        who: step(by_token(who), session, name, **body).status_code
        for who in ("clerk", "front", "other_chair", "city_secretary", "board_head", "admin")
    }
    assert answers == {
        "clerk": 403,
        "front": 403,
        "other_chair": 404,
        "city_secretary": 403,
        "board_head": 403,
        "admin": 403,
    }
    assert step(Client(), session, name, **body).status_code == 401
    for unknown in ("00000000-0000-0000-0000-000000000000", "not-an-id"):
        assert step(by_token("secretary"), unknown, name, **body).status_code == 404
    session.refresh_from_db()
    assert session.version == 1


def visitors(client: Client, session: Any) -> Any:
    return client.get(f"{SESSIONS}{session.public_id}/registrations/")


def test_who_comes(by_token: ByToken, story: Callable[..., Story]) -> None:
    session, tale = session_public(), story()
    register(session, 1, petition=(tale.filed.code, tale.filed.secret))
    register(session, 2)
    for who, case in (("clerk", tale.filed.code), ("chair", tale.filed.code)):
        first, second = visitors(by_token(who), session).json()["results"]
        assert (first["queue_number"], first["name"]) == (1, visitor(1).full_name)
        assert (first["case"], second["case"]) == (case, None)
        assert (first["status"], first["visit"]) == ("registered", None)
        assert "001088" not in str(first)


def test_a_linked_case_is_told_only_to_who_sees_it(
    by_token: ByToken, story: Callable[..., Story]
) -> None:
    tale = story(
        kind="denunciation", respondent={"name": "Ông X", "unit": "00004", "position": "officer"}
    )
    session = session_public()
    register(session, 1, petition=(tale.filed.code, tale.filed.secret))
    (row,) = visitors(by_token("secretary"), session).json()["results"]
    assert row["case"] is None
    assert tale.case.code not in str(row)


def test_visitors_are_not_for_others(by_token: ByToken) -> None:
    session = session_public()
    register(session, 1)
    assert visitors(Client(), session).status_code == 401
    asked = ("handler", "front", "board_head", "city_chair", "other_clerk", "admin")
    found = {who: visitors(by_token(who), session).status_code for who in asked}
    assert found == {
        "handler": 403,
        "front": 403,
        "board_head": 403,
        "city_chair": 403,
        "other_clerk": 404,
        "admin": 403,
    }


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["attendance", "version"]),
        ({name: CONCLUSION[name] for name in CONCLUSION if name != "version"}, ["version"]),
        ({"attendance": "late", "version": 0}, ["attendance"]),
        ({"attendance": "received", "version": 0}, ["outcome", "said"]),
        ({"attendance": "absent", "said": "Đã nói", "version": 0}, ["said"]),
        (CONCLUSION | {"responsible_unit": "99999"}, ["responsible_unit"]),
        (CONCLUSION | {"responsible_unit": None}, ["responsible_unit"]),
        (CONCLUSION | {"due_on": "2026-11-01"}, ["due_on"]),
        (CONCLUSION | {"due_on": "soon"}, ["due_on"]),
        (CONCLUSION | {"said": "x", "secret": "y"}, ["secret"]),
    ],
)
def test_wrong_records_are_named(
    by_token: ByToken, body: dict[str, Any], fields: list[str]
) -> None:
    session = session_public()
    code = register(session).code
    with time_machine.travel(session.starts_at, tick=False):
        answer = step(by_token("clerk"), session, f"registrations/{code}/record", **body)
    assert answer.status_code == 400
    assert sorted(answer.json()["fields"]) == fields
    assert not VisitRecord.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [("clerk", 200), ("handler", 403), ("city_secretary", 403), ("other_clerk", 404)],
)
def test_who_records(by_token: ByToken, who: str, status: int) -> None:
    session = session_public()
    code = register(session).code
    path, client = f"registrations/{code}/record", by_token(who)
    with time_machine.travel(session.starts_at, tick=False):
        assert step(client, session, path, **CONCLUSION).status_code == status
        unknown = step(by_token("clerk"), session, "registrations/x/record", **CONCLUSION)
    assert unknown.status_code == 404
    assert Registration.objects.filter(status="received").count() == (status == 200)


def test_few_queries(by_token: ByToken, django_assert_max_num_queries: Any) -> None:
    session, client = session_public(capacity=9), by_token("clerk")
    for number in range(1, 6):
        register(session, number)
    visitors(client, session)
    with django_assert_max_num_queries(5):
        assert len(visitors(client, session).json()["results"]) == 5


def test_a_record_takes_the_fields_of_the_register_and_keeps_what_is_left_out(
    by_token: ByToken,
) -> None:
    session = session_public()
    path, client = f"registrations/{register(session).code}/record", by_token("clerk")
    entry = {"content": "Cấp giấy", "people": 2, "kind": "feedback", "sent_to": "00008"}
    early = step(client, session, path, **CONCLUSION)
    assert (early.status_code, early.json()["code"]) == (422, "too_early")
    with time_machine.travel(session.starts_at, tick=False):
        first = step(client, session, path, **CONCLUSION, **entry, is_competent=True).json()[
            "visit"
        ]
        again = step(client, session, path, **CONCLUSION | {"version": 1, "note": "Sửa"}).json()[
            "visit"
        ]
        stale = step(client, session, path, **CONCLUSION | {"version": 1})
    assert (first["register_number"], first["register_year"], first["version"]) == (1, 2026, 1)
    assert (again["content"], again["kind"], again["is_competent"]) == (
        "Cấp giấy",
        "feedback",
        True,
    )
    assert (again["sent_to"]["code"], again["note"], again["version"]) == ("00008", "Sửa", 2)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
