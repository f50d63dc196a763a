"""The page of a task for whoever gave it, and its files."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from directives.models import Assignment, ProgressReport
from directives.services import assignment_withdraw, study_record
from tests.directives.giving import (
    DUE,
    MONDAY,
    actions,
    give,
    later,
    monthly,
    report,
    task_make,
)
from tests.directives.task_pages import WANTED, asked, now_of, page, paper, path
from tests.people import access_make

pytestmark = pytest.mark.django_db
Enter = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(later(1), tick=False)


@pytest.fixture
def row(db: None) -> Assignment:
    return give(task_make())


@pytest.fixture
def periodic(db: None) -> Assignment:
    return give(monthly())


# Whoever gave it


def test_more_time_is_given(enter: Enter, row: Assignment) -> None:
    asked(row)
    client = enter("propaganda")
    assert "extension_answer-is_granted" in page(client, row)
    form = {"extension_answer-version": 2, "extension_answer-is_granted": "yes"}
    assert client.post(path(row, "gia-han/tra-loi/"), form).status_code == 302
    assert now_of(row).due_on == WANTED
    shown = page(client, row)
    assert "từ 11/12/2026 thành 21/12/2026" in shown
    assert "extension_answer-is_granted" not in shown


def test_more_time_is_refused_with_a_reason(enter: Enter, row: Assignment) -> None:
    asked(row)
    client = enter("propaganda")
    form = {"extension_answer-version": 2, "extension_answer-is_granted": "no"}
    wrong = client.post(path(row, "gia-han/tra-loi/"), form)
    assert wrong.status_code == 422
    assert 'href="#id_extension_answer-answer"' in wrong.content.decode()
    form["extension_answer-answer"] = "Còn đủ thời gian."
    assert client.post(path(row, "gia-han/tra-loi/"), form).status_code == 302
    assert "Còn đủ thời gian." in page(client, row)
    assert now_of(row).due_on == DUE


def test_a_period_is_accepted(enter: Enter, periodic: Assignment) -> None:
    period = periodic.periods.get()
    report(periodic, "clerk", state="in_progress", period=period.public_id)
    client = enter("propaganda")
    assert "review-period" in page(client, periodic)
    form = {
        "review-version": 2,
        "review-period": str(period.public_id),
        "review-decision": "accept",
    }
    assert client.post(path(periodic, "tra-loi/"), form).status_code == 302
    period.refresh_from_db()
    assert period.state == "accepted"
    assert client.post(path(periodic, "tra-loi/"), form).status_code == 403


def test_a_late_report_is_returned_with_a_new_date(enter: Enter, row: Assignment) -> None:
    report(row, at=later(30))
    client = enter("propaganda")
    form = {
        "review-version": 2,
        "review-decision": "return",
        "review-text": "Chưa có biên bản.",
    }
    assert client.post(path(row, "tra-loi/"), form).status_code == 422
    form["review-until"] = WANTED.isoformat()
    assert client.post(path(row, "tra-loi/"), form).status_code == 302
    found = now_of(row)
    assert (found.state, found.due_on) == ("returned", WANTED)


def answer(city: Client, row: Assignment, decision: str, text: str = "") -> None:
    version = now_of(row).version
    form = {"review-version": version, "review-decision": decision, "review-text": text}
    assert city.post(path(row, "tra-loi/"), form).status_code == 302


def test_what_is_judged_and_what_came_back_is_read_before_the_form(
    enter: Enter, row: Assignment
) -> None:
    report(row, text="Đã đối thoại hai buổi.")
    city = enter("propaganda")
    seen = page(city, row)
    assert seen.index("Đã đối thoại hai buổi.") < seen.index("review-decision")
    assert seen.count("Đã đối thoại hai buổi.") == 1
    answer(city, row, "return", "Chưa có biên bản.")
    seen = page(enter("clerk"), row)
    assert seen.index("Chưa có biên bản.") < seen.index("Gửi báo cáo")


def test_nobody_of_the_city_is_told_that_units_report(enter: Enter, row: Assignment) -> None:
    report(row)
    city = enter("propaganda")
    answer(city, row, "accept")
    assert "báo cáo thay cho đơn vị" not in page(city, row)


def test_a_task_is_withdrawn(enter: Enter, row: Assignment) -> None:
    client = enter("propaganda")
    wrong = client.post(path(row, "thu-hoi/"), {"withdraw-version": 1, "withdraw-reason": ""})
    assert wrong.status_code == 422
    form = {"withdraw-version": 1, "withdraw-reason": "Giao nhầm đơn vị."}
    assert client.post(path(row, "thu-hoi/"), form).status_code == 302
    assert now_of(row).state == "withdrawn"
    shown = page(client, row)
    assert "Giao nhầm đơn vị." in shown
    assert "<form" not in shown.split("<main")[1].split("</main>")[0]
    shown = page(enter("clerk"), row)
    assert "Giao nhầm đơn vị." in shown
    assert 'name="text"' not in shown


def test_whoever_only_looks_gets_no_form(enter: Enter, row: Assignment) -> None:
    shown = page(enter("city_secretary"), row)
    assert "<form" not in shown.split("<main")[1].split("</main>")[0]


STEPS: list[tuple[str, dict[str, Any]]] = [
    ("ghi-nhan/", {"receive-version": 1}),
    ("phu-trach/", {"owner-version": 1, "owner-owner": ""}),
    ("bao-cao/", {"version": 1, "state": "in_progress", "text": "x"}),
    (
        "hoc-tap/",
        {
            "study-version": 1,
            "study-held_on": "2026-11-16",
            "study-people": 1,
            "study-material": "x",
        },
    ),
    (
        "gia-han/",
        {"extension-version": 1, "extension-wanted_on": "2026-12-21", "extension-reason": "x"},
    ),
]


@pytest.mark.parametrize(("step", "form"), STEPS)
def test_the_city_and_others_take_no_step_of_a_unit(
    enter: Enter, row: Assignment, step: str, form: dict[str, Any]
) -> None:
    found = [
        enter(who).post(path(row, step), form).status_code for who in ("propaganda", "other_clerk")
    ]
    assert found == [403, 404]
    assert actions(row) == ["assignment.created"]


@pytest.mark.parametrize(("step", "form"), STEPS)
def test_a_stale_step_changes_nothing_and_comes_back(
    enter: Enter, row: Assignment, step: str, form: dict[str, Any]
) -> None:
    Assignment.objects.filter(pk=row.pk).update(version=5)
    answer = enter("clerk").post(path(row, step), form)
    assert answer.status_code == 422
    name = next(name for name in form if name.endswith("version"))
    shown = answer.content.decode()
    assert f'name="{name}" value="5"' in shown
    assert 'class="error-summary"' in shown
    assert actions(row) == ["assignment.created"]
    again = enter("clerk").post(path(row, step), form | {name: 5})
    assert again.status_code == 302


# Files


def test_files_follow_the_sight_of_the_task(enter: Enter, row: Assignment) -> None:
    form = {"version": 1, "state": "in_progress", "text": "x", "uploads": [paper()]}
    enter("clerk").post(path(row, "bao-cao/"), form)
    file = ProgressReport.objects.get().files.get().attachment
    address = path(row, f"tep/{file.public_id}/")
    for who, status in (("handler", 200), ("propaganda", 200), ("other_clerk", 404)):
        assert enter(who).get(address).status_code == status
    answer = enter("clerk").get(address)
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content) == b"Bien ban doi thoai"
    other = give(task_make())
    assert enter("clerk").get(path(other, f"tep/{file.public_id}/")).status_code == 404


def test_the_page_reads_a_fixed_number_of_times(
    enter: Enter, periodic: Assignment, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for day in range(3):
        study_record(
            access=access_make("clerk"),
            public_id=periodic.public_id,
            version=now_of(periodic).version,
            held_on=MONDAY - dt.timedelta(days=day),
            people=10,
            material="Chỉ thị",
        )
        report(periodic, "clerk", state="in_progress")
    client = enter("clerk")
    page(client, periodic)
    with django_assert_max_num_queries(27):
        page(client, periodic)


def test_the_limit_is_explained(enter: Enter, row: Assignment) -> None:
    shown = page(enter("clerk"), row)
    assert "11/12/2026" in shown
    assert 'class="ladder"' in shown
    assignment_withdraw(
        access=access_make("propaganda"), public_id=row.public_id, version=1, reason="Giao nhầm."
    )
    assert "không còn áp dụng" in page(enter("clerk"), row)
