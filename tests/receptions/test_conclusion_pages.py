"""Pages of minutes, conclusion notices and tasks; the visitor's page."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from escalation.sweep import sweep_run
from receptions.models import (
    ConclusionNotice,
    ConclusionTask,
    ConclusionTaskFile,
    Minutes,
    Registration,
    VisitRecord,
)
from receptions.services.visits import Visit, session_record
from tests.attachments.test_api import PDF
from tests.people import OTHER_WARD, PERSON, WARD, access_make, person_make
from tests.receptions.cast import Visitor, register, session_public
from tests.receptions.concluding import DURING, UNTIL, drafted, issued, row, task_of, visit_of
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
STAFF = "/can-bo/tiep-dan/"
ROW = {
    "r0-what": "Kiểm tra thực địa.",
    "r0-unit": OTHER_WARD,
    "r0-person": "Địa chính",
    "r0-due_on": "2026-12-24",
}


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(DURING, tick=False)


def go(client: StrictClient, who: str) -> StrictClient:
    client.force_login(person_make(who))
    return client


def after(visit: VisitRecord, page: str = "sau-tiep") -> str:
    registration = visit.registration
    return f"{STAFF}{registration.session.public_id}/{page}/{registration.code}/"


def test_rows_are_added_moved_and_taken_out_without_a_script(client: StrictClient) -> None:
    session = session_public()
    path = f"{STAFF}{session.public_id}/ket-luan/"
    go(client, "clerk")
    assert 'name="r0-what"' in client.get(path).text
    sent = {**ROW, "rows": "1", "version": "0", "opening": "Qua tiếp công dân"}
    added = client.post(path, {**sent, "do": "add"})
    assert 'name="r1-what"' in added.text
    assert "Kiểm tra thực địa." in added.text
    two = {**sent, "rows": "2", "r1-what": "Việc hai", "r1-unit": WARD, "r1-due_on": "2026-12-25"}
    moved = client.post(path, {**two, "do": "up:1"}).text
    assert moved.index("Việc hai") < moved.index("Kiểm tra thực địa.")
    left = client.post(path, {**two, "do": "remove:0"}).text
    assert "Kiểm tra thực địa." not in left
    assert not ConclusionNotice.objects.exists()
    assert client.post(path, {**two, "do": "save"}).status_code == 302
    assert [t.what for t in ConclusionTask.objects.all()] == ["Kiểm tra thực địa.", "Việc hai"]


def test_what_is_missing_stands_beside_its_row(client: StrictClient) -> None:
    session = session_public()
    path = f"{STAFF}{session.public_id}/ket-luan/"
    sent = {**ROW, "r0-due_on": "2026-12-01", "rows": "1", "version": "0", "do": "save"}
    answer = go(client, "clerk").post(path, sent)
    assert answer.status_code == 422
    assert "đã qua" in answer.text
    assert client.post(path, {"rows": "x", "version": "0", "do": "save"}).status_code == 422
    assert not ConclusionNotice.objects.exists()


def test_from_the_draft_to_the_issued_paper(client: StrictClient) -> None:
    draft = drafted(row(), row(what="Việc nội bộ", is_internal=True))
    page = f"{STAFF}ket-luan/{draft.public_id}/"
    go(client, "clerk")
    assert "ban-hanh" not in client.get(page).text
    assert client.post(f"{page}ban-hanh/", {"version": "1"}).status_code == 403
    go(client, "secretary")
    assert "ban-hanh" in client.get(page).text
    assert client.post(f"{page}ban-hanh/", {"version": "7"}).status_code == 422
    assert client.post(f"{page}ban-hanh/", {"version": "1"}).status_code == 302
    shown = client.get(page).text
    assert "01-TB/ĐU" in shown
    assert "ban-hanh" not in shown
    assert client.get(f"{page}sua/").status_code == 403
    other = drafted(session=draft.session)
    paper = client.get(f"{STAFF}ket-luan/{draft.public_id}.pdf")
    assert paper.content.startswith(b"%PDF")
    assert "no-store" in paper.headers["Cache-Control"]
    assert go(client, "other_clerk").get(page).status_code == 200
    assert client.get(f"{STAFF}ket-luan/{other.public_id}/").status_code == 404


def test_the_task_page_takes_the_steps_of_each_side(client: StrictClient) -> None:
    task = task_of(issued())
    page = f"{STAFF}viec-duoc-giao/{task.public_id}/"
    go(client, "other_clerk")
    assert client.post(page, {"do": "report", "version": "1", "text": ""}).status_code == 422
    assert client.post(page, {"do": "extend", "version": "1", "text": "x"}).status_code == 403
    assert client.post(page, {"do": "report", "version": "1", "text": "Xong."}).status_code == 302
    go(client, "secretary")
    assert "Xong." in client.get(page).text
    assert client.post(page, {"do": "accept", "version": "1"}).status_code == 422
    assert client.post(page, {"do": "accept", "version": "2"}).status_code == 302
    assert go(client, "front").get(page).status_code == 404


def test_a_report_with_a_photo_on_the_page(client: StrictClient) -> None:
    task = task_of(issued())
    page = f"{STAFF}viec-duoc-giao/{task.public_id}/"
    go(client, "other_clerk")
    assert 'enctype="multipart/form-data"' in client.get(page).text
    bad = SimpleUploadedFile("x.exe", b"MZ\x90\x00\x03\x00\x00\xff")
    sent = {"do": "report", "version": "1", "text": "Đã làm xong."}
    refused = client.post(page, sent | {"uploads": bad})
    assert refused.status_code == 422
    assert "Đã làm xong." in refused.text
    assert "không được chấp nhận" in refused.text
    good = [SimpleUploadedFile("anh 1.pdf", PDF), SimpleUploadedFile("anh 2.pdf", PDF)]
    assert client.post(page, sent | {"uploads": good}).status_code == 302
    files = [file.attachment for file in ConclusionTaskFile.objects.all()]
    go(client, "secretary")
    shown = client.get(page).text
    for file in files:
        path = f"{page}tep/{file.public_id}/"
        assert path in shown
        answer = client.get(path)
        assert b"".join(answer.streaming_content) == PDF
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "no-store" in answer.headers["Cache-Control"]
    assert client.get(f"{page}tep/{task.public_id}/").status_code == 404
    assert go(client, "front").get(path).status_code == 404


def test_lists_of_both_sides(client: StrictClient, django_assert_max_num_queries: Any) -> None:
    issued(*[row(what=f"Việc thứ {n}") for n in range(6)])
    go(client, "other_chair")
    with django_assert_max_num_queries(16):
        mine = client.get(f"{STAFF}viec-duoc-giao/").text
    assert "Việc thứ 5" in mine
    go(client, "chair")
    assert "Việc thứ 5" not in client.get(f"{STAFF}viec-duoc-giao/").text
    assert "Việc thứ 5" in client.get(f"{STAFF}viec-duoc-giao/?side=given").text
    assert "Việc thứ 5" not in client.get(f"{STAFF}viec-duoc-giao/?side=given&late=on").text
    assert client.get(f"{STAFF}viec-duoc-giao/?unit=99999&state=zzz").status_code == 200
    assert go(client, "front").get(f"{STAFF}viec-duoc-giao/").status_code == 404


def test_minutes_on_the_page(client: StrictClient) -> None:
    visit = visit_of("taken_in")
    page = after(visit, "bien-ban")
    go(client, "clerk")
    assert "Số người: 1" in client.get(page).text
    assert client.get(f"{page}ban-in.pdf").content.startswith(b"%PDF")
    assert client.post(page, {"do": "save", "version": "0", "text": ""}).status_code == 422
    signs = {"do": "sign", "version": "1"}
    assert client.post(page, {"do": "save", "version": "0", "text": "Biên bản."}).status_code == 302
    assert 'value="sign"' not in client.get(page).text
    assert client.post(page, signs).status_code == 403
    go(client, "secretary")
    assert 'value="sign"' in client.get(page).text
    for sent in (
        signs,
        {"do": "visitor", "version": "2", "how": "refused", "note": "Không đồng ý."},
        {"do": "addendum", "text": "Đính chính số thửa."},
    ):
        assert client.post(page, sent).status_code == 302, sent
    shown = client.get(page).text
    assert "Đính chính số thửa." in shown
    assert 'value="save"' not in shown
    assert client.post(page, {"do": "save", "version": "3", "text": "Khác"}).status_code == 422
    assert Minutes.objects.get().text == "Biên bản."


def test_the_written_notice_on_the_page(client: StrictClient) -> None:
    visit = visit_of("taken_in")
    go(client, "clerk")
    assert "24/12/2026" in client.get(after(visit)).text
    sent = {"step": "send", "version": 1, "sent_on": "2026-12-10"}
    assert client.post(after(visit), sent).status_code == 422
    issue = {"step": "issue", "version": 1}
    assert go(client, "secretary").post(after(visit), issue).status_code == 302
    assert go(client, "clerk").post(after(visit), sent).status_code == 302
    assert "01-TB/ĐU-KQ" in client.get(after(visit)).text
    typed = visit_of("taken_in", session=visit.registration.session, registration={"number": 2})
    sent |= {"number": "25/TB-UBND"}
    assert client.post(after(typed), sent).status_code == 302
    assert "25/TB-UBND" in client.get(after(typed)).text
    assert go(client, "front").get(after(visit)).status_code == 403


def test_a_recorded_visit_keeps_a_draft_when_more_rows_are_wanted(client: StrictClient) -> None:
    session = session_public()
    code = register(session).code
    sent = {
        "attendance": "received",
        "said": "Đề nghị kiểm tra.",
        "outcome": "conclusion",
        "conclusion": "Kiểm tra thực địa.",
        "responsible_unit": WARD,
        "due_on": "2026-12-24",
        "draft": "1",
    }
    go(client, "secretary").post(f"{STAFF}{session.public_id}/dang-ky/{code}/", sent)
    assert not ConclusionNotice.objects.get().is_issued
    page = client.get(f"{STAFF}{session.public_id}/").text
    assert "Kiểm tra thực địa." in page
    assert "sau-tiep" in page


def test_the_visitors_page_and_paper(client: StrictClient) -> None:
    session = session_public()
    made = register(session, 7)
    visit = visit_of("taken_in", session=session, responsible_person="Bà Mẫu",
                     registration={"number": 8})  # fmt: skip
    assert visit.registration.queue_number == 2
    lookup = {"code": made.code, "secret": made.secret}
    assert "Kết quả lượt tiếp" not in client.post("/lich-tiep-dan/dang-ky/", lookup).text
    session_record(access=access_make("secretary"), session_id=session.public_id, code=made.code,
                   visit=Visit("Nói", "taken_in", responsible_person="Ông Trần Văn Mẫu", due_on=UNTIL),
                   at=DURING)  # fmt: skip
    notice = issued(row(), row(what="Việc nội bộ", is_internal=True), session=session,
                    code=made.code)  # fmt: skip
    page = client.post("/lich-tiep-dan/dang-ky/", lookup).text
    assert "Kết quả lượt tiếp" in page
    assert "Ông Trần Văn Mẫu" in page
    assert "Kiểm tra thực địa ngõ đi chung" in page
    assert "Việc nội bộ" not in page
    paper = f"/lich-tiep-dan/dang-ky/ket-luan/{notice.public_id}.pdf"
    assert client.post(paper, lookup).content.startswith(b"%PDF")
    assert client.post(paper, {**lookup, "secret": "sai"}).status_code == 404
    assert client.get(paper).status_code == 405
    assert Registration.objects.count() == 2


def test_whoever_a_late_notice_was_put_before_sees_no_name(
    client: StrictClient, time_machine: Any
) -> None:
    for name in ("clerk", "secretary", "board_head"):
        person_make(name)
    visit = visit_of("taken_in", conclusion="Sẽ kiểm tra ngõ đi chung.")
    go(client, "board_head")
    assert client.get(after(visit)).status_code == 403
    late = DURING + dt.timedelta(days=40)
    time_machine.move_to(late, tick=False)
    sweep_run(at=late)
    page = client.get(after(visit))
    assert page.status_code == 200
    for word in ("Người dân số 1", "ngõ đi chung", "Hỏi về tiến độ", "sent_on"):
        assert word not in page.text
    assert client.get(after(visit, "bien-ban")).status_code == 403


def test_the_petitioners_page_shows_the_own_visit(client: StrictClient, story: Any) -> None:
    tale = story()
    own = Visitor(PERSON["full_name"], PERSON["identity_number"], PERSON["phone"])
    petition = (tale.filed.code, tale.filed.secret)
    visit_of("taken_in", registration={"petition": petition, "visitor": own})
    client.post("/tra-cuu/", {"code": tale.filed.code, "secret": tale.filed.secret})
    assert "Kết quả lượt tiếp" in client.get("/tra-cuu/don/").text
