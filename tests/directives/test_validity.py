"""A document asks something only while it is in effect: its first and its last day."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from common.errors import InvalidInput
from directives import services
from directives.models import Assignment, Directive, Task
from directives.policies import may_give
from directives.selectors_register import register_list
from directives.services import assignments_give, assignments_preview, periods_open
from tests.directives.giving import MONDAY, give, later, report, running, units
from tests.directives.keeping import group_of, in_force, task_of
from tests.people import access_make

pytestmark = pytest.mark.django_db
FIRST = dt.date(2026, 12, 1)
LAST = dt.date(2027, 1, 15)
RECORD = "/can-bo/chi-dao/{}/ho-so/"
Enter = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(later(0), tick=False)


def days(day: dt.date) -> int:
    return (day - MONDAY).days


def document(**changes: Any) -> tuple[Directive, Task]:
    """One in force with a monthly task."""
    directive = in_force(**changes)
    made = task_of(group_of(directive), rhythm="monthly", starts_on=dt.date(2026, 11, 1))
    return Directive.objects.get(pk=directive.pk), made


@pytest.mark.parametrize("day", [FIRST - dt.timedelta(1), LAST + dt.timedelta(1)])
def test_nothing_is_given_before_the_first_and_after_the_last_day(day: dt.date) -> None:
    directive, task = document(valid_from=FIRST, valid_until=LAST)
    moment = later(days(day))
    assert may_give(access_make("propaganda"), directive, day) is not None
    with pytest.raises(InvalidInput) as caught:
        give(task, at=moment)
    assert list(caught.value.fields) == ["tasks"]
    with pytest.raises(InvalidInput):
        assignments_preview(
            access=access_make("propaganda"), tasks=[task], units=units(), at=moment
        )
    assert assignments_give(tasks=[task], units=units(), at=moment) == 0
    assert not Assignment.objects.filter(task=task).exists()


@pytest.mark.parametrize("day", [FIRST, LAST])
def test_on_the_first_and_on_the_last_day_it_is_given(day: dt.date) -> None:
    directive, task = document(valid_from=FIRST, valid_until=LAST)
    assert may_give(access_make("propaganda"), directive, day) is None
    assert give(task, at=later(days(day))).state == "assigned"


def test_no_period_begins_after_the_last_day_and_what_is_owed_stays() -> None:
    _directive, task = document(valid_until=LAST)
    row = give(task)
    periods_open(at=later(days(dt.date(2027, 3, 2))))  # late: the two that had begun are made
    months = [dt.date(2026, 11, 1), dt.date(2026, 12, 1), dt.date(2027, 1, 1)]
    assert list(row.periods.order_by("starts_on").values_list("starts_on", flat=True)) == months
    assert running(row) == 3
    report(row, state="in_progress", period=row.periods.earliest("starts_on").public_id)


def test_periods_begin_with_the_document() -> None:
    _directive, task = document()
    row = give(task)
    Directive.objects.filter(pk=task.group.directive_id).update(valid_from=dt.date(2027, 2, 1))
    periods_open(at=later(days(dt.date(2027, 2, 3))))
    starts = list(row.periods.order_by("starts_on").values_list("starts_on", flat=True))
    assert starts == [dt.date(2026, 11, 1), dt.date(2027, 2, 1)]


def test_pages_and_lists_say_it_by_date(enter: Enter, time_machine: Any) -> None:
    directive, _task = document(valid_from=FIRST, valid_until=LAST, is_public=True)
    client = enter("propaganda")
    public = f"/chi-dao/{directive.slug}/"
    for day, words in ((MONDAY, "Chưa có hiệu lực"), (LAST + dt.timedelta(1), "Hết hiệu lực")):
        time_machine.move_to(later(days(day)), tick=False)
        page = client.get(RECORD.format(directive.slug)).content.decode()
        assert words in page
        assert words in client.get(f"/can-bo/chi-dao/{directive.slug}/").content.decode()
        assert words in Client().get(public).content.decode()
        assert words in client.get("/can-bo/chi-dao/", {"q": directive.number}).content.decode()
        assert client.get(f"/can-bo/chi-dao/{directive.slug}/giao/").status_code == 403
    time_machine.move_to(later(days(LAST)), tick=False)
    page = client.get(RECORD.format(directive.slug)).content.decode()
    assert "Hết hiệu lực" not in page
    assert client.get(f"/can-bo/chi-dao/{directive.slug}/giao/").status_code == 200


def test_what_has_expired_is_found_in_the_register(time_machine: Any) -> None:
    directive, _task = document(valid_until=LAST)
    access = access_make("propaganda")
    assert directive not in register_list(access, state="expired")
    time_machine.move_to(later(days(LAST) + 1), tick=False)
    assert list(register_list(access, state="expired")) == [directive]


def test_a_document_that_has_expired_can_still_be_withdrawn() -> None:
    directive, task = document(valid_until=LAST)
    give(task)
    services.directive_withdraw(
        access=access_make("propaganda"),
        slug=directive.slug,
        version=directive.version,
        reason="Bãi bỏ.",
        at=later(days(LAST) + 5),
    )
    assert Assignment.objects.get(task=task).state == "withdrawn"
