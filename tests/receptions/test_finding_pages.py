"""The pages of reception days are found without an address, each by whom it concerns."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from receptions.selectors_brief import session_next_for
from tests.people import access_make, person_make
from tests.receptions.cast import NOW, session_draft, session_public

pytestmark = pytest.mark.django_db
DESK = "/can-bo/tiep-dan/"
PAGES = ("patterns", "publish_many", "month", "register_book", "tasks", "oversight")


@pytest.fixture(autouse=True)
def _monday(reference_data: None, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def linked(name: str) -> set[str]:
    """Which of the pages the desk of receptions leads to; every link opens."""
    client = Client()
    client.force_login(person_make(name))
    text = client.get(DESK).text
    found = set()
    for page in PAGES:
        start = f'href="{reverse(f"receptions_staff:{page}")}'
        if start in text:
            found.add(page)
            path = text.split(start, 1)[1].split('"', 1)[0].replace("&amp;", "&")
            answer = client.get(reverse(f"receptions_staff:{page}") + path)
            assert answer.status_code == 200, page
    return found


@pytest.mark.parametrize(
    ("name", "pages"),
    [
        ("secretary", set(PAGES)),
        ("chair", set(PAGES)),
        ("clerk", {"month", "register_book", "tasks"}),
        ("board_head", set(PAGES)),
        ("city_secretary", set(PAGES)),
    ],
)
def test_the_desk_leads_to_every_page_that_opens(name: str, pages: set[str]) -> None:
    assert linked(name) == pages


def today_of(name: str) -> str:
    client = Client()
    client.force_login(person_make(name))
    return client.get("/can-bo/").text


def test_the_first_page_names_the_next_reception_and_its_brief() -> None:
    session = session_public()
    session_draft(day=dt.date(2026, 12, 1))
    brief = reverse("receptions_staff:brief", args=[session.public_id])
    for name in ("secretary", "clerk"):
        text = today_of(name)
        assert brief in text
        assert "10/12/2026 08:00" in text
    for name in ("chair", "other_clerk", "city_chair", "front"):
        assert brief not in today_of(name), name


def test_on_the_day_it_leads_to_the_desk_of_the_day(time_machine: Any) -> None:
    session = session_public()
    day = reverse("receptions_staff:day", args=[session.public_id])
    assert day not in today_of("secretary")
    time_machine.move_to(session.starts_at, tick=False)
    assert day in today_of("secretary")


def test_the_next_one_is_one_query_and_ends_with_its_end(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    session = session_public()
    access = access_make("secretary")
    with django_assert_num_queries(1):
        assert session_next_for(access, session.ends_at - dt.timedelta(minutes=1)) == session
    assert session_next_for(access, session.ends_at) is None
    onlooker = access_make("propaganda")
    with django_assert_num_queries(0):
        assert session_next_for(onlooker, NOW) is None
