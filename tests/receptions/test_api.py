"""The reception API: shapes, filters, errors, idempotency."""

import datetime as dt
import uuid
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common.time import local_moment
from communes.models import Unit
from receptions.models import ReceptionSession, Registration
from receptions.services.sessions import session_plan, session_publish
from tests.people import Story, access_make, person_make
from tests.receptions.cast import NOW, plan_of, register, session_draft, session_public

pytestmark = pytest.mark.django_db
SESSIONS = "/api/v1/reception-sessions/"
QUOTAS = "/api/v1/reception-quotas/"
BODY: dict[str, Any] = {
    "full_name": "Nguyễn Thị Ví Dụ",
    "identity_number": "001088000001",
    "phone": "0912000001",
    "topic": "Hỏi về tiến độ cấp giấy chứng nhận.",
    "people": 1,
}


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def post(client: Client, session: Any, body: Any = None, **headers: str) -> Any:
    path = f"{SESSIONS}{getattr(session, 'public_id', session)}/registrations/"
    values = BODY if body is None else body
    return client.post(path, values, content_type="application/json", headers=headers)


def other_session() -> Any:
    access = access_make("city_secretary")
    draft = session_plan(
        access=access,
        unit=Unit.objects.get(code="TU"),
        plan=plan_of(person_make("city_secretary")),
        at=NOW,
    )
    return session_publish(access=access, public_id=draft.public_id, version=1, at=NOW)


def ids(answer: Any) -> list[str]:
    return [row["id"] for row in answer.json()["results"]]


def test_the_list_shows_public_sessions_in_the_form_of_the_contract(client: Client) -> None:
    session = session_public()
    session_draft("chair", duty_holder="people_committee_chair")
    body = client.get(SESSIONS).json()
    assert (body["next"], body["previous"]) == (None, None)
    (row,) = body["results"]
    assert row["id"] == str(session.public_id)
    assert row["unit"]["code"] == "00004"
    assert set(row["unit"]) == {"code", "kind", "name", "slug", "former_district"}
    assert (row["leader"], row["kind"]) == ("Cán bộ secretary", "periodic")
    assert (row["capacity"], row["free_places"]) == (3, 3)
    assert row["starts_at"].startswith("2026-12-10T01:00:00")


def test_filters(client: Client) -> None:
    ward, city = session_public(), other_session()
    here, there = str(ward.public_id), str(city.public_id)
    assert set(ids(client.get(SESSIONS))) == {here, there}
    assert ids(client.get(SESSIONS, {"unit": "TU"})) == [there]
    assert ids(client.get(SESSIONS, {"leader": "Cán bộ secretary"})) == [here]
    # The name of the sign-in finds nobody: it would be confirmed to the whole world.
    assert ids(client.get(SESSIONS, {"leader": "secretary"})) == []
    assert len(ids(client.get(SESSIONS, {"from": "2026-12-10", "to": "2026-12-10"}))) == 2
    assert ids(client.get(SESSIONS, {"from": "2026-12-11"})) == []
    assert ids(client.get(SESSIONS, {"to": "2026-12-09"})) == []
    assert len(ids(client.get(SESSIONS, {"from": "2026-12-10T08:00:00+07:00"}))) == 2
    with time_machine.travel("2026-12-20T00:00:00Z", tick=False):
        assert ids(client.get(SESSIONS)) == []
        rows = client.get(SESSIONS, {"from": "2026-12-01"}).json()["results"]
        assert [row["free_places"] for row in rows] == [0, 0]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"unit": "99999"}, "unit"),
        ({"from": "2026-02-31"}, "from"),
        ({"to": "tomorrow"}, "to"),
        ({"from": "0001-01-01"}, "from"),
        ({"uint": "00004"}, "uint"),
        ({"page_size": "0"}, "page_size"),
        ({"page_size": "1001"}, "page_size"),
        ({"cursor": "nonsense"}, "cursor"),
        ({"cursor": b64encode(b'[0,"x","y"]').decode()}, "cursor"),
        ({"leader": "\0"}, "leader"),
    ],
)
def test_wrong_filters_are_named(client: Client, query: dict[str, str], field: str) -> None:
    answer = client.get(SESSIONS, query)
    assert answer.status_code == 400
    assert field in answer.json()["fields"]


def test_pages_follow_one_another(client: Client) -> None:
    session_public()
    other_session()
    first = client.get(SESSIONS, {"page_size": 1}).json()
    second = client.get(first["next"]).json()
    assert first["results"][0]["id"] != second["results"][0]["id"]
    assert second["next"] is None
    assert client.get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize("announced", ["false", "true"])
def test_a_month_of_all_units_is_one_page_of_few_queries(client: Client, announced: str) -> None:
    asked = {"from": "2026-12-01", "to": "2026-12-31", "page_size": "1000", "announced": announced}
    session_public()
    other_session()
    ReceptionSession.objects.update(move_reason="Họp của Thành phố")
    with CaptureQueriesContext(connection) as two:
        assert len(ids(client.get(SESSIONS, asked))) == 2
    for hour in (13, 15, 17):
        copy = ReceptionSession.objects.earliest("pk")
        copy.pk, copy._state.adding, copy.public_id = None, True, uuid.uuid4()
        copy.starts_at = local_moment(dt.date(2026, 12, 20), hour)
        copy.ends_at = copy.starts_at + dt.timedelta(hours=1)
        copy.save(force_insert=True)
    with CaptureQueriesContext(connection) as five:
        answer = client.get(SESSIONS, asked).json()
    assert len(answer["results"]) == 5
    assert answer["next"] is None
    assert len(two) == len(five) == (2 if announced == "true" else 1)


def test_a_registration(client: Client, story: Callable[..., Story]) -> None:
    session, tale = session_public(), story()
    petition = {"code": tale.filed.code, "secret": tale.filed.secret}
    answer = post(client, session, {**BODY, "petition": petition})
    assert answer.status_code == 201
    assert answer.json().keys() == {"queue_number", "code", "secret", "status"}
    assert answer.json()["queue_number"] == 1
    assert Registration.objects.get().case == tale.case
    (row,) = client.get(SESSIONS).json()["results"]
    assert row["free_places"] == 2


def test_the_same_key_gives_the_same_answer(client: Client) -> None:
    session = session_public()
    answers = [post(client, session, **{"Idempotency-Key": "abc"}) for _ in range(3)]
    assert {a.status_code for a in answers} == {201}
    assert len({a.content for a in answers}) == 1
    assert Registration.objects.count() == 1
    other = post(client, session, {**BODY, "people": 2}, **{"Idempotency-Key": "abc"})
    assert other.status_code == 409


def test_full_and_closed(client: Client) -> None:
    session = session_public(capacity=1)
    register(session, 5)
    full = post(client, session)
    assert (full.status_code, full.json()["code"]) == (409, "full")
    waiting = post(client, session, {**BODY, "waiting_list": True})
    assert (waiting.status_code, waiting.json()["status"]) == (201, "waiting")
    with time_machine.travel("2026-12-20T00:00:00Z", tick=False):
        closed = post(client, session)
    assert (closed.status_code, closed.json()["code"]) == (409, "closed")


def test_unknown_and_wrong_look_the_same(client: Client, story: Callable[..., Story]) -> None:
    session, filed = session_public(), story().filed
    wrong = [
        post(client, session, {**BODY, "petition": {"code": code, "secret": secret}})
        for code, secret in ((filed.code, "x"), ("HN-00000-00000-00", filed.secret), ("y", "z"))
    ]
    wrong += [
        post(client, unknown)
        for unknown in (
            "00000000-0000-0000-0000-000000000000",
            "not-an-id",
            session_draft("chair", duty_holder="people_committee_chair"),
        )
    ]
    assert {a.status_code for a in wrong} == {404}
    assert len({a.content for a in wrong}) == 1
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"full_name": ""}, "full_name"),
        ({"full_name": "x" * 121}, "full_name"),
        ({"identity_number": "0010880000012"}, "identity_number"),
        ({"phone": "12"}, "phone"),
        ({"topic": None}, "topic"),
        ({"people": 0}, "people"),
        ({"people": "many"}, "people"),
        ({"waiting_list": "perhaps"}, "waiting_list"),
        ({"petition": {"code": "x"}}, "petition.secret"),
        ({"petition": "x"}, "petition"),
        ({"e_mail": "x"}, "e_mail"),
    ],
)
def test_wrong_bodies_are_named(client: Client, changes: dict[str, Any], field: str) -> None:
    answer = post(client, session_public(), {**BODY, **changes})
    assert answer.status_code == 400
    assert field in answer.json()["fields"]


@pytest.mark.parametrize("raw", [b"[]", b"{", b'"x"', b"\xff\xfe", b'{"topic": "a\\u0000b"}', b""])
def test_broken_bodies_get_a_clear_400(client: Client, raw: bytes) -> None:
    path = f"{SESSIONS}{session_public().public_id}/registrations/"
    answer = client.generic("POST", path, raw, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["code"]


def test_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    session = session_public()
    with django_assert_max_num_queries(2):
        client.get(SESSIONS)
    with django_assert_max_num_queries(16):
        assert post(client, session).status_code == 201


def test_quotas(client: Client, person: Callable[[str], User]) -> None:
    session_public()
    assert client.get(QUOTAS).status_code == 401
    client.force_login(person("front"))
    answer = client.get(QUOTAS, {"month": "2026-12"})
    rows = {row["duty_holder"]: row for row in answer.json()["results"]}
    assert set(rows) == {"party_secretary", "people_committee_chair"}
    row = rows["party_secretary"]
    assert row["unit"]["code"] == "00004"
    assert (row["person"], row["minimum"], row["per"]) == ("Cán bộ secretary", 2, "month")
    assert [row[n] for n in ("planned", "published", "held", "missing")] == [1, 1, 0, 1]
    assert rows["people_committee_chair"]["person"] is None
    client.force_login(person("admin"))
    assert client.get(QUOTAS).status_code == 403
    client.force_login(person("city_chair"))
    assert len(client.get(QUOTAS).json()["results"]) >= 252
    weekly = client.get(QUOTAS, {"month": "2026-06", "unit": "00004"}).json()["results"]
    assert [(r["minimum"], r["per"]) for r in weekly] == [(2, "month"), (1, "week")]
    for query in ({"month": "2026-13"}, {"month": "x"}, {"unit": "x"}, {"moth": "2026-11"}):
        assert client.get(QUOTAS, query).status_code == 400
