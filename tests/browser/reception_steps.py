"""A reception day in the words of the people who live it, one function a step."""

import re
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.browser.steps import Receipt
from tests.browser.windows import TIMEOUT, Office, Window
from tests.people import OTHER_WARD, WARD
from tests.receptions.cast import digits_sent

STAFF = "/can-bo/tiep-dan/"
DAY = "12/11/2026"
VISITORS = ("Lê Thị Đoàn Giả Định", "Phạm Văn Ví Dụ", "Ngô Thị Đến Sau")
TOPIC = "Đề nghị mở lại ngõ đi chung của tổ dân phố."
TASKS = (
    "Kiểm tra thực địa ngõ đi chung và lập biên bản.",
    "Trả lời công dân bằng văn bản về kết quả kiểm tra.",
)
REPORT = "Đã kiểm tra thực địa ngày 16/11, có biên bản kèm theo."
SETTLED = re.compile("^Người khiếu nại, tố cáo về vụ việc đã giải quyết đúng chính sách")


@dataclass(frozen=True)
class Session:
    """Where the session is found by its two sides."""

    public: str
    staff: str


def plan_by_pattern(secretary: Window) -> Session:
    """Fixed days of the month make a draft, the draft is published; nothing is typed twice."""
    secretary.menu("Tiếp công dân").follow("Lịch tiếp định kỳ").follow("Thêm lịch định kỳ")
    secretary.fill(duty_holder="party_secretary", days="12", valid_from="2026-11-01")
    secretary.fill(place="Phòng tiếp công dân của phường", capacity="2")
    secretary.fill(planned_content="Tiếp công dân định kỳ tháng 11.")
    secretary.press("Lưu và xem các ngày đề xuất").title_is("Các ngày").sees(DAY).fits()
    for box in secretary.page.locator('main [name="day"]').all():
        box.set_checked(box.get_attribute("value") == "2026-11-12")
    secretary.press("Tạo dự thảo cho các ngày đã chọn").sees("Các buổi tạo từ lịch này")
    secretary.menu("Tiếp công dân").follow("Công bố các dự thảo").sees(DAY)
    secretary.press("Công bố các buổi đã chọn")
    secretary.menu("Tiếp công dân").follow(f"{DAY} 08:00 – 11:30").title_is(DAY)
    link = secretary.page.get_by_role("link", name="Xem như công dân nhìn thấy")
    return Session(str(link.get_attribute("href")), secretary.path)


# On the button where all places are taken; the box beside it is ticked already.
IN_LINE = "Ghi tên vào danh sách chờ"


def find_and_begin(citizen: Window, button: str = "Đăng ký") -> Window:
    """From the home page over the calendar of the ward to the form."""
    citizen.go("/").menu("Lịch tiếp công dân").sees("Cán bộ secretary", "12/11/2026").fits()
    citizen.follow("08:00 – 11:30 · Cán bộ secretary").press(button)
    return citizen.fits()


def _who(citizen: Window, number: int) -> Window:
    citizen.fill(full_name=VISITORS[number], identity_number=f"00108800000{number + 1}")
    return citizen.fill(phone=f"091200000{number + 1}", people="1", topic=TOPIC)


def _receipt(citizen: Window) -> Receipt:
    _number, code, secret = citizen.page.locator(".confirmation .big-code").all_inner_texts()
    return Receipt(code, secret)


def register_with_mail(citizen: Window) -> Receipt:
    """The first one gives an address and types the six digits that were sent there."""
    _who(citizen, 0).fill(email="doan.gia.dinh@example.com").press("Đăng ký")
    citizen.title_is("Còn một bước: xác nhận")
    receipt = _receipt(citizen)
    citizen.fill(digits=digits_sent(receipt.code)).press("Xác nhận")
    citizen.sees("Đăng ký của ông/bà đã được xác nhận").fits()
    return receipt


def register_plainly(citizen: Window) -> None:
    _who(citizen, 1).press("Đăng ký").title_is("Đã đăng ký tiếp công dân").fits()


def wait_in_line(citizen: Window) -> None:
    """The third one finds no place and asks for the waiting list."""
    _who(citizen, 2).press(IN_LINE)
    citizen.title_is("danh sách chờ").sees("Thứ tự").fits()


def look_up(citizen: Window, receipt: Receipt) -> Window:
    citizen.go("/").menu("Lịch tiếp công dân").follow("Xem hoặc hủy đăng ký của tôi")
    citizen.fill(code=receipt.code, secret=receipt.secret)
    return citizen.press("Xem đăng ký của tôi").fits()


def come_with_six(citizen: Window, receipt: Receipt) -> None:
    """Six people, so representatives; forgetting them is said and loses nothing."""
    look_up(citizen, receipt).press("Sửa đăng ký của tôi").fill(people="6").press("Lưu thay đổi")
    citizen.sees("Ghi tên người đại diện").fill(representatives=VISITORS[0])
    citizen.press("Lưu thay đổi").sees("Đã sửa đăng ký").fits()


def read_brief(clerk: Window, session: Session) -> None:
    """One page a visit, for the leader; also on paper."""
    clerk.menu("Tiếp công dân").follow(f"{DAY} 08:00 – 11:30")
    assert clerk.path == session.staff
    clerk.follow("Tài liệu chuẩn bị: mỗi lượt tiếp một trang").sees(*VISITORS[:2], TOPIC)
    gets_pdf(clerk, "Bản PDF")


def gets_pdf(window: Window, name: str) -> None:
    """The link with this name gives a PDF."""
    link = window.page.locator("main, aside").get_by_role("link", name=name, exact=True)
    answer = window.page.request.get(window.origin + str(link.get_attribute("href")))
    assert answer.ok, f"{answer.status} {name}"
    assert answer.body().startswith(b"%PDF-")


def open_desk(clerk: Window) -> Window:
    clerk.menu("Tiếp công dân").follow(f"{DAY} 08:00 – 11:30")
    return clerk.follow("Bàn tiếp trong ngày").title_is(f"Bàn tiếp công dân ngày {DAY}")


def open_screen(office: Office, clerk: Window) -> Window:
    """The hall sees numbers, never a name."""
    href = clerk.page.get_by_role("link", name="Mở màn hình").get_attribute("href")
    return office.window().go(str(href))


def called(clerk: Window, hall: Window, number: str) -> None:
    clerk.press("Gọi số tiếp theo").sees(f"Đã gọi số {number}.")
    expect(hall.page.locator(".hall__number")).to_have_text(number, timeout=TIMEOUT)
    for name in VISITORS:
        hall.sees_not(name)


def take_papers(clerk: Window, number: str) -> None:
    """Form 02/TCD."""
    clerk.follow(f"Tài liệu {number}").fill(name="Đơn đề nghị của tổ dân phố", pages="3")
    clerk.fill(condition="original").press("Thêm vào danh mục").sees("Đơn đề nghị của tổ dân phố")
    gets_pdf(clerk, "Giấy biên nhận mẫu 02/TCD (PDF)")
    clerk.follow("Quay lại hàng chờ")


def record(clerk: Window, number: str) -> None:
    clerk.follow(f"Ghi kết quả tiếp {number}")
    clerk.fill(content=TOPIC, said="Đoàn đề nghị mở lại ngõ đi chung.", outcome="taken_in")
    clerk.fill(responsible_unit=WARD, responsible_person="Bà Mẫu", due_on="2026-11-30")
    clerk.press("Lưu kết quả").sees("Đã ghi kết quả")


def refuse(clerk: Window, number: str) -> None:
    """One of the two grounds that the law wants in writing: form 01/TCD."""
    clerk.follow(f"Từ chối tiếp {number}")
    clerk.page.get_by_label(SETTLED).check()
    clerk.fill(explanation="Đã có thông báo rà soát lần cuối.").press("Từ chối tiếp")
    clerk.title_is(f"Đã từ chối tiếp số {number}").fill(number="07/TB-UBND")
    clerk.press("Lưu thông tin cho văn bản")
    gets_pdf(clerk, "Mẫu số 01/TCD (PDF)")
    clerk.follow("Quay lại hàng chờ")


def open_visit(window: Window, number: str) -> Window:
    window.menu("Tiếp công dân").follow(f"{DAY} 08:00 – 11:30")
    window.follow(f"Kết quả và việc tiếp theo {number}")
    return window.title_is(f"Kết quả lượt tiếp số {number}")


def sign_minutes(clerk: Window, leader: Window, number: str) -> None:
    """Proposed from the record, signed by who received and by the visitor."""
    open_visit(clerk, number).follow("Mở biên bản").press("Lưu biên bản")
    open_visit(leader, number).follow("Mở biên bản")
    leader.press("Tôi là người tiếp và xác nhận nội dung biên bản").sees("Cán bộ secretary")
    clerk.page.reload()
    clerk.choose("Đồng ý trên màn hình").press("Ghi nhận ý kiến của công dân")
    open_visit(clerk, number).sees("Hai bên đã ký xác nhận")


def draft_notice(clerk: Window, number: str) -> str:
    """Two rows: the neighbouring ward looks, the own ward answers; the path of the draft."""
    open_visit(clerk, number).follow("Dự thảo thông báo").press("Thêm việc")
    for place, (what, unit) in enumerate(zip(TASKS, (OTHER_WARD, WARD), strict=True)):
        row = {"what": what, "unit": unit, "person": "Địa chính", "due_on": "2026-11-20"}
        clerk.fill(**{f"r{place}__{name}": value for name, value in row.items()})
    clerk.press("Lưu dự thảo và xem lại").sees(*TASKS)
    return clerk.path


def issue_notice(leader: Window, number: str) -> None:
    open_visit(leader, number).part("Thông báo kết luận").get_by_role("link").first.click()
    leader.sees(*TASKS).press("Ban hành thông báo").sees("Đã ban hành thông báo")
    gets_pdf(leader, "Xem thông báo dạng PDF")


def open_task(window: Window, what: str, *, side: str) -> Window:
    """From the list of tasks: ``taken`` by the unit or ``given`` by its leader."""
    window.menu("Tiếp công dân").follow("Việc được giao từ tiếp công dân")
    window.fill(side=side).press("Xem")
    return window.follow(what).title_is("Việc được giao từ tiếp công dân")


def report_task(officer: Window, what: str) -> None:
    open_task(officer, what, side="taken").press("Đã nhận việc, bắt đầu thực hiện")
    officer.page.locator("summary", has_text="Báo cáo hoàn thành").click()
    officer.page.locator("#report_text").fill(REPORT)
    officer.press("Báo cáo hoàn thành").sees(REPORT, "Đã báo cáo")


def accept_task(leader: Window, what: str) -> None:
    open_task(leader, what, side="given").sees(REPORT)
    leader.press("Chấp nhận báo cáo: hoàn thành").sees("Hoàn thành")


def downloads_register(clerk: Window) -> None:
    """Form 03/TCD on the page and as a file."""
    clerk.menu("Tiếp công dân").follow("Sổ tiếp công dân").title_is("Sổ tiếp công dân")
    clerk.sees(VISITORS[0], TOPIC)
    with clerk.page.expect_download() as held:
        clerk.press("Tải về XLSX")
    assert held.value.path().read_bytes().startswith(b"PK")


def on_the_board(city: Window, ward: str) -> dict[str, str]:
    """What the oversight board says about the Party secretary of a ward, by heading."""
    city.menu("Tiếp công dân").follow("Giám sát việc tiếp công dân").fits()
    city.follow("Mở tất cả các nhóm").fits()
    row = city.page.get_by_role("row", name=re.compile(f"Phường {ward} Bí thư Đảng ủy"))
    names = row.locator("xpath=ancestor::table").get_by_role("columnheader").all_inner_texts()
    return dict(zip(names[1:], row.get_by_role("cell").all_inner_texts(), strict=True))
