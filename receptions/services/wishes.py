"""What somebody who registers wants, checked once for pages and API."""

import datetime as dt
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from common.codes import code_new, secret_clean, secret_from_salt, token_hmac
from common.crypto import seal
from common.errors import InvalidInput, NotVisible
from common.text import clean
from petitions.enums import Kind
from petitions.models import Case
from petitions.selectors_public import letter_track
from petitions.validators import ADDRESS_MAX, NAME_MAX
from receptions.enums import Need, RegistrationSource, SessionMode
from receptions.models import ReceptionSession, Registration
from receptions.selectors import CODE_PREFIX, SECRET_PURPOSE, person_open, seal_context

PERSON_PURPOSE = "reception-person"
PHONE_PURPOSE = "reception-phone"
TOPIC_MAX = 2000
PEOPLE_MAX = 500
EMAIL_MAX = 254
# Article 29 of the Law on Citizen Reception: from 5 people on one matter representatives speak,
# 1 or 2 of up to 10 people, up to 5 of more.
DELEGATION_FROM = 5
SMALL_DELEGATION = 10
REPRESENTATIVES_SMALL, REPRESENTATIVES_MAX = 2, 5


@dataclass(frozen=True)
class Visitor:
    """Who comes, as checked by form or API; sealed at once, all of it.

    ``representatives``: names, of a delegation. ``needs``: values of ``Need``, facts of health.
    ``language``: the one that mails are written in, empty for the site's own. ``topic``: what was
    typed about a matter that is linked to a denunciation; None where the row's own column holds it.
    ``address``: for column 3 of register 03/TCD, "" until it is known.
    """

    full_name: str
    identity_number: str
    phone: str
    email: str = ""
    representatives: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    language: str = ""
    topic: str | None = None
    address: str = ""


@dataclass(frozen=True)
class Options:
    """What is chosen beside the matter.

    ``slot_at``: UTC begin of a slot, None for the first free one. ``is_online`` None: as the
    session is. ``case``: shown to be the visitor's already. ``hold_key``: of the browser whose
    place is held. ``walk_in``, ``leader_agrees``: for officers, see ``registration_create_for``.
    """

    slot_at: dt.datetime | None = None
    is_online: bool | None = None
    case: Case | None = None
    hold_key: str = ""
    walk_in: bool = False
    leader_agrees: bool = False


PLAIN = Options()


@dataclass(frozen=True)
class Wish:
    """A registration that is wanted."""

    visitor: Visitor
    topic: str
    people: int
    case: Case | None
    waiting_list: bool
    salt: bytes | None
    options: Options = PLAIN
    source: str = RegistrationSource.CITIZEN


@dataclass(frozen=True)
class Ticket:
    """What is made before the session is locked: sealing and hashing take their time."""

    code: str
    secret: str
    fields: dict[str, Any]


def case_of(petition: tuple[str, str] | None) -> Case | None:
    """The case of a petition by its code and secret. Raises NotVisible when they do not fit."""
    if petition is None:
        return None
    letter = letter_track(*petition)
    if letter is None:
        raise NotVisible
    return letter.case


def is_denunciation(case: Case | None) -> bool:
    return case is not None and case.kind == Kind.DENUNCIATION


def wish_clean(wish: Wish) -> Wish:
    """The wish with its texts cleaned. Raises InvalidInput."""
    visitor = visitor_clean(wish.visitor, wish.people)
    return replace(wish, visitor=visitor, topic=clean(wish.topic))


def visitor_clean(visitor: Visitor, people: int) -> Visitor:
    """The visitor with names cleaned; a delegation that names nobody is spoken for by whoever
    registers, who must be one of its people. Raises InvalidInput."""
    names = tuple(name for name in (clean(text) for text in visitor.representatives) if name)
    errors = _representatives(names, people)
    if any(need not in Need.values for need in visitor.needs):
        errors["needs"] = [_("Choose one of the values of the list.")]
    if visitor.email and not _is_email(visitor.email):
        errors["email"] = [_("Enter an e-mail address such as ten@example.com.")]
    address = clean(visitor.address)
    errors |= address_errors(address)
    if errors:
        raise InvalidInput(fields=errors)
    if people >= DELEGATION_FROM and not names:
        names = (visitor.full_name,)
    return replace(visitor, representatives=names, address=address)


def address_errors(address: str) -> dict[str, list[str]]:
    """What is wrong with a cleaned address, by field."""
    if len(address) <= ADDRESS_MAX:
        return {}
    return {"address": [_("At most %(most)s characters.") % {"most": ADDRESS_MAX}]}


def representatives_max(people: int) -> int:
    """How many representatives so many people may send (Article 29 of the Law on Citizen
    Reception)."""
    if people < DELEGATION_FROM:
        return 0
    return REPRESENTATIVES_SMALL if people <= SMALL_DELEGATION else REPRESENTATIVES_MAX


def _representatives(names: Sequence[str], people: int) -> dict[str, list[str]]:
    most = representatives_max(people)
    if names and not most:
        words = _("Representatives are named for %(n)s people and more; fewer come all together.")
        return {"representatives": [words % {"n": DELEGATION_FROM}]}
    if len(names) > most:
        words = _("At most %(most)s representatives (Article 29 of the Law on Citizen Reception).")
        return {"representatives": [words % {"most": most}]}
    if any(len(name) > NAME_MAX for name in names):
        return {"representatives": [_("From 1 to %(most)s characters.") % {"most": NAME_MAX}]}
    return {}


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= EMAIL_MAX


def online_wanted(session: ReceptionSession, is_online: bool | None, case: Case | None) -> bool:
    """Whether the visitor comes online. Raises InvalidInput ``is_online`` where that cannot be.

    An online reception is recorded in sound and picture (Article 24 of Decree 154/2026): nobody
    who denounces is to be recorded, so a linked denunciation is received at the place only. That
    is told to the citizen alone: for an officer ``case`` is None, since the refusal would say
    whose matter is a denunciation, and no link is ever shown (``meeting_link_for``).
    """
    online = session.mode == SessionMode.ONLINE if is_online is None else is_online
    if online and session.mode == SessionMode.PLACE:
        raise InvalidInput(fields={"is_online": [_("This session is held at its place only.")]})
    if not online and session.mode == SessionMode.ONLINE:
        raise InvalidInput(fields={"is_online": [_("This session is held online only.")]})
    if online and is_denunciation(case):
        words = _(
            "An online reception is recorded in sound and picture. For your protection this"
            " petition is received at the place only: choose the place, or another session."
        )
        raise InvalidInput(fields={"is_online": [words]})
    return online


def person_hmacs(visitor: Visitor) -> tuple[bytes, bytes]:
    """What tells the same visitor: HMACs of identity number and telephone."""
    return (
        token_hmac(PERSON_PURPOSE, visitor.identity_number),
        token_hmac(PHONE_PURPOSE, visitor.phone),
    )


def ticket_make(wish: Wish) -> Ticket:
    """Code, secret and sealed box of a registration to come."""
    code, secret = code_new(CODE_PREFIX), secret_from_salt(wish.salt or os.urandom(16))
    is_sealed = is_denunciation(wish.case)
    visitor = replace(wish.visitor, topic=wish.topic) if is_sealed else wish.visitor
    version, box = seal(asdict(visitor), context=seal_context(code))
    person, phone = person_hmacs(wish.visitor)
    fields = {
        "code": code,
        "secret_hmac": token_hmac(SECRET_PURPOSE, secret_clean(secret)),
        "topic": "" if is_sealed else wish.topic,
        "people": wish.people,
        "source": wish.source,
        "case": wish.case,
        "person_hmac": person,
        "phone_hmac": phone,
        "key_version": version,
        "box": box,
    }
    return Ticket(code, secret, fields)


def box_put(row: Registration, visitor: Visitor) -> None:
    """Seal a changed visitor into the row, beside what form 01/TCD added about the identity paper;
    the caller saves ``key_version`` and ``box``."""
    known = person_open(row) | asdict(visitor)
    row.key_version, row.box = seal(known, context=seal_context(row.code))


def address_put(row: Registration, address: str) -> bool:
    """Seal another address with the person; whether it is another one. The caller saves
    ``key_version`` and ``box``. Raises InvalidInput."""
    person, wanted = person_open(row), clean(address)
    if errors := address_errors(wanted):
        raise InvalidInput(fields=errors)
    if person.get("address", "") == wanted:
        return False
    known = person | {"address": wanted}
    row.key_version, row.box = seal(known, context=seal_context(row.code))
    return True


def visitor_of(person: dict[str, Any]) -> Visitor:
    """The visitor in an opened box; older boxes know name, number and telephone only."""
    return Visitor(
        full_name=person["full_name"],
        identity_number=person["identity_number"],
        phone=person["phone"],
        email=person.get("email", ""),
        representatives=tuple(person.get("representatives", ())),
        needs=tuple(person.get("needs", ())),
        language=person.get("language", ""),
        topic=person.get("topic"),
        address=person.get("address", ""),
    )
