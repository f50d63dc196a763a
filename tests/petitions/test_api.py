"""The petitions API: shapes, refusals, idempotency, query budgets."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, override_settings

from accounts.models import User
from accounts.services import api_token_create
from petitions.models import Case, Letter
from tests.people import PERSON, WARD, Story

pytestmark = pytest.mark.django_db
URL = "/api/v1/petitions/"


def body(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "complaint",
        "subject": "Khiếu nại mức bồi thường",
        "content": "Mức bồi thường chưa đúng.",
        "request": "Xem xét lại.",
        "field": "land_compensation",
        "unit": WARD,
        "respondent": {"name": "UBND phường", "unit": WARD, "position": "unknown"},
        "petitioners": [PERSON],
        "attachments": [],
    } | changes


def post(data: Any, client: Client | None = None, **headers: str) -> Any:
    raw = data if isinstance(data, bytes) else json.dumps(data)
    return (client or Client()).post(URL, raw, content_type="application/json", headers=headers)


@pytest.fixture
def api(person: Callable[[str], User]) -> Callable[[str], Client]:
    """A client with the token of somebody of the cast."""

    def make(name: str) -> Client:
        token = api_token_create(user=person(name))
        return Client(headers={"Authorization": f"Token {token}"})

    return make


def test_filing_answers_with_everything_the_petitioner_needs() -> None:
    answer = post(body())
    assert answer.status_code == 201
    data = answer.json()
    assert set(data) >= {
        "code",
        "secret",
        "kind",
        "status",
        "submitted_at",
        "unit",
        "clocks",
        "links",
    }
    assert data["unit"]["code"] == WARD
    assert data["clocks"][0]["rule"] == "KN-ACC"
    assert data["secret"] not in str(list(Letter.objects.values()))


def test_the_same_key_and_body_give_the_same_answer_and_one_petition() -> None:
    key = {"Idempotency-Key": "abc-1"}
    one, two = post(body(), **key), post(body(), **key)
    assert one.json() == two.json()
    assert Case.objects.count() == 1
    other = post(body(subject="Khác"), **key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


def test_filing_stays_within_its_queries(django_assert_max_num_queries: Any) -> None:
    post(body())
    with django_assert_max_num_queries(13):
        assert post(body(), **{"Idempotency-Key": "k"}).status_code == 201


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"subject": "x" * 301}, "subject"),
        ({"content": "x" * 20_001}, "content"),
        ({"kind": "wish"}, "kind"),
        ({"unit": "99999"}, "unit"),
        ({"unit": ["00004"]}, "unit"),
        ({"field": "weather"}, "field"),
        ({"colour": "red"}, "colour"),
        ({"petitioners": []}, "petitioners"),
        (
            {"petitioners": [PERSON | {"identity_number": "0010990123456"}]},
            "petitioners.0.identity_number",
        ),
        ({"petitioners": [PERSON | {"phone": "12"}]}, "petitioners.0.phone"),
        ({"petitioners": [PERSON | {"age": 3}]}, "petitioners.0.age"),
        ({"respondent": None}, "respondent"),
        ({"respondent": {"name": "A", "position": "king"}}, "respondent.position"),
        ({"attachments": ["no-uuid"]}, "attachments.0"),
        ({"attachments": [str(uuid.uuid4())]}, "attachments"),
    ],
)
def test_bad_input_is_named_and_files_nothing(changes: dict[str, Any], field: str) -> None:
    answer = post(body(**changes), **{"Idempotency-Key": "k"})
    assert answer.status_code == 400, answer.content
    assert field in answer.json()["fields"], answer.json()
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b'{"subject": "\xff"}',
        b"null",
        json.dumps(body(subject="a\0b")).encode(),
    ],
)
def test_broken_bodies_get_a_clear_400(raw: bytes) -> None:
    answer = post(raw)
    assert answer.status_code == 400
    assert set(answer.json()) >= {"code", "message", "fields"}


def test_an_oversized_body_is_refused() -> None:
    answer = post(body(content="x" * (3 * 1024 * 1024)))
    assert answer.status_code == 413
    assert answer.json()["code"] == "too_large"


def test_too_many_filings_from_one_address_get_429_with_the_time_to_come_back() -> None:
    with override_settings(RATE_LIMITS=True):
        client = Client(REMOTE_ADDR=f"127.9.{uuid.uuid4().int % 250}.{uuid.uuid4().int % 250}")
        answers = [post(body(), client) for _ in range(21)]
    assert [a.status_code for a in answers[:20]] == [201] * 20
    assert answers[20].status_code == 429
    assert 0 < int(answers[20].headers["Retry-After"]) <= 3600


def test_tracking_shows_the_petitioner_his_case(story: Callable[..., Story]) -> None:
    filed = story().filed
    answer = Client().get(f"{URL}{filed.code}/", headers={"X-Petition-Secret": filed.secret})
    assert answer.status_code == 200
    assert answer.json()["clocks"][0]["rule"] == "KN-ACC"
    assert "Vũ Thị" not in answer.content.decode()


def test_every_wrong_code_or_secret_is_one_and_the_same_404(
    story: Callable[..., Story],
) -> None:
    filed, other = story().filed, story().filed
    tries = [
        (filed.code, other.secret),
        (filed.code, ""),
        (filed.code, "x" * 5000),
        ("HN-0", filed.secret),
        ("HN-00000-00000-00", filed.secret),
        (other.code, filed.secret),
    ]
    answers = [Client().get(f"{URL}{c}/", headers={"X-Petition-Secret": s}) for c, s in tries]
    answers.append(Client().get(f"{URL}{filed.code}/"))
    assert {a.status_code for a in answers} == {404}
    assert len({a.content for a in answers}) == 1


def test_an_inbox_page_of_50_stays_within_its_queries_whatever_the_filter(
    story: Callable[..., Story],
    api: Callable[[str], Client],
    django_assert_max_num_queries: Any,
) -> None:
    tales = [story() for _ in range(55)]
    client = api("clerk")
    for query in (
        "",
        "?overdue=true",
        "?q=boi+thuong",
        "?ordering=due_on&kind=complaint&open=true",
    ):
        with django_assert_max_num_queries(10):
            answer = client.get(f"/api/v1/cases/{query}")
        assert answer.status_code == 200, answer.content
    page = client.get("/api/v1/cases/").json()
    rest = client.get(page["next"]).json()
    codes = [row["code"] for row in page["results"] + rest["results"]]
    assert sorted(codes) == sorted(t.filed.code for t in tales)
    assert client.get(rest["previous"]).json()["results"] == page["results"]


def test_case_and_status_change_stay_within_their_queries(
    story: Callable[..., Story],
    api: Callable[[str], Client],
    django_assert_max_num_queries: Any,
) -> None:
    tale, client = story(), api("clerk")
    with django_assert_max_num_queries(12):
        case = client.get(f"/api/v1/cases/{tale.filed.code}/").json()
    url = f"/api/v1/cases/{tale.filed.code}/actions/receive/"
    with django_assert_max_num_queries(15):
        answer = client.post(
            url, {"version": case["version"], "is_signed": True}, "application/json"
        )
    assert (answer.status_code, answer.json()["status"]) == (200, "received")
    again = client.post(url, {"version": case["version"]}, "application/json")
    assert (again.status_code, again.json()["version"]) == (409, 2)
    stale = client.post(
        f"/api/v1/cases/{tale.filed.code}/actions/classify/",
        {"version": 1, "field": "housing"},
        "application/json",
    )
    assert (stale.status_code, stale.json()["version"]) == (409, 2)


def test_available_actions_agree_with_what_the_service_does(
    story: Callable[..., Story], api: Callable[[str], Client]
) -> None:
    tale = story()
    url = f"/api/v1/cases/{tale.filed.code}/available-actions/"
    for who, expected in (
        ("clerk", {"receive", "assign"}),
        ("handler", set()),
        ("board_head", set()),
    ):
        rows = api(who).get(url).json()["results"]
        assert {row["action"] for row in rows if row["allowed"]} == expected
        assert all(row["why_not"] for row in rows if not row["allowed"])


def test_staff_calls_need_a_token(
    story: Callable[..., Story], api: Callable[[str], Client]
) -> None:
    code = story().filed.code
    for path in ("cases/", f"cases/{code}/", f"cases/{code}/events/"):
        assert Client().get(f"/api/v1/{path}").status_code == 401
        assert (
            Client(headers={"Authorization": "Token nonsense"}).get(f"/api/v1/{path}").status_code
            == 401
        )
    assert api("other_clerk").get(f"/api/v1/cases/{code}/").status_code == 404
    assert (
        api("clerk").get(f"/api/v1/cases/{code}/events/").json()["results"][0]["action"]
        == "petitions.letter.filed"
    )


@pytest.mark.parametrize(
    "query",
    [
        "status=x",
        "kind=x",
        "due_before=2026-02-30",
        "colour=red",
        "page_size=0",
        "page_size=201",
        "cursor=xyz",
        "ordering=subject",
        "overdue=perhaps",
    ],
)
def test_wrong_filters_are_named(api: Callable[[str], Client], query: str) -> None:
    answer = api("clerk").get(f"/api/v1/cases/?{query}")
    assert answer.status_code == 400
    assert answer.json()["fields"]


def test_a_clerk_registers_a_letter_for_his_own_unit_only(
    api: Callable[[str], Client],
) -> None:
    letter = body(channel="paper", is_signed=True)
    answer = api("clerk").post("/api/v1/letters/", letter, "application/json")
    assert answer.status_code == 201
    case = Case.objects.get(code=answer.json()["code"])
    assert case.flags == []
    assert (
        api("clerk")
        .post("/api/v1/letters/", letter | {"unit": "00008"}, "application/json")
        .status_code
        == 403
    )
    assert api("handler").post("/api/v1/letters/", letter, "application/json").status_code == 403
