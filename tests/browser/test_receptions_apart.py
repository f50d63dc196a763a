"""Receptions that do not go the usual way: by video, not held, urged, and about a denunciation."""

import datetime as dt
from typing import Any

import pytest

from common.time import local_moment
from communes.models import Unit
from petitions.services.intake import petition_file
from receptions.models import OnlineCheck, QuotaUrging, ReceptionSession, Registration
from tests.browser.steps import Receipt
from tests.browser.windows import Office, Window
from tests.people import OTHER_WARD, WARD, filing_make, person_make
from tests.receptions.cast import DAY, NOW, register, session_public

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STAFF = "/can-bo/tiep-dan/"
LINK = "https://hop.example.vn/phong-1"
WHO = {"full_name": "Nguyễn Thị Ví Dụ", "identity_number": "001088000001", "phone": "0912000001"}
MATTER = "Đề nghị xem lại mức hỗ trợ di dời."


@pytest.fixture(autouse=True)
def _monday(reference_data: None, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=True)
    for name in ("secretary", "clerk", "city_secretary"):
        person_make(name)


def public_path(session: ReceptionSession) -> str:
    return f"/lich-tiep-dan/{session.public_id}/"


def comes(citizen: Window, how: str) -> Window:
    """Online or to the place."""
    citizen.page.locator(f'[name="attend"][value="{how}"]').check()
    return citizen


def registered(citizen: Window) -> Receipt:
    _number, code, secret = citizen.page.locator(".confirmation .big-code").all_inner_texts()
    return Receipt(code, secret)


def look_up(office: Office, receipt: Receipt) -> Window:
    citizen = office.citizen().go("/lich-tiep-dan/dang-ky/")
    citizen.fill(code=receipt.code, secret=receipt.secret).press("Xem đăng ký của tôi")
    return citizen.fits()


def note(clerk: Window, step: str) -> None:
    """A step of the checklist, noted beside its date."""
    form = clerk.page.locator("form").filter(has=clerk.page.locator(f'[value="{step}"]'))
    form.get_by_role("button").click()
    clerk.page.wait_for_load_state("load")


def test_an_online_reception_with_its_checklist(office: Office, time_machine: Any) -> None:
    session = session_public(mode="both", meeting_link=LINK)
    citizen = office.citizen().go(public_path(session)).press("Đăng ký")
    comes(citizen, "online").fill(**WHO, people="1", topic=MATTER).press("Đăng ký")
    receipt = registered(citizen)
    citizen.sees("Tham gia trực tuyến", "Mở trang đăng ký trước giờ").sees_not(LINK)
    assert Registration.objects.get().is_online

    clerk = office.sign_in("clerk").go(f"{STAFF}{session.public_id}/")
    clerk.sees("Tiếp công dân trực tuyến", "03/12/2026", "09/12/2026")
    note(clerk, "notice")
    time_machine.move_to(local_moment(dt.date(2026, 12, 9), 9), tick=True)
    note(clerk.go(f"{STAFF}{session.public_id}/"), "test")

    look_up(office, receipt).sees_not("Vào buổi tiếp trực tuyến")
    time_machine.move_to(local_moment(DAY, 7, 10), tick=True)
    entered = look_up(office, receipt).sees("Vào buổi tiếp trực tuyến", "Nghị định 154/2026")
    way = entered.page.get_by_role("link", name="Vào buổi tiếp trực tuyến")
    assert way.get_attribute("href") == LINK
    note(clerk.go(f"{STAFF}{session.public_id}/"), "connected")

    time_machine.move_to(local_moment(DAY, 8, 10), tick=True)
    note(clerk.go(f"{STAFF}{session.public_id}/"), "recording")
    steps = OnlineCheck.objects.order_by("pk").values_list("step", flat=True)
    assert list(steps) == ["notice", "test", "connected", "recording"]
    clerk.go(f"{STAFF}{session.public_id}/hom-nay/").press("Gọi số tiếp theo")
    clerk.sees("Đã gọi số 1.").follow("Ghi kết quả tiếp 1")
    clerk.fill(address="Số 5, phố Tưởng Tượng", said="Trao đổi qua hình ảnh.", outcome="answered")
    clerk.fill(conclusion="Đã giải thích.").press("Lưu kết quả").sees("Đã ghi kết quả")
    look_up(office, receipt).sees("Kết quả lượt tiếp", "Đã giải thích.")
    book = clerk.go(f"{STAFF}so-tiep-cong-dan/?period=day&day={DAY}")
    book.sees("Nguyễn Thị Ví Dụ, Số 5, phố Tưởng Tượng")


def test_a_missed_session_and_the_city_that_urges(office: Office, time_machine: Any) -> None:
    missed = session_public()
    later = session_public(day=DAY + dt.timedelta(days=7))
    made = register(missed, 1)
    time_machine.move_to(local_moment(DAY, 10), tick=True)
    leader = office.sign_in("secretary").go(f"{STAFF}{missed.public_id}/")
    leader.page.locator("summary", has_text="Lãnh đạo không tiếp").click()
    form = leader.page.locator("form").filter(has_text="Ngày này không được tính")
    form.get_by_label("Lý do lãnh đạo không tiếp").fill("Lãnh đạo được triệu tập họp khẩn.")
    form.get_by_role("button", name="Ghi nhận lãnh đạo không tiếp").click()
    leader.sees("Lãnh đạo được triệu tập họp khẩn.")
    look_up(office, Receipt(made.code, made.secret)).sees("Lãnh đạo được triệu tập họp khẩn.")
    office.citizen().go(public_path(missed)).sees("Lãnh đạo không tiếp").fits()

    clerk = office.sign_in("clerk").go(f"{STAFF}{missed.public_id}/")
    clerk.page.locator("#move_to").select_option(str(later.public_id))
    clerk.press("Chuyển những người đã đăng ký")
    look_up(office, Receipt(made.code, made.secret)).sees("17/12/2026")
    assert Registration.objects.get(code=made.code).session_id == later.pk

    time_machine.move_to(local_moment(dt.date(2026, 12, 30), 9), tick=True)
    ward = Unit.objects.get(code=WARD)
    city = office.sign_in("city_secretary").go(f"{STAFF}giam-sat/?month=2026-12")
    city.follow("Mở tất cả các nhóm")
    city.press(f"Đôn đốc {ward.full_name}, Bí thư Đảng ủy").sees(f"Đã đôn đốc {ward.full_name}")
    urging = QuotaUrging.objects.get()
    assert (urging.unit, urging.duty_holder, f"{urging.month:%Y-%m}") == (
        ward,
        "party_secretary",
        "2026-12",
    )
    again = city.page.get_by_role("button", name=f"Đôn đốc {ward.full_name}, Bí thư Đảng ủy")
    assert again.count() == 0
    office.sign_in("secretary").go(f"{STAFF}?unit={WARD}").sees("Thành phố đã đôn đốc")


def test_nothing_on_any_list_says_that_somebody_denounces(
    office: Office, time_machine: Any
) -> None:
    """Whoever receives and must not know meets a visitor like the one beside."""
    about = {"name": "Ông Bryxol", "unit": OTHER_WARD, "position": "officer"}
    filed = petition_file(filing=filing_make(kind="denunciation", respondent=about))
    session = session_public(mode="both", meeting_link=LINK)
    citizen = office.citizen().go(public_path(session)).press("Đăng ký")
    citizen.fill(**WHO, people="1", topic=MATTER)
    citizen.fill(petition_code=filed.code, petition_secret=filed.secret)
    comes(citizen, "online").press("Đăng ký").sees(
        "chỉ được tiếp trực tiếp tại nơi tiếp", MATTER
    ).fits()
    comes(citizen, "place").press("Đăng ký")
    citizen.title_is("Đã đăng ký tiếp công dân")
    register(session, 2, topic="")

    time_machine.move_to(local_moment(DAY, 8, 10), tick=True)
    leader = office.sign_in("secretary")
    first, second = (row.code for row in session.registrations.order_by("queue_number"))
    own = f"{STAFF}{session.public_id}/"
    lists = [own, f"{own}hom-nay/", f"{own}nguoi-dang-ky/", f"{own}tai-lieu/", f"{own}goi-bao/"]
    pages = [f"{own}dang-ky/{first}/", f"{own}tai-lieu/{first}/", f"{own}dang-ky/{first}/vu-viec/"]
    for path in (*lists, *pages):
        leader.go(path)
        for words in (filed.code, MATTER, "Bryxol"):
            leader.sees_not(words)
    leader.go(f"{own}tai-lieu/").sees("Nguyễn Thị Ví Dụ", "Người dân số 2")
    both = [leader.go(f"{own}tai-lieu/{code}/").page.inner_text("main") for code in (first, second)]
    assert _alike(both[0]) == _alike(both[1])

    for number in ("1", "2"):
        leader.go(f"{own}hom-nay/").press("Gọi số tiếp theo").follow(f"Ghi kết quả tiếp {number}")
        leader.fill(said="Đã nghe công dân trình bày.", outcome="answered", conclusion="Đã nghe.")
        leader.press("Lưu kết quả").sees("Đã ghi kết quả")
    leader.go(f"{STAFF}so-tiep-cong-dan/?period=day&day={DAY}")
    leader.sees("Nguyễn Thị Ví Dụ", "Người dân số 2")
    for words in (filed.code, MATTER, "Bryxol"):
        leader.sees_not(words)
    rows = leader.page.locator("main tbody tr").all_inner_texts()
    assert _alike(rows[0]) == _alike(rows[1])


def _alike(text: str) -> str:
    """The words of a page or row without what is each visitor's own."""
    own = ("Nguyễn Thị Ví Dụ", "Người dân số 2", "001088000001", "001088000002")
    for words in own:
        text = text.replace(words, "…")
    digits = "".join("0" if letter.isdigit() else letter for letter in text)
    return " ".join(digits.split())
