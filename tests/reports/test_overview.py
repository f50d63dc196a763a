"""The overview by unit: right numbers, nothing betrayed, a fixed number of queries."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.access import Access
from accounts.models import User
from common.time import today
from communes.shades import legend, level
from deadlines.calendars import add_working_days
from petitions.models import Case
from reports.selectors import UnitFigures, overview_for

pytestmark = pytest.mark.django_db
PATH = "/can-bo/tong-quan/"
AccessOf = Callable[[str], Access]
StoryOf = Callable[..., Any]


@pytest.fixture
def sign_in(client: Client, person: Callable[[str], User]) -> Callable[[str], Client]:
    def enter(name: str) -> Client:
        client.force_login(person(name))
        return client

    return enter


SignIn = Callable[[str], Client]


def figures(access: Access, code: str = "00004") -> UnitFigures:
    return next(row for row in overview_for(access) if row.unit.code == code)


def numbers(row: UnitFigures) -> tuple[int | None, ...]:
    return row.open, row.soon, row.overdue, row.escalated


def due(story: Any, day: dt.date, **changes: Any) -> None:
    Case.objects.filter(code=story.filed.code).update(due_on=day, **changes)


def test_counts_by_due_date(story: StoryOf, access: AccessOf) -> None:
    day = today()
    due(story(), day - dt.timedelta(days=1), escalation_level=1)
    due(story(), day)
    due(story(), add_working_days(day, 3))
    due(story(), add_working_days(day, 4))
    closed = story()
    closed.do("clerk", "receive")
    closed.do("chair", "propose", proposal="file_away", text="Đơn trùng.")
    closed.do("chair", "file_away", reason="Đã hướng dẫn một lần.")
    assert numbers(figures(access("propaganda"))) == (4, 2, 1, 1)
    assert numbers(figures(access("propaganda"), "00008")) == (0, 0, 0, 0)


def test_the_city_lists_all_126_and_bodies_with_cases(story: StoryOf, access: AccessOf) -> None:
    assert len(overview_for(access("internal_affairs"))) == 126
    story(unit="BTCD", respondent={"name": "UBND phường", "unit": "00004", "position": "unknown"})
    codes = [row.unit.code for row in overview_for(access("internal_affairs"))]
    assert len(codes) == 127
    assert "BTCD" in codes


def test_a_head_sees_only_his_unit(story: StoryOf, access: AccessOf) -> None:
    story()
    rows = overview_for(access("other_chair"))
    assert [(row.unit.code, row.open) for row in rows] == [("00008", 0)]


@pytest.fixture
def denunciation(story: StoryOf) -> Case:
    """About an officer of another ward, sent to this ward, as a neutral body may hold it."""
    made = story(
        kind="denunciation",
        unit="00004",
        respondent={"name": "Ông X", "unit": "00008", "position": "officer"},
    )
    case: Case = made.case
    return case


@pytest.mark.parametrize(
    "who", ["propaganda", "party_office", "city_secretary", "board_officer", "city_front"]
)
def test_no_number_betrays_a_denunciation(denunciation: Case, access: AccessOf, who: str) -> None:
    assert figures(access(who), "00004").open == 0
    assert not [row for row in overview_for(access(who)) if row.open]


def test_who_sees_denunciations_city_wide_counts_them(denunciation: Case, access: AccessOf) -> None:
    holder = denunciation.unit.code
    assert figures(access("board_head"), holder).open == 1


def test_a_barred_unit_never_counts_its_denunciation(denunciation: Case, access: AccessOf) -> None:
    inspector = access("inspector")
    denunciation.barred_units = sorted({*denunciation.barred_units, *inspector.unit_ids})
    denunciation.save()
    assert not [row for row in overview_for(inspector) if row.open]


def test_the_page_has_map_and_table(
    sign_in: SignIn, story: StoryOf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in("propaganda")
    client.get(PATH)
    with django_assert_max_num_queries(7):
        page = client.get(PATH).content.decode()
    story()
    story(unit="00008")
    with django_assert_max_num_queries(7):
        page = client.get(PATH, {"do": "open"}).content.decode()
    assert page.count("hex-cell hex-cell--ward") >= 51
    assert page.count('<tr id="u-') == 126
    assert "#u-00004" in page
    assert "Không tính vụ việc tố cáo" in page


def test_figures_link_to_the_inbox_for_who_sees_cases(sign_in: SignIn, story: StoryOf) -> None:
    due(story(), today() - dt.timedelta(days=3))
    client = sign_in("board_head")
    page = client.get(PATH, {"do": "overdue"}).content.decode()
    href = "/can-bo/vu-viec/?unit=00004&amp;overdue=1&amp;open=1"
    assert href in page
    assert "Có tính vụ việc tố cáo" in page
    inbox = client.get(href.replace("&amp;", "&"))
    assert inbox.status_code == 200


@pytest.mark.parametrize("measure", ["open", "soon", "overdue", "escalated"])
def test_the_inbox_shows_as_many_as_were_counted(
    sign_in: SignIn, story: StoryOf, access: AccessOf, measure: str
) -> None:
    from reports.presenters import inbox_href

    due(story(), today() - dt.timedelta(days=3), escalation_level=2)
    due(story(), today())
    row = figures(access("board_head"))
    page = sign_in("board_head").get(inbox_href(access("board_head"), row.unit, measure))
    assert page.content.decode().count('<a class="code"') == getattr(row, measure) > 0


@pytest.mark.parametrize("query", [{"do": "x"}, {"sort": "x"}, {"do": "open", "sort": "unit"}])
def test_nonsense_falls_back(sign_in: SignIn, query: dict[str, str]) -> None:
    assert sign_in("city_chair").get(PATH, query).status_code == 200


def test_sorting_by_a_measure(sign_in: SignIn, story: StoryOf) -> None:
    story(unit="00008", respondent={"name": "UBND", "unit": "00008", "position": "unknown"})
    page = sign_in("board_head").get(PATH, {"sort": "open"}).content.decode()
    assert page.index('<tr id="u-00008"') < page.index('<tr id="u-00004"')


@pytest.mark.parametrize("who", ["clerk", "handler", "front", "admin"])
def test_who_oversees_nothing_finds_nothing(sign_in: SignIn, who: str) -> None:
    assert sign_in(who).get(PATH).status_code == 404


def test_a_head_gets_his_unit_without_a_map(sign_in: SignIn) -> None:
    page = sign_in("chair").get(PATH).content.decode()
    assert page.count('<tr id="u-') == 1
    assert 'class="hexmap"' not in page


def plain(client: Client) -> str:
    """The page without what differs at every request."""
    page = client.get(PATH, {"do": "open", "sort": "open"}).content.decode()
    return re.sub('name="csrfmiddlewaretoken" value="[^"]*"', "", page)


def test_without_sight_of_the_cases_small_numbers_stay_hidden(
    sign_in: SignIn, story: StoryOf
) -> None:
    """Neither the cell nor tile, map, shade or order tells one from none."""
    client = sign_in("propaganda")
    nothing = plain(client)
    due(story(), today() - dt.timedelta(days=3))
    assert plain(client) == nothing
    for unit in ("00008", "00004"):
        for _ in range(6):
            respondent = {"name": "UBND", "unit": unit, "position": "unknown"}
            story(unit=unit, respondent=respondent)
    page = client.get(PATH, {"do": "open", "sort": "open"}).content.decode()
    shown = [row for row in page.split("<tr ")[1:] if "…" not in row.split("</td>")[0]]
    assert len(shown) == 1
    assert ">7<" in shown[0]


def test_shades_cover_every_count_in_order() -> None:
    for top in range(30):
        shades = [level(value, top) for value in range(top + 1)]
        assert shades == sorted(shades)
        assert shades[0] == 1
        assert set(shades) <= {1, 2, 3, 4, 5}
        assert [item.level for item in legend(top)] == sorted(set(shades))


@pytest.mark.parametrize(
    ("who", "leads"), [("chair", True), ("propaganda", True), ("agency_head", False)]
)
def test_only_whoever_may_read_them_is_led_to_the_reports_of_the_party_line(
    who: str, leads: bool, sign_in: Callable[[str], Client]
) -> None:
    page = sign_in(who).get(PATH)
    assert page.status_code == 200
    assert (f"{PATH}qua-han/" in page.content.decode()) == leads
