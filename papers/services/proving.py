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

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from attachments.models import Attachment
from attachments.services import attachment_forget, attachment_keep
from common.codes import code_new
from common.db import advisory_wait
from communes.models import Unit
from papers.enums import PaperState
from papers.heads import PAPER_LANGUAGE
from papers.marks import Mark, mark_of
from papers.models import IssuedFile
from papers.selectors import CODE_PREFIX
from papers.selectors_proofs import file_of
from papers.signing import signed

PDF = "application/pdf"
_kept: ContextVar[list[Attachment] | None] = ContextVar("kept", default=None)


@contextmanager
def proved() -> Iterator[None]:
    """A transaction in which files are issued: their stored bytes go when it fails. One inside
    another leaves them to the outer one."""
    outer, kept = _kept.get(), list[Attachment]()
    token = _kept.set(kept)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        for attachment in kept:
            attachment_forget(attachment)
        raise
    finally:
        _kept.reset(token)
    if outer is not None:
        outer += kept


def file_issue(
    *,
    subject: str,
    unit: Unit,
    number: str,
    by: User | None,
    at: dt.datetime,
    render: Callable[[Mark], bytes],
    replaces: IssuedFile | None = None,
) -> IssuedFile:
    """Make, sign and keep the file of a subject (``papers.subjects``), inside ``proved``.

    The file of the subject in force is replaced; so is ``replaces``, of another subject. ``number``
    as printed, or ""; ``at`` a UTC moment. Callers have checked the right and write the history.
    Raises SigningFailed; whatever fails, the caller's transaction must fail with it.
    """
    kept = _kept.get()
    if kept is None:
        raise RuntimeError("files are issued inside proved()")
    advisory_wait(f"issued-file:{subject}")
    code = code_new(CODE_PREFIX)
    data, holder = _signed(render(mark_of(code)), number, by, at)
    file = attachment_keep(data=data, name=_name(subject, number), content_type=PDF, at=at)
    kept.append(file)
    return IssuedFile.objects.create(
        check_code=code,
        subject=subject,
        unit=unit,
        shown_number=number,
        issued_at=at,
        issued_by=by,
        signed_by=holder,
        file=file,
        sha256=hashlib.sha256(data).digest(),
        replaces=_replaced(file_of(subject) or replaces),
    )


def file_void(subject: str) -> None:
    """Declare the file of a subject void, in the caller's transaction; without one nothing is done.
    Callers have checked the right and write the history."""
    IssuedFile.objects.filter(subject=subject, state=PaperState.ISSUED).update(
        state=PaperState.VOIDED
    )


def _signed(pdf: bytes, number: str, by: User | None, at: dt.datetime) -> tuple[bytes, str]:
    with translation.override(PAPER_LANGUAGE):
        reason = _("Issue of paper %(number)s") % {"number": number}
        if not number:
            reason = _("Issue of a paper")
    return signed(pdf, who=by.full_name if by else "", reason=reason, at=at)


def _replaced(old: IssuedFile | None) -> IssuedFile | None:
    """End a file, unless it has ended meanwhile: what is void stays void."""
    if old is None:
        return None
    ended = IssuedFile.objects.filter(pk=old.pk, state=PaperState.ISSUED)
    return old if ended.update(state=PaperState.REPLACED) else None


def _name(subject: str, number: str) -> str:
    stem = number.replace("/", "-") or subject.partition(":")[0].replace("_", "-")
    return f"{stem}.pdf"
