"""Issued under a number, declared void, put right by another paper."""

import datetime as dt
import hashlib
import uuid
from dataclasses import replace

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.access import Access
from attachments.models import Attachment
from attachments.pages import PDF
from attachments.services import attachment_keep
from common.codes import code_new
from common.errors import Conflict, DomainError
from common.text import clean
from common.time import local_date, now
from papers.catalogue import KINDS
from papers.content import content_read
from papers.documents import paper_file
from papers.enums import CORRECTED, PaperState
from papers.heads import MARK_CASES, MARK_SEALED, PAPER_LANGUAGE, number_shown
from papers.models import Paper
from papers.notices import writer_tell
from papers.policies import issuable, may_decide, may_write, possible
from papers.selectors import CODE_PREFIX
from papers.services._books import book_turn
from papers.services._step import changed, content_check, locked, permit, reason_check
from papers.services.writing import paper_begin
from papers.signing import Signer, signed, signing_prepare
from petitions.models import Case
from petitions.services.registers import register_number_take


def book_of(case: Case, sign: str) -> str:
    """The book that a paper is numbered in. Those of denunciations have books of their own: in one
    with the others their numbers would be the gaps that whoever sees no denunciation could count
    (Article 49 of the Law on Denunciations)."""
    return f"paper{'-tc' if case.is_denunciation else ''}:{sign}"


def book_mark(case: Case) -> str:
    """What tells the two books apart in the number as shown, without a word of what it is about."""
    return MARK_SEALED if case.is_denunciation else MARK_CASES


def paper_issue(
    *,
    access: Access,
    code: str,
    public_id: uuid.UUID,
    version: int,
    at: dt.datetime | None = None,
) -> Paper:
    """Give a submitted paper its number, gapless in unit, book and year, and make its PDF; from then
    on it does not change. A paper that it replaces ends.

    The number is taken under the lock of its book and comes back when the PDF, its signature or
    anything else fails. Raises NotVisible, NotPermitted, Stale, Conflict, InvalidInput,
    SigningFailed.
    """
    kept: list[Attachment] = []
    signer = signing_prepare()
    with book_turn(kept):
        case, paper = locked(access, code, public_id, version)
        permit(may_decide(access, case, paper))
        _state_check(case, paper)
        content = content_read(paper)
        content_check(access, case, paper, content, on=local_date(at or now()))
        moment = _number(paper, case, access, at)
        file, holder = _signed(paper, paper_file(paper, case, content), signer)
        kept.append(_filed(paper, file, moment))
        data = {"number": paper.shown_number, "sha256": bytes(paper.sha256 or b"").hex()}
        data |= {"signed_by": holder} if holder else {}
        changed(paper, "issued", access, moment, **data)
        _replaced(paper, access, moment)
        writer_tell(access, case, paper, "paper_issued", moment)
    return paper


def _state_check(case: Case, paper: Paper) -> None:
    """It was submitted, and still fits the case."""
    if paper.state != PaperState.SUBMITTED:
        raise Conflict(_("This paper does not wait to be issued."))
    refusal = issuable(case, paper)
    if refusal is not None:
        raise DomainError(refusal, code="wrong_state")


def _number(paper: Paper, case: Case, access: Access, at: dt.datetime | None) -> dt.datetime:
    """The number and the UTC moment of the issue: that at which the book is held, so that moments
    grow with the numbers; at the turn of the year that at which the number was asked for."""
    asked = at or now()
    sign, year = KINDS[paper.kind].sign, local_date(asked).year
    paper.book, paper.year, paper.unit = book_of(case, sign), year, case.unit
    paper.number = register_number_take(case.unit_id, year, paper.book)
    held = at or now()
    moment = held if local_date(held).year == year else asked
    paper.shown_number = number_shown(paper.number, sign, case.unit, book_mark(case))
    paper.check_code, paper.state = code_new(CODE_PREFIX), PaperState.ISSUED
    paper.issued_at, paper.issued_by_id = moment, access.actor_id
    return moment


def _signed(paper: Paper, data: bytes, signer: Signer | None) -> tuple[bytes, str]:
    """The file with the digital signature, if there is one, and whose certificate it bears."""
    who = paper.issued_by.full_name if paper.issued_by else ""
    with translation.override(PAPER_LANGUAGE):
        reason = _("Issue of paper %(number)s") % {"number": paper.shown_number}
    return signed(data, who=who, reason=reason, signer=signer)


def _filed(paper: Paper, data: bytes, at: dt.datetime) -> Attachment:
    name = f"{paper.shown_number.replace('/', '-')}.pdf"
    paper.file = attachment_keep(data=data, name=name, content_type=PDF, at=at)
    paper.sha256 = hashlib.sha256(data).digest()
    return paper.file


def _replaced(paper: Paper, access: Access, at: dt.datetime) -> None:
    """End the paper that this one puts right, unless it was declared void meanwhile."""
    if paper.replaces_id is None:
        return
    old = Paper.objects.select_for_update(no_key=True).get(pk=paper.replaces_id)
    if old.state == PaperState.ISSUED:
        old.state = PaperState.REPLACED
        changed(old, "replaced", access, at, by=paper.shown_number)


def paper_void(
    *,
    access: Access,
    code: str,
    public_id: uuid.UUID,
    version: int,
    reason: str,
    at: dt.datetime | None = None,
) -> Paper:
    """Declare an issued paper void; its number stays, with the reason. Raises NotVisible,
    NotPermitted, Stale, Conflict, InvalidInput (reason)."""
    with transaction.atomic():
        case, paper = locked(access, code, public_id, version)
        permit(may_decide(access, case, paper))
        if paper.state != PaperState.ISSUED:
            raise Conflict(_("Only an issued paper that is in force is declared void."))
        reason_check(case, "reason", clean(reason))
        paper.state, paper.void_reason = PaperState.VOIDED, clean(reason)
        changed(paper, "voided", access, at or now(), number=paper.shown_number)
    return paper


def paper_correct(
    *,
    access: Access,
    code: str,
    public_id: uuid.UUID,
    version: int,
    at: dt.datetime | None = None,
) -> Paper:
    """Begin the paper that puts an issued one right, with the same words; the old one stays in
    force until the new one is issued. Also where the paper that replaced it is void by now. In any
    state of the case. Raises NotVisible, NotPermitted, Stale, Conflict."""
    with transaction.atomic():
        case, paper = locked(access, code, public_id, version)
        permit(may_write(access, case, paper))
        if paper.state not in CORRECTED:
            raise Conflict(_("Only an issued paper that is in force is put right."))
        if paper.corrections.exclude(state=PaperState.VOIDED).exists():
            raise Conflict(_("A paper that puts this one right has been begun already."))
        content = replace(content_read(paper), returned="")
        return paper_begin(access, case, paper.kind, content, at or now(), replaces=paper)


def paper_again(
    *,
    access: Access,
    code: str,
    public_id: uuid.UUID,
    version: int,
    at: dt.datetime | None = None,
) -> Paper:
    """Begin another paper with the words of one that is void, which stays so. Raises NotVisible,
    NotPermitted, Stale, Conflict, DomainError ``wrong_state``."""
    with transaction.atomic():
        case, paper = locked(access, code, public_id, version)
        permit(may_write(access, case, paper))
        if paper.state != PaperState.VOIDED:
            raise Conflict(_("Only the words of a void paper are taken for another one."))
        refusal = possible(case, KINDS[paper.kind])
        if refusal is not None:
            raise DomainError(refusal, code="wrong_state")
        moment = at or now()
        changed(paper, "again", access, moment)  # a second press finds another version
        content = replace(content_read(paper), returned="")
        return paper_begin(access, case, paper.kind, content, moment)
