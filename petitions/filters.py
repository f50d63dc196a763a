"""Checked list filters, the same for page and API."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from common.filters import Reader, filters_read, one_of, words
from common.time import date_read, local_moment, moment_read
from petitions.enums import Flag, Kind
from petitions.selectors import ORDERINGS
from petitions.workflow import Status

TEXT_MAX = 200
LIMITS = ("overdue", "due_before", "due_after")
_text = words(TEXT_MAX)


def filters_clean(query: Mapping[str, str]) -> dict[str, Any]:
    """Filters by name from a query string; raises InvalidInput naming every wrong one."""
    cleaned = filters_read(query, _READERS)
    cleaned.pop("ordering", None)
    return cleaned


def ordering_of(query: Mapping[str, str]) -> str:
    """The order asked for; without one what is due comes first where the list is about limits,
    else the newest."""
    asked = query.get("ordering")
    if asked is not None:
        return asked
    about_limits = any(query.get(name) not in (None, "", "false", "0") for name in LIMITS)
    return "due_on" if about_limits else "-submitted_at"


def _ordering(value: str) -> str:
    if value not in ORDERINGS:
        raise ValueError(_("Choose one of: %(names)s.") % {"names": ", ".join(ORDERINGS)})
    return value


def _asked(read: Reader) -> Reader:
    """Nothing but spaces asks for nothing."""
    return lambda value: read(value.strip()) if value.strip() else None


def _moment(value: str) -> dt.datetime:
    """A moment with offset, or the start of a Hà Nội date."""
    if len(value) == len("2026-11-23"):
        return local_moment(date_read(value))
    return moment_read(value)


def _flag(value: str) -> bool:
    if value not in ("true", "false", "1", "0"):
        raise ValueError(_("Yes or no is expected here."))
    return value in ("true", "1")


def _level(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) <= 2):
        raise ValueError(_("A whole number is expected here."))
    return int(value)


_FILTERS: dict[str, Reader] = {
    "status": one_of([status.value for status in Status]),
    "kind": one_of(list(Kind.values)),
    "flag": one_of(list(Flag.values)),
    "field": _text,
    "unit": _text,
    "assignee": _text,
    "q": _text,
    "due_before": date_read,
    "due_after": date_read,
    "received_after": _moment,
    "received_before": _moment,
    "overdue": _flag,
    "escalated": _flag,
    "open": _flag,
    "forwarded": _flag,
    "unassigned": _flag,
    "approval": _flag,
    "citizen_wrote": _flag,
    "escalation_level": _level,
}
_READERS = {name: _asked(read) for name, read in _FILTERS.items()} | {"ordering": _ordering}
