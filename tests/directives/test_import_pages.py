"""Giving by a file, as it is done on pages: the file to fill in, the check, confirming, stopping."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from common.sheet_reader import xlsx_read
from directives.models import Assignment, AssignmentImport, ImportRow
from directives.services.imports import imports_run
from tests.common.workbooks import formula
from tests.directives.bringing import brought, now_of, sheet, started
from tests.directives.giving import AT, give, later, task_make
from tests.people import OTHER_WARD, WARD

pytestmark = pytest.mark.django_db
FILES = "/can-bo/chi-dao/1699-cv-tu/nhap-tep/"
Enter = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)


def bring(client: Client, data: bytes, name: str = "giao-viec.xlsx") -> Any:
    return client.post(FILES, {"upload": SimpleUploadedFile(name, data)})


def page_of(found: AssignmentImport) -> str:
    return f"{FILES}{found.public_id}/"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_from_the_file_to_the_units(enter: Enter) -> None:
    task, client = task_make(), enter("propaganda")
    answer = bring(client, sheet([task.code, WARD, "", "31/12/2026", ""]))
    found = AssignmentImport.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page_of(found))
    page = client.get(page_of(found))
    assert "Giao 1 nhiệm vụ" in text(page)
    assert "Refresh" not in page
    assert client.post(page_of(found), {"do": "start"}).status_code == 302
    running = client.get(page_of(found))
    assert running["Refresh"] == "4"
    assert "0/1 dòng" in text(running)
    assert "Refresh" not in client.get(page_of(found) + "?giu=1")
    imports_run()
    done = client.get(page_of(found))
    assert "Refresh" not in done
    assert "1/1 dòng" in text(done)
    assert Assignment.objects.filter(task=task).count() == 1
    assert "Bắt đầu giao việc từ tệp" in text(client.get("/can-bo/chi-dao/1699-cv-tu/ho-so/"))
    assert "giao-viec.xlsx" in text(client.get(FILES))


def test_every_faulty_cell_is_named_with_its_reason(enter: Enter) -> None:
    task, client = task_make(), enter("propaganda")
    bring(client, sheet([task.code, formula("A1"), "ai", "hôm nay", ""]))
    found = AssignmentImport.objects.get()
    page = client.get(page_of(found))
    lines = [(line["row"], str(line["column"]), line["words"]) for line in page.context["faults"]]
    assert lines == [
        (2, "Mã đơn vị", "Ô này là công thức: hãy điền giá trị."),
        (2, "Giao cho", "Điền một trong các giá trị: cấp ủy, chính quyền, Mặt trận Tổ quốc."),
        (2, "Hạn hoàn thành", "Điền ngày theo dạng 31/12/2026."),
    ]
    assert "hôm nay" in text(page)
    assert 'value="start"' not in text(page)
    assert "Tải lên tệp đã sửa" in text(page)


def test_right_rows_alone_are_an_explicit_choice(enter: Enter) -> None:
    task, client = task_make(), enter("propaganda")
    bring(client, sheet([task.code, WARD, "", "", ""], ["x", OTHER_WARD, "", "", ""]))
    found = AssignmentImport.objects.get()
    refused = client.post(page_of(found), {"do": "start"})
    assert refused.status_code == 422
    assert list(refused.context["start"].errors) == ["only_right"]
    assert now_of(found).state == "checked"
    chosen = client.post(page_of(found), {"do": "start", "only_right": "on"})
    assert chosen.status_code == 302
    assert now_of(found).state == "running"


def test_a_file_that_is_none_comes_back_with_its_reason(enter: Enter) -> None:
    answer = bring(enter("propaganda"), b"MZ\x90\x00" + b"\x00" * 64)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["upload"]
    assert bring(enter("propaganda"), b"").status_code == 422
    bomb = bring(enter("propaganda"), sheet(["x" * 3_000_000, WARD, "", "", ""]))
    assert (bomb.status_code, list(bomb.context["form"].errors)) == (422, ["upload"])
    assert not AssignmentImport.objects.exists()
    assert enter("propaganda").post(FILES, {}).status_code == 422


def test_the_file_to_fill_in_is_read_back_without_a_fault(enter: Enter) -> None:
    task, client = task_make(), enter("propaganda")
    give(task, OTHER_WARD)
    data = b"".join(client.get(FILES + "mau/").streaming_content)
    table = xlsx_read(data)
    assert len(table.rows) == 125  # what came with the portal was given to all
    bring(client, data)
    found = AssignmentImport.objects.get()
    assert (found.rows_new, found.rows_existing, found.rows_wrong) == (125, 0, 0)
    csv = client.get(FILES + "mau/?format=csv")
    assert csv["Content-Disposition"].endswith('.csv"')
    assert client.get(FILES + "mau/?format=pdf").status_code == 400


def test_stopping_and_discarding(enter: Enter) -> None:
    client = enter("propaganda")
    found = brought([task_make().code, WARD, "", "", ""])
    assert client.post(page_of(found), {"do": "cancel"}).status_code == 302
    assert now_of(found).state == "cancelled"
    late = client.post(page_of(found), {"do": "start"})
    assert late.status_code == 422
    assert "Tệp này đã chuyển trạng thái" in text(late)


def test_a_document_that_is_withdrawn_meanwhile_gives_nothing(enter: Enter) -> None:
    found = brought([task_make().code, WARD, "", "", ""])
    found.directive.state, found.directive.withdrawn_reason = "withdrawn", "Thay thế."
    found.directive.withdrawn_at = AT
    found.directive.save()
    client = enter("propaganda")
    assert client.post(page_of(found), {"do": "start"}).status_code == 403
    assert client.get(page_of(found)).status_code == 200
    assert client.get(FILES).status_code == 403


def test_a_file_of_another_document_is_not_there(enter: Enter) -> None:
    found = brought([task_make().code, WARD, "", "", ""])
    other = f"/can-bo/chi-dao/36-ct-tu/nhap-tep/{found.public_id}/"
    assert enter("propaganda").get(other).status_code == 404
    assert enter("clerk").get(page_of(found)).status_code == 404


def test_many_faults_come_in_pages_with_constant_queries(
    enter: Enter, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = enter("propaganda")
    found = brought(*[["x", WARD, "", "", ""] for _ in range(60)])
    assert ImportRow.objects.filter(of=found, state="wrong").count() == 60
    with django_assert_max_num_queries(14):
        page = client.get(page_of(found))
    second = client.get(page_of(found) + page.context["next_href"])
    rows = [line["row"] for line in (*page.context["faults"], *second.context["faults"])]
    assert rows == list(range(2, 2 + len(rows)))
    assert len(rows) > 50


def test_the_note_reaches_the_unit(enter: Enter) -> None:
    task = task_make()
    started(brought([task.code, WARD, "", "", "Ưu tiên hộ khó khăn"]))
    imports_run(at=later(0))
    row = Assignment.objects.get(task=task)
    page = text(enter("clerk").get(f"/can-bo/chi-dao/viec/{row.public_id}/"))
    assert page.count("Ưu tiên hộ khó khăn") == 2  # among the facts and in the history
