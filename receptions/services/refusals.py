"""Refusing to receive somebody: the ground, the explanation, and form 01/TCD where it is owed."""

import datetime as dt
import uuid
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from common.crypto import seal
from common.errors import DomainError, InvalidInput, allow
from common.text import clean
from common.time import local_date, now
from papers.selectors_proofs import file_of
from papers.services.proving import proved
from petitions.validators import ADDRESS_MAX
from receptions.enums import RegistrationStatus, SessionStatus
from receptions.limits import REFUSAL, legal_date
from receptions.models import ReceptionSession, Refusal, Registration
from receptions.moves import REFUSABLE, Move, target_of
from receptions.paper_subjects import refusal_subject, refusal_voided
from receptions.papers import refusal_pdf
from receptions.policies import can_issue_papers
from receptions.refusal_grounds import Ground, grounds_open
from receptions.selectors import person_open, seal_context
from receptions.services._change import Notes, keep
from receptions.services.day import (
    day_begin,
    visitor_fresh,
    visitor_of,
    visitor_set,
    wrong_state,
)
from receptions.services.numbering import (
    REFUSALS,
    book_held,
    not_issued_require,
    number_take,
    paper_issue,
    paper_void,
    sent_check,
)

EXPLANATION_MAX = 4000
# Of who gave out a paper, and of what is missing.
PARTICULAR_MAX = 300
PARTICULARS = ("address", "identity_issued_on", "identity_issued_by")


@dataclass(frozen=True)
class PaperDetails:
    """What form 01/TCD asks beyond the registration; sealed with the person."""

    address: str = ""
    identity_issued_on: dt.date | None = None
    identity_issued_by: str = ""
    # Why one of them is not known, e.g. that the visitor did not show a paper.
    particulars_missing: str = ""


def visitor_refuse(
    *,
    access: Access,
    session_id: uuid.UUID,
    code: str,
    version: int,
    ground: str,
    explanation: str,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Refusal:
    """Refuse a visitor on a ground of the law and record what was explained on the spot.

    Where the law wants it in writing, form 01/TCD is owed within 3 working days of the session's
    Hà Nội date (Article 4(3) of Decree 154/2026, rule ``TCD-REFUSE``). Raises InvalidInput, Stale, DomainError
    ``wrong_state``, ``too_early``, or ``calendar_missing`` when the limit cannot be counted.
    """
    moment = at or now()
    with transaction.atomic():
        session, notes = day_begin(access, session_id, "receptions.visitor.refused", moment, quiet)
        row = visitor_of(session, code)
        visitor_fresh(row, version)
        if row.status not in REFUSABLE:
            raise wrong_state()
        reason, text = _checked(ground, explanation)
        refusal = Refusal.objects.create(
            registration=row,
            ground=reason.code,
            explanation=text,
            is_written=reason.is_written,
            written_by=_owed_by(reason, session),
            refused_by_id=access.actor_id,
            refused_at=moment,
        )
        visitor_set(row, RegistrationStatus.REFUSED)
        notes.data |= {"number": row.queue_number, "ground": reason.code}
        keep(session, notes)
    return refusal


def refusal_undo(
    *,
    access: Access,
    session_id: uuid.UUID,
    code: str,
    version: int,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Registration:
    """Take a refusal back: the visitor stands in the queue again.

    Raises DomainError ``sent`` when form 01/TCD has left the house, ``issued`` once its
    number was taken, Stale, ``wrong_state``.
    """
    moment = at or now()
    with transaction.atomic():
        session, row, refusal, notes = _refused(
            access, session_id, code, version, Notes("receptions.refusal.undone", moment)
        )
        _open(refusal)
        if refusal_voided(refusal):
            message = _(
                "A number was taken for this refusal and stays in the register. To receive the"
                " visitor after all, register the visit anew."
            )
            raise DomainError(message, code="issued")
        notes.quiet = quiet
        refusal.delete()
        visitor_set(row, target_of(Move.BRING_BACK, row))
        keep(session, notes)
    return row


def refusal_prepare(
    *,
    access: Access,
    session_id: uuid.UUID,
    code: str,
    version: int,
    details: PaperDetails,
    at: dt.datetime | None = None,
) -> Refusal:
    """Particulars of form 01/TCD, as often as needed until it is issued or sent."""
    moment = at or now()
    with transaction.atomic():
        session, row, refusal, notes = _refused(
            access, session_id, code, version, Notes("receptions.refusal.prepared", moment)
        )
        _written(refusal)
        _open(refusal)
        _seal(row, details)
        visitor_set(row, RegistrationStatus.REFUSED, "key_version", "box")
        keep(session, notes)
    return refusal


def refusal_issue(
    *,
    access: Access,
    session_id: uuid.UUID,
    code: str,
    version: int,
    at: dt.datetime | None = None,
) -> Refusal:
    """Give form 01/TCD its number of the unit's book and today's date, and keep its file; from then
    on it does not change. By who leads the reception or decides in the unit.

    Raises NotPermitted, Stale, DomainError ``issued`` or ``sent``, InvalidInput on ``version``
    without particulars of the visitor or why they lack, SigningFailed.
    """
    with proved():
        session, row, refusal, notes = _refused(
            access, session_id, code, version, Notes("receptions.refusal.issued", at or now())
        )
        allow(can_issue_papers(access, session.unit_id))
        _written(refusal)
        _open(refusal)
        _require_particulars(row, "version")
        notes.at = book_held(session.unit_id, REFUSALS.name, at)
        refusal.number = number_take(session, REFUSALS, notes.at)
        refusal.save(update_fields=["number"])
        render = partial(refusal_pdf, row, refusal, access.actor_id)
        notes.data |= paper_issue(
            session, refusal_subject(refusal), refusal.number, access, notes.at, render
        )
        visitor_set(row, RegistrationStatus.REFUSED)
        keep(session, notes)
    return refusal


def refusal_send(
    *,
    access: Access,
    session_id: uuid.UUID,
    code: str,
    version: int,
    sent_on: dt.date,
    number: str = "",
    at: dt.datetime | None = None,
) -> Refusal:
    """Record the Hà Nội date on which form 01/TCD was handed over or sent: the issued one, or one
    made elsewhere under the typed ``number``.

    A date after the limit is recorded as such. Raises InvalidInput on ``number`` or ``sent_on``
    (``numbering.sent_check``), of a typed one also without particulars or why they lack.
    """
    moment = at or now()
    with transaction.atomic():
        session, row, refusal, notes = _refused(
            access, session_id, code, version, Notes("receptions.refusal.sent", moment)
        )
        _written(refusal)
        if refusal.sent_on is not None:
            raise _sent()
        file = file_of(refusal_subject(refusal))
        if file is None:
            _require_particulars(row, "sent_on")
        refusal.number = sent_check(file, session, number, sent_on, moment)
        refusal.sent_on = sent_on
        refusal.save(update_fields=["number", "sent_on"])
        visitor_set(row, RegistrationStatus.REFUSED)
        is_late = refusal.written_by is not None and sent_on > refusal.written_by
        notes.data |= {"on": sent_on.isoformat(), "late": is_late}
        keep(session, notes)
    return refusal


def refusal_void(
    *,
    access: Access,
    session_id: uuid.UUID,
    code: str,
    version: int,
    reason: str,
    at: dt.datetime | None = None,
) -> Refusal:
    """Declare the issued form 01/TCD void; its number stays, with the reason. The paper is owed
    again, also where it was handed over: the history keeps that day. By who may issue.

    Raises NotPermitted, Stale, Conflict when none is in force, InvalidInput on ``reason``.
    """
    with transaction.atomic():
        session, row, refusal, notes = _refused(
            access, session_id, code, version, Notes("receptions.refusal.voided", at or now())
        )
        allow(can_issue_papers(access, session.unit_id))
        notes.data |= paper_void(refusal_subject(refusal), reason, refusal.sent_on)
        refusal.number, refusal.sent_on = "", None
        refusal.save(update_fields=["number", "sent_on"])
        visitor_set(row, RegistrationStatus.REFUSED)
        keep(session, notes)
    return refusal


def _checked(ground: str, explanation: str) -> tuple[Ground, str]:
    text = clean(explanation)
    errors: dict[str, list[str]] = {}
    if ground not in grounds_open():
        errors["ground"] = [_("Choose one of the values of the list.")]
    if not 1 <= len(text) <= EXPLANATION_MAX:
        errors["explanation"] = [_("From 1 to %(most)s characters.") % {"most": EXPLANATION_MAX}]
    if errors:
        raise InvalidInput(fields=errors)
    return grounds_open()[ground], text


def _owed_by(ground: Ground, session: ReceptionSession) -> dt.date | None:
    """From the day of the reception, however long it took to record the refusal."""
    on = local_date(session.starts_at)
    return legal_date(REFUSAL, on).due_on if ground.is_written else None


def _require_particulars(row: Registration, field: str) -> None:
    """What the form asks for is on it, or why it is not; told beside ``field``."""
    person = person_open(row)
    if not person.get("particulars_missing") and not all(person.get(n) for n in PARTICULARS):
        message = _(
            "The form asks for the address and for date and place of issue of the identity paper."
            " Fill them in, or say why they are not known."
        )
        raise InvalidInput(fields={field: [message]})


def _refused(
    access: Access, session_id: uuid.UUID, code: str, version: int, notes: Notes
) -> tuple[ReceptionSession, Registration, Refusal, Notes]:
    """The paper is owed and sent also when the session was recorded as missed afterwards."""
    session, notes = day_begin(
        access, session_id, notes.action, notes.at, notes.quiet, over=(SessionStatus.MISSED,)
    )
    row = visitor_of(session, code)
    visitor_fresh(row, version)
    refusal = Refusal.objects.filter(registration=row).first()
    if refusal is None:
        raise wrong_state()
    notes.data["number"] = row.queue_number
    return session, row, refusal, notes


def _written(refusal: Refusal) -> None:
    if not refusal.is_written:
        message = _("On this ground the law wants no paper: the explanation is recorded.")
        raise DomainError(message, code="not_written")


def _open(refusal: Refusal) -> None:
    """Nothing is issued, nothing sent."""
    if refusal.sent_on is not None:
        raise _sent()
    not_issued_require(refusal_subject(refusal))


def _sent() -> DomainError:
    return DomainError(_("The paper has been sent already."), code="sent")


def _seal(row: Registration, details: PaperDetails) -> None:
    issued_on = details.identity_issued_on
    person = person_open(row) | {
        "address": clean(details.address)[:ADDRESS_MAX],
        "identity_issued_on": issued_on.isoformat() if issued_on else "",
        "identity_issued_by": clean(details.identity_issued_by)[:PARTICULAR_MAX],
        "particulars_missing": clean(details.particulars_missing)[:PARTICULAR_MAX],
    }
    row.key_version, row.box = seal(person, context=seal_context(row.code))
