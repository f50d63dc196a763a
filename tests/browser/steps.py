"""The main job in the words of the people who do it, one function a visit."""

import re
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.browser.windows import TIMEOUT, Window
from tests.people import WARD
from tests.receptions.test_papers_pdf import text_of

SUBJECT = "Khiếu nại mức bồi thường thửa đất số 12"
PETITIONER = {
    "full_name": "Trần Văn Giả Định",
    "address": "Số 7, ngõ 3, phố Tưởng Tượng",
    "identity_number": "001099012345",
    "phone": "0912345678",
    "email": "gia.dinh@example.com",
}
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
CODE = re.compile(r"HN-[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{2}")


@dataclass(frozen=True)
class Receipt:
    """What the citizen writes down."""

    code: str
    secret: str


def _goes_on(citizen: Window) -> None:
    citizen.fits().press("Tiếp tục")


def tell_what_it_is_about(citizen: Window) -> None:
    """From the home page to the unit and the field."""
    citizen.go("/").menu("Gửi đơn").follow("Bắt đầu")
    citizen.choose("Tôi không đồng ý với một quyết định hoặc việc làm của cơ quan")
    _goes_on(citizen)
    citizen.page.get_by_role("searchbox").fill("ba dinh")
    citizen.press("Tìm").choose("Phường Ba Đình")
    _goes_on(citizen)
    citizen.choose("Bồi thường, hỗ trợ, tái định cư khi Nhà nước thu hồi đất")
    _goes_on(citizen)


def tell_the_story(citizen: Window) -> None:
    """What happened, about whom, and who writes; an empty page is said and loses nothing."""
    citizen.fill(subject=SUBJECT)
    _goes_on(citizen)
    citizen.sees("Xin kiểm tra lại").fits()
    expect(citizen.page.locator('[name="subject"]')).to_have_value(SUBJECT)
    citizen.fill(
        content="Thửa đất số 12 bị thu hồi.\nMức bồi thường chưa đúng.",
        request="Đề nghị xem xét lại mức bồi thường.",
    )
    _goes_on(citizen)
    citizen.fill(name="Ủy ban nhân dân phường Ba Đình", unit=WARD).choose("Không rõ")
    _goes_on(citizen)
    citizen.fill(**PETITIONER)
    _goes_on(citizen)


def add_a_file(citizen: Window) -> None:
    paper = {"name": "quyết định.pdf", "mimeType": "application/pdf", "buffer": PAPER}
    citizen.page.get_by_label("Ảnh hoặc giấy tờ").set_input_files(paper)
    citizen.press("Tải lên và thêm tệp khác").sees("quyết định.pdf")
    _goes_on(citizen)


def send_and_read_receipt(citizen: Window) -> Receipt:
    """Check, send; code, secret, QR, the day of the answer with its article."""
    citizen.sees(SUBJECT, PETITIONER["full_name"], "quyết định.pdf").fits().press("Gửi đơn")
    citizen.title_is("Đơn đã được gửi").fits()
    code, secret = citizen.page.locator(".confirmation .big-code").all_inner_texts()
    assert CODE.fullmatch(code)
    assert citizen.page.locator("img[src*='/tra-cuu/qr/']").count() == 1
    citizen.sees(
        "Phường Ba Đình", "Cơ quan phải trả lời chậm nhất ngày", "Điều 16 Nghị định 124/2020"
    )
    citizen.page.reload()
    citizen.sees(code, secret)
    return Receipt(code, secret)


def file_complaint(citizen: Window) -> Receipt:
    """Step 1: a complaint in short pages."""
    tell_what_it_is_about(citizen)
    tell_the_story(citizen)
    add_a_file(citizen)
    return send_and_read_receipt(citizen)


def take_the_receipt(citizen: Window, code: str) -> None:
    """The paper of the page after sending, and the page that its QR leads to."""
    with citizen.page.expect_download() as download:
        citizen.fits().press("Tải giấy biên nhận (PDF)")
    words = text_of(download.value.path().read_bytes())
    assert code in words
    found = re.search(r"/xac-thuc/VB-[0-9A-Z-]{14}/", words)
    assert found
    paper = citizen.page.context.new_page()
    Window(paper, citizen.origin).go(found[0]).sees("đang có hiệu lực").fits().sees_not(code)
    paper.close()


def track(citizen: Window, receipt: Receipt) -> Window:
    """Step 2: code and secret open the petition."""
    citizen.go("/tra-cuu/").fill(code=receipt.code.lower(), secret="sai").press("Xem đơn")
    citizen.sees("Mã tra cứu và mã bí mật không khớp")
    citizen.fill(code=receipt.code.lower(), secret=receipt.secret).press("Xem đơn")
    return citizen.title_is(receipt.code).fits()


def open_case(officer: Window, code: str) -> Window:
    """From the inbox into the case."""
    officer.menu("Vụ việc").title_is("Vụ việc")
    return officer.follow(code).title_is(SUBJECT)


def act(officer: Window, step: str, **fields: str) -> Window:
    """One step of the case, on its own page."""
    officer.follow(step).title_is(step)
    return officer.fill(**fields).press(step).sees(f"Đã thực hiện: {step}.")


def take_in(clerk: Window, code: str) -> None:
    open_case(clerk, code).sees("quyết định.pdf", PETITIONER["full_name"])
    clerk.follow("Tiếp nhận và vào sổ").choose("Đơn đã có chữ ký hoặc điểm chỉ")
    clerk.press("Tiếp nhận và vào sổ").sees("Đã tiếp nhận")
    act(clerk, "Phân loại đơn", field="land_compensation")
    act(clerk, "Giao cán bộ xử lý", assignee="handler").sees("Cán bộ handler")


def propose(handler: Window, code: str) -> None:
    open_case(handler, code)
    text = "Đơn đủ điều kiện thụ lý theo quy định."
    act(handler, "Trình phiếu đề xuất", proposal="accept", text=text)


def accept(chair: Window, code: str) -> None:
    """The clock of the result starts and explains itself."""
    open_case(chair, code).sees("Đơn đủ điều kiện thụ lý")
    act(chair, "Thụ lý giải quyết", number="12/TB-UBND").sees("Đã thụ lý")
    chair.page.get_by_text("Vì sao ngày này?").first.click()
    expect(chair.page.locator(".derivation li").first).to_be_visible(timeout=TIMEOUT)


def answer_escalation(chair: Window, code: str) -> None:
    """The badge leads to the answer, the answer into the history."""
    chair.sees("1 báo cáo quá hạn đang chờ ông/bà trả lời")
    chair.menu("Báo cáo quá hạn 1").title_is("Báo cáo quá hạn")
    chair.follow(f"Trả lời {code}").press("Gửi trả lời").sees("Xin kiểm tra lại")
    chair.fill(answer="Đã giao bộ phận địa chính hoàn thành trong tuần này.").press("Gửi trả lời")
    chair.sees("Trả lời của ông/bà đã được ghi vào lịch sử vụ việc.", "Không có việc đang chờ")
    open_case(chair, code).sees("đã báo cáo lên cấp 1", "Đã trả lời báo cáo quá hạn")


def resolve(handler: Window, code: str) -> None:
    open_case(handler, code)
    act(handler, "Bắt đầu xác minh").sees("Đang xác minh")
    act(handler, "Trình dự thảo kết quả", text="Chấp nhận một phần khiếu nại.")


def decide(chair: Window, code: str) -> None:
    open_case(chair, code).sees("Chấp nhận một phần khiếu nại.")
    act(chair, "Ký ban hành kết quả", number="45/QĐ-UBND")


def notify(clerk: Window, code: str) -> None:
    open_case(clerk, code)
    act(clerk, "Ghi nhận đã gửi kết quả").sees("Quyết định có hiệu lực từ ngày")


def propose_closing(clerk: Window, code: str) -> None:
    """Nobody complained a second time: the decision is in force, nothing is left to do."""
    open_case(clerk, code)
    act(clerk, "Ghi nhận quyết định có hiệu lực")
    act(clerk, "Đề nghị kết thúc vụ việc", ground="done", evidence="Biên bản chi trả số 5")


def close(chair: Window, code: str) -> None:
    """The second person."""
    open_case(chair, code).sees("Biên bản chi trả số 5")
    act(chair, "Kết thúc vụ việc").sees("Vụ việc đã kết thúc")


def plan_session(secretary: Window, *, day: str, capacity: str) -> str:
    """A reception day of the Party secretary, planned and published; its public path."""
    secretary.menu("Tiếp công dân").follow("Lên lịch buổi tiếp")
    secretary.fill(duty="secretary:party_secretary", day=day, starts="08:00", ends="11:30")
    secretary.fill(capacity=capacity, planned_content="Tiếp công dân định kỳ tháng 11.")
    secretary.press("Lưu bản nháp").title_is("Buổi tiếp công dân")
    secretary.press("Công bố")
    link = secretary.page.get_by_role("link", name="Xem như công dân nhìn thấy")
    return str(link.get_attribute("href"))


def register(
    citizen: Window,
    path: str,
    name: str,
    receipt: Receipt | None = None,
    *,
    button: str = "Đăng ký",
) -> Window:
    """Step 5: a citizen asks for a turn, linked to the petition when there is one."""
    citizen.go(path).fits().press(button).fits()
    # One person in the story registers twice, which the same telephone would refuse.
    phone = "0912000001" if receipt is not None else "0987000001"
    citizen.fill(full_name=name, identity_number="001088000001", phone=phone, people="1")
    citizen.fill(topic="Hỏi về tiến độ giải quyết đơn.")
    if receipt is not None:
        citizen.fill(petition_code=receipt.code, petition_secret=receipt.secret)
    return citizen.press(button)


def record_visit(secretary: Window, name: str, code: str) -> None:
    """The leader sees who comes and about what, and records the outcome."""
    visitors = secretary.part("Ai đến và về việc gì")
    expect(visitors).to_contain_text(name)
    expect(visitors.get_by_role("link", name=code)).to_be_visible()
    secretary.follow("Ghi kết quả 1").choose("Có đến và đã được tiếp")
    secretary.fill(said="Công dân đề nghị trả lời dứt điểm.", outcome="conclusion")
    secretary.press("Lưu kết quả").sees("Xin kiểm tra lại")
    secretary.fill(conclusion="Trả lời công dân trước ngày 10/12.", due_on="2026-12-10")
    secretary.fill(responsible_unit=WARD, responsible_person="Bộ phận địa chính")
    secretary.press("Lưu kết quả").sees("Trả lời công dân trước ngày 10/12.")
    secretary.press("Xác nhận đã tiếp").sees("Đã tiếp")


def report_plan(officer: Window, directive: str) -> None:
    """Step 6: a ward records its plan and how far it is."""
    officer.menu("Chỉ đạo").follow(directive).title_is("Phường Ba Đình")
    officer.page.get_by_role("link", name="kế hoạch").first.click()
    officer.fill(
        plan__number="08/KH-UBND",
        plan__issued_on="2026-11-02",
        plan__title="Kế hoạch công tác dân vận của phường",
    )
    officer.press("Lưu kế hoạch").sees("08/KH-UBND")
    officer.choose("Đang thực hiện").fill(text="Đã phân công các bộ phận.")
    officer.press("Gửi báo cáo").sees("Đã phân công các bộ phận.")


def from_map_to_case(chair: Window, code: str) -> None:
    """Step 7: the hexagon of the ward leads to its cases."""
    chair.menu("Tổng quan").title_is("Tổng quan toàn Thành phố")
    assert chair.page.locator("svg a.hex-cell").count() == 126
    assert chair.page.locator("table tbody tr").count() >= 126
    row = chair.page.get_by_role("row", name=re.compile("Phường Ba Đình"))
    expect(row.get_by_role("cell")).to_have_text(["1", "0", "1", "1"])
    chair.page.get_by_role("link", name=re.compile(r"^Ba Đình 1: Quá hạn")).click()
    chair.title_is("Vụ việc").sees("Phường Ba Đình").follow(code).sees(
        "đã báo cáo lên cấp 1", "quá hạn 1 ngày làm việc"
    )
