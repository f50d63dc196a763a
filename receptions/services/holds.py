"""A place is kept while somebody fills in the form.

No history: like a draft, a hold says nothing of anybody and ends within half an hour.
"""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from common.codes import token_hmac
from common.errors import Conflict
from common.time import now
from receptions.models import SHOWN_PUBLICLY, PlaceHold
from receptions.selectors_places import HOLD_PURPOSE
from receptions.services.places import place_free, session_settled

HOLD_FOR = dt.timedelta(minutes=15)
# Of one browser, over all sessions.
HOLDS_MAX = 3


def hold_place(
    *, session_id: uuid.UUID, key: str, at: dt.datetime | None = None, quiet: bool = False
) -> PlaceHold | None:
    """Keep a place for a browser for 15 minutes; a second time gives the same hold.

    ``key``: random, kept by the browser's session; only its HMAC is stored. None when no place
    can be kept: all are taken, half of them are held already (opening the form in a loop must not
    empty a session: whoever sends the form first has the others), or this browser holds three.
    Raises NotVisible, Conflict ``closed``.
    """
    moment, digest = at or now(), token_hmac(HOLD_PURPOSE, key)
    with transaction.atomic():
        session = session_settled(session_id, at=moment, quiet=quiet, status__in=SHOWN_PUBLICLY)
        if not session.is_open(moment):
            raise Conflict(_("Registration for this session is closed."), code="closed")
        hold = session.holds.filter(key_hmac=digest).first()
        if hold is not None:
            return hold
        if session.places_taken >= session.capacity:
            return None
        if session.holds.count() >= max(1, session.capacity // 2):
            return None
        if PlaceHold.objects.filter(key_hmac=digest, until__gt=moment).count() >= HOLDS_MAX:
            return None
        session.places_taken += 1
        session.save(update_fields=["places_taken"])
        return PlaceHold.objects.create(session=session, key_hmac=digest, until=moment + HOLD_FOR)


def hold_renew(
    *, session_id: uuid.UUID, key: str, at: dt.datetime | None = None, quiet: bool = False
) -> PlaceHold | None:
    """Keep the place for 15 minutes from now, once; None when it was renewed before or has
    ended."""
    moment = at or now()
    with transaction.atomic():
        session = session_settled(session_id, at=moment, quiet=quiet, status__in=SHOWN_PUBLICLY)
        hold = session.holds.filter(key_hmac=token_hmac(HOLD_PURPOSE, key)).first()
        if hold is None or hold.is_renewed:
            return None
        hold.until, hold.is_renewed = moment + HOLD_FOR, True
        hold.save(update_fields=["until", "is_renewed"])
        return hold


def hold_leave(
    *, session_id: uuid.UUID, key: str, at: dt.datetime | None = None, quiet: bool = False
) -> bool:
    """Give the held place back at once: it was nobody's registration. Whether there was one."""
    moment = at or now()
    with transaction.atomic():
        session = session_settled(session_id, at=moment, quiet=quiet, status__in=SHOWN_PUBLICLY)
        gone = session.holds.filter(key_hmac=token_hmac(HOLD_PURPOSE, key)).delete()[0]
        place_free(session, at=moment, count=gone, at_once=True, quiet=quiet)
    return bool(gone)
