"""One reception day in a real browser, before, during and after, as everybody concerned."""

import datetime as dt
from typing import Any

import pytest

from common.time import local_moment
from receptions.models import ReceptionSession, VisitRecord
from tests.browser import reception_steps as steps
from tests.browser.windows import Office
from tests.people import person_make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CAST = ("secretary", "chair", "clerk", "other_clerk", "other_chair", "city_secretary")


@pytest.fixture(autouse=True)
def _people(reference_data: None, time_machine: Any) -> None:
    to(time_machine, 2, 9)
    for name in CAST:
        person_make(name)


def to(time_machine: Any, day: int, hour: int) -> None:
    """A local hour of a day in November 2026."""
    time_machine.move_to(local_moment(dt.date(2026, 11, day), hour), tick=True)


def test_a_session_from_its_pattern_to_the_board_of_the_city(
    office: Office, time_machine: Any
) -> None:
    session = steps.plan_by_pattern(office.sign_in("secretary"))
    citizen = office.citizen()
    receipt = steps.register_with_mail(steps.find_and_begin(citizen))
    steps.register_plainly(steps.find_and_begin(office.citizen()))
    steps.wait_in_line(steps.find_and_begin(office.citizen(), steps.IN_LINE))
    steps.come_with_six(citizen, receipt)
    to(time_machine, 11, 15)
    steps.read_brief(office.sign_in("clerk"), session)

    to(time_machine, 12, 8)
    clerk = steps.open_desk(office.sign_in("clerk"))
    hall = steps.open_screen(office, clerk)
    steps.called(clerk, hall, "1")
    steps.take_papers(clerk, "1")
    steps.record(clerk, "1")
    steps.called(clerk, hall, "2")
    steps.refuse(clerk, "2")
    hall.page.close()

    to(time_machine, 12, 12)
    leader = office.sign_in("secretary").go(session.staff).press("Xác nhận đã tiếp")
    steps.sign_minutes(clerk, leader, "1")
    steps.draft_notice(clerk, "1")
    steps.issue_notice(leader, "1")

    to(time_machine, 17, 9)
    steps.report_task(office.sign_in("other_clerk"), steps.TASKS[0])
    steps.accept_task(office.sign_in("secretary"), steps.TASKS[0])
    steps.look_up(office.citizen(), receipt).sees(*steps.TASKS, "Hoàn thành", "Đang thực hiện")
    steps.downloads_register(office.sign_in("clerk"))
    city = office.sign_in("city_secretary")
    tasks, held = "Việc: xong / đang làm / quá hạn", "Đã tiếp"
    own, neighbour = (steps.on_the_board(city, ward) for ward in ("Ba Đình", "Ngọc Hà"))
    # Of what its leader concluded, whoever carries it out.
    assert (own[held], own[tasks], neighbour[tasks]) == ("1", "1 / 1 / 0", "0 / 0 / 0")
    assert ReceptionSession.objects.get().status == "held"
    assert VisitRecord.objects.get().registration.people == 6
