"""Figures that units report: against the target, of all units together, on pages and in files."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from directives.indicators import bar, is_met, together
from directives.models import Assignment, Task
from directives.presenters_late import late_lines
from directives.selectors_late import TASK, LateFilter, late_tasks
from directives.selectors_overview import Scope, heat
from directives.services import report_review
from tests.directives.giving import give, later, report, task_make
from tests.directives.overseeing import GROUP, PASSED
from tests.people import OTHER_WARD, WARD, access_make

ROOT = "/can-bo/chi-dao/1699-cv-tu/"
Enter = Callable[[str], Client]


@pytest.mark.parametrize(
    ("indicator", "value", "target", "reached"),
    [
        ("count", "3", "3", True),
        ("count", "12", "100", False),
        ("percentage", "92.5", "90", True),
        ("percentage", "9.5", "90", False),
        ("yes_no", "yes", "yes", True),
        ("yes_no", "no", "yes", False),
        ("date", "2026-11-20", "2026-11-20", True),
        ("date", "2026-12-01", "2026-11-20", False),
        ("count", "", "3", None),
        ("count", "3", "", None),
    ],
)
def test_a_target_is_met(indicator: str, value: str, target: str, reached: bool | None) -> None:
    assert is_met(indicator, value, target) is reached


def test_figures_together() -> None:
    assert together("count", ["3", "", "12"]).sum == 15
    assert together("percentage", ["50", "75.5", "100"]).average == Decimal("75.2")
    answers = together("yes_no", ["yes", "no", "yes", ""])
    assert (answers.yes, answers.reported) == (2, 3)
    days = together("date", ["2026-12-01", "2026-11-20"])
    assert (days.first, days.last) == (dt.date(2026, 11, 20), dt.date(2026, 12, 1))
    assert together("count", ["", ""]).sum is None
    assert bar("percentage", "50", Decimal(0)) == (50, 100)
    assert bar("count", "3", Decimal(12)) == (3, 12)
    assert bar("yes_no", "yes", Decimal(0)) is None


def judge(row: Assignment, *, accepted: bool) -> None:
    report_review(
        access=access_make("propaganda"),
        public_id=row.public_id,
        version=Assignment.objects.get(pk=row.pk).version,
        is_accepted=accepted,
        text="Số liệu chưa khớp",
        until=None if accepted else later(30).date(),
        at=later(2),
    )


def two_units(target: str = "10") -> Task:
    """The first ward reported 12 and was confirmed, the other 4; a third nothing."""
    task = task_make(target=target)
    row = give(task, WARD, OTHER_WARD, "00025", due_on=PASSED)
    other = Assignment.objects.get(task=task, unit__code=OTHER_WARD)
    report(row, value="12")
    judge(row, accepted=True)
    report(other, "other_chair", value="4")
    return task


def page_of(client: Client, task: Task, **query: str) -> Any:
    return client.get(f"{ROOT}nhiem-vu/{task.code}/so-lieu/", query)


def found(page: Any) -> dict[str, tuple[str, str]]:
    return {row["unit"].code: (row["value"], str(row["verdict"])) for row in page.context["rows"]}


@pytest.mark.django_db
def test_every_unit_beside_the_target(
    enter: Enter, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    task = two_units()
    client = enter("propaganda")
    with django_assert_max_num_queries(10):
        page = page_of(client, task)
    assert found(page) == {
        WARD: ("12", "đạt chỉ tiêu"),
        OTHER_WARD: ("4", "dưới chỉ tiêu"),
        "00025": ("", "chưa có số liệu"),
    }
    assert page.context["together"] == "Tổng: 16"
    assert page.context["counts"] == {"met": 1, "below": 1, "none": 1}
    words = page.content.decode()
    assert "Thành phố đã xác nhận" in words
    assert "đã báo cáo, chưa xác nhận" in words
    assert list(found(page_of(client, task, verdict="below"))) == [OTHER_WARD]
    assert found(page_of(client, task, kind="commune")) == {}
    assert list(found(page_of(enter("clerk"), task))) == [WARD]


@pytest.mark.django_db
def test_a_figure_that_was_returned_does_not_stand(enter: Enter) -> None:
    row = give(task_make(target="10"))
    report(row, value="7", state="in_progress")
    report(row, value="99", at=later(1, 10))
    judge(row, accepted=False)
    assert found(page_of(enter("propaganda"), row.task))[WARD] == ("7", "dưới chỉ tiêu")


@pytest.mark.django_db
def test_figures_in_files_and_api(enter: Enter) -> None:
    task = two_units()
    client = enter("propaganda")
    file: Any = client.get(f"{ROOT}nhiem-vu/{task.code}/so-lieu/tai-ve/", {"format": "csv"})
    text = b"".join(file.streaming_content).decode()
    assert ",12,10,đạt chỉ tiêu,Thành phố đã xác nhận," in text
    assert ",4,10,dưới chỉ tiêu," in text
    given: Any = client.get(f"{ROOT}giao/tai-ve/", {"format": "csv"})
    assert ",4,10,dưới chỉ tiêu," in b"".join(given.streaming_content).decode()
    answer = client.get(f"/api/v1/directives/1699-cv-tu/assignments/?unit={OTHER_WARD}").json()
    (line,) = [row for row in answer["results"] if row["task"]["code"] == task.code]
    assert (line["value"], line["task"]["target"], line["is_met"]) == ("4", "10", False)
    one = client.get(f"/api/v1/assignments/{line['id']}/").json()
    assert (one["value"], one["is_met"]) == ("4", False)


@pytest.mark.django_db
def test_below_the_target_is_said_on_the_overview_and_in_the_late_list(enter: Enter) -> None:
    task = two_units()
    table = heat(
        access_make("propaganda"), Scope(directive="1699-cv-tu", group=GROUP), later(8).date()
    )
    below = {unit for (unit, key), one in table.tasks.items() if key == task.pk and one.is_below}
    assert below == {Assignment.objects.get(task=task, unit__code=OTHER_WARD).unit_id}
    home = f"/can-bo/chi-dao/tong-quan/?directive=1699-cv-tu&group={GROUP}"
    assert ", dưới chỉ tiêu" in enter("propaganda").get(home).content.decode()
    late = give(task_make(target="10"), due_on=PASSED)
    report(late, value="3", state="in_progress")
    rows = list(late_tasks(access_make("propaganda"), LateFilter(), later(8).date()))
    lines = {line["assignment"].pk: line for line in late_lines(TASK, rows, later(8).date())}
    assert lines[late.pk]["is_below"]
    assert [line["is_below"] for line in lines.values()].count(True) == 1
