"""A new secret for a letter: the old one is dead from that moment."""

import datetime as dt
import os

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from common.codes import secret_clean, secret_from_salt, token_hmac
from common.errors import DomainError, InvalidInput, NotPermitted, Stale
from common.history import NewEvent
from common.text import clean, is_storable, storable
from common.time import now
from notifications.services import NewMessage, outbox_write
from petitions.enums import Flag
from petitions.models import Case, CaseEvent, Draft, Letter, Note
from petitions.policies import may_renew_secret
from petitions.selectors_public import SECRET_PURPOSE
from petitions.services.locking import case_locked
from petitions.services.telling import tell_overseer
from petitions.validators import REASON_MAX, REASON_MIN, reason_words

RENEWED = "petitions.letter.secret_renewed"
# May say who came: of a denunciation it is read by whoever may open the identity.
GROUND_NOTE = "secret_renewed"
BY_EMAIL, AT_COUNTER = "email", "counter"


def secret_renew(
    letter: Letter, *, by: str, at: dt.datetime, by_id: int | None = None, salt: bytes | None = None
) -> str:
    """Give the letter another secret in the caller's transaction and tell it where an address was
    given. ``at``: UTC moment; the same ``salt`` gives the same secret.

    The caller holds the lock on the case.
    """
    secret = secret_from_salt(salt or os.urandom(16))
    letter.secret_hmac = token_hmac(SECRET_PURPOSE, secret_clean(secret))
    letter.save(update_fields=["secret_hmac"])
    # The sent draft would go on showing the old one for a day.
    Draft.objects.filter(letter=letter).delete()
    event = CaseEvent.append(NewEvent(letter.case_id, RENEWED, {"by": by}, by_id, at))
    if letter.contact is not None:
        told = NewMessage(
            key=f"letter:{letter.code}:secret:{event.sequence}",
            template="secret_renewed",
            params={"code": letter.code},
            address=letter.contact,
            language=letter.language,
        )
        outbox_write([told], at=at)
    return secret


def secret_renew_at_counter(
    *,
    access: Access,
    code: str,
    letter: str,
    version: int,
    ground: str,
    is_checked: bool,
    salt: bytes | None = None,
    at: dt.datetime | None = None,
) -> str:
    """A new secret for a letter of the case, for who came with an identity card; returns it.

    ``is_checked``: the officer compared face and card. Raises NotVisible, NotPermitted, Stale,
    InvalidInput, or DomainError ``sender_not_named``: there nothing can show who wrote it.
    """
    moment = at or now()
    with transaction.atomic():
        case = _locked(access, code)
        if case.version != version:
            raise Stale(extra={"version": case.version, "status": case.status})
        reason = _ground(ground, is_checked=is_checked)
        found = Letter.objects.filter(case=case, origin=None, code=storable(letter)).first()
        if found is None:
            raise InvalidInput(fields={"letter": [_("Choose a letter of this case.")]})
        secret = secret_renew(found, by=AT_COUNTER, at=moment, by_id=access.actor_id, salt=salt)
        if case.is_denunciation:
            # Whoever gives a denouncer's secret away gives away what it opens.
            key = f"letter:{found.code}:counter:{moment.isoformat()}"
            tell_overseer(access, case, "secret_issued", key, moment)
        Note.objects.create(
            case=case, action=GROUND_NOTE, version=0, text=reason, by_id=access.actor_id, at=moment
        )
    return secret


def _locked(access: Access, code: str) -> Case:
    case = case_locked(access, code)
    refusal = may_renew_secret(access, case)
    if refusal is not None:
        raise NotPermitted(refusal)
    if Flag.ANONYMOUS in case.flags:
        message = _("The sender is not named: nobody can show that this letter is theirs.")
        raise DomainError(message, code="sender_not_named")
    return case


def _ground(text: str, *, is_checked: bool) -> str:
    errors: dict[str, list[str]] = {}
    ground = clean(text) if is_storable(text) else ""
    if not REASON_MIN <= len(ground) <= REASON_MAX:
        errors["ground"] = [reason_words()]
    if not is_checked:
        errors["is_checked"] = [_("First compare the person with the identity card.")]
    if errors:
        raise InvalidInput(fields=errors)
    return _("New secret issued at the counter: %(ground)s") % {"ground": ground}
