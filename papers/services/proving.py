"""Files of papers that are no ``Paper``, made provable: code and QR, signature, hash, kept for good.

with proved():
    ...  # locks, number, history
    file_issue(subject=..., render=lambda mark: pdf_of(..., mark))
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from attachments.models import Attachment
from attachments.pages import PDF
from attachments.services import attachment_erase, attachment_keep
from common.codes import code_new
from common.crypto import seal_file
from common.db import advisory_wait
from communes.models import Unit
from papers.enums import PaperState
from papers.heads import PAPER_LANGUAGE
from papers.marks import Mark, mark_of
from papers.models import IssuedFile
from papers.selectors import CODE_PREFIX
from papers.selectors_proofs import file_last, file_of, file_read
from papers.services._books import book_turn
from papers.signing import Signer, SigningFailed, signed, signing_prepare
from papers.subjects import COVERED, covered


@dataclass
class _Turn:
    """A transaction of ``proved``: its signer, made before any book is held, and what it stored."""

    signer: Signer | None
    kept: list[Attachment] = field(default_factory=list)


_turn: ContextVar[_Turn | None] = ContextVar("turn", default=None)


@contextmanager
def proved() -> Iterator[None]:
    """A transaction in which files are issued: their stored bytes go when it fails. One inside
    another leaves them to the outer one. Raises Conflict when somebody holds the book too long."""
    outer = _turn.get()
    turn = _Turn(outer.signer if outer else signing_prepare())
    token = _turn.set(turn)
    try:
        with book_turn(turn.kept):
            yield
    finally:
        _turn.reset(token)
    if outer is not None:
        outer.kept += turn.kept


def file_issue(
    *,
    subject: str,
    unit: Unit,
    number: str,
    by: User | None,
    at: dt.datetime,
    render: Callable[[Mark], bytes],
    replaces: IssuedFile | None = None,
    is_party: bool = False,
) -> IssuedFile:
    """Make, sign and keep the file of a subject (``papers.subjects``), inside ``proved``.

    The file of the subject in force is replaced; else ``replaces``, of another subject. ``number``
    as printed, or ""; ``at`` a UTC moment; ``is_party``: the unit's Party committee issues. Callers
    have checked the right and write the history.
    Raises SigningFailed; whatever fails, the caller's transaction must fail with it.
    """
    row = IssuedFile(
        subject=subject,
        unit=unit,
        is_party=is_party,
        shown_number=number,
        issued_by=by,
        issued_at=at,
    )
    return _issued(row, render, replaces, _signed)


def file_cover(
    original: IssuedFile,
    *,
    render: Callable[[Mark], bytes],
    replaces: IssuedFile | None = None,
) -> IssuedFile:
    """A file beside ``original`` for whoever must not know what stands in it (``covered``), with the
    same unit, number and moment, signed if that one was, so that nothing tells the two apart.

    The original stays in force for whoever holds it; its bytes, and those of the files that it
    replaced, go under seal. A cover that is there is given back as it is.
    """
    found = file_last(covered(original.subject))
    if found is not None and original.file is None:
        return found
    row = IssuedFile(
        subject=covered(original.subject),
        unit=original.unit,
        is_party=original.is_party,
        shown_number=original.shown_number,
        issued_by=original.issued_by,
        issued_at=original.issued_at,
    )
    made = _issued(row, render, replaces, _signed_again if original.signed_by else _unsigned)
    file_seal(original.subject)
    return made


def file_void(subject: str, reason: str) -> None:
    """Declare the file of a subject void, in the caller's transaction; without one nothing is done.
    ``reason`` in words that say nothing of a person. Callers have checked the right and write the
    history."""
    IssuedFile.objects.filter(subject=subject, state=PaperState.ISSUED).update(
        state=PaperState.VOIDED, void_reason=reason
    )


def _issued(
    row: IssuedFile,
    render: Callable[[Mark], bytes],
    replaces: IssuedFile | None,
    sign: Callable[[bytes, IssuedFile], tuple[bytes, str]],
) -> IssuedFile:
    advisory_wait(f"issued-file:{row.subject}")
    row.check_code = code_new(CODE_PREFIX)
    data, row.signed_by = sign(render(mark_of(row.check_code, row.issued_at)), row)
    row.file, row.sha256 = _stored(data, row), hashlib.sha256(data).digest()
    row.replaces = _replaced(file_of(row.subject) or replaces)
    row.save(force_insert=True)
    return row


def _stored(data: bytes, row: IssuedFile) -> Attachment:
    turn = _turn.get()
    if turn is None:
        raise RuntimeError("files are issued inside proved()")
    kind = row.subject.partition(":")[0].removesuffix(COVERED)
    stem = row.shown_number.replace("/", "-") or kind.replace("_", "-")
    file = attachment_keep(data=data, name=f"{stem}.pdf", content_type=PDF, at=row.issued_at)
    turn.kept.append(file)
    return file


def _signed(pdf: bytes, row: IssuedFile) -> tuple[bytes, str]:
    with translation.override(PAPER_LANGUAGE):
        reason = _("Issue of paper %(number)s") % {"number": row.shown_number}
        if not row.shown_number:
            reason = _("Issue of a paper")
    who = row.issued_by.full_name if row.issued_by else ""
    turn = _turn.get()
    return signed(pdf, who=who, reason=reason, signer=turn.signer if turn else None)


def _signed_again(pdf: bytes, row: IssuedFile) -> tuple[bytes, str]:
    """Sealing does not wait for a signer, whose certificate may have ended meanwhile."""
    try:
        return _signed(pdf, row)
    except SigningFailed:
        return pdf, ""


def _unsigned(pdf: bytes, _row: IssuedFile) -> tuple[bytes, str]:
    return pdf, ""


def _replaced(old: IssuedFile | None) -> IssuedFile | None:
    """End a file, unless it has ended meanwhile: what is void stays void."""
    if old is None:
        return None
    ended = IssuedFile.objects.filter(pk=old.pk, state=PaperState.ISSUED)
    return old if ended.update(state=PaperState.REPLACED) else None


def file_seal(subject: str) -> None:
    """No file of a subject lies open in the store any more, in the caller's transaction."""
    rows = IssuedFile.objects.filter(subject=subject, file__isnull=False).select_related("file")
    for row in rows:
        row.key_version, row.box = seal_file(file_read(row), context=row.context)
        file, row.file = row.file, None
        row.save(update_fields=["file", "key_version", "box"])
        assert file is not None
        attachment_erase(file)
