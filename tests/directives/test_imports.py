"""Giving by a file: nothing before it is confirmed, nothing twice, whatever breaks off."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import Conflict, InvalidInput, NotPermitted, NotVisible
from common.models import JobState
from communes.models import Unit
from directives import services
from directives.invariants import import_counts_are_its_rows
from directives.models import Assignment, AssignmentImport, DirectiveEvent, ImportRow
from directives.services import imports as service
from directives.services.imports import import_cancel, import_check, imports_run
from directives.tasks import run_imports
from notifications.models import OutboxMessage
from tests.common.workbooks import formula
from tests.directives.bringing import (
    DIRECTIVE,
    brought,
    counts,
    faults,
    now_of,
    sheet,
    started,
    stored,
)
from tests.directives.giving import AT, clocks, give, later, monthly, task_make
from tests.directives.stepping import whole
from tests.people import OTHER_WARD, WARD, access_make, person_make

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 12, 31)


def wards(count: int) -> list[str]:
    rows = Unit.objects.commune_level().order_by("code")
    return list(rows.values_list("code", flat=True)[:count])


def test_a_right_file_gives_only_when_it_is_confirmed() -> None:
    task = task_make()
    found = brought(
        [task.code, WARD, "chính quyền", "31/12/2026", "Ưu tiên hộ khó khăn"],
        [task.code, OTHER_WARD, "", "", ""],
    )
    assert counts(found) == (2, 0, 0)
    assert not Assignment.objects.filter(task=task).exists()
    assert imports_run(at=AT) == 0
    started(found)
    assert imports_run(at=AT) == 2
    row = Assignment.objects.get(task=task, unit__code=WARD)
    assert (row.addressee, row.due_on, row.note) == ("authority", DAY, "Ưu tiên hộ khó khăn")
    assert clocks(row) == [("running", AT.date(), DAY)]
    other = Assignment.objects.get(task=task, unit__code=OTHER_WARD)
    assert (other.addressee, other.due_on, other.note) == ("party_committee", None, "")
    told = OutboxMessage.objects.filter(template="directive_assigned")
    assert {message.unit.code for message in told} == {WARD, OTHER_WARD}
    done = now_of(found)
    assert (done.state, done.rows_done, done.rows_given) == ("done", 2, 2)
    whole()
    ImportRow.objects.filter(of=found, unit__code=WARD).update(state="new")
    assert list(import_counts_are_its_rows()) == [str(found.public_id)]


def test_tasks_with_a_rhythm_get_their_periods() -> None:
    task = monthly()
    started(brought([task.code, WARD, "", "", ""]))
    imports_run(at=AT)
    assert Assignment.objects.get(task=task).periods.count() == 1


def test_faults_are_kept_by_cell_and_hold_the_file_back() -> None:
    task = task_make()
    found = brought(
        [task.code, WARD, "", "", ""],
        [task.code, formula("B2"), "", "46387", ""],
        ["x", OTHER_WARD, "ai", "31/02/2027", ""],
        [task.code, WARD, "", "", ""],
    )
    assert counts(found) == (1, 0, 3)
    assert faults(found) == [
        (3, "unit", "formula"),
        (4, "addressee", "unknown_addressee"),
        (4, "due_on", "not_a_date"),
        (4, "task", "unknown_task"),
        (5, "task", "repeated"),
    ]
    with pytest.raises(InvalidInput) as refused:
        started(found)
    assert list(refused.value.fields) == ["only_right"]
    started(found, only_right=True)
    assert imports_run(at=AT) == 1


def test_what_is_there_already_stays_as_it_is() -> None:
    task = task_make()
    row = give(task, due_on=DAY)
    found = brought([task.code, WARD, "", "01/12/2026", ""], [task.code, OTHER_WARD, "", "", ""])
    assert counts(found) == (1, 1, 0)
    started(found)
    imports_run(at=AT)
    row.refresh_from_db()
    assert (row.due_on, row.version) == (DAY, 1)


def test_what_was_given_in_the_meantime_is_not_given_twice() -> None:
    task = task_make()
    found = started(brought([task.code, WARD, "", "", ""], [task.code, OTHER_WARD, "", "", ""]))
    give(task)
    assert imports_run(at=AT) == 1
    assert Assignment.objects.filter(task=task).count() == 2
    states = ImportRow.objects.filter(of=found).values_list("unit__code", "state")
    assert dict(states) == {WARD: "existing", OTHER_WARD: "given"}


def test_what_changed_in_the_meantime_is_refused_with_its_reason(time_machine: Any) -> None:
    gone, late = task_make(), task_make()
    found = brought([gone.code, WARD, "", "", ""], [late.code, WARD, "", "20/11/2026", ""])
    started(found)
    services.task_withdraw(
        access=access_make("propaganda"), slug=DIRECTIVE, code=gone.code, version=1, reason="Thừa."
    )
    assert imports_run(at=later(10)) == 0
    assert [code for _row, _column, code in faults(found)] == ["refused", "refused"]
    assert now_of(found).state == "done"
    assert not Assignment.objects.filter(task__in=(gone, late)).exists()


class Killed(BaseException):
    """As a process ends: nothing catches it."""


def test_a_killed_worker_doubles_nothing_and_loses_nothing(monkeypatch: Any) -> None:
    monkeypatch.setattr(service, "BATCH", 3)
    task, codes = task_make(), wards(10)
    found = started(brought(*[[task.code, code, "", "31/12/2026", ""] for code in codes]))
    give_rows, calls = service.wanted_give, []

    def dies(*values: Any) -> Any:
        calls.append(give_rows(*values))
        if len(calls) == 3:
            raise Killed
        return calls[-1]

    monkeypatch.setattr(service, "wanted_give", dies)
    with pytest.raises(Killed):
        imports_run(at=AT)
    half = now_of(found)
    assert (half.state, half.rows_done) == ("running", 6)
    assert Assignment.objects.filter(task=task).count() == 6
    assert imports_run(at=AT) == 4
    assert Assignment.objects.filter(task=task).count() == 10
    told = OutboxMessage.objects.filter(template="directive_assigned", channel="app")
    assert told.count() == 10
    assert (now_of(found).state, now_of(found).rows_given) == ("done", 10)


def test_a_batch_that_fails_stops_its_file_until_somebody_goes_on(monkeypatch: Any) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    task, codes = task_make(), wards(4)
    found = started(brought(*[[task.code, code, "", "", ""] for code in codes]))
    give_rows, calls = service.wanted_give, []

    def fails(*values: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("no")
        return give_rows(*values)

    monkeypatch.setattr(service, "wanted_give", fails)
    with pytest.raises(RuntimeError):
        imports_run(at=AT)
    assert (now_of(found).state, now_of(found).rows_done) == ("failed", 2)
    broke = DirectiveEvent.objects.filter(directive__slug=DIRECTIVE).latest("sequence")
    assert broke.action == "directives.directive.import_failed"
    assert broke.data == {"name": "giao-viec.xlsx", "given": 2}
    assert imports_run(at=AT) == 0
    started(found)
    assert imports_run(at=AT) == 2
    assert now_of(found).state == "done"


def test_stopping_keeps_what_was_given(monkeypatch: Any) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    task, codes = task_make(), wards(5)
    found = started(brought(*[[task.code, code, "", "", ""] for code in codes]))
    assert service._batch(found.pk, AT) == 2
    import_cancel(access=access_make("party_office"), public_id=found.public_id, at=AT)
    assert imports_run(at=AT) == 0
    assert Assignment.objects.filter(task=task).count() == 2
    with pytest.raises(Conflict):
        started(found)
    with pytest.raises(Conflict):
        import_cancel(access=access_make("propaganda"), public_id=found.public_id, at=AT)


def test_a_file_is_started_once() -> None:
    found = started(brought([task_make().code, WARD, "", "", ""]))
    with pytest.raises(Conflict):
        started(found)


def test_a_file_without_anything_new_cannot_be_started() -> None:
    task = task_make()
    give(task)
    with pytest.raises(Conflict) as refused:
        started(brought([task.code, WARD, "", "", ""]))
    assert str(refused.value.message) == "Tệp này không còn việc nào để giao."


def test_who_lost_the_right_gives_nothing_more() -> None:
    found = started(brought([task_make().code, WARD, "", "", ""]))
    person = person_make("propaganda")
    person.is_active = False
    person.save()
    assert imports_run(at=AT) == 0
    assert now_of(found).state == "failed"


def test_who_brought_which_file_stands_in_the_history() -> None:
    found = started(brought([task_make().code, WARD, "", "", ""]))
    imports_run(at=AT)
    events = DirectiveEvent.objects.filter(directive__slug=DIRECTIVE).order_by("-sequence")[:2]
    done, begun = events
    assert begun.action == "directives.directive.import_started"
    assert begun.data == {"name": "giao-viec.xlsx", "rows": 1}
    assert done.data == {"name": "giao-viec.xlsx", "given": 1}
    assert begun.actor == done.actor == person_make("propaganda")
    assert found.by == person_make("propaganda")


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"%PDF-1.4 x", "giao-viec.xlsx", "xlsx"),
        (b"Ma,Ten\n1,2\n", "giao-viec.csv", "Mã nhiệm vụ"),
        (sheet(), "giao-viec.xlsx", "dòng"),
        (sheet(sheets=[("A", "visible"), ("B", "hidden")]), "giao-viec.xlsx", "“B”"),
    ],
)
def test_a_file_that_is_no_table_is_refused(data: bytes, name: str, words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        import_check(
            access=access_make("propaganda"), slug=DIRECTIVE, attachment=stored(data, name), at=AT
        )
    assert words in str(refused.value.fields["file"][0])
    assert not AssignmentImport.objects.exists()


def test_csv_is_read_as_well() -> None:
    task = task_make()
    text = f"Mã nhiệm vụ;Tên đơn vị;Hạn\n{task.code};Phường Ba Đình;31/12/2026\n".encode()
    found = import_check(
        access=access_make("propaganda"), slug=DIRECTIVE, attachment=stored(text, "a.csv"), at=AT
    )
    assert counts(found) == (1, 0, 0)


@pytest.mark.parametrize("who", ["clerk", "secretary", "internal_affairs", "city_secretary"])
def test_others_neither_bring_nor_see_files(who: str) -> None:
    data = stored(sheet([task_make().code, WARD, "", "", ""]))
    with pytest.raises(NotPermitted):
        import_check(access=access_make(who), slug=DIRECTIVE, attachment=data, at=AT)
    found = brought([task_make().code, WARD, "", "", ""])
    with pytest.raises(NotVisible):
        started(found, who)
    with pytest.raises(NotVisible):
        import_cancel(access=access_make(who), public_id=found.public_id)


def test_the_number_of_queries_does_not_depend_on_the_rows() -> None:
    used = []
    for count in (1, 2, 40):  # the first one fills what is kept in memory
        task = task_make()
        rows = [[task.code, code, "", "31/12/2026", ""] for code in wards(count)]
        with CaptureQueriesContext(
            connection,
        ) as checked:
            found = brought(*rows)
        started(found)
        with CaptureQueriesContext(connection) as ran:
            assert imports_run(at=AT) == count
        used.append((len(checked), len(ran)))
    assert used[1] == used[2]


def test_the_job_leaves_its_trace() -> None:
    started(brought([task_make().code, WARD, "", "", ""]))
    assert run_imports() == 1
    assert JobState.objects.get(name="directives.run_imports").last_succeeded_at is not None
