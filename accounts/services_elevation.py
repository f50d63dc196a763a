"""Elevated rights of administrators: with a ground, for minutes, told to others."""

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.enums import ElevationGround
from accounts.models import AccountEvent, Elevation, User
from accounts.roles import Permission
from accounts.selectors_watchers import watchers
from accounts.tell import News, tell
from common.errors import Conflict, InvalidInput, NotVisible
from common.history import NewEvent
from common.time import now

MINUTES = (15, 30, 60)


@transaction.atomic
def elevation_begin(
    *, access: Access, ground: str, text: str, minutes: int, at: dt.datetime | None = None
) -> Elevation:
    """Take the rights of ``roles.ELEVATED`` for some minutes.

    Raises NotVisible (not an administrator), InvalidInput on ``ground``, ``text`` or ``minutes``,
    Conflict (elevated already).
    """
    moment = at or now()
    if not access.has(Permission.ELEVATE):
        raise NotVisible
    _check(ground, text, minutes)
    person = access.actor_id
    User.objects.select_for_update(no_key=True).get(pk=person)
    mine = Elevation.objects.filter(user_id=person, ended_at=None)
    mine.filter(ends_at__lte=moment).update(ended_at=F("ends_at"))
    if mine.exists():
        raise Conflict(_("Your rights are elevated already."))
    row = Elevation.objects.create(
        user_id=person,
        ground=ground,
        text=text.strip(),
        begun_at=moment,
        ends_at=moment + dt.timedelta(minutes=minutes),
    )
    data = {"elevation": str(row.public_id), "ground": ground, "text": row.text, "minutes": minutes}
    AccountEvent.append(NewEvent(person, "accounts.elevation.begun", data, person, moment))
    _tell(row, minutes, moment)
    return row


@transaction.atomic
def elevation_end(*, access: Access, at: dt.datetime | None = None) -> bool:
    """Give the rights back before their time; returns whether there were any."""
    moment = at or now()
    person = access.actor_id
    User.objects.select_for_update(no_key=True).get(pk=person)
    ended = Elevation.objects.running(moment).filter(user_id=person).update(ended_at=moment)
    if ended:
        AccountEvent.append(NewEvent(person, "accounts.elevation.ended", {}, person, moment))
    return bool(ended)


def _check(ground: str, text: str, minutes: int) -> None:
    if ground not in ElevationGround.values:
        raise InvalidInput(fields={"ground": [_("Choose one.")]})
    if len(text.strip()) < 10:
        raise InvalidInput(fields={"text": [_("Say in a sentence what it is needed for.")]})
    if minutes not in MINUTES:
        raise InvalidInput(fields={"minutes": [_("Choose one.")]})


def _tell(row: Elevation, minutes: int, at: dt.datetime) -> None:
    """The other administrators and the bodies that watch over them learn of it at once."""
    params = {
        "id": str(row.public_id),
        "ground": row.ground,
        "minutes": minutes,
        "at": at.isoformat(),
        "href": reverse("powers:elevations"),
    }
    key = f"elevation:{row.public_id}"
    tell(News(key, "elevation_begun", people=sorted(watchers(row.user_id)), params=params))
