"""The day by API: the queue, the counter, refusals, with an officer's token."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.enums import Scope
from accounts.services import TokenPlan, api_token_create
from receptions.models import ReceptionSession, Refusal, Registration, SessionEvent
from receptions.selectors import person_open
from receptions.services.refusals import PaperDetails, refusal_prepare
from tests.people import access_make, person_make
from tests.receptions.cast import register, session_public
from tests.receptions.cast_day import MORNING, day_with, row_of
from tests.receptions.concluding import visit_of

pytestmark = pytest.mark.django_db
SESSIONS = "/api/v1/reception-sessions/"
ByToken = Callable[[str], Client]
WALK_IN: dict[str, Any] = {
    "full_name": "Trần Văn Thử",
    "identity_number": "001088000099",
    "phone": "0912000009",
    "address": "Số 9, ngõ Thử",
    "topic": "Hỏi thủ tục.",
    "walk_in": True,
}


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=False):
        yield


def post(client: Client, session: ReceptionSession, path: str, **body: Any) -> Any:
    headers = body.pop("headers", {})
    url = f"{SESSIONS}{session.public_id}/{path}/"
    return client.post(url, body, content_type="application/json", headers=headers)


def of_visit(client: Client, session: ReceptionSession, number: int, name: str, **body: Any) -> Any:
    row = row_of(session, number)
    body.setdefault("version", row.version)
    return post(client, session, f"registrations/{row.code}/{name}", **body)


def test_called_put_back_brought_back_and_not_there(by_token: ByToken) -> None:
    session, client = day_with(3), by_token("clerk")
    first = post(client, session, "call-next")
    assert (first.status_code, first.json()["queue_number"]) == (200, 1)
    assert (first.json()["status"], first.json()["version"]) == ("called", 2)
    assert first.json()["moves"] == ["call_again", "park", "no_show"]
    session.refresh_from_db()
    assert session.opened_at == MORNING
    parked = of_visit(client, session, 1, "move", move="park").json()
    assert (parked["status"], parked["version"]) == ("parked", 3)
    back = of_visit(client, session, 1, "move", move="bring_back").json()
    assert back["status"] == "registered"
    absent = of_visit(client, session, 2, "move", move="no_show").json()
    assert (absent["status"], absent["moves"]) == ("absent", ["undo_no_show"])
    # Number 1 is known to be there by now and goes before number 3.
    assert post(client, session, "call-next").json()["queue_number"] == 1
    assert post(client, session, "call-next").json()["queue_number"] == 3
    nobody = post(client, session, "call-next")
    assert (nobody.status_code, nobody.json()["code"]) == (409, "nobody_waits")


def test_a_repeated_request_calls_once(by_token: ByToken) -> None:
    session, client = day_with(2), by_token("clerk")
    key = {"Idempotency-Key": "goi-1"}
    first = post(client, session, "call-next", headers=key).json()
    again = post(client, session, "call-next", headers=key).json()
    assert (first["queue_number"], again["queue_number"]) == (1, 1)
    assert Registration.objects.filter(status="called").count() == 1
    other = post(by_token("secretary"), session, "call-next", headers=key).json()
    assert other["queue_number"] == 2


def test_two_who_call_one_number(by_token: ByToken) -> None:
    session = day_with(1)
    version = row_of(session, 1).version
    assert of_visit(by_token("clerk"), session, 1, "move", move="call").status_code == 200
    late = of_visit(by_token("secretary"), session, 1, "move", move="call", version=version)
    assert (late.status_code, late.json()["code"]) == (409, "called")
    stale = of_visit(by_token("secretary"), session, 1, "move", move="park", version=version)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    assert stale.json()["version"] == version + 1
    impossible = of_visit(by_token("clerk"), session, 1, "move", move="arrive")
    assert (impossible.status_code, impossible.json()["code"]) == (422, "wrong_state")


def test_refused_with_the_limit_of_its_paper_and_taken_back(by_token: ByToken) -> None:
    session, client = day_with(1), by_token("clerk")
    answer = of_visit(
        client, session, 1, "refuse", ground="settled", explanation="Đã giải quyết lần hai."
    )
    assert answer.status_code == 200
    said = answer.json()
    assert said["status"] == "refused"
    assert (said["refusal"]["ground"], said["refusal"]["is_written"]) == ("settled", True)
    assert said["refusal"]["written_by"] == "2026-12-15"
    assert Refusal.objects.get().explanation == "Đã giải quyết lần hai."
    assert "lần hai" not in str(client.get(f"{SESSIONS}{session.public_id}/registrations/").json())
    back = of_visit(client, session, 1, "refusal-undo")
    assert (back.json()["status"], back.json()["refusal"]) == ("registered", None)
    again = of_visit(client, session, 1, "refusal-undo")
    assert (again.status_code, again.json()["code"]) == (422, "wrong_state")


def test_a_refusal_is_issued_handed_over_and_void(by_token: ByToken) -> None:
    session, clerk, chair = day_with(1), by_token("clerk"), by_token("chair")
    of_visit(clerk, session, 1, "refuse", ground="settled", explanation="Đã giải quyết.")
    assert of_visit(chair, session, 1, "refusal/issue").status_code == 400
    row = row_of(session, 1)
    refusal_prepare(
        access=access_make("clerk"), session_id=session.public_id, code=row.code,
        version=row.version, details=PaperDetails(particulars_missing="Không xuất trình."),
    )  # fmt: skip
    assert of_visit(clerk, session, 1, "refusal/issue").status_code == 403
    assert of_visit(chair, session, 1, "refusal/issue", version=1).status_code == 409
    issued = of_visit(chair, session, 1, "refusal/issue").json()["refusal"]
    assert (issued["number"], issued["sent_on"]) == ("01/TB-UBND-TCD", None)
    sent = of_visit(clerk, session, 1, "refusal/send", sent_on="2026-12-10").json()["refusal"]
    assert (sent["number"], sent["sent_on"]) == ("01/TB-UBND-TCD", "2026-12-10")
    assert of_visit(clerk, session, 1, "refusal/void", reason="Sai.").status_code == 403
    void = of_visit(chair, session, 1, "refusal/void", reason="Sai.").json()["refusal"]
    assert (void["number"], void["sent_on"]) == ("", None)


def test_a_written_notice_is_issued_handed_over_and_void(by_token: ByToken) -> None:
    session = session_public("chair", duty_holder="people_committee_chair")
    visit_of("taken_in", session=session, who="chair")
    clerk, chair = by_token("clerk"), by_token("chair")
    assert of_visit(clerk, session, 1, "written-notice/issue", version=1).status_code == 403
    assert of_visit(chair, session, 1, "written-notice/issue", version=9).status_code == 409
    issued = of_visit(chair, session, 1, "written-notice/issue", version=1).json()
    assert (issued["number"], issued["issued_by"]) == ("01/TB-UBND-KQ", "Cán bộ chair")
    code = row_of(session, 1).code
    path = f"registrations/{code}/written-notice"
    sent = post(clerk, session, f"{path}/send", sent_on="2026-12-10").json()
    assert (sent["number"], sent["sent_on"]) == ("01/TB-UBND-KQ", "2026-12-10")
    void = post(chair, session, f"{path}/void", reason="Sai ngày.").json()
    assert (void["number"], void["issued_at"]) == ("", None)
    assert [(row["number"], row["reason"], row["sent_on"]) for row in void["void"]] == [
        ("01/TB-UBND-KQ", "Sai ngày.", "2026-12-10")
    ]


@pytest.mark.parametrize(
    ("name", "body", "field"),
    [
        ("move", {"move": "dance"}, "move"),
        ("move", {"move": "arrive", "version": 0}, "version"),
        ("refuse", {"ground": "nothing", "explanation": "Không."}, "ground"),
        ("refuse", {"ground": "settled", "explanation": " "}, "explanation"),
    ],
)
def test_what_is_wrong_is_named(
    by_token: ByToken, name: str, body: dict[str, Any], field: str
) -> None:
    session = day_with(1)
    answer = of_visit(by_token("clerk"), session, 1, name, **body)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    assert row_of(session, 1).status == "registered"


def test_a_walk_in_gets_a_number_at_once(by_token: ByToken) -> None:
    session, client = day_with(1, capacity=2), by_token("clerk")
    key = {"Idempotency-Key": "den-1"}
    made = post(client, session, "counter-registrations", **WALK_IN, headers=key)
    again = post(client, session, "counter-registrations", **WALK_IN, headers=key)
    assert (made.status_code, made.json()) == (201, again.json())
    row = row_of(session, 2)
    assert (row.source, row.arrived_at, row.code) == ("walk_in", MORNING, made.json()["code"])
    assert person_open(row)["address"] == "Số 9, ngõ Thử"
    third = WALK_IN | {"identity_number": "001088000098"}
    full = post(client, session, "counter-registrations", **third)
    assert (full.status_code, full.json()["code"]) == (409, "full")
    agreed = post(client, session, "counter-registrations", **third, leader_agrees=True)
    assert (agreed.status_code, agreed.json()["status"]) == (201, "waiting")
    assert len(agreed.json()["secret"]) == 30
    mail = post(client, session, "counter-registrations", **third, email="a@example.com")
    assert (mail.status_code, list(mail.json()["fields"])) == (400, ["email"])


def test_a_walk_in_comes_on_the_day_others_are_registered_before(by_token: ByToken) -> None:
    session, client = session_public(), by_token("clerk")
    with time_machine.travel("2026-12-01T02:00:00Z", tick=False):
        early = post(client, session, "counter-registrations", **WALK_IN)
        plain = post(client, session, "counter-registrations", **WALK_IN | {"walk_in": False})
    assert (early.status_code, early.json()["code"]) == (422, "not_today")
    assert (plain.status_code, plain.json()["status"]) == (201, "registered")
    assert Registration.objects.get().source == "officer"


STEPS: list[tuple[str, dict[str, Any]]] = [
    ("call-next", {}),
    ("counter-registrations", WALK_IN),
    ("registrations/{code}/move", {"move": "arrive", "version": 1}),
    ("registrations/{code}/refuse", {"ground": "settled", "explanation": "Rồi.", "version": 1}),
    ("registrations/{code}/refusal-undo", {"version": 1}),
]


@pytest.mark.parametrize(("path", "body"), STEPS)
def test_steps_belong_to_the_desk_of_the_unit(
    by_token: ByToken, path: str, body: dict[str, Any]
) -> None:
    session = session_public()
    code = register(session).code
    asked = ("handler", "front", "other_clerk", "city_secretary", "admin")
    found = {who: post(by_token(who), session, path.format(code=code), **body) for who in asked}
    assert {who: answer.status_code for who, answer in found.items()} == {
        "handler": 403,
        "front": 403,
        "other_clerk": 404,
        "city_secretary": 403,
        "admin": 403,
    }
    assert found["handler"].json()["message"]
    assert post(Client(), session, path.format(code=code), **body).status_code == 401
    if "{code}" in path:
        nobody = post(by_token("clerk"), session, path.format(code="TD-X"), **body)
        assert nobody.status_code == 404
    assert not SessionEvent.objects.filter(action__startswith="receptions.visitor").exists()
    assert Registration.objects.get().version == 1


def test_a_token_for_reading_takes_no_step(by_token: ByToken) -> None:
    session = day_with(1)
    plan = TokenPlan("đọc", (Scope.RECEPTIONS_READ,), 30)
    token = api_token_create(user=person_make("clerk"), plan=plan)
    client = Client(headers={"Authorization": f"Token {token}"})
    assert client.get(f"{SESSIONS}{session.public_id}/registrations/").status_code == 200
    assert post(client, session, "call-next").status_code == 403
    assert row_of(session, 1).status == "registered"
