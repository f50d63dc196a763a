"""Steps 1 to 7 of the main job in a real browser, as the people concerned, in Vietnamese."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from icalendar import Calendar

from common.history_check import table_check
from common.time import local_moment, now
from deadlines.models import Clock
from escalation.sweep import sweep_run
from notifications.delivery import outbox_deliver
from petitions.models import CaseEvent
from tests.browser import steps
from tests.browser.reception_steps import IN_LINE
from tests.browser.windows import Office
from tests.people import Story, person_make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
START = local_moment(dt.date(2026, 11, 2), 9)
SUMMONED = "Hoàng Văn Đến Sau"


@pytest.fixture(autouse=True)
def _monday(time_machine: Any) -> None:
    time_machine.move_to(START, tick=True)


@pytest.fixture(autouse=True)
def _people(reference_data: None) -> None:
    for name in ("clerk", "handler", "chair", "board_head", "city_chair", "inspector"):
        person_make(name)


def run_out_of_time(time_machine: Any) -> None:
    """The day after the running limit: the sweep escalates, the outbox is sent."""
    clock = Clock.objects.get(state="running")
    time_machine.move_to(local_moment(clock.due_on + dt.timedelta(days=1), 9), tick=True)
    sweep_run(at=now())
    outbox_deliver()


def test_a_petition_from_filing_over_escalation_to_its_result(
    office: Office, time_machine: Any
) -> None:
    citizen = office.citizen()
    receipt = steps.file_complaint(citizen)
    code = receipt.code
    steps.take_the_receipt(citizen, code)
    steps.track(citizen, receipt).sees("Phường Ba Đình", "Thời hạn đang tính", "còn 9 ngày")
    office.sign_in("other_clerk").menu("Vụ việc").sees("Chưa có vụ việc nào").sees_not(code)
    steps.take_in(office.sign_in("clerk"), code)
    steps.propose(office.sign_in("handler"), code)
    steps.accept(office.sign_in("chair"), code)

    run_out_of_time(time_machine)
    told = [letter for letter in mail.outbox if "báo cáo lên cấp 1" in letter.body]
    assert ["chair@example.com"] in [letter.to for letter in told]
    assert all(steps.PETITIONER["full_name"] not in f"{m.subject}{m.body}" for m in mail.outbox)
    steps.answer_escalation(office.sign_in("chair"), code)

    steps.resolve(office.sign_in("handler"), code)
    steps.decide(office.sign_in("chair"), code)
    steps.notify(office.sign_in("clerk"), code)
    time_machine.move_to(now() + dt.timedelta(days=40), tick=True)
    steps.propose_closing(office.sign_in("clerk"), code)
    steps.close(office.sign_in("chair"), code)
    result = ("45/QĐ-UBND", "Chấp nhận một phần khiếu nại.", "Kết thúc")
    steps.track(office.citizen(), receipt).sees(*result)
    assert not list(table_check(CaseEvent))


def test_a_reception_day_from_plan_to_outcome(
    office: Office, time_machine: Any, story: Callable[..., Story]
) -> None:
    tale = story(subject=steps.SUBJECT)
    receipt = steps.Receipt(tale.filed.code, tale.filed.secret)
    secretary = office.sign_in("secretary")
    path = steps.plan_session(secretary, day="2026-11-12", capacity="1")

    citizen = office.citizen().go("/").menu("Lịch tiếp công dân").sees("Cán bộ secretary")
    name = steps.PETITIONER["full_name"]
    steps.register(citizen, path, name, receipt).title_is("Đã đăng ký tiếp công dân")
    assert citizen.fits().page.locator(".big-code").first.inner_text() == "1"
    for calendar in ("/lich-tiep-dan/lich.ics", f"{path.rstrip('/')}.ics"):
        file = citizen.page.request.get(office.origin + calendar)
        (event,) = Calendar.from_ical(file.text()).walk("VEVENT")
        assert event.decoded("DTSTART") == local_moment(dt.date(2026, 11, 12), 8)

    late = office.citizen().go(path).sees("Buổi tiếp này đã hết chỗ")
    steps.register(late, path, SUMMONED, button=IN_LINE)
    late.title_is("danh sách chờ").fits()

    time_machine.move_to(local_moment(dt.date(2026, 11, 12), 12), tick=True)
    secretary = office.sign_in("secretary").menu("Tiếp công dân")
    secretary.page.get_by_role("link", name="12/11/2026 08:00").click()
    steps.record_visit(secretary, name, receipt.code)


def test_directives_and_the_overview_of_the_city(
    office: Office, time_machine: Any, story: Callable[..., Story]
) -> None:
    tale = story(subject=steps.SUBJECT).accepted()
    run_out_of_time(time_machine)
    city = office.sign_in("propaganda").menu("Chỉ đạo").follow("1699-CV/TU")
    assert city.page.locator("main section h3").count() == 6
    city.sees("Chưa có kế hoạch")
    steps.report_plan(office.sign_in("chair"), "1699-CV/TU")
    city.page.reload()
    city.sees("08/KH-UBND")
    steps.from_map_to_case(office.sign_in("city_chair"), tale.filed.code)
