"""The overview of directives in its interesting states: axe finds nothing, nothing sticks out."""

import datetime as dt
from typing import Any

import pytest

from directives.models import Assignment, TextLikeness
from tests.browser.conftest import Check
from tests.directives.giving import give, later, monthly, report, task_make
from tests.people import OTHER_WARD, WARD

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
HOME = "/can-bo/chi-dao/tong-quan/"
TEXT = (
    "Đảng ủy đã tổ chức hội nghị quán triệt chỉ thị đến toàn thể cán bộ, đảng viên, xây dựng kế"
    " hoạch và phân công nhiệm vụ cụ thể, có 120 người tham dự."
)


@pytest.fixture(autouse=True)
def _late_and_alike(time_machine: Any) -> None:
    time_machine.move_to(later(1), tick=False)
    passed = dt.date(2026, 11, 20)
    give(task_make(title="Việc trễ"), WARD, OTHER_WARD, due_on=passed)
    task = task_make(title="Việc đã báo cáo")
    report(give(task, WARD), text=TEXT)
    report(give(task, OTHER_WARD), "other_chair", text=TEXT)
    periodic = monthly(title="Việc hằng tháng")
    row = give(periodic, WARD)
    give(periodic, OTHER_WARD)
    report(
        row,
        state="in_progress",
        period=row.periods.get().public_id,
        text="Đã làm.",
        difficulties="Thiếu phòng tiếp.",
    )
    time_machine.move_to(later(25), tick=False)


def test_the_city_looks(check: Check) -> None:
    check(HOME, who="propaganda")
    check(f"{HOME}?view=map&measure=late")
    check(f"{HOME}?directive=1699-cv-tu&group=1699-cv-tu-1")
    check(f"{HOME}?period=2026-11")
    check(f"{HOME}?addressee=front&district=&kind=commune&sort=late")


def test_one_unit_and_what_is_late(check: Check) -> None:
    check(f"{HOME}don-vi/{WARD}/", who="propaganda")
    check(f"{HOME}cham/?kind=task")
    check(f"{HOME}cham/?kind=period")
    check(f"{HOME}cham/?q=zzzz")
    check(f"{HOME}theo-ky/?by=unit&other=2026-11")


def test_reports_that_read_alike(check: Check) -> None:
    check(f"{HOME}giong-nhau/", who="propaganda")
    check(f"{HOME}giong-nhau/{TextLikeness.objects.get().public_id}/", sent=True)
    check(f"{HOME}giong-nhau/?state=justified")


def test_briefs_and_empty_pages(check: Check) -> None:
    check(f"{HOME}tom-tat/", who="propaganda")
    check(f"{HOME}don-vi/{WARD}/tom-tat/")
    check("/can-bo/chi-dao/1699-cv-tu/giao/")
    check(HOME, who="clerk")
    Assignment.objects.update(state="withdrawn", withdrawn_reason="Thử")
    check(HOME)
    check(f"{HOME}theo-ky/")
