"""What visitors are told by e-mail: that there is something to look up, never about what."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from common.codes import digits_from_salt, token_hmac
from common.time import local_date
from notifications.services import NewMessage, address_seal
from petitions.enums import Kind
from receptions.models import ReceptionSession, Registration
from receptions.selectors import person_open
from receptions.services._change import Notes, outbox_mark
from receptions.services.wishes import Visitor, visitor_of

CONFIRM_PURPOSE = "registration-confirm"


@dataclass(frozen=True)
class _Mail:
    """``what`` stands in the key instead of the template."""

    salt: str = ""
    what: str = ""
    is_secret: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)


def confirm_digest(code: str, digits: str) -> bytes:
    """What is stored of the six digits sent for a registration."""
    return token_hmac(CONFIRM_PURPOSE, f"{code}:{digits}")


def code_send(session: ReceptionSession, row: Registration, visitor: Visitor, notes: Notes) -> None:
    """Send a new code of six digits to the address; the caller saves ``confirm_hmac``.

    The outbox holds a salt that says nothing without the server's key.
    """
    salt = os.urandom(16)
    row.confirm_hmac = confirm_digest(row.code, digits_from_salt(salt))
    _mail_visitor(session, row, visitor, notes, "registration_code", _Mail(salt.hex()))


def visitor_tell(
    session: ReceptionSession,
    row: Registration,
    notes: Notes,
    template: str,
    *,
    what: str = "",
    is_secret: bool = False,
    facts: Mapping[str, Any] | None = None,
) -> bool:
    """Write to a visitor whose address is confirmed; whether there is such an address.

    ``what``: tells two mails of a template apart. ``is_secret``: the visit was about a
    denunciation, whatever was linked when the visitor registered. ``facts``: what the public
    calendar says of the session, for the text; never of the visitor.
    """
    if row.confirm_hmac is not None:
        return False
    visitor = visitor_of(person_open(row))
    if not visitor.email:
        return False
    mail = _Mail(what=what, is_secret=is_secret, facts=facts or {})
    _mail_visitor(session, row, visitor, notes, template, mail)
    return True


def _mail_visitor(
    session: ReceptionSession,
    row: Registration,
    visitor: Visitor,
    notes: Notes,
    template: str,
    mail: _Mail,
) -> None:
    """A mail about a linked denunciation goes by the vault and names neither unit nor day."""
    of_case = row.case is not None and row.case.kind == Kind.DENUNCIATION
    is_denunciation = mail.is_secret or of_case
    name = mail.what or template
    params: dict[str, Any] = {"salt": mail.salt} if mail.salt else {}
    if not is_denunciation:
        params |= {
            "unit": session.unit.full_name,
            "session_on": local_date(session.starts_at).isoformat(),
            **mail.facts,
        }
    notes.messages.append(
        NewMessage(
            key=f"registration:{outbox_mark(row.code)}:{name}:{notes.at.timestamp():.6f}",
            template=template,
            params=params,
            address=address_seal(visitor.email, for_vault=is_denunciation),
            language=visitor.language,
        )
    )
