"""The papers of a unit: three lists, their filters, who finds what; and what is told of papers."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership
from communes.models import Unit
from notifications.models import OutboxMessage
from notifications.rendering import words_of
from papers.services.issuing import paper_correct, paper_issue, paper_void
from papers.services.writing import paper_return, paper_submit
from tests.papers.making import case_of, drafted, issued, proposed, step, submitted, written
from tests.people import OTHER_WARD, person_make
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
DESK, API = "/can-bo/van-ban/", "/api/v1/papers/"
ByToken = Callable[[str], Client]


def page(client: StrictClient, who: str, query: str = "") -> str:
    client.force_login(person_make(who))
    return str(client.get(DESK + query).content.decode())


def numbers(client: Client, query: str) -> list[str | None]:
    return [row["number"] for row in client.get(f"{API}?{query}").json()["results"]]


def test_three_lists(client: StrictClient) -> None:
    case = proposed()
    waits = submitted(case, "acceptance")
    mine = drafted(case, "proposal", "handler")
    out = issued(case)
    shown = page(client, "chair")
    assert str(waits.public_id) in shown
    assert "Chờ ban hành (1)" in shown
    assert str(mine.public_id) not in shown
    assert str(mine.public_id) in page(client, "handler", "?tab=mine")
    assert str(mine.public_id) not in page(client, "chair", "?tab=mine")
    shown = page(client, "handler", "?tab=issued")
    assert str(out.public_id) in shown
    assert "01/ĐX-UBND-HS" in shown
    assert case.code in shown


def test_filters_of_issued_papers(by_token: ByToken) -> None:
    case = proposed()
    first, second = issued(case), issued(case, "acceptance")
    void = step(paper_void, issued(case), reason="Sai.")
    ask = by_token("clerk")
    assert numbers(ask, "tab=issued") == [void.shown_number, second.shown_number, "01/ĐX-UBND-HS"]
    assert numbers(ask, "tab=issued&kind=acceptance") == ["01/TB-UBND-HS"]
    assert numbers(ask, "tab=issued&number=2") == ["02/ĐX-UBND-HS"]
    assert numbers(ask, "tab=issued&number=01/tb-ubnd") == ["01/TB-UBND-HS"]
    assert numbers(ask, "tab=issued&number=" + "9" * 30) == []
    assert numbers(ask, "tab=issued&number=%25") == []
    today = timezone.localdate()
    tomorrow = today + dt.timedelta(days=1)
    assert len(numbers(ask, f"tab=issued&since={today}&until={today}")) == 3
    assert numbers(ask, f"tab=issued&since={tomorrow}") == []
    assert first.case.code == ask.get(f"{API}?tab=issued&number=1").json()["results"][0]["case"]


def test_pages(by_token: ByToken) -> None:
    case = proposed()
    found = [issued(case).shown_number for _number in range(3)]
    ask = by_token("chair")
    seen, path = [], f"{API}?tab=issued&page_size=2"
    while path:
        answer = ask.get(path).json()
        seen += [row["number"] for row in answer["results"]]
        path = answer["next"]
    assert seen == found[::-1]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("kind=khong", "kind"),
        ("since=2026-13-01", "since"),
        ("since=2026-02-02&until=2026-02-01", "until"),
        ("tab=khac", "tab"),
        ("until=9999-12-31", "until"),
    ],
)
def test_filters_that_cannot_be_used(
    client: StrictClient, by_token: ByToken, query: str, field: str
) -> None:
    client.force_login(person_make("chair"))
    assert client.get(f"{DESK}?{query}").status_code == 422
    answer = by_token("chair").get(f"{API}?{query}")
    assert answer.status_code in (400, 422)
    assert set(answer.json()["fields"]) == {field}


def test_an_unknown_filter_and_a_foreign_unit(by_token: ByToken) -> None:
    assert set(by_token("chair").get(f"{API}?kindd=x").json()["fields"]) == {"kindd"}
    assert by_token("chair").get(f"{API}?unit={OTHER_WARD}").status_code == 404
    assert by_token("front").get(API).status_code == 404


def test_a_denunciation_stands_in_no_list_of_whoever_does_not_see_it(client: StrictClient) -> None:
    case = case_of("denunciation")  # nobody is assigned yet
    waits, out = submitted(case), issued(case, body="Chuyện kín đáo.")
    for query in ("", "?tab=issued", "?tab=mine"):
        for who in ("handler", "secretary", "other_chair"):
            shown = page(client, who, query)
            assert case.code not in shown
            assert "01/ĐX-UBND-HS" not in shown
            assert str(waits.public_id) not in shown
    assert "Chờ ban hành (0)" in page(client, "handler")
    shown = page(client, "chair", "?tab=issued")
    assert str(out.public_id) in shown
    assert "Chuyện kín đáo" not in shown


def test_papers_stay_with_the_unit_that_issued_them(client: StrictClient) -> None:
    case = proposed()
    out, waits = issued(case), submitted(case)
    case.unit = Unit.objects.get(code=OTHER_WARD)
    case.save()
    Membership.objects.create(
        user=person_make("chair"), unit=case.unit, role="head", valid_from=dt.date(2025, 7, 1)
    )
    assert str(out.public_id) in page(client, "chair", "?tab=issued")
    assert str(waits.public_id) not in page(client, "chair")
    assert str(waits.public_id) in page(client, "chair", f"?unit={OTHER_WARD}")


def test_queries_do_not_grow(client: StrictClient) -> None:
    case = proposed()
    issued(case)
    submitted(case)
    counts = []
    for _round in range(2):
        for query in ("", "?tab=issued"):
            page(client, "chair", query)
            with CaptureQueriesContext(connection) as asked:
                client.get(DESK + query)
            counts.append(len(asked))
        for _number in range(3):
            submitted(case)
        step(paper_correct, issued(case))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 10


def test_the_desk_counts_what_waits_for_the_head(client: StrictClient) -> None:
    submitted(case_of())
    submitted(case_of("denunciation"))
    for who, words in (("chair", "2 văn bản chờ ban hành"), ("clerk", ""), ("other_chair", "")):
        client.force_login(person_make(who))
        shown = client.get("/can-bo/").content.decode()
        assert ("chờ ban hành" in shown) is bool(words)
        assert words in shown


def told(template: str) -> OutboxMessage:
    return OutboxMessage.objects.get(template=template, channel="email")


def test_what_is_told_of_a_paper() -> None:
    case = proposed()
    paper = step(paper_submit, written(drafted(case, "proposal", "handler"), "handler"), "handler")
    waiting = told("paper_waiting")
    assert (waiting.unit, waiting.position) == (case.unit, "head")
    assert waiting.params["href"].endswith(f"/{paper.public_id}/")
    step(paper_return, paper, reason="Viết lại đoạn hai.")
    assert told("paper_returned").recipient == person_make("handler")
    step(paper_submit, paper, "handler")
    step(paper_issue, paper)
    assert told("paper_issued").recipient == person_make("handler")
    assert OutboxMessage.objects.filter(template="paper_waiting", channel="app").count() == 2


def test_nobody_is_told_of_the_own_step() -> None:
    step(paper_issue, submitted(proposed()))
    assert not OutboxMessage.objects.filter(template__startswith="paper_").exists()


def test_who_left_the_unit_is_told_nothing() -> None:
    paper = submitted(proposed(), "proposal", "handler")
    person_make("handler").memberships.update(valid_to=dt.date(2026, 1, 1))
    step(paper_return, paper, reason="Viết lại.")
    assert not OutboxMessage.objects.filter(template="paper_returned").exists()


def test_what_is_told_of_a_denunciation() -> None:
    """Nothing beyond what every notice says; shown only to whoever sees denunciations."""
    case = proposed("denunciation")
    paper = submitted(case, "proposal", "handler")
    message = told("paper_waiting")
    assert message.params.pop("secret")
    assert set(message.params) == {"code", "unit", "href"}
    words = words_of("paper_waiting", message.params).text
    assert "tố cáo" not in words.casefold()
    assert "đề xuất" not in words.casefold()
    assert case.code in words
    step(paper_return, paper, reason="Viết lại.")
    assert set(told("paper_returned").params) == {"code", "unit", "href"}
