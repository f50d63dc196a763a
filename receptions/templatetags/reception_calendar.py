"""The next receptions on pages of other apps, and the day that a session left."""

import datetime as dt
from typing import Any

from django import template
from django.db import InterfaceError, OperationalError

from communes.models import Unit
from receptions.models import ReceptionSession
from receptions.present import calendar_href, card
from receptions.present_calendar import feed_links
from receptions.selectors_calendar import former_days, sessions_upcoming

register = template.Library()
SHOWN_OF_UNIT = 3
SHOWN_OF_CITY = 4


@register.inclusion_tag("receptions/_next.html")
def next_receptions(unit: Unit | None = None) -> dict[str, Any]:
    """The next announced sessions of a unit, or of the whole city; one query.

    Nothing is shown while the database does not answer: the front door stands without it.
    """
    try:
        rows = sessions_upcoming(
            SHOWN_OF_UNIT if unit else SHOWN_OF_CITY, unit.code if unit else ""
        )
    except (InterfaceError, OperationalError):
        return {"is_known": False}
    return {
        "is_known": True,
        "unit": unit,
        "cards": [card(session) for session in rows],
        "all_href": calendar_href({"unit": unit.code} if unit else {}),
        "feed": feed_links(unit)[0] if unit else None,
    }


@register.simple_tag
def moved_from(session: ReceptionSession) -> dt.date | None:
    """The day that was announced last before the session was moved to another one, or None."""
    return former_days([session]).get(session.pk)
