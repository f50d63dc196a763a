"""The overview over time, as files, in the API and as a brief."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from directives.models import Assignment
from directives.overview import Cell
from directives.selectors_overview import Scope
from directives.services import report_review
from tests.directives.giving import give, later, monthly, report, task_make
from tests.directives.overseeing import GROUP, HOME, PASSED, body, cells
from tests.people import OTHER_WARD, WARD, access_make

pytestmark = pytest.mark.django_db
Enter = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(later(1), tick=False)


def test_months_side_by_side(enter: Enter, time_machine: Any) -> None:
    task = monthly()
    row, other = give(task, WARD), give(task, OTHER_WARD)
    report(row, state="in_progress", period=row.periods.get().public_id, at=later(3))
    time_machine.move_to(later(25), tick=False)
    client = enter("propaganda")
    context = client.get(f"{HOME}theo-ky/").context
    (told,) = [line["told"] for line in context["rows"] if line["month"] == dt.date(2026, 11, 1)]
    assert tuple(told) == (1, 0, 1, 0)
    by_unit = client.get(f"{HOME}theo-ky/", {"by": "unit", "other": "2026-11"}).context["compared"]
    assert [line["after"] for line in by_unit] in ([0, 100], [100, 0])
    alone = client.get(f"{HOME}theo-ky/", {"unit": other.unit.code}).context
    assert [tuple(line["told"]) for line in alone["rows"] if line["told"].due] == [(0, 0, 1, 0)]
    file = body(client, f"{HOME}tep/theo-ky/")
    assert "11/2026,1,0,1,0" in file


def test_a_report_sent_late_and_returned_counts_by_its_last_date(time_machine: Any) -> None:
    row = give(monthly(), WARD)
    period = row.periods.get()
    report(row, state="in_progress", period=period.public_id, at=later(22))
    scope = Scope(period=dt.date(2026, 11, 1))
    assert cells(scope, day=23)[WARD].late == 1
    time_machine.move_to(later(23), tick=False)
    report_review(
        access=access_make("propaganda"),
        public_id=row.public_id,
        version=Assignment.objects.get(pk=row.pk).version,
        period=period.public_id,
        is_accepted=False,
        text="Thiếu số liệu",
        until=later(26).date(),
        at=later(23),
    )
    report(row, state="in_progress", period=period.public_id, at=later(24))
    assert cells(scope, day=24)[WARD] == Cell(1, 1, 0)


def test_the_table_as_a_file(enter: Enter) -> None:
    give(task_make(title="Việc mới"), WARD, due_on=PASSED)
    client = enter("propaganda")
    lines = body(client, f"{HOME}tep/bang/?directive=1699-cv-tu").splitlines()
    assert len(lines) == 127
    assert next(line for line in lines if line.startswith(f"{WARD},")).split(",")[3:6] == [
        "10", "0", "0",
    ]  # fmt: skip
    opened = body(client, f"{HOME}tep/bang/?directive=1699-cv-tu&group={GROUP}")
    assert "Việc mới" in opened.splitlines()[0]
    assert "Đã giao" in opened
    assert client.get(f"{HOME}tep/khac/").status_code == 404


def test_the_api_tells_the_same(enter: Enter, time_machine: Any) -> None:
    give(task_make(), WARD, due_on=PASSED)
    time_machine.move_to(later(9), tick=False)
    client = enter("propaganda")
    found = client.get("/api/v1/directives/1699-cv-tu/overview/").json()
    ward = next(unit for unit in found["units"] if unit["code"] == WARD)
    assert (ward["asked"], ward["late"], ward["cells"][GROUP]["late"]) == (10, 1, 1)
    assert found["total"]["asked"] == 9 * 126 + 1
    opened = client.get(f"/api/v1/directives/1699-cv-tu/overview/?group={GROUP}").json()
    assert len(opened["columns"]) == 3
    wrong = client.get("/api/v1/directives/1699-cv-tu/overview/?group=x&period=y&z=1")
    assert set(wrong.json()["fields"]) == {"group", "period", "z"}
    late = client.get("/api/v1/assignments/late/").json()["results"]
    assert [(row["unit"]["code"], row["days_late"]) for row in late] == [(WARD, 5)]
    assert client.get("/api/v1/assignments/late/?kind=x").status_code == 400
    assert client.get("/api/v1/directives/khong-co/overview/").status_code == 404


def test_a_brief_is_one_page(enter: Enter, time_machine: Any) -> None:
    import pypdfium2

    for n in range(12):
        give(task_make(title=f"Việc trễ số {n} có tên khá dài để chiếm chỗ"), WARD, due_on=PASSED)
    time_machine.move_to(later(9), tick=False)
    client = enter("propaganda")
    for address in (f"{HOME}tom-tat.pdf", f"{HOME}don-vi/{WARD}/tom-tat.pdf"):
        paper = pypdfium2.PdfDocument(client.get(address).content)
        assert len(paper) == 1
        assert "Việc trễ" in paper[0].get_textpage().get_text_bounded()
