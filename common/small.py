"""Numbers of the whole portal that a reader sees who must not learn of a single matter."""

import datetime as dt

from django.utils.translation import gettext as _


def tens(number: int) -> str:
    """``<10``, ``10+``, ``20+``: one more or less is not seen, a backlog is.

    Nought is not told from nine: the first of its kind would betray itself.
    """
    return "<10" if number < 10 else f"{number // 10 * 10}+"


def age_step(span: dt.timedelta | None) -> str:
    """How long something waits, in a few steps; nothing is not told from what waits a little."""
    hours = span.total_seconds() / 3600 if span else 0
    if hours < 1:
        return _("less than an hour")
    if hours < 6:
        return _("more than an hour")
    if hours < 24:
        return _("more than six hours")
    return _("more than a day") if hours < 72 else _("more than three days")
