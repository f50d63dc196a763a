"""Lists of officers: figures lead to what they count, one clock is drawn one way everywhere."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from common.time import today
from petitions.models import Case
from petitions.staff.present import case_lines, case_whole
from tests.people import Story, access_make, person_make

pytestmark = pytest.mark.django_db
Make = Callable[..., Story]


def _due(tale: Story, day: dt.date, **changes: Any) -> None:
    Case.objects.filter(code=tale.filed.code).update(due_on=day, **changes)


@pytest.mark.parametrize("who", ["clerk", "chair", "handler", "board_head"])
def test_a_figure_of_the_desk_leads_to_exactly_its_cases(
    client: Client, story: Make, who: str
) -> None:
    first, *others = [story() for _ in range(4)]
    story(unit="00008", respondent={"name": "UBND", "unit": "00008", "position": "unknown"})
    first.do("clerk", "receive")
    first.do("clerk", "assign", assignee=person_make("handler").username)
    _due(others[0], today())
    _due(others[1], today() - dt.timedelta(days=3), escalation_level=2)
    client.force_login(person_make(who))
    for tile in client.get("/can-bo/").context["tiles"]:
        page = client.get(tile.href)
        assert len(page.context["rows"]) == tile.value, tile.label


def test_the_list_draws_the_clock_of_the_case_page(story: Make) -> None:
    tale = story().accepted()
    (line,) = case_lines([tale.case])
    whole = case_whole(access_make("chair"), tale.case, {})
    running = [item.bar for item in whole["clocks"] if item.link.clock.state == "running"]
    assert line.bar is not None
    assert line.bar in running
    assert line.bar.due_on == tale.case.due_on


def test_what_narrows_a_list_is_said_and_kept(client: Client, story: Make) -> None:
    story()
    client.force_login(person_make("clerk"))
    query = "?unit=00004&due_after=2026-11-02&due_before=2026-11-03&assignee=nobody&escalated=1"
    page = client.get("/can-bo/vu-viec/" + query).content.decode()
    for words in ("Phường Ba Đình", "đến hạn ngày 02/11/2026", "đã báo cáo cấp trên"):
        assert f'<span class="flag">{words}' in page
    assert '<input type="hidden" name="unit" value="00004">' in page
