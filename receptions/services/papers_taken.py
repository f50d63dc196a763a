"""Papers that the receiver takes, line by line (form 02/TCD of Decree 154/2026)."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.models import User
from common.errors import Conflict, DomainError, InvalidInput, NotVisible
from common.text import clean
from common.time import now
from papers.heads import PAPER_LANGUAGE
from papers.selectors_proofs import file_of
from papers.services.proving import file_cover, file_issue, file_seal, file_void, proved
from papers.subjects import SubjectKind, subject_of
from receptions.enums import PaperCondition, RegistrationStatus
from receptions.models import Registration, VisitPaper
from receptions.papers import receipt_pdf
from receptions.sealed_papers import lines_covered
from receptions.selectors_day import papers_of
from receptions.services._change import keep
from receptions.services.day import day_begin, visitor_of

NAME_MAX = 300
PAGES_MAX = 5000
PAPERS_MAX = 100
# A visit stays open until it is recorded; then the receipt has two signatures.
OPEN = (
    RegistrationStatus.REGISTERED, RegistrationStatus.WAITING, RegistrationStatus.CALLED,
    RegistrationStatus.PARKED,
)  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """One line of the receipt; ``condition`` of ``PaperCondition``."""

    name: str
    pages: int
    condition: str


def paper_take(
    *,
    access: Access,
    session_id: uuid.UUID,
    code: str,
    paper: Paper,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> VisitPaper:
    """Add a line while the visit is open; the receipt is made anew with it.

    Raises InvalidInput, Conflict ``too_many_papers``, DomainError ``visit_closed``, SigningFailed.
    """
    moment = at or now()
    with proved():
        session, notes = day_begin(access, session_id, "receptions.paper.taken", moment, quiet)
        row = _open(visitor_of(session, code))
        _check(paper)
        if row.papers.count() >= PAPERS_MAX:
            raise Conflict(_("A receipt takes no more lines."), code="too_many_papers")
        last = row.papers.aggregate(last=Max("position"))["last"] or 0
        taken = VisitPaper.objects.create(
            registration=row,
            position=last + 1,
            name=clean(paper.name),
            pages=paper.pages,
            condition=paper.condition,
            taken_by_id=access.actor_id,
            taken_at=moment,
        )
        notes.data |= {"number": row.queue_number, "line": taken.position}
        keep(session, notes)
        _file(row, access, moment)
    return taken


def paper_give_back(
    *,
    access: Access,
    session_id: uuid.UUID,
    code: str,
    position: int,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> None:
    """Remove a line while the visit is open; the receipt is made anew, or void without any line.
    Raises NotVisible, DomainError ``visit_closed``, SigningFailed."""
    moment = at or now()
    with proved():
        session, notes = day_begin(access, session_id, "receptions.paper.returned", moment, quiet)
        row = _open(visitor_of(session, code))
        gone, _rows = row.papers.filter(position=position).delete()
        if not gone:
            raise NotVisible
        notes.data |= {"number": row.queue_number, "line": position}
        keep(session, notes)
        _file(row, access, moment)


def receipt_file_cover(row: Registration) -> None:
    """The visit went under seal, in the caller's transaction (``proved``): beside the receipt there
    is one that says of the papers the kinds alone."""
    old = file_of(_subject(row))
    if old is not None:
        file_cover(old, render=lambda mark: receipt_pdf(row, lines_covered(papers_of(row)), mark))
    file_seal(_subject(row))  # also one that is void


def _file(row: Registration, access: Access, at: dt.datetime) -> None:
    if not row.papers.exists():
        with translation.override(PAPER_LANGUAGE):  # as registers show it to everybody
            file_void(_subject(row), _("The papers were given back."))
        return
    file_issue(
        subject=_subject(row),
        unit=row.session.unit,
        number="",
        by=User.objects.get(pk=access.actor_id),
        at=at,
        render=lambda mark: receipt_pdf(row, papers_of(row), mark),
    )


def _subject(row: Registration) -> str:
    return subject_of(SubjectKind.PAPERS_TAKEN, row.pk)


def _open(row: Registration) -> Registration:
    if row.status not in OPEN:
        message = _("The visit is recorded: the list of papers stays as it was signed.")
        raise DomainError(message, code="visit_closed")
    return row


def _check(paper: Paper) -> None:
    errors: dict[str, list[str]] = {}
    if not 1 <= len(clean(paper.name)) <= NAME_MAX:
        errors["name"] = [_("From 1 to %(most)s characters.") % {"most": NAME_MAX}]
    if not 1 <= paper.pages <= PAGES_MAX:
        errors["pages"] = [_("From 1 to %(most)s pages.") % {"most": PAGES_MAX}]
    if paper.condition not in PaperCondition.values:
        errors["condition"] = [_("Choose one of the values of the list.")]
    if errors:
        raise InvalidInput(fields=errors)
