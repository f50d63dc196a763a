"""Assignments from a file: checked as a whole, confirmed, then given in batches that may be broken
off at any moment and go on without giving anything twice."""

import datetime as dt
import time
import uuid
from collections.abc import Callable, Iterable, Sequence

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access, access_of
from attachments.models import Attachment
from attachments.office import EXCEL
from attachments.services import attachment_read, attachments_claim
from common.errors import Conflict, InvalidInput, NotVisible, Text, key_read
from common.sheet_reader import ROWS_MAX, ReadTable, SheetFault, csv_read, xlsx_read
from common.time import local_date, now
from communes.selectors import units_all
from deadlines.calendars import calendar_current
from directives.enums import ImportRowState, ImportState
from directives.import_cells import TITLES, Known, Line, Reader, columns_missing, columns_of
from directives.models import Assignment, AssignmentImport, Directive, ImportRow
from directives.policies import may_assign, may_give, may_start_import, may_stop_import
from directives.selectors_register import tasks_live
from directives.services._record import record_event, refuse
from directives.services.assignments import (
    Given,
    Wanted,
    tasks_locked,
    tasks_wrong,
    wanted_give,
)
from directives.validators import due_checked

log = structlog.get_logger(__name__)
BATCH = 500
TEXT = "text/plain"


@transaction.atomic
def import_check(
    *, access: Access, slug: str, attachment: str, at: dt.datetime | None = None
) -> AssignmentImport:
    """Read a file of assignments and keep what it says, row by row, with what is wrong by cell;
    nothing is given. ``attachment``: an upload that nobody has taken yet.

    Raises NotVisible, NotPermitted, InvalidInput on ``file`` when it cannot be read as a table.
    """
    moment = at or now()
    directive = Directive.objects.visible_to(access).filter(slug=slug).first()
    if directive is None:
        raise NotVisible
    refuse(may_give(access, directive, local_date(moment)))
    taken = _taken(attachment, moment)
    lines = _lines(directive, _table(taken), local_date(moment))
    made = AssignmentImport.objects.create(
        directive=directive, attachment=taken, by_id=access.actor_id, at=moment, **_counts(lines)
    )
    ImportRow.objects.bulk_create([_kept(made, line) for line in lines], batch_size=1000)
    return made


def _taken(attachment: str, at: dt.datetime) -> Attachment:
    try:
        return attachments_claim(public_ids=[attachment], at=at)[0]
    except InvalidInput as error:
        raise InvalidInput(fields={"file": error.fields["attachments"]}) from error


def _table(attachment: Attachment) -> ReadTable:
    """Raises InvalidInput on ``file``."""
    readers: dict[str, Callable[[bytes], ReadTable]] = {EXCEL: xlsx_read, TEXT: csv_read}
    reader = readers.get(attachment.content_type)
    if reader is None:
        raise _refused(_("Choose an Excel file (.xlsx) or a CSV file in UTF-8."))
    try:
        table = reader(attachment_read(attachment))
    except SheetFault as fault:
        raise _refused(_file_words(fault)) from fault
    if missing := columns_missing(columns_of(table.head)):
        names = ", ".join(str(TITLES[name]) for name in missing)
        message = _("The first row must name the columns; missing: %(names)s.")
        raise _refused(message % {"names": names})
    if not table.rows:
        raise _refused(_("The file has no row below its head."))
    return table


def _file_words(fault: SheetFault) -> str:
    if fault.code == "long":
        return _("At most %(n)d rows in one file.") % {"n": ROWS_MAX}
    if fault.code == "hidden":
        return _("The file has a hidden sheet: “%(name)s”. Show or remove it.") % {
            "name": fault.name
        }
    if fault.code == "empty":
        return _("The file has no row below its head.")
    return _("The file cannot be read as a table. Save it as .xlsx again.")


def _refused(words: str) -> InvalidInput:
    return InvalidInput(fields={"file": [words]})


def _lines(directive: Directive, table: ReadTable, on: dt.date) -> list[Line]:
    tasks = tasks_live(directive)
    given = Assignment.objects.live().filter(task__in=tasks).values_list("task_id", "unit_id")
    known = Known(tasks, units_all(), set(given), on, calendar_current().last)
    return list(Reader(known, table).lines())


def _counts(lines: Iterable[Line]) -> dict[str, int]:
    states = [line.state for line in lines]
    return {f"rows_{state}": states.count(ImportRowState(state)) for state in _CHECKED}


_CHECKED = ("new", "existing", "wrong")


def _kept(of: AssignmentImport, line: Line) -> ImportRow:
    return ImportRow(
        of=of,
        number=line.number,
        state=line.state,
        cells=line.cells,
        faults=line.faults,
        task=line.task,
        unit=line.unit,
        addressee=line.addressee,
        due_on=line.due_on,
        note="" if "note" in line.faults else line.note,
    )


@transaction.atomic
def import_start(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    only_right: bool = False,
    at: dt.datetime | None = None,
) -> AssignmentImport:
    """Confirm a checked file: its new rows are given from now on, in the background. A run that
    failed goes on where it stopped.

    Raises NotVisible, NotPermitted, Conflict when it runs, is over or has nothing to give,
    InvalidInput on ``only_right`` when rows are wrong and it was not chosen to leave them out.
    """
    found = _locked(access, public_id)
    on = local_date(at or now())
    refuse(may_give(access, found.directive, on))
    _stands(found, may_start_import(access, found, on))
    if found.rows_wrong and not only_right:
        message = _("Rows are wrong: correct the file, or choose to leave them out.")
        raise InvalidInput(fields={"only_right": [message]})
    found.state, found.started_by_id = ImportState.RUNNING, access.actor_id
    found.started_at, found.finished_at = at or now(), None
    found.save(update_fields=["state", "started_by", "started_at", "finished_at"])
    data = {"name": found.attachment.name, "rows": found.rows_new - found.rows_done}
    record_event(found.directive, access, "import_started", data, at=at)
    return found


@transaction.atomic
def import_cancel(
    *, access: Access, public_id: uuid.UUID | str, at: dt.datetime | None = None
) -> AssignmentImport:
    """Stop: what was given so far stays given. Raises NotVisible, NotPermitted, Conflict when it is
    over."""
    found = _locked(access, public_id)
    refuse(may_assign(access))
    _stands(found, may_stop_import(access, found))
    _end(found, ImportState.CANCELLED, at or now())
    if found.started_at is not None:
        _told(found, access, "import_cancelled", at)
    return found


def _locked(access: Access, public_id: uuid.UUID | str) -> AssignmentImport:
    rows = AssignmentImport.objects.visible_to(access).select_related("directive", "attachment")
    locked = rows.select_for_update(of=("self",), no_key=True)
    found = locked.filter(public_id=key_read(public_id)).first()
    if found is None:
        raise NotVisible
    return found


def _stands(found: AssignmentImport, refusal: Text | None) -> None:
    """Of somebody with the right only the state of the file can be in the way: raises Conflict."""
    if refusal is not None:
        raise Conflict(refusal, extra={"state": found.state})


def imports_run(*, seconds: float = 200, at: dt.datetime | None = None) -> int:
    """Go on with every file that runs, batch by batch, as long as there is time; returns how many
    rows became assignments.

    May run twice at once, be killed or come late: a batch, its rows and its count are one
    transaction under the lock of the file, and whoever finds the lock taken leaves it.
    """
    until = time.monotonic() + seconds
    given = 0
    running = AssignmentImport.objects.filter(state=ImportState.RUNNING).order_by("pk")
    for key in list(running.values_list("pk", flat=True)):
        while time.monotonic() < until:
            count = _batch_safe(key, at)
            if count is None:
                break
            given += count
    return given


def _batch_safe(key: int, at: dt.datetime | None) -> int | None:
    """A batch that cannot be given stops its file, as its history says, and is not tried for ever."""
    try:
        return _batch(key, at or now())
    except Exception:
        with transaction.atomic():
            found = _running(key)
            if found is not None:
                assert found.started_by is not None
                _end(found, ImportState.FAILED, at or now())
                _told(found, access_of(found.started_by), "import_failed", at)
        log.exception("directives.import.failed", key=key)
        raise


@transaction.atomic
def _batch(key: int, at: dt.datetime) -> int | None:
    """Give the next rows; None when nothing is left or another is at it."""
    found = _running(key)
    if found is None:
        return None
    assert found.started_by is not None
    access = access_of(found.started_by)
    rows = list(
        found.rows.filter(state=ImportRowState.NEW)
        .select_related("unit", "task")
        .order_by("number")[:BATCH]
    )
    is_allowed = found.started_by.is_active and may_assign(access) is None
    if not rows or not is_allowed:
        _end(found, ImportState.FAILED if rows else ImportState.DONE, at)
        _told(found, access, "import_failed" if rows else "import_done", at)
        return None
    given = _give(rows, Given(at, access.user_id))
    found.rows_done += len(rows)
    found.rows_given += given
    found.save(update_fields=["rows_done", "rows_given"])
    return given


def _running(key: int) -> AssignmentImport | None:
    rows = AssignmentImport.objects.filter(pk=key, state=ImportState.RUNNING)
    locked = rows.select_for_update(of=("self",), no_key=True, skip_locked=True)
    return locked.select_related("started_by", "directive", "attachment").first()


def _give(rows: Sequence[ImportRow], given: Given) -> int:
    """Give what can still be given and note what became of every row."""
    tasks = {task.pk: task for task in tasks_locked([row.task for row in rows if row.task])}
    last = calendar_current().last
    wanted: list[Wanted] = []
    for row in rows:
        assert row.task_id is not None
        assert row.unit is not None
        one = Wanted(tasks[row.task_id], row.unit, row.addressee, row.due_on, row.note)
        if refusal := _refusal(one, given.on, last):
            row.state, row.faults = ImportRowState.REFUSED, {"task": ("refused", {"why": refusal})}
        else:
            wanted.append(one)
    made = {(one.task_id, one.unit_id) for one in wanted_give(wanted, given)}
    refused = [row for row in rows if row.state == ImportRowState.REFUSED]
    ImportRow.objects.bulk_update(refused, ["state", "faults"])
    for state, is_given in ((ImportRowState.GIVEN, True), (ImportRowState.EXISTING, False)):
        left = (row for row in rows if row.state == ImportRowState.NEW)
        keys = [row.pk for row in left if ((row.task_id, row.unit_id) in made) is is_given]
        ImportRow.objects.filter(pk__in=keys).update(state=state)
    return len(made)


def _refusal(one: Wanted, on: dt.date, last: dt.date) -> str:
    """What changed since the check: the task or its document, the unit, the day."""
    if wrong := tasks_wrong([one.task], on):
        return wrong
    if one.unit.valid_to is not None and one.unit.valid_to < on:
        return _("The unit has ended.")
    day = None if one.task.is_periodic else one.due_on or one.task.due_on
    if day is not None:
        try:
            due_checked("due_on", day, on, last)
        except InvalidInput as error:
            return str(error.fields["due_on"][0])
    return ""


def _end(found: AssignmentImport, state: ImportState, at: dt.datetime) -> None:
    found.state, found.finished_at = state, at
    found.save(update_fields=["state", "finished_at"])


def _told(found: AssignmentImport, access: Access, name: str, at: dt.datetime | None) -> None:
    data = {"name": found.attachment.name, "given": found.rows_given}
    record_event(found.directive, access, name, data, at=at)
