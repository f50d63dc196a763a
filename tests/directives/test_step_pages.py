"""Every step of a task on its page: who finds which form, what it does, what a refusal says."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from directives.models import Assignment, ProgressReport, StudySession, UnitPlan
from directives.services import assignment_withdraw, extension_ask, study_record
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
from tests.people import access_make, person_make

pytestmark = pytest.mark.django_db
WANTED = DUE + dt.timedelta(days=10)
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


@pytest.fixture
def enter(client: Client) -> Enter:
    def sign_in(name: str) -> Client:
        client.force_login(person_make(name))
        return client

    return sign_in


def path(row: Assignment, step: str = "") -> str:
    return f"/can-bo/chi-dao/viec/{row.public_id}/{step}"


def page(client: Client, row: Assignment) -> str:
    return client.get(path(row)).content.decode()


def now_of(row: Assignment) -> Assignment:
    return Assignment.objects.get(pk=row.pk)


def paper(name: str = "bien-ban.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"Bien ban doi thoai", "text/plain")


def asked(row: Assignment) -> None:
    extension_ask(
        access=access_make("clerk"),
        public_id=row.public_id,
        version=now_of(row).version,
        wanted_on=WANTED,
        reason="Hội trường đang sửa.",
    )


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
    assert client.post(path(row, "ke-hoach/"), form).status_code == 302
    assert UnitPlan.objects.get().attachment == plan.attachment


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
    with django_assert_max_num_queries(26):
        page(client, periodic)


def test_the_limit_is_explained(enter: Enter, row: Assignment) -> None:
    shown = page(enter("clerk"), row)
    assert "11/12/2026" in shown
    assert 'class="ladder"' in shown
    assignment_withdraw(
        access=access_make("propaganda"), public_id=row.public_id, version=1, reason="Giao nhầm."
    )
    assert "không còn áp dụng" in page(enter("clerk"), row)
