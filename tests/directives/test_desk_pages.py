"""The unit's desk for directives, and what waits for the City's answer."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from communes.models import Unit
from directives.models import Assignment, TaskGroup
from directives.services import extension_ask, owner_appoint
from tests.directives.giving import DUE, give, later, monthly, report, task_make
from tests.people import OTHER_WARD, WARD, access_make

pytestmark = pytest.mark.django_db
DESK, WAITING = "/can-bo/chi-dao/viec-duoc-giao/", "/can-bo/chi-dao/cho-xem-xet/"
Enter = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(later(1), tick=False)


def rows(client: Client, address: str = DESK, **query: str) -> list[Any]:
    return list(client.get(address, query).context["rows"])


def titles(client: Client, **query: str) -> list[str]:
    return [row["task"].title for row in rows(client, **query)]


def test_what_is_due_first_stands_first(enter: Enter) -> None:
    give(task_make(title="Muộn"), due_on=DUE + dt.timedelta(days=5))
    give(monthly(title="Kỳ"))  # due on 5 December
    give(task_make(title="Sớm"), due_on=dt.date(2026, 11, 20))
    give(task_make(title="Của phường khác"), OTHER_WARD)
    found = titles(enter("clerk"))
    assert found[:3] == ["Sớm", "Kỳ", "Muộn"]
    assert len(found) == 3 + 9  # those that came with the portal have no date
    assert "Của phường khác" not in found


def test_late_and_soon(enter: Enter, time_machine: Any) -> None:
    give(task_make(title="Trễ"), due_on=dt.date(2026, 11, 20))
    give(task_make(title="Gần"), due_on=dt.date(2026, 11, 27))
    late_done = give(task_make(title="Xong"), due_on=dt.date(2026, 11, 20))
    report(late_done)
    time_machine.move_to(later(8), tick=False)
    client = enter("clerk")
    assert titles(client, due="late") == ["Trễ"]
    assert titles(client, due="soon") == ["Gần"]
    page = client.get(DESK, {"due": "late"}).content.decode()
    assert "flag--escalated" in page
    tiles = {tile["label"]: tile["value"] for tile in client.get(DESK).context["tiles"]}
    assert [str(value) for value in tiles.values()] == ["11", "11", "1", "1", "0"]


def test_every_tile_shows_what_it_counts(enter: Enter, time_machine: Any) -> None:
    row = give(task_make(), due_on=dt.date(2026, 11, 20))
    give(task_make(), due_on=dt.date(2026, 11, 27))
    report(give(monthly()), state="in_progress")
    owner_appoint(access=access_make("clerk"), public_id=row.public_id, version=1, owner="clerk")
    time_machine.move_to(later(8), tick=False)
    client = enter("clerk")
    for tile in client.get(DESK).context["tiles"]:
        assert len(client.get(DESK + tile["href"]).context["rows"]) == tile["value"], tile


def test_filters_by_state_document_and_owner(enter: Enter) -> None:
    done = give(task_make(title="Xong"))
    report(done)
    mine = give(task_make(title="Của tôi"))
    owner_appoint(access=access_make("clerk"), public_id=mine.public_id, version=1, owner="clerk")
    client = enter("clerk")
    assert titles(client, state="reported_done") == ["Xong"]
    assert "Xong" not in titles(client)
    assert "Xong" in titles(client, state="")
    assert titles(client, mine="on") == ["Của tôi"]
    assert len(titles(client, directive="1699-cv-tu")) == len(titles(client))
    assert titles(client, directive="07-ct-tu", state="nhu-the-nao") == titles(client)


def test_periods_of_a_reported_task_are_still_owed(enter: Enter) -> None:
    """The completion lies with the City, the report of the month does not."""
    report(give(monthly(title="Kỳ")))
    assert titles(enter("clerk"))[0] == "Kỳ"


def test_pages_of_the_desk(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directives.views_desk.PAGE_SIZE", 5)
    give(task_make(title="Có hạn"))
    client = enter("clerk")
    seen, address = [], DESK
    while address:
        answer = client.get(address)
        seen += [row["assignment"].pk for row in answer.context["rows"]]
        address = DESK + answer.context["next_href"] if answer.context["next_href"] else ""
    assert len(seen) == len(set(seen)) == 10


def test_a_body_without_tasks_is_told_so(enter: Enter) -> None:
    page = enter("city_front").get(DESK).content.decode()
    assert "Đơn vị chưa được giao nhiệm vụ nào" in page
    page = enter("clerk").get(DESK, {"state": "confirmed"}).content.decode()
    assert "Không có nhiệm vụ nào phù hợp với điều kiện lọc" in page


def test_the_desk_reads_a_fixed_number_of_times(
    enter: Enter, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        give(task_make())
    client = enter("clerk")
    with django_assert_max_num_queries(15):
        client.get(DESK)


@pytest.mark.parametrize(
    ("who", "desk", "waiting"),
    [("clerk", True, False), ("propaganda", False, True), ("city_secretary", False, False)],
)
def test_links_lead_where_the_person_may_go(
    enter: Enter, who: str, desk: bool, waiting: bool
) -> None:
    page = enter(who).get("/can-bo/chi-dao/").content.decode()
    assert (f'href="{DESK}"' in page, f'href="{WAITING}"' in page) == (desk, waiting)
    start = enter(who).get("/can-bo/").content.decode()
    assert (f'href="{DESK}"' in start) is desk


# The City


def asked(row: Assignment) -> None:
    extension_ask(
        access=access_make("clerk"),
        public_id=row.public_id,
        version=Assignment.objects.get(pk=row.pk).version,
        wanted_on=DUE + dt.timedelta(days=10),
        reason="Hội trường đang sửa.",
    )


@pytest.fixture
def waiting(db: None) -> dict[str, Assignment]:
    """One of each: done, a period, more time; and one that waits for nothing."""
    found = {"done": give(task_make(title="Xong")), "period": give(monthly(title="Kỳ"))}
    report(found["done"])
    period = found["period"].periods.get()
    report(found["period"], state="in_progress", period=period.public_id)
    found["time"] = give(task_make(title="Gia hạn"))
    asked(found["time"])
    report(give(task_make(title="Đang làm")), state="in_progress")
    return found


def test_the_city_sees_what_waits_by_kind(enter: Enter, waiting: dict[str, Assignment]) -> None:
    client = enter("propaganda")
    for kind, title in (("completion", "Xong"), ("period", "Kỳ"), ("extension", "Gia hạn")):
        found = rows(client, WAITING, kind=kind)
        assert [row["task"].title for row in found] == [title]
    page = client.get(WAITING, {"kind": "extension"}).content.decode()
    assert "Hội trường đang sửa." in page
    assert page.count("(1)") == 3
    assert f"/can-bo/chi-dao/viec/{waiting['time'].public_id}/" in page


def test_what_waits_by_unit_and_document(enter: Enter, waiting: dict[str, Assignment]) -> None:
    other = give(task_make(title="Phường khác"), OTHER_WARD)
    report(other, "other_chair")
    client = enter("propaganda")
    assert len(rows(client, WAITING, kind="completion")) == 2
    here, there = (Unit.objects.get(code=code).search_text for code in (WARD, OTHER_WARD))
    word = next(word for word in there.split() if word not in here)
    named = rows(client, WAITING, kind="completion", q=word)
    assert [row["task"].title for row in named] == ["Phường khác"]
    give(task_make(group=TaskGroup.objects.get(code="36-ct-tu-1")))
    for kind in ("completion", "period", "extension"):
        assert rows(client, WAITING, kind=kind, q="huong son") == []
        assert rows(client, WAITING, kind=kind, directive="36-ct-tu") == []
        assert rows(client, WAITING, kind=kind, directive="1699-cv-tu")
    page = client.get(WAITING, {"q": "huong son"}).content.decode()
    assert "Không có việc nào phù hợp với điều kiện lọc" in page


def test_the_oldest_waits_first(enter: Enter) -> None:
    second, first = give(task_make(title="Sau")), give(task_make(title="Trước"))
    report(first, at=later(1, 8))
    report(second, at=later(1, 10))
    found = rows(enter("propaganda"), WAITING)
    assert [row["task"].title for row in found] == ["Trước", "Sau"]


def test_what_came_late_is_marked(enter: Enter, time_machine: Any) -> None:
    report(give(task_make(title="Đúng hạn")))
    report(give(task_make(title="Muộn"), due_on=dt.date(2026, 11, 20)), at=later(8))
    time_machine.move_to(later(9), tick=False)
    found = rows(enter("propaganda"), WAITING)
    assert [(row["task"].title, row["is_late"]) for row in found] == [
        ("Đúng hạn", False),
        ("Muộn", True),
    ]


def test_nothing_waits(enter: Enter) -> None:
    assert "Không có việc đang chờ" in enter("propaganda").get(WAITING).content.decode()


@pytest.mark.parametrize("who", ["clerk", "city_secretary", "city_front"])
def test_others_are_told_why_not(enter: Enter, who: str) -> None:
    assert enter(who).get(WAITING).status_code == 403


def test_the_list_reads_a_fixed_number_of_times(
    enter: Enter,
    waiting: dict[str, Assignment],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    report(give(task_make()), at=later(1))
    client = enter("propaganda")
    client.get(WAITING)
    for kind in ("completion", "period", "extension"):
        with django_assert_max_num_queries(13):
            client.get(WAITING, {"kind": kind})
