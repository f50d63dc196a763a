"""Batches: registers of whole months and papers to print, made one file after the other in the
background; a run may be broken off at any moment and goes on without making anything twice."""

import datetime as dt
import time
import uuid
from collections.abc import Sequence
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.access import Access, access_of
from attachments.services import attachment_read
from common.crypto import seal_file, unseal_file
from common.db import constraint_errors
from common.errors import Conflict, InvalidInput, NotVisible
from common.sheet_streams import xlsx_pieces
from common.table_papers import table_pdf
from common.time import month_after, months_between, now, today
from communes.models import Unit
from receptions.forms_book import period_of
from reports.enums import BatchKind, BatchState, FileFormat
from reports.models import RegisterBatch, RegisterFile
from reports.register_papers import book_paper
from reports.registers import BY_CODE, may_read
from reports.selectors_registers import Asked, book_all
from reports.services._batch import ACTION, ONE_RUNS, batch_end, batch_locked, batch_record
from reports.services.prints import print_check, print_readings, print_step, prints_forget

log = structlog.get_logger(__name__)
MONTHS_MAX = 12
KEPT = dt.timedelta(days=7)
TRIES_MAX = 3  # runs whose time ended while a file was made
OUT_OF_TIME = "out_of_time"
TOO_LONG, TOO_SLOW = "long", "slow"
# A file whose content is there
IS_HELD = Q(box__isnull=False) | Q(kept__isnull=False)


def batch_start(
    *,
    access: Access,
    unit: Unit,
    books: Sequence[str],
    since: dt.date,
    until: dt.date,
    at: dt.datetime | None = None,
) -> RegisterBatch:
    """Order the registers ``books`` (codes) of the calendar months from ``since`` to ``until``,
    each as XLSX and PDF; the job makes them.

    Raises NotVisible for a register that the person does not read, InvalidInput for months that
    cannot be, Conflict while another batch of the person runs.
    """
    if not books or not all(
        code in BY_CODE and may_read(access, BY_CODE[code], unit.pk) for code in books
    ):
        raise NotVisible
    months = _months(since, until)
    with constraint_errors({"register_batch_one_running": str(ONE_RUNS)}), transaction.atomic():
        batch = RegisterBatch.objects.create(
            unit=unit, by_id=access.actor_id, since=months[0],
            until=period_of("month", months[-1])[1], at=at or now(),
        )  # fmt: skip
        wanted = [(month, code, made) for month in months for code in books for made in FileFormat]
        RegisterFile.objects.bulk_create(
            RegisterFile(batch=batch, number=number, month=month, book=code, file_format=made)
            for number, (month, code, made) in enumerate(wanted, start=1)
        )
        data = {"unit": unit.code, "books": list(books), "files": len(wanted)}
        batch_record(batch, "started", access.user_id, data, at)
    return batch


def _months(since: dt.date, until: dt.date) -> list[dt.date]:
    """First days of the months, both included. Raises InvalidInput."""
    found = months_between(since, min(until, month_after(since, MONTHS_MAX)))
    wrong = {}
    if not found:
        wrong["last"] = [_("The last month lies before the first.")]
    elif len(found) > MONTHS_MAX:
        wrong["last"] = [_("At most %(n)d months at once.") % {"n": MONTHS_MAX}]
    elif found[-1] > today():
        wrong["last"] = [_("This month has not begun.")]
    if wrong:
        raise InvalidInput(fields=wrong)
    return found


@transaction.atomic
def batch_cancel(
    *, access: Access, public_id: uuid.UUID | str, at: dt.datetime | None = None
) -> RegisterBatch:
    """Stop; what is made already can be fetched. Raises NotVisible, Conflict when it is over."""
    batch = batch_locked(access, public_id)
    if batch.state != BatchState.RUNNING:
        raise _moved_on(batch)
    batch_end(batch, BatchState.CANCELLED, at or now())
    batch_record(batch, "cancelled", access.user_id, {}, at)
    return batch


def batch_resume(
    *, access: Access, public_id: uuid.UUID | str, at: dt.datetime | None = None
) -> RegisterBatch:
    """Make the rest of a batch that was stopped or failed, while its files are kept. Raises
    NotVisible, Conflict."""
    with constraint_errors({"register_batch_one_running": str(ONE_RUNS)}), transaction.atomic():
        batch = batch_locked(access, public_id)
        is_old = batch.finished_at is not None and batch.finished_at < (at or now()) - KEPT
        if batch.state not in (BatchState.CANCELLED, BatchState.FAILED) or is_old:
            raise _moved_on(batch)
        batch.state, batch.finished_at = BatchState.RUNNING, None
        batch.save(update_fields=["state", "finished_at"])
        batch_record(batch, "resumed", access.user_id, {}, at)
    return batch


def batch_fetch(
    *, access: Access, public_id: uuid.UUID | str, number: int, at: dt.datetime | None = None
) -> RegisterFile:
    """A made file (``file_bytes``), recorded before it is given.

    Raises NotVisible for a file that is not there (any more) and for whoever does not read its
    register, or a paper in it, any more; Conflict for papers of which one is not in force any more.
    """
    with transaction.atomic():
        batch = batch_locked(access, public_id)
        file = batch.files.select_related("kept").filter(IS_HELD, number=number).first()
        if file is None or not may_read(access, BY_CODE[file.book], batch.unit_id):
            raise NotVisible
        print_check(access, batch)
        file.fetched_at = at or now()
        file.save(update_fields=["fetched_at"])
        data = {"number": number, "book": file.book, "format": file.file_format}
        batch_record(batch, "fetched", access.user_id, data, at)
    print_readings(access, batch, at)
    return file


def file_bytes(file: RegisterFile) -> bytes:
    """What a fetched file holds."""
    if file.kept is not None:
        return attachment_read(file.kept)
    assert file.key_version is not None
    assert file.box is not None
    return unseal_file(file.key_version, file.box, context=file.context)


def _moved_on(batch: RegisterBatch) -> Conflict:
    return Conflict(
        _("This batch is not where it was when you opened the page: %(state)s.")
        % {"state": batch.get_state_display()},
        extra={"state": batch.state},
    )


def batches_run(*, seconds: float = 200, at: dt.datetime | None = None) -> int:
    """Make files of batches that run as long as there is time, and clear those whose time is over;
    returns how many files were made.

    May run twice at once, be killed or come late: a file is made outside of any transaction and
    kept only where it is still wanted and missing.
    """
    batches_clear(at=at)
    until = time.monotonic() + seconds
    made = 0
    running = RegisterBatch.objects.filter(state=BatchState.RUNNING).order_by("pk")
    try:
        for key in list(running.values_list("pk", flat=True)):
            while time.monotonic() < until and _step_safe(key, at):
                made += 1
    except SoftTimeLimitExceeded:
        log.warning("reports.batches.out_of_time", made=made)
    return made


def _step_safe(key: int, at: dt.datetime | None) -> bool:
    """A file that cannot be made stops its batch, with a trace, and is not tried for ever; one for
    which the time of the run did not suffice is made by the next run."""
    try:
        return _step(key, at)
    except SoftTimeLimitExceeded:
        _out_of_time(key, at)
        raise
    except Exception:
        _finish(key, BatchState.FAILED, "failed", at)
        log.exception("reports.batch.failed", key=key)
        raise


@transaction.atomic
def _out_of_time(key: int, at: dt.datetime | None) -> None:
    """After ``TRIES_MAX`` runs the file says why it is not there, and the rest goes on."""
    batch = RegisterBatch.objects.select_for_update(no_key=True).get(pk=key)
    file = batch.files.filter(made_at=None).first()
    if not batch.is_running or file is None:
        return
    batch_record(batch, OUT_OF_TIME, None, {"number": file.number}, at)
    tries = batch.events.filter(action=ACTION + OUT_OF_TIME, data__number=file.number)
    if tries.count() >= TRIES_MAX:
        file.rows, file.fault, file.made_at = None, TOO_SLOW, at or now()
        file.save(update_fields=["rows", "fault", "made_at"])


def _step(key: int, at: dt.datetime | None) -> bool:
    """Make the next file; False when the batch is over."""
    batch = RegisterBatch.objects.select_related("by", "unit").get(pk=key)
    file = batch.files.filter(made_at=None).first() if batch.is_running else None
    if file is None:
        _finish(key, BatchState.DONE, "done", at)
        return False
    access = access_of(batch.by)
    if not batch.by.is_active or not may_read(access, BY_CODE[file.book], batch.unit_id):
        _finish(key, BatchState.FAILED, "failed", at)
        return False
    if batch.kind == BatchKind.PAPERS:
        return print_step(access, batch, file, at or now())
    return _keep(file, *_made(access, batch, file), at or now())


def _made(access: Access, batch: RegisterBatch, file: RegisterFile) -> tuple[bytes, int, str]:
    """The bytes of a file, its number of rows and what kept it from being made."""
    book = BY_CODE[file.book]
    asked = Asked(book, batch.unit, *period_of("month", file.month))
    paper, counted = book_paper(asked), _Counted(access, asked)
    if file.file_format == FileFormat.XLSX:
        return b"".join(xlsx_pieces(paper.title, paper.columns, counted)), counted.rows, ""
    try:
        return table_pdf(paper, counted), counted.rows, ""
    except InvalidInput:
        return b"", counted.rows, TOO_LONG


class _Counted:
    """The rows of a register, counted while they are read."""

    def __init__(self, access: Access, asked: Asked) -> None:
        self.access, self.asked, self.rows = access, asked, 0

    def __iter__(self) -> Any:
        for entry in book_all(self.access, self.asked):
            self.rows += 1
            yield entry.cells


@transaction.atomic
def _keep(file: RegisterFile, content: bytes, rows: int, fault: str, at: dt.datetime) -> bool:
    """Keep a made file unless the batch was stopped or another run was quicker."""
    batch = RegisterBatch.objects.select_for_update(no_key=True).get(pk=file.batch_id)
    if not batch.is_running:
        return False
    values: dict[str, Any] = {"rows": rows, "fault": fault, "made_at": at}
    if not fault:
        values["key_version"], values["box"] = seal_file(content, context=file.context)
    RegisterFile.objects.filter(pk=file.pk, made_at=None).update(**values)
    return True


@transaction.atomic
def _finish(key: int, state: BatchState, name: str, at: dt.datetime | None) -> None:
    locked = RegisterBatch.objects.select_for_update(no_key=True)
    batch = locked.filter(pk=key, state=BatchState.RUNNING).first()
    if batch is not None:
        batch_end(batch, state, at or now())
        made = batch.files.filter(made_at__isnull=False).count()
        batch_record(batch, name, None, {"files": made}, at)


@transaction.atomic
def batches_clear(*, at: dt.datetime | None = None) -> int:
    """Remove the content of files a week after their batch ended, fetched or not; what was ordered
    and fetched stays on record. Returns how many."""
    held = RegisterFile.objects.filter(IS_HELD, batch__finished_at__lt=(at or now()) - KEPT)
    over = RegisterBatch.objects.filter(files__in=held)
    keys = list(over.order_by("pk").values_list("pk", flat=True).distinct())
    batches = RegisterBatch.objects.filter(pk__in=keys).order_by("pk")
    count = 0
    for batch in batches.select_for_update(no_key=True, skip_locked=True):
        prints = list(batch.files.filter(kept__isnull=False).select_related("kept"))
        prints_forget(prints)
        sealed = batch.files.filter(box__isnull=False).update(box=None, key_version=None)
        files = sealed + len(prints)
        if files:
            batch_record(batch, "cleared", None, {"files": files}, at)
        count += files
    return count
