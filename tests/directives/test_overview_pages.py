"""The overview: units × tasks, one unit, what is late, and who sees what of it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.directives.giving import give, later, monthly, report, task_make
from tests.people import OTHER_WARD, WARD, person_make

pytestmark = pytest.mark.django_db
HOME = "/can-bo/chi-dao/tong-quan/"
Enter = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(later(1), tick=False)


@pytest.fixture
def enter(client: Client) -> Enter:
    def sign_in(name: str) -> Client:
        client.force_login(person_make(name))
        return client

    return sign_in


ALL = [
    HOME,
    f"{HOME}?view=map",
    f"{HOME}?directive=1699-cv-tu&group=1699-cv-tu-1",
    f"{HOME}?period=2026-11",
    f"{HOME}cham/",
    f"{HOME}theo-ky/",
    f"{HOME}theo-ky/?by=unit",
    f"{HOME}giong-nhau/",
    f"{HOME}tom-tat/",
    f"{HOME}tom-tat.pdf",
    f"{HOME}tep/bang/?format=csv",
    f"{HOME}tep/cham/?format=xlsx",
    f"{HOME}tep/theo-ky/",
    f"{HOME}don-vi/{WARD}/",
    f"{HOME}don-vi/{WARD}/tom-tat/",
    f"{HOME}don-vi/{WARD}/tom-tat.pdf",
]


def test_every_page_answers(enter: Enter, time_machine: Any) -> None:
    give(task_make(), WARD, OTHER_WARD, due_on=dt.date(2026, 11, 20))
    row = give(monthly(), WARD, OTHER_WARD)
    report(row, state="in_progress", period=row.periods.get().public_id, difficulties="Thiếu phòng")
    time_machine.move_to(later(40), tick=False)
    client = enter("propaganda")
    for address in ALL:
        answer = client.get(address)
        assert answer.status_code == 200, address
        if answer.streaming:
            b"".join(answer.streaming_content)
