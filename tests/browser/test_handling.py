"""Journeys of handling in a real browser: two instances, forwarding, many people, splitting."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from common.history_check import table_check
from common.time import local_date, local_moment, now
from petitions.invariants import clocks_follow_from_history
from petitions.models import Case, CaseClock, CaseEvent, CaseLink, Forwarding
from tests.browser import steps
from tests.browser.windows import Office, Window
from tests.people import PERSON, Story, person_make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Make = Callable[..., Story]
START = local_moment(dt.date(2026, 7, 6), 9)
ELSEWHERE = {"name": "Ông Đặng Văn Thử", "unit": "00025", "position": "officer"}
NUMBER = {"number": "3/QĐ-UBND", "reason": "Có văn bản trong hồ sơ."}


@pytest.fixture(autouse=True)
def _monday(time_machine: Any) -> None:
    time_machine.move_to(START, tick=True)


@pytest.fixture(autouse=True)
def _people(reference_data: None) -> None:
    for name in ("clerk", "handler", "chair", "other_clerk", "other_chair", "city_chair"):
        person_make(name)


@pytest.fixture(autouse=True)
def _history_holds() -> Any:
    yield
    assert list(table_check(CaseEvent)) == []
    assert list(clocks_follow_from_history()) == []


def at_case(office: Office, who: str, case: Case) -> Window:
    return office.sign_in(who).go(f"/can-bo/vu-viec/{case.code}/")


def act(office: Office, who: str, case: Case, step: str, **fields: str) -> Window:
    return steps.act(at_case(office, who, case), step, **fields)


def later(time_machine: Any, days: int) -> None:
    time_machine.move_to(now() + dt.timedelta(days=days), tick=True)


def test_a_complaint_goes_through_two_instances(
    office: Office, time_machine: Any, story: Make
) -> None:
    tale = story().decided()
    act(office, "clerk", tale.case, "Ghi nhận đã gửi kết quả")
    later(time_machine, 5)
    day = f"{now():%Y-%m-%d}"
    text = "Tôi không đồng ý với quyết định lần đầu."
    act(office, "clerk", tale.case, "Ghi nhận khiếu nại lần hai", received_on=day, text=text)
    second = CaseLink.objects.get(other=tale.case).case
    page = at_case(office, "city_chair", second).sees("Khiếu nại lần hai đối với kết quả của")
    page.sees(text, tale.case.code)
    page.follow("Tiếp nhận và vào sổ").choose("Đơn đã có chữ ký hoặc điểm chỉ")
    page.press("Tiếp nhận và vào sổ").sees("Đã tiếp nhận")
    proposal = {"proposal": "accept", "text": "Đủ điều kiện thụ lý lần hai."}
    act(office, "city_chair", second, "Trình phiếu đề xuất", **proposal)
    act(office, "city_chair", second, "Thụ lý giải quyết", number="1/TB-UBND")
    page = act(office, "city_chair", second, "Bắt đầu xác minh")
    page.sees("Khiếu nại lần hai phải tổ chức đối thoại trước khi trình dự thảo kết quả")
    act(office, "city_chair", second, "Ghi nhận đối thoại", held_on=day, text="Đã đối thoại.")
    act(office, "city_chair", second, "Trình dự thảo kết quả", text="Giữ nguyên quyết định.")
    act(office, "city_chair", second, "Ký ban hành kết quả", number="9/QĐ-UBND")
    act(office, "city_chair", second, "Ghi nhận đã gửi kết quả")
    receipt = steps.Receipt(tale.filed.code, tale.filed.secret)
    steps.track(office.citizen(), receipt).sees("Vụ việc được giải quyết tiếp tại")


def test_a_denunciation_is_forwarded_and_taken_over(
    office: Office, time_machine: Any, story: Make
) -> None:
    tale = story(kind="denunciation", respondent=ELSEWHERE)
    tale.do("clerk", "receive", is_signed=True)
    tale.do("chair", "propose", proposal="forward", text="Không thuộc thẩm quyền.")
    slip = {"unit": "00008", "number": "5/PC", "text": "Chuyển đơn đến nơi có thẩm quyền."}
    page = act(office, "chair", tale.case, "Chuyển đơn đến cơ quan có thẩm quyền", **slip)
    page.sees("nơi chuyển vẫn chịu trách nhiệm")
    office.sign_in("other_clerk").go("/can-bo/").sees("Chuyển đến đơn vị")
    act(office, "other_clerk", tale.case, "Tiếp nhận đơn được chuyển đến")
    new = Forwarding.objects.get().new_case
    assert new is not None
    at_case(office, "chair", tale.case).sees("Theo dõi kết quả sau chuyển")
    receiver = Story(tale.filed.__class__(new.code, "", {}))
    receiver.do("other_clerk", "receive", is_signed=True)
    receiver.do("other_chair", "propose", proposal="accept", text="Đủ điều kiện.")
    receiver.do("other_chair", "accept", number="1/QĐ")
    at_case(office, "city_chair", new).sees("Chưa quá thời hạn và chưa có kết luận")
    later(time_machine, 45)
    step = "Lấy vụ việc lên giải quyết"
    act(office, "city_chair", new, step, ground="overdue", **NUMBER).sees("Cấp trên lấy lên")
    act(office, "city_chair", new, "Thụ lý giải quyết", number="2/QĐ").sees("Đã thụ lý")
    clock = CaseClock.objects.filter(case=new, stage="resolution").latest("id").clock
    assert (clock.rule_code, clock.started_on) == ("TC-TAKEOVER", local_date(now()))


def test_a_mass_petition_needs_its_representatives(office: Office, story: Make) -> None:
    people = [{**PERSON, "full_name": f"Người Thử {n}", "representative": n < 2} for n in range(6)]
    tale = story(petitioners=people)
    tale.do("clerk", "receive", is_signed=True)
    tale.do("chair", "propose", proposal="accept", text="Đủ điều kiện thụ lý.")
    page = at_case(office, "chair", tale.case).sees("đông người").follow("Thụ lý giải quyết")
    page.fill(number="1/TB-UBND").press("Thụ lý giải quyết")
    page.sees("Đơn đông người phải có văn bản cử người đại diện")
    page.choose("Văn bản cử người đại diện có đủ chữ ký của mọi người").press("Thụ lý giải quyết")
    page.sees("Đã thực hiện", "Đã thụ lý")


def test_a_mixed_letter_is_split_with_one_step(office: Office, story: Make) -> None:
    tale = story()
    tale.do("clerk", "receive", is_signed=True)
    split = {
        "kind": "feedback",
        "field": "environment",
        "subject": "Rác tồn đọng ở ngõ 12",
        "text": "Ngoài ra ngõ 12 có rác tồn đọng nhiều ngày.",
    }
    page = act(office, "clerk", tale.case, "Tách nội dung khác thành vụ việc riêng", **split)
    page.sees("Đã được tách thành")
    new = CaseLink.objects.get(other=tale.case).case
    page.follow(new.code).title_is("Rác tồn đọng ở ngõ 12").sees("Tách từ đơn của vụ việc")


def test_a_forced_withdrawal_is_reopened(office: Office, time_machine: Any, story: Make) -> None:
    tale = story().accepted()
    told = {"scope": "whole", "form": "minutes", "received_on": "2026-07-06"}
    step = act(office, "clerk", tale.case, "Ghi nhận rút đơn", reason="Tự nguyện rút.", **told)
    step.sees("đã rút đơn")
    act(office, "chair", tale.case, "Đình chỉ giải quyết", ground="withdrawn", **NUMBER)
    later(time_machine, 3)
    reopened = {"number": "7/QĐ-UBND", "reason": "Người gửi đơn bị đe dọa phải rút đơn."}
    act(office, "chair", tale.case, "Mở lại: việc rút đơn do bị ép buộc", **reopened)
    case = Case.objects.get(pk=tale.case.pk)
    assert (case.status, case.closed_at) == ("accepted", None)
    receipt = steps.Receipt(tale.filed.code, tale.filed.secret)
    steps.track(office.citizen(), receipt).sees("Vụ việc đã được mở lại")


def test_a_supplement_is_asked_answered_and_counted(office: Office, story: Make) -> None:
    tale = story()
    tale.do("clerk", "receive", is_signed=True)
    asked = {"reason": "Bản sao sổ đỏ có chứng thực."}
    act(office, "clerk", tale.case, "Yêu cầu bổ sung", **asked)
    receipt = steps.Receipt(tale.filed.code, tale.filed.secret)
    citizen = steps.track(office.citizen(), receipt).sees("Bản sao sổ đỏ có chứng thực.")
    citizen.fill(text="Tôi đã gửi bản sao qua bưu điện.").press("Gửi tin nhắn")
    citizen.sees("Tin nhắn của ông/bà đã đến đơn vị.").fits()
    office.sign_in("clerk").go("/can-bo/").sees("Người gửi đơn đã viết")
    clerk = at_case(office, "clerk", tale.case).sees("Tôi đã gửi bản sao qua bưu điện.")
    clerk.press("Đã đọc, không cần trả lời").sees("Đã đánh dấu là đã đọc.")
