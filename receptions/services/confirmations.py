"""The six digits sent to a visitor's e-mail address."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from common.codes import token_matches
from common.errors import DomainError, InvalidInput, NotVisible
from common.time import now
from receptions.enums import RegistrationStatus
from receptions.models import ReceptionSession, Registration
from receptions.selectors import person_open, registration_track
from receptions.selectors_places import LIVE
from receptions.services._change import Notes, keep
from receptions.services.places import session_settled
from receptions.services.visitor_notices import CONFIRM_PURPOSE, code_send
from receptions.services.wishes import visitor_of

TRIES_MAX = 5
CONFIRMED = "receptions.registration.confirmed"
SENT_AGAIN = "receptions.registration.code_sent"


def registration_confirm(
    *, code: str, secret: str, digits: str, at: dt.datetime | None = None, quiet: bool = False
) -> Registration:
    """Confirm a registration, or a changed e-mail address, with the six digits that were sent.

    Within 15 minutes and five tries. Raises NotVisible for a wrong code or secret, InvalidInput
    for wrong digits, DomainError ``too_late`` or ``too_many_tries``.
    """
    moment = at or now()
    with transaction.atomic():
        session, row = _locked(code, secret, moment, quiet)
        _require_open(row, moment)
        row.confirm_tries += 1
        typed = "".join(ch for ch in digits[:40] if ch.isdigit())
        fits = token_matches(row.confirm_hmac or b"", CONFIRM_PURPOSE, f"{row.code}:{typed}")
        if fits:
            _confirm(session, row, Notes(CONFIRMED, moment, None, quiet))
        row.save(update_fields=["status", "confirm_hmac", "confirm_tries", "version"])
    if not fits:
        left = TRIES_MAX - row.confirm_tries
        words = _("These are not the digits we sent. Tries left: %(left)s.") % {"left": left}
        raise InvalidInput(fields={"digits": [words]})
    row.session = session
    return row


def code_resend(
    *, code: str, secret: str, at: dt.datetime | None = None, quiet: bool = False
) -> Registration:
    """Send another code to the same address; neither time nor tries begin anew. Raises as
    ``registration_confirm``."""
    moment = at or now()
    with transaction.atomic():
        session, row = _locked(code, secret, moment, quiet)
        _require_open(row, moment)
        notes = Notes(SENT_AGAIN, moment, None, quiet, {"number": row.queue_number})
        code_send(session, row, visitor_of(person_open(row)), notes)
        row.save(update_fields=["confirm_hmac"])
        keep(session, notes)
    row.session = session
    return row


def _locked(
    code: str, secret: str, at: dt.datetime, quiet: bool
) -> tuple[ReceptionSession, Registration]:
    found = registration_track(code, secret)
    if found is None:
        raise NotVisible
    session = session_settled(found.session.public_id, at=at, quiet=quiet)
    return session, Registration.objects.select_related("case").get(pk=found.pk)


def _require_open(row: Registration, at: dt.datetime) -> None:
    if row.confirm_hmac is None or row.status not in LIVE:
        raise DomainError(_("There is nothing to confirm here any more."), code="too_late")
    if row.confirm_by is None or row.confirm_by <= at:
        raise DomainError(
            _("The 15 minutes for the code are over. Enter the address again to get another."),
            code="too_late",
        )
    if row.confirm_tries >= TRIES_MAX:
        raise DomainError(
            _("The code was typed wrongly five times and no longer counts."),
            code="too_many_tries",
        )


def _confirm(session: ReceptionSession, row: Registration, notes: Notes) -> None:
    row.confirm_hmac = None
    row.version += 1
    if row.status == RegistrationStatus.UNCONFIRMED:
        row.status = RegistrationStatus.REGISTERED
    notes.data = {"number": row.queue_number}
    keep(session, notes)
