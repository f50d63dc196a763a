"""What the City and the units read when things went late, were withdrawn or replaced, and how the
way leads from the City down to a paper."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db.models import QuerySet
from playwright.sync_api import expect

from accounts.access import access_of
from accounts.enums import Role
from accounts.models import User
from accounts.services import membership_add
from common.time import local_moment, now
from communes.models import Unit
from directives import services
from directives.models import Assignment, Directive, Task
from escalation.models import Escalation
from escalation.sweep import sweep_run
from tests.browser import directive_steps as steps
from tests.browser.windows import Office, Window
from tests.directives.giving import AT, DUE, give, report, upload
from tests.directives.keeping import do, group_of, in_force, task_of
from tests.people import OTHER_WARD, WARD, person_make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TITLE = "Tổ chức đối thoại với nhân dân"
ROOT = "/can-bo/chi-dao/"
LATE_AT = local_moment(DUE + dt.timedelta(days=1), 9)


@pytest.fixture(autouse=True)
def _monday(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=True)


@pytest.fixture(autouse=True)
def _people(reference_data: None) -> None:
    for name in ("clerk", "secretary", "other_chair", "propaganda"):
        person_make(name)


def asked(number: str = "21-CV/TU", **changes: Any) -> Task:
    """A document in force with one task that nobody has yet."""
    directive = in_force(number=number, **changes)
    task: Task = task_of(group_of(directive), title=TITLE, addressee="party_committee")
    return task


def task_page(row: Assignment) -> str:
    return f"{ROOT}viec/{row.public_id}/"


def test_a_late_report_settles_what_was_put_higher_up(office: Office, time_machine: Any) -> None:
    row = give(asked())
    time_machine.move_to(LATE_AT, tick=True)
    sweep_run(at=now(), is_manual=True)
    raised = Escalation.objects.filter(clock__assignment_clock__assignment=row, level__gt=0)
    assert list(raised.values_list("state", flat=True)) == ["open"]
    ward = office.sign_in("secretary").go(task_page(row))
    ward.sees("cấp 1", "Đã báo cáo lên cấp trên do quá hạn")
    steps.report_done(ward, TITLE, "Đã tổ chức, chậm một ngày vì mưa ngập.")
    ward.sees("đã quá hạn").sees_not("cấp 1")
    assert not raised.filter(state="open").exists()
    city = office.sign_in("propaganda").go(f"{ROOT}cho-xem-xet/")
    city.sees(TITLE, "gửi muộn", "chậm một ngày vì mưa ngập", "chưa có minh chứng")
    city.go(task_page(row)).sees("đã quá hạn", "Đã báo cáo lên cấp trên do quá hạn")
    city.go(f"{ROOT}tong-quan/cham/").sees_not(TITLE)


def not_received(city: Window) -> str:
    """How many tasks the document's page counts as not received."""
    city.go(f"{ROOT}21-cv-tu/")
    tile = city.page.locator(".stat", has_text="Nhiệm vụ chưa tiếp nhận")
    return tile.locator(".stat__value").inner_text()


def received_in(units: QuerySet[Unit], task: Task) -> None:
    """As whoever heads the Party committee there receives it, on behalf of all of these units."""
    person = User.objects.create_user("bi.thu.cac.noi", full_name="Bí thư các nơi")
    for unit in units:
        membership_add(user=person, unit=unit, role=Role.SECRETARY, valid_from=AT.date())
    access = access_of(person)
    for row in Assignment.objects.filter(task=task, unit__in=units):
        services.assignment_receive(access=access, public_id=row.public_id, version=1, quiet=True)


def test_all_126_units_receive_and_the_last_one_is_waited_for(office: Office) -> None:
    units = Unit.objects.commune_level().in_force(DUE)
    task = asked()
    give(task, *units.values_list("code", flat=True))
    city = office.sign_in("propaganda")
    assert not_received(city) == "126"
    received_in(units.exclude(code=WARD), task)
    assert not_received(city) == "1"
    ward = office.sign_in("secretary").go(task_page(task.assignments.get(unit__code=WARD)))
    ward.press("Ghi nhận đã tiếp nhận").sees("Đã ghi nhận đơn vị tiếp nhận nhiệm vụ.")
    assert not_received(city) == "0"


@pytest.mark.parametrize("end", ["withdrawn", "replaced"])
def test_what_an_old_document_asked_is_still_read(office: Office, end: str) -> None:
    task = asked()
    row = give(task, WARD, OTHER_WARD)
    report(row, text="Đã đối thoại với 40 hộ dân.", at=None)
    directive = Directive.objects.get(slug="21-cv-tu")
    if end == "withdrawn":
        do(services.directive_withdraw, directive, reason="Ban hành nhầm thể thức.")
    else:
        newer = in_force(number="22-CV/TU")
        do(services.directive_relate, newer, kind="replaces", target="21-cv-tu", owed="keep")
    city = office.sign_in("propaganda").go(f"{ROOT}21-cv-tu/ho-so/")
    versions = city.page.locator(".timeline")
    expect(versions).to_contain_text("Thêm nhiệm vụ")
    words = "Thu hồi văn bản" if end == "withdrawn" else "Bị văn bản khác thay thế"
    expect(versions).to_contain_text(words)
    city.sees("Ban hành nhầm thể thức." if end == "withdrawn" else "Được thay thế bởi 22-CV/TU")
    city.follow("Nhóm và nhiệm vụ").sees(TITLE, "Biên bản đối thoại")
    for name in ("propaganda", "secretary"):
        window = office.sign_in(name).go(task_page(row))
        window.sees("Đã đối thoại với 40 hộ dân.", "21-CV/TU")
        history = window.page.locator("details", has=window.page.locator(".timeline"))
        history.locator("summary").click()
        expect(history.locator(".timeline")).to_be_visible()
        expect(history.locator(".timeline")).to_contain_text("Đã báo cáo")


def test_the_map_is_shaded_by_what_is_late(office: Office, time_machine: Any) -> None:
    task = asked()
    give(task, WARD, OTHER_WARD)
    report(Assignment.objects.get(task=task, unit__code=OTHER_WARD), "other_chair", at=None)
    time_machine.move_to(LATE_AT, tick=True)
    city = office.sign_in("propaganda").go(f"{ROOT}tong-quan/?directive=21-cv-tu")
    city.fill(measure="late").press("Xem").follow("Bản đồ")
    city.sees("Tỷ lệ quá hạn")
    late = city.page.locator(f'a.hex-cell[href*="/don-vi/{WARD}/"]')
    done = city.page.locator(f'a.hex-cell[href*="/don-vi/{OTHER_WARD}/"]')
    expect(late.locator(".hex-value")).to_have_text("100%")
    expect(done.locator(".hex-value")).to_have_text("0%")
    expect(late).to_have_class(re.compile("hex-cell--5"))
    expect(done).to_have_class(re.compile("hex-cell--1"))


def test_from_the_city_to_a_paper_in_three_steps(office: Office) -> None:
    row = give(asked())
    report(row, text="Đã tổ chức.", files=[upload("bien-ban-doi-thoai.txt")], at=None)
    city = office.sign_in("propaganda").go(f"{ROOT}tong-quan/?directive=21-cv-tu")
    city.page.locator("table").get_by_role("link", name="Phường Ba Đình", exact=True).click()
    city.title_is("Phường Ba Đình").follow(TITLE)
    city.title_is(TITLE)
    with city.page.expect_download() as download:
        city.follow("bien-ban-doi-thoai.txt")
    assert download.value.suggested_filename == "bien-ban-doi-thoai.txt"
    assert "doi thoai" in download.value.path().read_text(encoding="utf-8")
