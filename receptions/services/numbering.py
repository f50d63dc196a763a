"""Numbers that the portal gives to papers for one visitor, gapless per unit, book and year.

A number that was typed belongs to the office's own book: its paper was made elsewhere.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.models import User
from common.db import advisory_wait
from common.errors import Conflict, DomainError, InvalidInput
from common.text import clean
from common.time import local_date, now
from communes.models import Unit
from papers.models import IssuedFile
from papers.selectors_proofs import file_of
from papers.services.proving import file_issue, file_void
from papers.subjects import covered
from petitions.services.registers import register_number_take
from receptions.models import ReceptionSession
from receptions.paper_heads import sign_of

NUMBER_MAX = 60
REASON_MAX = 500


@dataclass(frozen=True)
class Book:
    """``mark``: the last letters of its numbers, so that no two books of a unit show the same."""

    name: str
    mark: str
    party: bool = False


REFUSALS = Book("reception_refusal", "TCD")
# Papers of the Party and of the State are numbered apart (Guidance 36-HD/VPTW, Decree 30/2020).
NOTICES = {True: Book("visit_notice_party", "KQ", party=True), False: Book("visit_notice", "KQ")}


def book_held(unit_id: int, book: str, at: dt.datetime | None) -> dt.datetime:
    """The UTC moment of an issue, now unless given: taken when nobody else takes a number of this
    book until the transaction ends, so that moments grow with numbers."""
    advisory_wait(f"reception-book:{unit_id}:{book}")
    return at or now()


def number_take(session: ReceptionSession, book: Book, at: dt.datetime) -> str:
    """The next number of the unit's held book as printed (``05/TB-UBND-KQ``), of the Hà Nội year of
    ``at``, in the caller's transaction."""
    number = register_number_take(session.unit_id, local_date(at).year, book.name)
    return f"{number:02d}{_tail(session.unit, book)}"


def paper_issue(
    session: ReceptionSession,
    subject: str,
    number: str,
    access: Access,
    at: dt.datetime,
    render: Any,
    *,
    is_party: bool = False,
) -> dict[str, str]:
    """Make and keep the file of a paper that was given its number, inside ``proved``; returns what
    the history keeps of it. Raises SigningFailed."""
    file = file_issue(
        subject=subject,
        unit=session.unit,
        number=number,
        by=User.objects.get(pk=access.actor_id),
        at=at,
        render=render,
        is_party=is_party,
    )
    return {"paper": number, "sha256": bytes(file.sha256).hex()}


def sent_check(
    file: IssuedFile | None,
    session: ReceptionSession,
    typed: str,
    sent_on: dt.date,
    at: dt.datetime,
) -> str:
    """The number under which a paper is handed over: that of the issued ``file``, else the one that
    was typed of a paper made elsewhere.

    Raises InvalidInput on ``number`` (none, a second one, or one of the portal's own books) or on
    ``sent_on``: a Hà Nội date before the session, before the issue, or in the future.
    """
    first = local_date(file.issued_at if file else session.starts_at)
    if not first <= sent_on <= local_date(at):
        message = _("A date from %(first)s to today.") % {"first": f"{first:%d/%m/%Y}"}
        raise InvalidInput(fields={"sent_on": [message]})
    number = clean(typed)
    wrong = _number_wrong(file, session, number)
    if wrong:
        raise InvalidInput(fields={"number": [wrong]})
    return file.shown_number if file else number


def _number_wrong(file: IssuedFile | None, session: ReceptionSession, number: str) -> str:
    if file is not None:
        same = number in ("", file.shown_number)
        return (
            ""
            if same
            else _("The paper is issued under number %(number)s.") % {"number": file.shown_number}
        )
    if not number:
        return _("The paper is not issued yet. Of one made elsewhere type the number.")
    if len(number) > NUMBER_MAX:
        return _("At most %(most)s characters.") % {"most": NUMBER_MAX}
    typed = "".join(number.split()).casefold()
    if any(typed.endswith(_tail(session.unit, book).casefold()) for book in _BOOKS):
        return _("Numbers of this form are given by the portal alone: issue the paper here.")
    return ""


def paper_void(subject: str, reason: str, sent_on: dt.date | None) -> dict[str, Any]:
    """Declare the paper of a subject void; its number stays, with the reason. Returns what the
    history keeps: the number, and the Hà Nội date of a hand-over recorded before.

    Raises InvalidInput on ``reason``, Conflict when none is in force.
    """
    file, text = file_of(subject), clean(reason)
    if file is None:
        raise Conflict(_("Only an issued paper that is in force is declared void."))
    if not 1 <= len(text) <= REASON_MAX:
        message = _("From 1 to %(most)s characters.") % {"most": REASON_MAX}
        raise InvalidInput(fields={"reason": [message]})
    for of in (subject, covered(subject)):
        file_void(of, text)
    return {"paper": file.shown_number, "on": sent_on.isoformat() if sent_on else None}


def not_issued_require(subject: str) -> None:
    """Raise DomainError ``issued`` while a paper of the subject is in force."""
    file = file_of(subject)
    if file is not None:
        message = _("Paper %(number)s is issued: declare it void first.")
        raise DomainError(message % {"number": file.shown_number}, code="issued")


_BOOKS = (REFUSALS, *NOTICES.values())


def _tail(unit: Unit, book: Book) -> str:
    return f"{sign_of(unit, party=book.party)}-{book.mark}"
