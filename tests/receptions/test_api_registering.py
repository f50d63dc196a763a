"""New fields and refusals of registering by API."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from receptions.models import Registration
from receptions.selectors import person_open
from tests.people import Story
from tests.receptions.cast import DAY, NOW, digits_sent, session_public, slotted, with_mode
from tests.receptions.test_api import BODY, post

pytestmark = pytest.mark.django_db
CONFIRM = "/api/v1/reception-registrations/{}/confirm/"


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_every_new_field_is_optional_and_kept(
    client: Client, person: Callable[[str], User]
) -> None:
    session = slotted(capacity=3)
    turn = session.starts_at + dt.timedelta(minutes=30)
    extra: dict[str, Any] = {
        "people": 12,
        "representatives": ["Một", "Hai", "Ba"],
        "needs": ["wheelchair"],
        "slot_at": turn.isoformat(),
        "is_online": False,
    }
    answer = post(client, session, BODY | extra)
    assert answer.status_code == 201
    assert answer.json().keys() == {"queue_number", "code", "secret", "status"}
    row = Registration.objects.get()
    assert (row.slot_at, person_open(row)["needs"]) == (turn, ["wheelchair"])
    client.force_login(person("clerk"))
    (seen,) = client.get(f"/api/v1/reception-sessions/{session.public_id}/registrations/").json()[
        "results"
    ]
    assert (seen["representatives"], seen["needs"]) == (["Một", "Hai", "Ba"], ["wheelchair"])
    assert (seen["source"], seen["priority"], seen["is_online"]) == ("citizen", [], False)


def test_a_group_without_names_is_still_taken(client: Client) -> None:
    assert post(client, session_public(), BODY | {"people": 6}).status_code == 201


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"representatives": ["Một"]}, "representatives"),
        ({"people": 5, "representatives": ["1", "2", "3"]}, "representatives"),
        ({"people": 50, "representatives": ["1", "2", "3", "4", "5", "6"]}, "representatives"),
        ({"representatives": "Một"}, "representatives"),
        ({"needs": ["gold"]}, "needs.0"),
        ({"email": "nobody"}, "email"),
        ({"slot_at": "2026-12-10"}, "slot_at"),
        ({"slot_at": "2026-12-10T08:00:00+07:00"}, "slot_at"),
        ({"is_online": True}, "is_online"),
        ({"priority": ["mass"]}, "priority"),
    ],
)
def test_wrong_values_are_named(client: Client, changes: dict[str, Any], field: str) -> None:
    answer = post(client, session_public(), BODY | changes)
    assert answer.status_code == 400
    assert any(
        name.split(".")[0] == field.split(".", maxsplit=1)[0] for name in answer.json()["fields"]
    )
    assert not Registration.objects.exists()


def test_refusals_have_their_codes(client: Client) -> None:
    sessions = [session_public(day=DAY + dt.timedelta(days=n)) for n in range(4)]
    codes = [post(client, session).json().get("code") for session in sessions]
    assert codes[3] == "too_many"
    again = post(client, sessions[0])
    assert (again.status_code, again.json()["code"]) == (409, "registered_already")
    other = post(client, sessions[0], BODY | {"phone": "0987654321"})
    assert other.status_code == 201


def test_a_turn_that_is_gone(client: Client) -> None:
    session = slotted(capacity=3)
    turn = {"slot_at": session.starts_at.isoformat()}
    assert post(client, session, BODY | turn).status_code == 201
    gone = post(client, session, BODY | turn | {"phone": "0987654321"})
    assert (gone.status_code, gone.json()["code"]) == (409, "slot_taken")


def test_a_denunciation_is_not_received_online(client: Client, story: Callable[..., Story]) -> None:
    tale, session = story(kind="denunciation"), with_mode("both")
    petition = {"code": tale.filed.code, "secret": tale.filed.secret}
    answer = post(client, session, BODY | {"petition": petition, "is_online": True})
    assert answer.status_code == 400
    assert "is_online" in answer.json()["fields"]
    assert post(client, session, BODY | {"petition": petition}).status_code == 201


def test_confirming_by_api(client: Client) -> None:
    made = post(client, session_public(), BODY | {"email": "ten@example.com"}).json()
    assert made["status"] == "unconfirmed"

    def send(**changes: str) -> Any:
        body = {"secret": made["secret"], "digits": digits_sent()} | changes
        path = CONFIRM.format(made["code"])
        return client.post(path, body, content_type="application/json")

    assert send(secret="x").status_code == 404
    assert send(digits="0").json()["fields"]["digits"]
    done = send()
    assert (done.status_code, done.json()) == (200, {"queue_number": 1, "status": "registered"})
    assert send().status_code == 422
    unknown = client.post(
        CONFIRM.format("TD-00000-00000-00"),
        {"secret": "x", "digits": "1"},
        content_type="application/json",
    )
    assert unknown.status_code == 404
