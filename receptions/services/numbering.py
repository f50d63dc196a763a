"""Numbers that the portal gives to papers for one visitor, gapless per unit, book and year.

A number that was typed belongs to the office's own book: its paper was made elsewhere.
"""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.time import local_date
from petitions.services.registers import register_number_take
from receptions.models import ReceptionSession
from receptions.paper_heads import sign_of


@dataclass(frozen=True)
class Book:
    """``mark``: the last letters of its numbers, so that no two books of a unit show the same."""

    name: str
    mark: str
    party: bool = False


REFUSALS = Book("reception_refusal", "TCD")
# Papers of the Party and of the State are numbered apart (Guidance 36-HD/VPTW, Decree 30/2020).
NOTICES = {True: Book("visit_notice_party", "KQ", party=True), False: Book("visit_notice", "KQ")}


def number_take(session: ReceptionSession, book: Book, sent_on: dt.date, at: dt.datetime) -> str:
    """The next number of the unit's book as printed (``05/TB-UBND-KQ``), in the caller's
    transaction; ``at``: UTC moment.

    Raises InvalidInput on ``sent_on`` (Hà Nội date): a paper that takes its number now did not go
    out before, and is dated that day.
    """
    if sent_on != local_date(at):
        message = _(
            "A paper that takes its number now goes out today. For one made elsewhere type its"
            " number."
        )
        raise InvalidInput(fields={"sent_on": [message]})
    number = register_number_take(session.unit_id, sent_on.year, book.name)
    return f"{number:02d}{sign_of(session.unit, party=book.party)}-{book.mark}"
