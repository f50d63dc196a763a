"""Every step of a task on its page: who finds which form, what it does, what a refusal says."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from directives.models import Assignment, ProgressReport, StudySession, UnitPlan
from tests.directives.giving import (
    DUE,
    give,
    later,
    monthly,
    task_make,
)
from tests.directives.task_pages import WANTED, now_of, page, paper, path
from tests.people import person_make

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


# The unit


def test_a_unit_notes_that_it_received(enter: Enter, row: Assignment) -> None:
    client = enter("clerk")
    assert "Ghi nhận đã tiếp nhận" in page(client, row)
    assert client.post(path(row, "ghi-nhan/"), {"receive-version": 1}).status_code == 302
    assert now_of(row).state == "received"
    shown = page(client, row)
    assert "Ghi nhận đã tiếp nhận</button>" not in shown
    assert "Đơn vị ghi nhận đã tiếp nhận nhiệm vụ" in shown  # the history
    assert client.post(path(row, "ghi-nhan/"), {"receive-version": 2}).status_code == 403


def test_a_person_of_the_unit_is_appointed(enter: Enter, row: Assignment) -> None:
    person_make("handler")
    person_make("other_clerk")
    client = enter("clerk")
    shown = page(client, row)
    assert 'value="handler"' in shown
    assert "other_clerk" not in shown
    sent = client.post(path(row, "phu-trach/"), {"owner-version": 1, "owner-owner": "handler"})
    assert sent.status_code == 302
    assert now_of(row).owner == person_make("handler")
    assert page(client, row).count("Cán bộ handler") >= 3  # facts, choice, history
    wrong = client.post(path(row, "phu-trach/"), {"owner-version": 2, "owner-owner": "other_clerk"})
    assert wrong.status_code == 422
    assert now_of(row).owner == person_make("handler")


def test_a_report_takes_words_figure_and_files(enter: Enter, row: Assignment) -> None:
    client = enter("secretary")
    form = {
        "version": 1,
        "state": "reported_done",
        "value": "3",
        "text": "Đã tổ chức ba buổi đối thoại.",
        "difficulties": "Thiếu hội trường.",
        "proposals": "Bố trí kinh phí.",
        "uploads": [paper("một.txt"), paper("hai.txt")],
    }
    assert client.post(path(row, "bao-cao/"), form).status_code == 302
    shown = page(client, row)
    for words in ("Thiếu hội trường.", "Bố trí kinh phí.", "một.txt", "hai.txt"):
        assert words in shown
    assert now_of(row).state == "reported_done"
    assert 'name="text"' not in shown  # the City reads


def test_what_is_no_file_is_said_beside_the_field(enter: Enter, row: Assignment) -> None:
    form = {
        "version": 1,
        "state": "in_progress",
        "text": "Câu chữ không được mất.",
        "uploads": [SimpleUploadedFile("x.exe", b"MZ\x90\x00" + b"\x00" * 200)],
    }
    answer = enter("clerk").post(path(row, "bao-cao/"), form)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Câu chữ không được mất." in shown
    assert 'href="#id_uploads"' in shown
    assert not ProgressReport.objects.exists()


def test_a_period_is_reported_on_and_needs_no_state(enter: Enter, periodic: Assignment) -> None:
    client = enter("clerk")
    period = periodic.periods.get()
    shown = page(client, periodic)
    assert f'value="{period.public_id}" selected' in shown
    assert "01/11/2026 – 30/11/2026" in shown
    form = {"version": 1, "period": str(period.public_id), "value": "2", "text": "Hai buổi."}
    assert client.post(path(periodic, "bao-cao/"), form).status_code == 302
    period.refresh_from_db()
    assert period.state == "reported"
    written = ProgressReport.objects.get()
    assert (written.kind, written.period) == ("period", period)
    again = client.post(path(periodic, "bao-cao/"), form | {"version": 2})
    assert again.status_code == 422  # no longer among the choices
    assert "Hai buổi." in again.content.decode()


def test_the_whole_of_a_periodic_task_needs_a_state(enter: Enter, periodic: Assignment) -> None:
    client = enter("clerk")
    form = {"version": 1, "period": "", "text": "Đã xong."}
    missing = client.post(path(periodic, "bao-cao/"), form)
    assert missing.status_code == 422
    assert 'href="#id_state"' in missing.content.decode()
    done = client.post(path(periodic, "bao-cao/"), form | {"state": "reported_done"})
    assert done.status_code == 302
    assert now_of(periodic).state == "reported_done"


def test_a_plan_says_who_approved_it_and_has_a_file(enter: Enter) -> None:
    row = give(task_make(is_plan=True, indicator="yes_no"))
    client = enter("secretary")
    form = {
        "plan-version": 1,
        "plan-plan_version": 0,
        "plan-number": "15-KH/ĐU",
        "plan-issued_on": "2026-11-02",
        "plan-title": "Kế hoạch thực hiện",
        "plan-approved_by": "Ban Thường vụ Đảng ủy",
        "plan-origin": "reviewed",
        "plan-uploads": paper("ke-hoach.txt"),
    }
    assert client.post(path(row, "ke-hoach/"), form).status_code == 302
    plan = UnitPlan.objects.get()
    assert (plan.approved_by, plan.origin) == ("Ban Thường vụ Đảng ủy", "reviewed")
    shown = page(client, row)
    assert "ke-hoach.txt" in shown
    assert 'value="Ban Thường vụ Đảng ủy"' in shown
    assert plan.attachment is not None
    address = path(row, f"tep/{plan.attachment.public_id}/")
    assert client.get(address).status_code == 200
    form |= {"plan-version": 2, "plan-title": "Kế hoạch sửa đổi"}
    del form["plan-uploads"]
    stale = client.post(path(row, "ke-hoach/"), form)
    assert stale.status_code == 422  # the page had no plan yet when it was opened
    assert 'name="plan-plan_version" value="1"' in stale.content.decode()
    form["plan-plan_version"] = 1
    assert client.post(path(row, "ke-hoach/"), form).status_code == 302
    assert UnitPlan.objects.get().attachment == plan.attachment
    form |= {"plan-version": 3, "plan-plan_version": 2, "plan-uploads": paper("sua-doi.txt")}
    assert client.post(path(row, "ke-hoach/"), form).status_code == 302
    assert UnitPlan.objects.get().attachment != plan.attachment
    shown = page(client, row)
    assert "Các bản trước của kế hoạch (2)" in shown.replace("\n", "")
    assert "ke-hoach.txt" in shown
    assert client.get(address).status_code == 200
    assert enter("other_chair").get(address).status_code == 404


def test_a_study_session_is_recorded_and_withdrawn(enter: Enter, row: Assignment) -> None:
    client = enter("front")
    form = {
        "study-version": 1,
        "study-held_on": "2026-11-16",
        "study-people": 42,
        "study-material": "Công văn 1699-CV/TU",
        "study-uploads": paper("danh-sach.txt"),
    }
    assert client.post(path(row, "hoc-tap/"), form).status_code == 302
    study = StudySession.objects.get()
    shown = page(client, row)
    assert "42 người" in shown
    assert "danh-sach.txt" in shown
    key = {"study_withdraw-version": 1, "study_withdraw-study": str(study.public_id)}
    stale = client.post(path(row, "hoc-tap/huy/"), key)
    assert stale.status_code == 422
    assert 'class="error-summary"' in stale.content.decode()
    key["study_withdraw-version"] = 2
    assert client.post(path(row, "hoc-tap/huy/"), key).status_code == 302
    study.refresh_from_db()
    assert study.withdrawn_at is not None
    assert "đã hủy do ghi nhầm" in page(client, row)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"study-held_on": "2026-11-30"}, "held_on"),
        ({"study-people": 0}, "people"),
        ({"study-material": " "}, "material"),
    ],
)
def test_a_wrong_study_session(
    enter: Enter, row: Assignment, changes: dict[str, Any], field: str
) -> None:
    form = {
        "study-version": 1,
        "study-held_on": "2026-11-16",
        "study-people": 42,
        "study-material": "Chỉ thị",
        "study-note": "Ghi chú không được mất.",
    }
    answer = enter("clerk").post(path(row, "hoc-tap/"), form | changes)
    assert answer.status_code == 422
    assert f'href="#id_study-{field}"' in answer.content.decode()
    assert "Ghi chú không được mất." in answer.content.decode()
    assert not StudySession.objects.exists()


def test_more_time_is_asked_for_once(enter: Enter, row: Assignment) -> None:
    client = enter("clerk")
    form = {
        "extension-version": 1,
        "extension-wanted_on": DUE.isoformat(),
        "extension-reason": "Hội trường đang sửa.",
    }
    wrong = client.post(path(row, "gia-han/"), form)
    assert wrong.status_code == 422
    assert 'href="#id_extension-wanted_on"' in wrong.content.decode()
    form["extension-wanted_on"] = WANTED.isoformat()
    assert client.post(path(row, "gia-han/"), form).status_code == 302
    shown = page(client, row)
    assert "extension-reason" not in shown
    assert "Hội trường đang sửa." in shown
    again = client.post(path(row, "gia-han/"), form | {"extension-version": 2})
    assert again.status_code == 422
    assert row.extensions.count() == 1
