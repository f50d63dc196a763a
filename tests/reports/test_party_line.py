"""The list of overdue petitions in the commune secretary's monthly report."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.time import local_moment
from communes.models import Unit
from notifications.models import OutboxMessage
from reports.party_line import Month, Overdue, overdue_in, party_list_send
from tests.people import OTHER_WARD, WARD, Story, access_make, person_make

pytestmark = pytest.mark.django_db
Make = Callable[..., Story]
FILED = dt.datetime(2026, 10, 5, 2, tzinfo=dt.UTC)
OCTOBER = Month.of(dt.date(2026, 10, 9))
DECEMBER_1 = local_moment(dt.date(2026, 12, 1), 7)
NOVEMBER_1 = local_moment(dt.date(2026, 11, 1), 7)


def listed(who: str, month: Month = OCTOBER, on: dt.date = dt.date(2026, 11, 3)) -> list[Overdue]:
    return overdue_in(access_make(who), Unit.objects.get(code=WARD), month, on=on)


def test_a_month_knows_its_days() -> None:
    assert (dt.date(2026, 10, 1), dt.date(2026, 10, 31)) == OCTOBER
    assert Month.of(dt.date(2027, 1, 1)).before == (dt.date(2026, 12, 1), dt.date(2026, 12, 31))


def test_what_is_open_and_late_at_the_end_of_the_month_is_listed(story: Make) -> None:
    tale = story(at=FILED)
    story(at=dt.datetime(2026, 10, 29, 2, tzinfo=dt.UTC))
    rows = listed("secretary")
    assert [row.case.code for row in rows] == [tale.filed.code]
    assert (rows[0].met_on, rows[0].is_visible) == (None, True)
    assert rows[0].days_late > 10


def test_what_was_done_late_within_the_month_says_when(story: Make) -> None:
    story(at=FILED).accepted(at=dt.datetime(2026, 10, 28, 2, tzinfo=dt.UTC))
    rows = listed("secretary")
    assert [row.met_on for row in rows] == [dt.date(2026, 10, 28)]
    assert listed("secretary", Month.of(dt.date(2026, 11, 1)), dt.date(2026, 11, 20)) == []


def test_denunciations_and_internal_targets_are_never_in_it(story: Make) -> None:
    story(at=FILED, kind="denunciation", unit=WARD, respondent={
        "name": "Ông Nguyễn Văn Thử", "unit": OTHER_WARD, "position": "officer"})  # fmt: skip
    story(kind="recommendation", at=FILED).accepted(at=FILED)
    rows = listed("internal_affairs", on=dt.date(2027, 1, 5), month=Month.of(dt.date(2026, 12, 9)))
    assert rows == []


def test_readers_without_the_right_to_the_case_see_the_line_only(story: Make) -> None:
    story(at=FILED)
    assert [row.is_visible for row in listed("internal_affairs")] == [False]


def test_three_queries_however_long_the_list(story: Make) -> None:
    for _ in range(4):
        story(at=FILED)
    access, unit = access_make("secretary"), Unit.objects.get(code=WARD)
    with CaptureQueriesContext(connection) as seen:
        assert len(overdue_in(access, unit, OCTOBER, on=dt.date(2026, 11, 3))) == 4
    assert len(seen) <= 4


def test_the_page_is_for_the_party_line_and_for_the_own_unit(
    story: Make, client: Any, time_machine: Any
) -> None:
    time_machine.move_to(NOVEMBER_1, tick=False)
    tale = story(at=FILED)
    url = "/can-bo/tong-quan/qua-han/"
    client.force_login(person_make("secretary"))
    assert tale.filed.code in client.get(url).content.decode()
    client.force_login(person_make("propaganda"))
    page = client.get(f"{url}?don_vi={WARD}&thang=2026-10").content.decode()
    assert tale.filed.code in page
    assert "không bao giờ nêu đơn tố cáo" in page
    assert client.get(f"{url}?don_vi=99999").status_code == 404
    assert client.get(f"{url}?thang=rubbish").status_code == 200
    client.force_login(person_make("other_chair"))
    assert client.get(f"{url}?don_vi={WARD}").status_code == 404
    client.force_login(person_make("clerk"))
    assert client.get(url).status_code == 404


def test_secretaries_and_the_three_readers_are_told_once_a_month(story: Make) -> None:
    for name in ("secretary", "city_secretary", "internal_affairs", "propaganda"):
        person_make(name)
    story(at=FILED)
    assert party_list_send(at=NOVEMBER_1) == 4
    assert party_list_send(at=NOVEMBER_1 + dt.timedelta(days=3)) == 0
    told = OutboxMessage.objects.filter(template="party_list")
    assert set(told.values_list("position", flat=True)) == {
        "secretary",
        "city_secretary",
        "internal_affairs",
        "propaganda",
    }
    assert party_list_send(at=DECEMBER_1) == 4
