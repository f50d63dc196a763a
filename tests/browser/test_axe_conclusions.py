"""Minutes, conclusion notices, tasks and the visitor's page: axe finds nothing at 360 px."""

import os
from pathlib import Path
from typing import Any

import pytest

from escalation.sweep import sweep_run
from tests.browser.conftest import Check
from tests.browser.mirror import Mirror
from tests.people import person_make
from tests.receptions.cast import session_public
from tests.receptions.concluding import DURING, drafted, issued, row, step, task_of, visit_of
from tests.receptions.test_conclusion_ladder import LONG_AFTER
from tests.receptions.test_minutes import signed
from tests.strict import StrictClient

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
STAFF = "/can-bo/tiep-dan/"


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(DURING, tick=False)


def test_from_the_record_to_the_issued_notice(check: Check, mirror: Mirror) -> None:
    session = session_public()
    visit = visit_of("taken_in", session=session, responsible_person="Bà Mẫu")
    code = visit.registration.code
    check(f"{STAFF}{session.public_id}/sau-tiep/{code}/", who="clerk", sent=True)
    check(f"{STAFF}{session.public_id}/bien-ban/{code}/", who="clerk")
    signed(visit)
    check(f"{STAFF}{session.public_id}/bien-ban/{code}/", who="clerk")
    check(f"{STAFF}{session.public_id}/ket-luan/?so={code}", who="secretary")
    draft = drafted(row(), row(what="Việc nội bộ", is_internal=True), session=session)
    check(f"{STAFF}ket-luan/{draft.public_id}/", who="secretary")
    check(f"{STAFF}ket-luan/{draft.public_id}/sua/", who="secretary")
    notice = issued(session=session)
    check(f"{STAFF}ket-luan/{notice.public_id}/", who="secretary")
    check(f"{STAFF}{session.public_id}/ket-luan/?thay={notice.public_id}", who="secretary")
    check(f"{STAFF}{session.public_id}/", who="secretary")


def test_tasks_late_and_reported(check: Check, time_machine: Any) -> None:
    for name in ("other_clerk", "other_chair", "board_head", "city_chair"):
        person_make(name)
    notice = issued(row(), row(what="Việc hai"))
    step(task_of(notice, 2), "report", "other_clerk", text="Đã xong.")
    time_machine.move_to(LONG_AFTER, tick=False)
    sweep_run(at=LONG_AFTER)
    check(f"{STAFF}viec-duoc-giao/", who="other_clerk")
    check(f"{STAFF}viec-duoc-giao/?state=done", who="other_clerk")
    check(f"{STAFF}?unit={task_of(notice).unit.code}", who="other_chair")
    for number in (1, 2):
        task = task_of(notice, number)
        check(f"{STAFF}viec-duoc-giao/{task.public_id}/", who="other_clerk")
        check(f"{STAFF}viec-duoc-giao/{task.public_id}/", who="secretary")
    check("/can-bo/leo-thang/", who="board_head")


def test_the_visitor_reads_what_came_of_it(
    mirror: Mirror, client: StrictClient, axe_source: str
) -> None:
    session = session_public()
    made: dict[str, str] = {}
    visit = visit_of("taken_in", session=session, responsible_person="Bà Mẫu", made=made)
    issued(session=session, code=visit.registration.code)
    shown = client.post("/lich-tiep-dan/dang-ky/", made)
    assert "Kết quả lượt tiếp" in shown.text
    mirror.open("/lich-tiep-dan/dang-ky/")
    mirror.page.get_by_label("Mã đăng ký").fill(made["code"])
    mirror.page.get_by_label("Mã bí mật").fill(made["secret"])
    mirror.send()
    assert "Kết quả lượt tiếp" in mirror.page.content()
    assert mirror.faults(axe_source) == []
    if folder := os.environ.get("PICTURES"):
        mirror.page.screenshot(path=str(Path(folder) / "progress.png"), full_page=True)
