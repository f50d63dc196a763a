"""A draft: begun, written, put before the head, given back; reading a sealed one is recorded."""

import datetime as dt
import uuid
from dataclasses import replace

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import Conflict, DomainError, NotVisible
from common.text import clean
from common.time import local_date, now
from papers.catalogue import KINDS
from papers.content import Content, content_read, content_write
from papers.enums import UNISSUED, PaperState
from papers.facts import content_begun
from papers.heads import PAPER_LANGUAGE
from papers.models import READ, Paper, PaperEvent
from papers.notices import head_tell, writer_tell
from papers.policies import may_decide, may_draft, may_read, may_recall, may_write, possible
from papers.services._step import (
    changed,
    content_check,
    locked,
    permit,
    reason_check,
    record,
)
from petitions.models import Case
from petitions.services.locking import case_lock, case_locked


def paper_draft(
    *, access: Access, code: str, kind_code: str, at: dt.datetime | None = None
) -> Paper:
    """Begin a paper of this kind with the words that the case gives.

    Raises NotVisible (case or kind unknown), NotPermitted, DomainError ``wrong_state``.
    """
    kind = KINDS.get(kind_code)
    if kind is None:
        raise NotVisible
    with transaction.atomic():
        case = case_locked(access, code)
        permit(may_draft(access, case, kind))
        refusal = possible(case, kind)
        if refusal is not None:
            raise DomainError(refusal, code="wrong_state")
        return paper_begin(access, case, kind_code, content_begun(kind, case), at or now())


def paper_begin(
    access: Access,
    case: Case,
    kind_code: str,
    content: Content,
    at: dt.datetime,
    replaces: Paper | None = None,
) -> Paper:
    """A new draft with these words, in the caller's transaction."""
    paper = Paper(
        case=case, kind=kind_code, drafted_by_id=access.actor_id, drafted_at=at, replaces=replaces
    )
    content_write(paper, content)
    paper.save()
    old = {"replaces": replaces.shown_number} if replaces else {}
    record(paper, "drafted", access, at, **old)
    return paper


def paper_edit(
    *,
    access: Access,
    code: str,
    public_id: uuid.UUID,
    version: int,
    content: Content,
    at: dt.datetime | None = None,
) -> Paper:
    """Write a draft anew. Raises NotVisible, NotPermitted, Stale, Conflict once it is submitted,
    InvalidInput."""
    with transaction.atomic():
        case, paper = locked(access, code, public_id, version)
        permit(may_write(access, case, paper))
        if paper.state != PaperState.DRAFT:
            raise Conflict(_("Only a draft is changed. A submitted paper is given back first."))
        known = {one.name for one in KINDS[paper.kind].fields}
        kept = {name: text for name, text in content.fields.items() if name in known}
        written = replace(content, fields=kept, returned=content_read(paper).returned).cleaned()
        content_check(access, case, paper, written)
        content_write(paper, written)
        changed(paper, "edited", access, at or now())
    return paper


def paper_submit(
    *,
    access: Access,
    code: str,
    public_id: uuid.UUID,
    version: int,
    at: dt.datetime | None = None,
) -> Paper:
    """Put a draft before whoever decides. Raises NotVisible, NotPermitted, Stale, Conflict,
    InvalidInput (what is lacking)."""
    with transaction.atomic():
        case, paper = locked(access, code, public_id, version)
        permit(may_write(access, case, paper))
        if paper.state != PaperState.DRAFT:
            raise Conflict(_("This paper is no draft any more."))
        content = replace(content_read(paper), returned="")
        moment = at or now()
        content_check(access, case, paper, content, on=local_date(moment))
        content_write(paper, content)
        paper.state = PaperState.SUBMITTED
        changed(paper, "submitted", access, moment)
        head_tell(access, case, paper, moment)
    return paper


def paper_recall(
    *,
    access: Access,
    code: str,
    public_id: uuid.UUID,
    version: int,
    at: dt.datetime | None = None,
) -> Paper:
    """Take a submitted paper back to write on: a draft again. Raises NotVisible, NotPermitted,
    Stale, Conflict once it is issued or given back."""
    with transaction.atomic():
        case, paper = locked(access, code, public_id, version)
        permit(may_recall(access, case, paper))
        if paper.state != PaperState.SUBMITTED:
            raise Conflict(_("This paper does not wait to be issued."))
        paper.state = PaperState.DRAFT
        changed(paper, "recalled", access, at or now())
    return paper


def paper_return(
    *,
    access: Access,
    code: str,
    public_id: uuid.UUID,
    version: int,
    reason: str,
    at: dt.datetime | None = None,
) -> Paper:
    """Give a submitted paper back to be written anew. Raises NotVisible, NotPermitted, Stale,
    Conflict, InvalidInput (reason)."""
    with transaction.atomic():
        case, paper = locked(access, code, public_id, version)
        permit(may_decide(access, case, paper))
        if paper.state != PaperState.SUBMITTED:
            raise Conflict(_("This paper does not wait to be issued."))
        reason_check(case, "reason", clean(reason))
        content_write(paper, replace(content_read(paper), returned=clean(reason)))
        paper.state, moment = PaperState.DRAFT, at or now()
        changed(paper, "returned", access, moment)
        writer_tell(access, case, paper, "paper_returned", moment)
    return paper


def paper_discard(
    *, access: Access, code: str, public_id: uuid.UUID, version: int, at: dt.datetime | None = None
) -> Paper:
    """Lay a paper aside that was never issued; it stays in the list. Raises NotVisible,
    NotPermitted, Stale, Conflict."""
    with transaction.atomic():
        case, paper = locked(access, code, public_id, version)
        permit(may_write(access, case, paper))
        if paper.state not in UNISSUED:
            raise Conflict(_("This paper is issued: it can only be declared void."))
        with translation.override(PAPER_LANGUAGE):  # kept as it is shown to everybody
            paper.void_reason = _("Laid aside before the issue.")
        paper.state = PaperState.VOIDED
        changed(paper, "discarded", access, at or now())
    return paper


def paper_read(
    *, access: Access, case: Case, paper: Paper, at: dt.datetime | None = None
) -> Content | None:
    """The words of a paper, or None where they are sealed. Of a denunciation the first reading of a
    person and Hà Nội day is recorded before it is shown (Article 56 of the Law on Denunciations)."""
    if may_read(access, case, paper) is not None:
        return None
    moment = at or now()
    if case.is_denunciation and not _is_recorded(access, paper, moment):
        with transaction.atomic():
            case_lock(case.pk)
            if not _is_recorded(access, paper, moment):
                record(paper, READ.rpartition(".")[2], access, moment)
    return content_read(paper)


def _is_recorded(access: Access, paper: Paper, at: dt.datetime) -> bool:
    last = (
        PaperEvent.objects.filter(paper=paper, action=READ, actor=access.actor_id)
        .order_by("-sequence")
        .values_list("at", flat=True)
        .first()
    )
    return last is not None and local_date(last) == local_date(at)
