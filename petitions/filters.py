"""Checked list filters, the same for page and API."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.time import date_read, local_moment, moment_read
from petitions.enums import Flag, Kind
from petitions.selectors import ORDERINGS
from petitions.workflow import Status

TEXT_MAX = 200
LIMITS = ("overdue", "due_before", "due_after")
_PASSIVE = {"ordering", "cursor", "page_size", "format"}


def filters_clean(query: Mapping[str, str]) -> dict[str, Any]:
    """Filters by name from a query string; raises InvalidInput naming every wrong one."""
    cleaned: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for name in query:
        if name in _PASSIVE:
            continue
        reader = _READERS.get(name)
        if reader is None:
            errors[name[:40]] = [_("This filter is not known.")]
            continue
        try:
            cleaned[name] = reader(query[name].strip()) if query[name].strip() else None
        except ValueError as error:
            errors[name] = [str(error)]
    if ordering_of(query) not in ORDERINGS:
        errors["ordering"] = [_("Choose one of: %(names)s.") % {"names": ", ".join(ORDERINGS)}]
    if errors:
        raise InvalidInput(fields=errors)
    return cleaned


def ordering_of(query: Mapping[str, str]) -> str:
    """The order asked for; without one what is due comes first where the list is about limits,
    else the newest."""
    asked = query.get("ordering")
    if asked is not None:
        return asked
    about_limits = any(query.get(name) not in (None, "", "false", "0") for name in LIMITS)
    return "due_on" if about_limits else "-submitted_at"


def _one_of(values: list[str]) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in values:
            raise ValueError(_("Choose one of the values of the list."))
        return value

    return read


def _text(value: str) -> str:
    if len(value) > TEXT_MAX or "\0" in value:
        raise ValueError(_("At most 200 characters."))
    return value


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


_READERS: dict[str, Callable[[str], Any]] = {
    "status": _one_of([status.value for status in Status]),
    "kind": _one_of(list(Kind.values)),
    "flag": _one_of(list(Flag.values)),
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
