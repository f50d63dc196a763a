"""What proves papers: the page behind the QR, whatever the paper; the file of a subject in force."""

import datetime as dt
import re
from dataclasses import dataclass

from django.db.models import Q

from attachments.services import attachment_read
from common.codes import code_clean
from common.crypto import unseal_file
from common.errors import NotVisible
from common.time import local_date
from communes.models import Unit
from papers.enums import PaperState
from papers.models import IssuedFile, Paper
from papers.selectors import CODE_PREFIX, signed_by

SEPARATOR = " / "
_NO_CODE = "-"
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Proof:
    """All that the public page says of a paper: whoever holds it may compare. ``number`` without
    the abbreviation of the kind, "" on a paper without one; moments in UTC."""

    unit: Unit
    number: str
    issued_at: dt.datetime
    sha256: str
    is_signed: bool
    state: str
    is_party: bool = False
    later: "Later | None" = None

    @property
    def ordinal(self) -> str:
        return self.number.partition(SEPARATOR)[0]

    @property
    def year(self) -> str:
        return self.number.partition(SEPARATOR)[2]

    @property
    def is_void(self) -> bool:
        return self.state == PaperState.VOIDED

    @property
    def is_replaced(self) -> bool:
        return self.state == PaperState.REPLACED


@dataclass(frozen=True)
class Later:
    """The paper that replaced another."""

    number: str
    issued_at: dt.datetime


def proof_find(typed: str) -> Proof:
    """The issued paper with this code, whatever it is about. Raises NotVisible: a malformed code
    takes the same queries as an unknown one."""
    code = code_clean(typed, CODE_PREFIX) or _NO_CODE
    rows = Paper.objects.filter(check_code=code).select_related("unit").defer("box")
    paper = rows.first()
    files = IssuedFile.objects.filter(check_code=code).select_related("unit", "replaced_by")
    # A box is large: waiting for one would tell of it.
    file = files.defer("box", "replaced_by__box").first()
    if paper is not None:
        return _of_paper(paper)
    if file is not None:
        return _of_file(file)
    raise NotVisible


def file_of(subject: str) -> IssuedFile | None:
    """The file of a subject (``papers.subjects``) that is in force, with its attachment. Whoever
    calls this has asked whether the person may."""
    rows = IssuedFile.objects.filter(subject=subject, state=PaperState.ISSUED)
    return rows.select_related("file").first()


def file_last(subject: str) -> IssuedFile | None:
    """The newest file of a subject, in force or not: what a download gives. As ``file_of``."""
    rows = IssuedFile.objects.filter(subject=subject).select_related("file")
    return rows.order_by("-id").first()


def file_read(file: IssuedFile) -> bytes:
    """The bytes as they were issued, from under seal too. As ``file_of``."""
    if file.file is not None:
        return attachment_read(file.file)
    assert file.key_version is not None
    assert file.box is not None
    return unseal_file(file.key_version, file.box, context=file.context)


def _of_paper(paper: Paper) -> Proof:
    assert paper.unit is not None
    assert paper.issued_at is not None
    later = Paper.objects.filter(replaces=paper, number__isnull=False).defer("box")
    later = later.alias(is_void=Q(state=PaperState.VOIDED)).order_by("is_void", "-id")
    last = later.first() if paper.state == PaperState.REPLACED else None
    return Proof(
        unit=paper.unit,
        number=f"{paper.number:02d}{SEPARATOR}{paper.year}",
        issued_at=paper.issued_at,
        sha256=bytes(paper.sha256 or b"").hex(),
        is_signed=bool(signed_by(paper)),
        state=paper.state,
        later=_later(last),
    )


def _of_file(file: IssuedFile) -> Proof:
    return Proof(
        unit=file.unit,
        number=_number(file.shown_number, file.issued_at),
        issued_at=file.issued_at,
        sha256=bytes(file.sha256).hex(),
        is_signed=bool(file.signed_by),
        state=file.state,
        is_party=file.is_party,
        later=_later(getattr(file, "replaced_by", None)),
    )


def _later(paper: Paper | IssuedFile | None) -> Later | None:
    if paper is None or paper.issued_at is None:
        return None
    return Later(_number(paper.shown_number, paper.issued_at), paper.issued_at)


def _number(shown: str, at: dt.datetime) -> str:
    """Digits and year: letters would tell the kind, or what somebody typed there."""
    found = _DIGITS.search(shown)
    return f"{int(found[0]):02d}{SEPARATOR}{local_date(at).year}" if found else ""
