"""``/api/v1/overview/``: the page's figures for other systems."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from reports.selectors import overview_shown
from tests.people import CAST, access_make, person_make

pytestmark = pytest.mark.django_db
URL = "/api/v1/overview/"
ByToken = Callable[[str], Client]


@pytest.mark.parametrize("who", ["propaganda", "board_head", "chair"])
def test_the_figures_are_those_of_the_page(
    story: Callable[..., Any], by_token: ByToken, who: str
) -> None:
    for _ in range(5):
        story()
    story(kind="denunciation", respondent={"name": "Ông X", "unit": "00008", "position": "officer"})
    body = by_token(who).get(URL).json()
    told = {
        row["unit"]["code"]: (row["open"], row["due_soon"], row["overdue"], row["escalated"])
        for row in body["results"]
    }
    rows = overview_shown(access_make(who)).rows
    assert told == {r.unit.code: (r.open, r.soon, r.overdue, r.escalated) for r in rows}
    assert (told["00004"][0] or 0) >= 5 or body["hides_small_numbers"]
    assert body["hides_small_numbers"] == (who == "propaganda")
    assert body["counts_denunciations"] == (who == "board_head")


def test_a_head_gets_only_his_unit(by_token: ByToken) -> None:
    (row,) = by_token("other_chair").get(URL).json()["results"]
    assert row["unit"]["code"] == "00008"


def test_the_page_and_the_api_are_open_to_the_same_people(by_token: ByToken) -> None:
    assert Client().get(URL).status_code == 401
    for who in CAST:
        client = by_token(who)
        api = client.get(URL).status_code
        client.force_login(person_make(who))
        page = client.get("/can-bo/tong-quan/").status_code
        assert (api, page) in {(200, 200), (403, 404)}, who


def test_few_queries(by_token: ByToken, django_assert_max_num_queries: Any) -> None:
    client = by_token("propaganda")
    client.get(URL)
    with django_assert_max_num_queries(4):
        client.get(URL)
