"""The registers of a unit as data: title, legal basis, columns, who reads them.

Denunciations have registers of their own, as they have numbers of their own (Article 49 of the Law
on Denunciations): in the others they leave no row, no gap and no count.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.roles import Permission
from receptions.policies import can_see_visitors
from receptions.selectors_register import COLUMNS as RECEPTION_COLUMNS
from receptions.selectors_register import SHARES as RECEPTION_SHARES


class Source(StrEnum):
    """What the rows of a register are made of."""

    LETTERS = "letters"
    ACCEPTED = "accepted"
    ISSUED = "issued"
    VISITS = "visits"
    CONCLUSIONS = "conclusions"
    VISIT_PAPERS = "visit_papers"


# What came of reception days, beside the petitions.
OF_RECEPTIONS = frozenset({Source.VISITS, Source.CONCLUSIONS, Source.VISIT_PAPERS})


class Column(NamedTuple):
    """``key``: its name in the API; ``share`` of the width on paper."""

    key: str
    label: Promise
    share: int


@dataclass(frozen=True)
class Book:
    """``code`` in the API and in the database, ``slug`` in addresses and names of files."""

    code: str
    slug: str
    title: Promise
    about: Promise
    basis: str
    source: Source
    columns: tuple[Column, ...]
    is_sealed: bool = False

    @property
    def is_of_receptions(self) -> bool:
        return self.source in OF_RECEPTIONS

    @property
    def labels(self) -> list[str]:
        return [str(column.label) for column in self.columns]

    @property
    def shares(self) -> list[int]:
        return [column.share for column in self.columns]


LETTER_COLUMNS = (
    Column("number", _("Number in the register"), 6),
    Column("registered_on", _("Registered on"), 7),
    Column("channel", _("How it came"), 6),
    Column("petitioner", _("Petitioner"), 12),
    Column("address", _("Address"), 13),
    Column("kind", _("Kind of petition"), 6),
    Column("field", _("Subject field"), 9),
    Column("subject", _("Content"), 17),
    Column("result", _("State and result"), 12),
    Column("handed_to", _("Handed to"), 11),
    Column("note", _("Note"), 9),
)
ACCEPTED_COLUMNS = (
    Column("number", _("Number of acceptance"), 8),
    Column("accepted_on", _("Accepted on"), 7),
    Column("code", _("Code of the case"), 10),
    Column("petitioner", _("Petitioner"), 13),
    Column("kind", _("Kind of petition"), 6),
    Column("subject", _("Content"), 20),
    Column("handler", _("Officer"), 10),
    Column("due_on", _("Due by"), 7),
    Column("result", _("Result"), 14),
    Column("result_on", _("Date of the result"), 7),
    Column("note", _("Note"), 8),
)
ISSUED_COLUMNS = (
    Column("number", _("Number and sign"), 10),
    Column("issued_on", _("Issued on"), 8),
    Column("kind", _("Kind of paper"), 11),
    Column("summary", _("Gist of the paper"), 20),
    Column("recipients", _("Recipients"), 20),
    Column("signer", _("Signed by"), 11),
    Column("state", _("Validity"), 15),
    Column("code", _("Code of the case"), 11),
)
# No words of a paper: what a visit was about would stand beside the visitor's name.
CONCLUSION_COLUMNS = (
    Column("number", _("Number and sign"), 12),
    Column("issued_on", _("Issued on"), 8),
    Column("kind", _("Kind of paper"), 20),
    Column("session", _("Reception day and leader"), 20),
    Column("visitor", _("Visitor"), 14),
    Column("signer", _("Signed by"), 12),
    Column("state", _("Validity"), 14),
)
VISIT_PAPER_COLUMNS = (
    Column("number", _("Number and sign"), 12),
    Column("issued_on", _("Issued on"), 8),
    Column("kind", _("Kind of paper"), 18),
    Column("session", _("Reception day and leader"), 17),
    Column("visitor", _("Visitor"), 13),
    Column("signer", _("Signed by"), 10),
    Column("sent_on", _("Sent on"), 8),
    Column("state", _("Validity"), 14),
)
_SEALED = "Luật Tố cáo, các điều 47, 49"
BOOKS = (
    Book(
        "letters",
        "tiep-nhan-don",
        _("Register of petitions received"),
        _(
            "Every petition with a number in the register; denunciations stand apart. No official"
            " form was found: the columns are the portal's own."
        ),
        "Thông tư 05/2021/TT-TTCP",
        Source.LETTERS,
        LETTER_COLUMNS,
    ),
    Book(
        "accepted",
        "thu-ly",
        _("Register of accepted cases"),
        _(
            "What was accepted for handling: number, officer, limit, result. No official form was"
            " found: the columns are the portal's own."
        ),
        "Luật Khiếu nại, Luật Tiếp công dân",
        Source.ACCEPTED,
        ACCEPTED_COLUMNS,
    ),
    Book(
        "denunciations",
        "don-to-cao",
        _("Sealed register of denunciations received"),
        _("Apart from the others; the denouncer is named nowhere."),
        _SEALED,
        Source.LETTERS,
        LETTER_COLUMNS,
        is_sealed=True,
    ),
    Book(
        "denunciations-accepted",
        "thu-ly-to-cao",
        _("Sealed register of accepted denunciations"),
        _("Apart from the others; the denouncer is named nowhere."),
        _SEALED,
        Source.ACCEPTED,
        ACCEPTED_COLUMNS,
        is_sealed=True,
    ),
    Book(
        "papers",
        "van-ban-di",
        _("Register of outgoing papers"),
        _(
            "Every paper of a case that was issued under a number, void ones with their reason;"
            " those of denunciations stand apart. The official form was not seen: the columns are"
            " the portal's own."
        ),
        "Nghị định số 30/2020/NĐ-CP",
        Source.ISSUED,
        ISSUED_COLUMNS,
    ),
    Book(
        "denunciation-papers",
        "van-ban-di-to-cao",
        _("Sealed register of outgoing papers on denunciations"),
        _("Apart from the others; it tells kind and number, no words of a paper."),
        f"{_SEALED}; Nghị định số 30/2020/NĐ-CP",
        Source.ISSUED,
        ISSUED_COLUMNS,
        is_sealed=True,
    ),
    Book(
        "reception-conclusions",
        "van-ban-di-ket-luan-tiep-dan",
        _("Register of outgoing papers: conclusions of receptions"),
        _(
            "Every conclusion notice with a number, those of the Party and those of the State; it"
            " tells no words of a notice. The official form was not seen: the columns are the"
            " portal's own."
        ),
        "Điều 25 Nghị định số 154/2026/NĐ-CP; Nghị định số 30/2020/NĐ-CP",
        Source.CONCLUSIONS,
        CONCLUSION_COLUMNS,
    ),
    Book(
        "reception-papers",
        "van-ban-di-nguoi-duoc-tiep",
        _("Register of outgoing papers: refusals and written notices to visitors"),
        _(
            "Form 01/TCD and the written notices after a reception under their numbers, void ones with"
            " their reason; it tells no words of a paper. The official form was not seen: the columns"
            " are the portal's own."
        ),
        "Điều 9, Điều 28 Luật Tiếp công dân; Nghị định số 30/2020/NĐ-CP",
        Source.VISIT_PAPERS,
        VISIT_PAPER_COLUMNS,
    ),
    Book(
        "receptions",
        "tiep-cong-dan",
        _("Register of receptions"),
        _("Form 03/TCD: everybody who was received or refused."),
        "Mẫu số 03/TCD, Nghị định 154/2026/NĐ-CP",
        Source.VISITS,
        tuple(
            Column(f"column_{number}", _(label), share)
            for number, (label, share) in enumerate(
                zip(RECEPTION_COLUMNS, RECEPTION_SHARES, strict=True), start=1
            )
        ),
    ),
)
BY_CODE = {book.code: book for book in BOOKS}
# Those with a page here; 03/TCD has its own, with filters of its own.
BY_SLUG = {book.slug: book for book in BOOKS if book.source is not Source.VISITS}


def may_read(access: Access, book: Book, unit_id: int) -> bool:
    """Registers name people: they are read in the unit itself, never from city-wide sight. The
    sealed ones by whoever sees denunciations there, the outgoing papers of receptions also by
    whoever sees cases, without visitors' names."""
    if book.is_of_receptions and can_see_visitors(access, unit_id):
        return True
    if book.source is Source.VISITS:
        return False
    asked = Permission.DENUNCIATION_VIEW if book.is_sealed else Permission.CASE_VIEW
    return unit_id in access.units(asked)


def readable(access: Access, unit_id: int) -> list[Book]:
    """The registers of a unit that the person reads, in order."""
    return [book for book in BOOKS if may_read(access, book, unit_id)]
