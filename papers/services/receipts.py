"""The receipt of a petition: made when it is first asked for, afterwards the same file."""

import datetime as dt
from functools import partial

from accounts.access import Access
from accounts.models import User
from common.db import advisory_wait
from common.errors import NotVisible
from common.history import NewEvent
from common.text import storable
from common.time import now
from papers.models import IssuedFile
from papers.policies import may_give_receipt
from papers.receipts import receipt_pdf, received_by
from papers.selectors_proofs import file_of
from papers.services._step import permit
from papers.services.proving import file_issue, proved
from papers.subjects import SubjectKind, subject_of
from petitions.models import CaseEvent, Letter
from petitions.selectors import case_get_for
from petitions.services.locking import case_lock

RECEIPT = "petitions.letter.receipt_issued"


def receipt_issue(
    *, letter: Letter, by_id: int | None = None, at: dt.datetime | None = None
) -> IssuedFile:
    """The receipt of a letter that the caller has opened with code and secret, or has just sent.

    The case is held for its event alone, not while a signer or a time stamp service answers.
    Raises NotVisible for a copy, of which the petitioner holds neither, SigningFailed.
    """
    if letter.origin_id is not None:
        raise NotVisible
    subject, moment = subject_of(SubjectKind.FILING_RECEIPT, letter.pk), at or now()
    kept = file_of(subject)
    if kept is not None:
        return kept
    with proved():
        advisory_wait(f"receipt:{letter.pk}")
        kept = file_of(subject)
        if kept is not None:
            return kept
        unit = received_by(letter)
        file = file_issue(
            subject=subject,
            unit=unit,
            number="",
            by=User.objects.get(pk=by_id) if by_id else None,
            at=moment,
            render=partial(receipt_pdf, letter, unit, moment),
        )
        case_lock(letter.case_id)
        CaseEvent.append(NewEvent(letter.case_id, RECEIPT, {}, by_id, at or now()))
    return file


def receipt_give(
    *, access: Access, code: str, letter: str, at: dt.datetime | None = None
) -> IssuedFile:
    """The receipt of a letter of the case, for whoever takes letters in. Raises NotVisible,
    NotPermitted, SigningFailed."""
    case = case_get_for(access, code)
    rows = Letter.objects.select_related("case__unit")
    found = rows.filter(case=case, origin=None, code=storable(letter)).first()
    if found is None:
        raise NotVisible
    permit(may_give_receipt(access, case))
    return receipt_issue(letter=found, by_id=access.actor_id, at=at)
