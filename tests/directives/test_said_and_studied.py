"""Difficulties and proposals over all reports; which units have studied a document."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from communes.models import Unit
from directives.models import Assignment, StudySession
from directives.services import study_record, study_withdraw
from tests.directives.giving import give, later, report, task_make
from tests.directives.stepping import do
from tests.people import OTHER_WARD, WARD

pytestmark = pytest.mark.django_db
SAID = "/can-bo/chi-dao/tong-quan/kho-khan/"
STUDIES = "/can-bo/chi-dao/1699-cv-tu/hoc-tap/"
Enter = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(later(2), tick=False)


def said(client: Client, **query: str) -> list[str]:
    rows = client.get(SAID, query).context["rows"]
    return [row["report"].difficulties or row["report"].proposals for row in rows]


def progress(row: Assignment, who: str, **words: Any) -> None:
    report(row, who, state="in_progress", **words)


def two_reports() -> Assignment:
    row = give(task_make(), WARD, OTHER_WARD)
    other = Assignment.objects.get(task=row.task, unit__code=OTHER_WARD)
    progress(row, "secretary", difficulties="Thiếu cán bộ chuyên trách")
    progress(other, "other_chair", proposals="Đề nghị cấp kinh phí", at=later(1, 10))
    progress(row, "secretary", text="Không có gì thêm", at=later(1, 11))
    return row


def test_the_city_reads_what_all_units_said(enter: Enter) -> None:
    row = two_reports()
    client = enter("propaganda")
    assert said(client) == ["Đề nghị cấp kinh phí", "Thiếu cán bộ chuyên trách"]
    assert f"viec/{row.public_id}/#reports" in client.get(SAID).content.decode()
    assert said(client, q="cán bộ") == ["Thiếu cán bộ chuyên trách"]
    assert said(client, q="KINH PHI de nghi") == ["Đề nghị cấp kinh phí"]
    assert said(client, what="proposals") == ["Đề nghị cấp kinh phí"]
    assert said(client, unit=WARD) == ["Thiếu cán bộ chuyên trách"]
    assert len(said(client, directive="1699-cv-tu", group="1699-cv-tu-1", month="2026-11")) == 2
    assert said(client, q="không có") == []


def test_a_unit_reads_its_own_words_only(enter: Enter) -> None:
    two_reports()
    assert said(enter("clerk")) == ["Thiếu cán bộ chuyên trách"]
    answer = enter("clerk").get(f"{SAID}tai-ve/", {"format": "csv"})
    file = b"".join(answer.streaming_content).decode()
    assert "Thiếu cán bộ chuyên trách" in file
    assert "Đề nghị cấp kinh phí" not in file


def test_nothing_said_says_so(enter: Enter) -> None:
    assert "Chưa có đơn vị nào nêu" in enter("propaganda").get(SAID).content.decode()


def study(row: Assignment, who: str = "clerk", **changes: Any) -> StudySession:
    values = {"held_on": dt.date(2026, 11, 16), "people": 30, "material": "Công văn 1699-CV/TU"}
    found: StudySession = do(study_record, row, who, **(values | changes))
    return found


def test_which_units_have_studied_a_document(
    enter: Enter, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    task = task_make()
    row = give(task, WARD, OTHER_WARD)
    study(row)
    study(row, people=12)
    gone = study(row, people=500)
    do(study_withdraw, row, "clerk", study=gone.public_id)
    client = enter("propaganda")
    with django_assert_max_num_queries(14):
        page = client.get(STUDIES, {"task": task.code})
    found = [
        (line["unit"].code, line["unit"].sessions, line["unit"].people, len(line["sessions"]))
        for line in page.context["rows"]
    ]
    assert found == [(WARD, 2, 42, 2), (OTHER_WARD, 0, 0, 0)]
    assert page.context["totals"] == {
        "units": 2, "held": 1, "none": 1, "total": 2, "people_total": 42,
    }  # fmt: skip
    without = client.get(STUDIES, {"task": task.code, "held": "no"}).context["rows"]
    assert [line["unit"].code for line in without] == [OTHER_WARD]
    whole = client.get(STUDIES).context["totals"]
    assert (whole["units"], whole["held"]) == (Unit.objects.commune_level().count(), 1)


def test_sessions_as_a_file_and_of_the_own_unit_alone(enter: Enter) -> None:
    task = task_make()
    study(give(task, WARD, OTHER_WARD))
    answer = enter("propaganda").get(f"{STUDIES}tai-ve/", {"task": task.code, "format": "csv"})
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 3
    assert "16/11/2026,30,Công văn 1699-CV/TU,1" in lines[1]
    own = enter("other_chair").get(STUDIES).context
    assert [line["unit"].code for line in own["rows"]] == [OTHER_WARD]
    assert own["totals"]["held"] == 0
