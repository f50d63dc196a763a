"""Tables of directives as files: what the pages show, as far as the person sees it."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from common.sheet_reader import xlsx_read
from directives import services
from directives.models import Assignment
from tests.directives.giving import AT, give, monthly, report, task_make
from tests.directives.keeping import entered
from tests.people import OTHER_WARD, WARD, access_make, person_make

pytestmark = pytest.mark.django_db
ROOT = "/can-bo/chi-dao/"
TASKS = 9  # that came with the portal, for each of 126 units
Enter = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)


def lines(client: Client, path: str, **query: str) -> list[list[str]]:
    """Head and rows of a CSV file."""
    answer: Any = client.get(ROOT + path, query | {"format": "csv"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_register_as_it_was_searched(enter: Enter) -> None:
    entered()
    client = enter("propaganda")
    assert [row[0] for row in lines(client, "tai-ve/")[1:]] == [
        "21-CV/TU", "1699-CV/TU", "123/KH-UBND", "36-CT/TU", "07-CT/TU", "12-CT/TU",
    ]  # fmt: skip
    assert [row[0] for row in lines(client, "tai-ve/", q="1699")[1:]] == ["1699-CV/TU"]
    own = lines(enter("clerk"), "tai-ve/", q="1699")
    assert own[1][-2:] == [str(TASKS), "0"]  # of the own unit alone
    assert "21-CV/TU" not in {row[0] for row in lines(enter("clerk"), "tai-ve/")}


def test_the_breakdown_of_a_document(enter: Enter) -> None:
    task = task_make(title="=HYPERLINK(1)", target="3")
    rows = lines(enter("clerk"), "1699-cv-tu/noi-dung/tai-ve/")
    found = next(row for row in rows if row[1] == task.code)
    assert found[2] == "'=HYPERLINK(1)"
    assert found[6] == "3"
    assert len(rows) == 1 + TASKS + 1


def test_assignments_with_the_filters_of_the_page(enter: Enter) -> None:
    row = give(task_make())
    report(row)
    client = enter("propaganda")
    path = "1699-cv-tu/giao/tai-ve/"
    every = lines(client, path)
    assert len(every) == 1 + 126 * TASKS + 1
    assert [line[1] for line in every[1:]] == sorted(line[1] for line in every[1:])
    done = lines(client, path, state="reported_done")
    assert [line[1] for line in done[1:]] == [WARD]
    shown = {row["unit"].code for row in client.get(ROOT + "1699-cv-tu/?q=ba+dinh").context["rows"]}
    assert {line[1] for line in lines(client, path, q="ba dinh")[1:]} == shown
    assert WARD in shown
    assert client.get(ROOT + path, {"state": "x"}).status_code == 400


def test_a_unit_takes_only_what_is_its_own(enter: Enter) -> None:
    give(task_make(title="Của phường khác"), OTHER_WARD)
    rows = lines(enter("clerk"), "1699-cv-tu/giao/tai-ve/")
    assert {row[1] for row in rows[1:]} == {WARD}
    assert len(rows) == 1 + TASKS


def test_the_desk_with_its_filters(enter: Enter) -> None:
    give(monthly(title="Kỳ"))
    client = enter("clerk")
    first = lines(client, "viec-duoc-giao/tai-ve/")[1]
    assert (first[4], first[-1]) == ("Kỳ", "05/12/2026")
    assert len(lines(client, "viec-duoc-giao/tai-ve/", due="late")) == 1
    assert lines(client, "viec-duoc-giao/tai-ve/", state="confirmed")[1:] == []


def test_what_was_withdrawn_says_so(enter: Enter) -> None:
    row = give(task_make())
    services.assignment_withdraw(
        access=access_make("propaganda"), public_id=row.public_id, version=1, reason="Giao nhầm."
    )
    rows = lines(enter("propaganda"), "1699-cv-tu/giao/tai-ve/", state="withdrawn")
    assert [line[-1] for line in rows[1:]] == ["Giao nhầm."]


@pytest.mark.parametrize(
    "path",
    ["tai-ve/", "viec-duoc-giao/tai-ve/", "1699-cv-tu/noi-dung/tai-ve/", "1699-cv-tu/giao/tai-ve/"],
)
def test_as_a_workbook_whose_name_tells_of_nobody(enter: Enter, path: str) -> None:
    answer: Any = enter("secretary").get(ROOT + path)
    assert xlsx_read(b"".join(answer.streaming_content)).rows
    name = answer["Content-Disposition"]
    assert name.isascii()
    assert person_make("secretary").username not in name
    assert enter("secretary").get(ROOT + path, {"format": "pdf"}).status_code == 400


def test_rows_are_read_with_constant_queries(
    enter: Enter, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = enter("propaganda")
    lines(client, "1699-cv-tu/giao/tai-ve/", q="ba dinh")
    used = []
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for q in ("ba dinh", ""):
        with CaptureQueriesContext(connection) as ran:
            lines(client, "1699-cv-tu/giao/tai-ve/", q=q)
        used.append(len(ran))
    assert used[1] <= used[0]
    assert Assignment.objects.count() == 126 * TASKS


@pytest.mark.parametrize("what", ["bang", "cham", "theo-ky"])
def test_the_overview_is_a_file_like_the_others(enter: Enter, what: str) -> None:
    client = enter("propaganda")
    path = f"tong-quan/tep/{what}/"
    assert lines(client, path)[0]
    usual = client.get(ROOT + path)
    assert usual["Content-Type"] == "text/csv; charset=utf-8"
    assert f'filename="chi-dao-{what}-2026-11-16.csv"' in usual["Content-Disposition"]
    assert client.get(ROOT + path, {"format": "pdf"}).status_code == 400
