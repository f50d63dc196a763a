"""The way of a directive in the words of the people who walk it, one function a visit."""

import datetime as dt
from collections.abc import Sequence

from directives.models import Assignment
from directives.services import Plan, Report, plan_record, report_submit
from tests.browser.windows import Window
from tests.people import PASSWORD, access_make

ROOT = "/can-bo/chi-dao/"


def sign_in(window: Window, name: str) -> None:
    window.go("/tai-khoan/dang-nhap/").fill(login=name, password=PASSWORD).press("Đăng nhập")
    window.title_is("Bàn làm việc")


def enter_document(city: Window, number: str, day: str) -> None:
    """From the paper to a document in force."""
    city.go(ROOT).follow("Nhập văn bản")
    city.fill(
        number=number,
        kind="official_letter",
        issued_on=day,
        issuer="Ban Thường vụ Thành ủy Hà Nội",
        subject="Đối thoại với nhân dân",
    )
    city.press("Nhập dự thảo").sees("Dự thảo")
    city.press("Ghi nhận có hiệu lực").sees("Văn bản đã có hiệu lực")


def break_down(city: Window, title: str) -> None:
    """A group with one task, asked once."""
    city.page.locator("main").get_by_role("link", name="Nhóm và nhiệm vụ").first.click()
    city.follow("Thêm nhóm nhiệm vụ")
    city.fill(title="Đối thoại", text="Đối thoại định kỳ với nhân dân.").press("Lưu")
    city.page.locator("main").get_by_role("link", name="Thêm nhiệm vụ").click()
    city.fill(
        title=title,
        expected_result="Có đối thoại, có kết luận.",
        evidence="Biên bản đối thoại",
        indicator="count",
        addressee="party_committee",
    )
    city.press("Lưu").sees(title)


def give_to_all(city: Window, due_on: str, *, units: int) -> None:
    city.page.locator("main").get_by_role("link", name="Giao cho đơn vị").click()
    city.page.locator('[name="tasks"]').check()
    city.fill(due_on=due_on).press("Xem trước khi giao").sees(f"Giao {units} nhiệm vụ")
    city.press(f"Giao {units} nhiệm vụ")


def receive_and_appoint(ward: Window, title: str, owner: str) -> None:
    ward.go(ROOT + "viec-duoc-giao/").sees(title).follow(title)
    ward.press("Ghi nhận đã tiếp nhận").sees("Đã ghi nhận")
    ward.page.locator('[name="owner-owner"]').evaluate(
        "field => field.closest('details').open = true"
    )
    field = ward.page.locator('[name="owner-owner"]')
    field.select_option(label=owner)
    field.locator("xpath=ancestor::form").get_by_role("button").click()
    ward.sees(owner)


def report_done(ward: Window, title: str, words: str) -> None:
    ward.title_is(title)
    ward.choose("Đã hoàn thành, đề nghị xác nhận")
    ward.fill(text=words).press("Gửi báo cáo").sees(words)


def return_report(city: Window, title: str, words: str, until: str) -> None:
    """On the page of the task, found among what waits."""
    city.go(ROOT + "cho-xem-xet/").follow(title)
    city.choose("Trả lại, nêu rõ lý do")
    city.fill(review__text=words, review__until=until).press("Ghi nhận ý kiến").sees(words)


def confirm_at_once(city: Window) -> None:
    """Tick what waits and confirm it in one step."""
    city.go(ROOT + "cho-xem-xet/")
    for box in city.page.locator('[name="pick"]').all():
        box.check()
    city.choose("Xác nhận hoàn thành").press("Trả lời").sees("Đã trả lời 1 báo cáo")


def withdraw_document(city: Window, slug: str, reason: str) -> None:
    city.go(f"{ROOT}{slug}/ho-so/")
    city.page.locator("aside summary", has_text="Thu hồi văn bản").click()
    city.page.locator('aside [name="reason"]').fill(reason)
    city.press("Thu hồi văn bản")


def share_on_the_map(city: Window, slug: str, unit: str) -> str:
    """The share done of a unit, as the map of the overview shows it."""
    city.go(f"{ROOT}tong-quan/?directive={slug}").follow("Bản đồ")
    cell = city.page.locator(f'a.hex-cell[href*="/don-vi/{unit}/"] .hex-value')
    return cell.text_content() or ""


def replace_document(city: Window, slug: str, old: str) -> None:
    """A document in force takes the place of another one."""
    city.go(f"{ROOT}{slug}/ho-so/")
    form = city.page.locator("aside form:has(select[name='target'])")
    form.locator("summary").click()
    form.locator('[name="kind"]').select_option("replaces")
    form.locator('[name="target"]').select_option(old)
    form.locator('[name="owed"][value="keep"]').check()
    form.get_by_role("button").click()


def bring_file(city: Window, lines: Sequence[str]) -> None:
    data = "\r\n".join(lines).encode()
    paper = {"name": "giao-viec.csv", "mimeType": "text/csv", "buffer": data}
    city.page.locator('[name="upload"]').set_input_files(paper)  # type: ignore[arg-type]
    city.press("Kiểm tra tệp").title_is("Tệp giao việc")


def reported(row: Assignment) -> None:
    """A plan and a report of completion of the ward, as its secretary sends them."""
    access, day = access_make("secretary"), row.task.group.directive.issued_on
    plan = Plan("15-KH/ĐU", day, "Kế hoạch thực hiện Công văn 1699-CV/TU")
    plan_record(access=access, public_id=row.public_id, version=row.version, plan=plan)
    report_submit(
        access=access,
        public_id=row.public_id,
        version=row.version + 1,
        report=Report("Đã ban hành kế hoạch.", "reported_done", "yes"),
        at=dt.datetime(2026, 11, 16, 3, tzinfo=dt.UTC),
    )
