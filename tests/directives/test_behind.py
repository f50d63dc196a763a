"""What stands behind a report is seen before it is confirmed, and what is missing is marked."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from common.errors import InvalidInput
from directives.models import Assignment
from directives.presenters_behind import is_below
from directives.selectors_behind import behind_of
from directives.services import Plan, periods_open, plan_record
from tests.directives.giving import MONDAY, give, later, monthly, report, task_make, upload
from tests.directives.task_pages import now_of, page
from tests.people import OTHER_WARD, access_make

pytestmark = pytest.mark.django_db
WAITING = "/can-bo/chi-dao/cho-xem-xet/"
MARKS = ("chưa có kế hoạch", "chưa có minh chứng", "dưới chỉ tiêu")
Enter = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(later(2), tick=False)


def planned(row: Assignment) -> None:
    plan_record(
        access=access_make("secretary"),
        public_id=row.public_id,
        version=now_of(row).version,
        plan=Plan("15-KH/ĐU", MONDAY, "Kế hoạch đối thoại"),
        at=later(1),
    )


def marks(shown: str) -> list[str]:
    return [mark for mark in MARKS if f">{mark}<" in shown]


def test_a_bare_report_is_marked_on_both_pages(enter: Enter) -> None:
    row = report(give(task_make(target="5")), text="Đã làm tốt. " * 60, value="3")
    client = enter("propaganda")
    for shown in (client.get(WAITING).content.decode(), page(client, row)):
        assert marks(shown) == ["chưa có minh chứng", "dưới chỉ tiêu"]
        assert "0 tệp" in shown
    behind = client.get(WAITING).context["rows"][0]["behind"]
    assert (behind["value"], behind["target"], behind["plan"]) == ("3", "5", None)
    assert "Đã làm tốt. Đã" in client.get(WAITING).content.decode()
    assert "Đã làm tốt. " * 60 not in client.get(WAITING).content.decode()  # shortened


def test_a_report_with_files_and_its_aim_is_not_marked(enter: Enter) -> None:
    row = give(task_make(target="5"))
    report(row, state="in_progress", files=[upload("mot.txt")])
    row = report(row, value="5", files=[upload("hai.txt")])
    client = enter("propaganda")
    for shown in (client.get(WAITING).content.decode(), page(client, row)):
        assert marks(shown) == []
        assert "2 tệp" in shown


def test_evidence_of_another_register_is_not_asked_for_again(enter: Enter) -> None:
    report(give(task_make(evidence_source="programmes")))
    assert marks(enter("propaganda").get(WAITING).content.decode()) == []


def test_periods_are_read_by_themselves(enter: Enter, time_machine: Any) -> None:
    row = give(monthly(target="10"))
    time_machine.move_to(later(20), tick=False)
    periods_open()
    first, second = row.periods.order_by("starts_on")
    more: dict[str, Any] = {"state": "in_progress", "at": later(20)}
    report(row, period=first.public_id, value="12", files=[upload()], **more)
    report(row, period=second.public_id, value="4", **more)
    rows = enter("propaganda").get(WAITING + "?kind=period").context["rows"]
    assert [line["behind"]["files"] for line in rows] == [1, 0]
    assert rows[0]["behind"]["marks"] == []
    assert rows[1]["behind"]["marks"] == ["chưa có minh chứng", "dưới chỉ tiêu"]


def test_a_page_of_reports_costs_a_fixed_number_of_queries(
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    task = task_make()
    rows = [report(give(task)), report(give(task, OTHER_WARD), "other_chair")]
    found = [now_of(row) for row in rows]
    known = list(Assignment.objects.with_list_data().filter(pk__in=[row.pk for row in found]))
    with django_assert_num_queries(4):
        assert len(behind_of(known)) == 2
    with django_assert_num_queries(0):
        assert behind_of([]) == []


def test_a_missing_plan_is_seen_and_done_is_refused(enter: Enter) -> None:
    row = give(task_make(is_plan=True))
    client = enter("secretary")
    assert marks(page(client, row)) == ["chưa có kế hoạch"]
    with pytest.raises(InvalidInput) as refused:
        report(row)
    assert "state" in refused.value.fields
    answer = client.post(
        f"/api/v1/assignments/{row.public_id}/reports/",
        {"version": 1, "state": "reported_done", "text": "Đã xong."},
        content_type="application/json",
    )
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["state"])
    assert "kế hoạch của đơn vị trước" in answer.json()["fields"]["state"][0]
    report(row, state="in_progress")
    planned(row)
    assert marks(page(client, row)) == []
    assert report(row).state == "reported_done"
    shown = enter("propaganda").get(WAITING).content.decode()
    assert marks(shown) == []
    assert "15-KH/ĐU, 16/11/2026" in shown


@pytest.mark.parametrize(
    ("indicator", "target", "value", "below"),
    [
        ("count", "5", "4", True),
        ("count", "5", "10", False),
        ("percentage", "90", "89.5", True),
        ("yes_no", "yes", "no", True),
        ("yes_no", "no", "no", False),
        ("date", "2026-11-20", "2026-11-21", True),
        ("date", "2026-11-20", "2026-11-20", False),
        ("count", "", "4", False),
        ("count", "5", "", False),
    ],
)
def test_when_a_figure_is_below_its_aim(
    indicator: str, target: str, value: str, below: bool
) -> None:
    assert is_below(task_make(indicator=indicator, target=target), value) is below
