"""Refusing to receive somebody: the ground, the explanation, and form 01/TCD where it is owed."""

import datetime as dt
import uuid
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.models import User
from common.crypto import seal
from common.errors import DomainError, InvalidInput
from common.text import clean
from common.time import local_date, now
from papers.services.proving import file_issue, proved
from papers.subjects import SubjectKind, subject_of
from petitions.validators import ADDRESS_MAX
from receptions.enums import RegistrationStatus, SessionStatus
from receptions.limits import REFUSAL, legal_date
from receptions.models import ReceptionSession, Refusal, Registration
from receptions.moves import REFUSABLE, Move, target_of
from receptions.papers import refusal_pdf
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
from receptions.services.numbering import REFUSALS, number_take

EXPLANATION_MAX = 4000
NUMBER_MAX = 60
# Of who gave out a paper, and of what is missing.
PARTICULAR_MAX = 300
PARTICULARS = ("address", "identity_issued_on", "identity_issued_by")


@dataclass(frozen=True)
class PaperDetails:
    """What form 01/TCD asks beyond the registration; sealed with the person. ``number``: that of a
    paper made elsewhere; without one the portal gives it when the paper is sent."""

    number: str = ""
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

    Raises DomainError ``sent`` when form 01/TCD has left the house, Stale, ``wrong_state``.
    """
    moment = at or now()
    with transaction.atomic():
        session, row, refusal, notes = _refused(
            access, session_id, code, version, Notes("receptions.refusal.undone", moment)
        )
        if refusal.sent_on is not None:
            raise _sent()
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
    """Number and particulars of form 01/TCD, as often as needed until it is sent."""
    moment = at or now()
    with transaction.atomic():
        session, row, refusal, notes = _refused(
            access, session_id, code, version, Notes("receptions.refusal.prepared", moment)
        )
        _written(refusal)
        if refusal.sent_on is not None:
            raise _sent()
        refusal.number = _number(details.number)
        refusal.save(update_fields=["number"])
        _seal(row, details)
        visitor_set(row, RegistrationStatus.REFUSED, "key_version", "box")
        keep(session, notes)
    return refusal


def refusal_send(
    *,
    access: Access,
    session_id: uuid.UUID,
    code: str,
    version: int,
    sent_on: dt.date,
    at: dt.datetime | None = None,
) -> Refusal:
    """Record the Hà Nội date on which form 01/TCD was handed over or sent; final. Without a typed
    number it takes one of the unit's book, and its file is kept.

    A date after the limit is recorded as such. Raises InvalidInput for a date before the session
    or in the future, for another than today where the number is taken, and without particulars of
    the visitor or why they lack; SigningFailed.
    """
    moment = at or now()
    with proved():
        session, row, refusal, notes = _refused(
            access, session_id, code, version, Notes("receptions.refusal.sent", moment)
        )
        _written(refusal)
        if refusal.sent_on is not None:
            raise _sent()
        _require_particulars(row)
        if not local_date(session.starts_at) <= sent_on <= local_date(moment):
            message = _("From the day of the refusal to today.")
            raise InvalidInput(fields={"sent_on": [message]})
        refusal.sent_on = sent_on
        notes.data |= _issue(access, session, refusal, moment)
        refusal.save(update_fields=["number", "sent_on"])
        visitor_set(row, RegistrationStatus.REFUSED)
        is_late = refusal.written_by is not None and sent_on > refusal.written_by
        notes.data |= {"on": sent_on.isoformat(), "late": is_late}
        keep(session, notes)
    return refusal


def _issue(
    access: Access, session: ReceptionSession, refusal: Refusal, at: dt.datetime
) -> dict[str, str]:
    """Number and file of a paper without a typed number; returns what the history keeps of it."""
    if refusal.number or refusal.sent_on is None:
        return {}
    refusal.number = number_take(session, REFUSALS, refusal.sent_on, at)
    row = refusal.registration
    row.session = session
    file = file_issue(
        subject=_subject(refusal),
        unit=session.unit,
        number=refusal.number,
        by=User.objects.get(pk=access.actor_id),
        at=at,
        render=partial(refusal_pdf, row, refusal, local_date(at)),
    )
    return {"paper": refusal.number, "sha256": bytes(file.sha256).hex()}


def _subject(refusal: Refusal) -> str:
    return subject_of(SubjectKind.REFUSAL, refusal.pk)


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


def _require_particulars(row: Registration) -> None:
    """What the form asks for is on it, or why it is not."""
    person = person_open(row)
    if not person.get("particulars_missing") and not all(person.get(n) for n in PARTICULARS):
        message = _(
            "The form asks for the address and for date and place of issue of the identity paper."
            " Fill them in, or say why they are not known."
        )
        raise InvalidInput(fields={"sent_on": [message]})


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


def _sent() -> DomainError:
    return DomainError(_("The paper has been sent already."), code="sent")


def _number(text: str) -> str:
    number = clean(text)
    if len(number) > NUMBER_MAX:
        message = _("At most %(most)s characters.") % {"most": NUMBER_MAX}
        raise InvalidInput(fields={"number": [message]})
    return number


def _seal(row: Registration, details: PaperDetails) -> None:
    issued_on = details.identity_issued_on
    person = person_open(row) | {
        "address": clean(details.address)[:ADDRESS_MAX],
        "identity_issued_on": issued_on.isoformat() if issued_on else "",
        "identity_issued_by": clean(details.identity_issued_by)[:PARTICULAR_MAX],
        "particulars_missing": clean(details.particulars_missing)[:PARTICULAR_MAX],
    }
    row.key_version, row.box = seal(person, context=seal_context(row.code))
