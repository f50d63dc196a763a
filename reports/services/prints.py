"""Papers that a unit issued on a day as one PDF to print, joined in the background.

A paper is printed as it was issued. Those of denunciations are never joined with others, and only
for whoever reads each of them; those of receptions have prints of their own, as books of their own.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Sequence
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import Access
from attachments.models import Attachment
from attachments.pages import PDF, pages_joined
from attachments.services import (
    attachment_drop,
    attachment_forget,
    attachment_read,
    attachment_reserve,
    attachments_claim,
)
from common.codes import public_id_read
from common.db import advisory_lease, constraint_errors
from common.errors import Conflict, InvalidInput, NotVisible
from common.time import now
from communes.models import Unit
from papers.models import Paper
from papers.selectors_issued import papers_readable
from papers.services.writing import paper_read
from reports.enums import BatchKind, BatchState, FileFormat
from reports.models import RegisterBatch, RegisterFile
from reports.registers import Book, Source
from reports.selectors_prints import (
    Printed,
    book_of,
    issued_on,
    may_print,
    name_of,
    names_now,
    outdated,
    printed_again,
)
from reports.services._batch import ONE_RUNS, batch_record

PAPERS_MAX = 1000
LOOKS = 50  # papers between two looks at whether it was stopped
NOTHING = "nothing"
OUTDATED = gettext_lazy(
    "A paper in this file was declared void or replaced after the file was made: it is not given"
    " any more. Make it anew."
)


class _Stopped(Exception):
    """The batch was stopped while its papers were joined."""


def papers_of_day(access: Access, book: Book, unit: Unit, day: dt.date) -> Sequence[Printed]:
    """What can be printed of a Hà Nội day: in force, and read by the person. Raises NotVisible for
    whoever does not read papers of the book."""
    if not may_print(access, book, unit.pk):
        raise NotVisible
    return issued_on(access, book, unit, day)


def print_start(
    *,
    access: Access,
    unit: Unit,
    book: Book,
    day: dt.date,
    chosen: Collection[str] | None = None,
    at: dt.datetime | None = None,
) -> RegisterBatch:
    """Order the papers of a day as one PDF, or those ``chosen`` by name (``name_of``); the job joins them.

    Raises NotVisible for a book that the person does not read, InvalidInput (papers) for none or
    too many, Conflict while another batch of the person runs.
    """
    found = papers_of_day(access, book, unit, day)
    if chosen is not None:
        found = [paper for paper in found if name_of(paper) in chosen]
    if not found:
        raise InvalidInput(fields={"papers": [_("Choose at least one paper of the list.")]})
    if len(found) > PAPERS_MAX:
        words = _("At most %(n)d papers at once: choose some of them.") % {"n": PAPERS_MAX}
        raise InvalidInput(fields={"papers": [words]})
    with constraint_errors({"register_batch_one_running": str(ONE_RUNS)}), transaction.atomic():
        batch = RegisterBatch.objects.create(
            kind=BatchKind.PAPERS, unit=unit, by_id=access.actor_id, since=day, until=day,
            papers=[paper.pk for paper in found], at=at or now(),
        )  # fmt: skip
        RegisterFile.objects.create(
            batch=batch, number=1, month=day, book=book.code, file_format=FileFormat.PDF
        )
        data = {"unit": unit.code, "books": [book.code], "day": day.isoformat(), "files": 1}
        batch_record(batch, "started", access.user_id, data, at)
    return batch


def print_step(access: Access, batch: RegisterBatch, file: RegisterFile, at: dt.datetime) -> bool:
    """Join the papers of a batch; whether its file is made now. A second run leaves it to the first;
    after one that was killed it begins anew."""
    with advisory_lease(f"reports.print:{file.pk}") as is_mine:
        if not is_mine:
            return False
        papers = printed_again(access, batch)
        try:
            data = pages_joined(_read(file, papers)) if papers else b""
        except _Stopped:
            return False
        return _keep(file, papers, data, at)


def _read(file: RegisterFile, papers: Sequence[Printed]) -> Iterator[bytes]:
    """The issued files one after the other; tells now and then how far it is."""
    wanted = RegisterFile.objects.filter(pk=file.pk, made_at=None, batch__state=BatchState.RUNNING)
    for count, paper in enumerate(papers):
        if count % LOOKS == 0 and not wanted.update(rows=count):
            raise _Stopped
        assert paper.file is not None
        yield attachment_read(paper.file)


def _keep(file: RegisterFile, papers: Sequence[Printed], data: bytes, at: dt.datetime) -> bool:
    """Keep the joined file unless the batch was stopped meanwhile. It is reserved first: a process
    that is killed leaves no file without a row."""
    stem = f"van-ban-{file.batch.unit.code}-{file.month:%Y-%m-%d}"
    made = (
        attachment_reserve(data=data, name=f"{stem}.pdf", content_type=PDF, at=at)
        if papers
        else None
    )
    is_kept = False
    try:
        is_kept = _place(file, papers, made, at)
    finally:
        if made is not None and not is_kept:
            attachment_drop(made)
    return is_kept


@transaction.atomic
def _place(
    file: RegisterFile, papers: Sequence[Printed], made: Attachment | None, at: dt.datetime
) -> bool:
    batch = RegisterBatch.objects.select_for_update(no_key=True).get(pk=file.batch_id)
    if not batch.is_running or not batch.files.filter(pk=file.pk, made_at=None).exists():
        return False
    file.rows, file.made_at = len(papers), at
    if made is not None:
        (file.kept,) = attachments_claim(public_ids=[str(made.public_id)], at=at)
        batch.papers = [paper.pk for paper in papers]
        batch.save(update_fields=["papers"])
    else:
        file.fault = NOTHING
    file.save(update_fields=["rows", "made_at", "kept", "fault"])
    return True


def print_check(access: Access, batch: RegisterBatch) -> None:
    """Of papers: raises NotVisible unless the person still reads each of them in the file, and
    Conflict where one of them is not in force any more."""
    if batch.kind != BatchKind.PAPERS:
        return
    book = book_of(batch)
    if not may_print(access, book, batch.unit_id):
        raise NotVisible
    rows = Paper.objects.filter(pk__in=batch.papers)
    if book.source is Source.ISSUED and len(papers_readable(access, rows)) != len(batch.papers):
        raise NotVisible
    if outdated(batch):
        raise Conflict(OUTDATED)


def print_again(
    *, access: Access, public_id: uuid.UUID | str, at: dt.datetime | None = None
) -> RegisterBatch:
    """Order the papers of a file anew, as far as they are in force, with those of the same day that
    replace some of them. Raises NotVisible, InvalidInput when none is left, Conflict while another
    batch of the person runs."""
    own = RegisterBatch.objects.visible_to(access).filter(kind=BatchKind.PAPERS)
    batch = own.select_related("unit").filter(public_id=public_id_read(str(public_id))).first()
    if batch is None:
        raise NotVisible
    return print_start(
        access=access,
        unit=batch.unit,
        book=book_of(batch),
        day=batch.since,
        chosen=names_now(batch),
        at=at,
    )


def print_readings(access: Access, batch: RegisterBatch, at: dt.datetime | None = None) -> None:
    """Record who reads the sealed papers of a file, before it is given (Article 56 of the Law on
    Denunciations)."""
    if batch.kind != BatchKind.PAPERS or book_of(batch).is_of_receptions:
        return
    for paper in Paper.objects.filter(pk__in=batch.papers).select_related("case").order_by("pk"):
        if paper.case.is_denunciation:
            paper_read(access=access, case=paper.case, paper=paper, at=at)


def prints_forget(files: Sequence[RegisterFile]) -> None:
    """Remove joined files in the caller's transaction; the bytes go when it ends well."""
    for file in files:
        kept = file.kept
        if kept is None:
            continue
        file.kept = None
        file.save(update_fields=["kept"])
        stored = Attachment.objects.get(pk=kept.pk)
        kept.delete()
        transaction.on_commit(partial(attachment_forget, stored))
