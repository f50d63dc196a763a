"""Checks of what units type, the same for page and API."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.text import clean, is_storable
from common.time import today
from deadlines.errors import CalendarMissing
from directives.enums import Indicator

REPORT_MAX = 4000
REASON_MAX = 500
EXTENSION_MAX = 1000
APPROVED_MAX = 160
MATERIAL_MAX = 300
FILES_MAX = 10
PEOPLE_MAX = 100_000
VALUE_MAX = 40
PLAN_NUMBER_MAX = 60
PLAN_TITLE_MAX = 300
FILE_TITLE_MAX = 200
GROUP_TITLE_MAX = 200
TASK_TITLE_MAX = 240
REPORT_DAYS_MAX = 90
# Texts of a document's record and of a task, with their most characters.
RECORD_TEXTS = {
    "number": 40,
    "issuer": 160,
    "signer": 160,
    "subject": 300,
    "summary": 4000,
    "source": 240,
    "text_note": 1000,
}
RECORD_NEEDED = frozenset({"number", "issuer", "subject"})
_COUNT = re.compile(r"[0-9]{1,9}", re.ASCII)


def text_checked(name: str, text: str, maximum: int) -> str:
    """Cleaned text of 1 to ``maximum`` characters that can be stored. Raises InvalidInput under
    ``name``."""
    words = clean(text)
    if not words:
        raise InvalidInput(fields={name: [_("Please fill this in.")]})
    if len(words) > maximum or not is_storable(words):
        message = _("At most %(n)d characters.") % {"n": maximum}
        raise InvalidInput(fields={name: [message]})
    return words


def text_optional(name: str, text: str, maximum: int) -> str:
    """Cleaned text of at most ``maximum`` characters, or "". Raises InvalidInput under ``name``."""
    return text_checked(name, text, maximum) if clean(text) else ""


def due_checked(name: str, day: dt.date, on: dt.date, last: dt.date) -> dt.date:
    """A due date (local) not before ``on`` and before ``last``, the end of the known calendar.
    Raises InvalidInput under ``name``."""
    if day < on:
        raise InvalidInput(fields={name: [_("The date has passed.")]})
    if day >= last:
        raise InvalidInput(fields={name: [str(CalendarMissing.message)]})
    return day


def past_checked(name: str, day: dt.date) -> dt.date:
    """A local date up to today. Raises InvalidInput under ``name``."""
    if day > today():
        raise InvalidInput(fields={name: [_("The date is in the future.")]})
    return day


def people_checked(name: str, people: int) -> int:
    """A number of people. Raises InvalidInput under ``name``."""
    if not 1 <= people <= PEOPLE_MAX:
        message = _("From 1 to %(most)s people.") % {"most": PEOPLE_MAX}
        raise InvalidInput(fields={name: [message]})
    return people


def value_checked(indicator: str, value: str, name: str = "value") -> str:
    """The figure of a report, or the target of a task, in its stored form, or "". Raises
    InvalidInput under ``name``."""
    typed = clean(value)
    if not typed:
        return ""
    try:
        return _READERS[Indicator(indicator)](typed)
    except (ValueError, InvalidOperation):
        raise InvalidInput(fields={name: [value_hint(indicator)]}) from None


def value_hint(indicator: str) -> str:
    """What an indicator expects, in words."""
    return {
        Indicator.COUNT: _("A whole number, for example 3."),
        Indicator.PERCENTAGE: _("A percentage from 0 to 100, for example 92,5."),
        Indicator.YES_NO: _("Yes or no."),
        Indicator.DATE: _("A date such as 2026-11-23."),
    }[Indicator(indicator)]


def _count(value: str) -> str:
    if not _COUNT.fullmatch(value):
        raise ValueError
    return str(int(value))


def _percentage(value: str) -> str:
    number = Decimal(value.removesuffix("%").strip().replace(",", "."))
    if not number.is_finite() or not 0 <= number <= 100:
        raise ValueError
    return f"{number.quantize(Decimal('0.01')).normalize():f}"


def _yes_no(value: str) -> str:
    word = value.lower()
    if word in ("yes", "true", "1", "có"):
        return "yes"
    if word in ("no", "false", "0", "không"):
        return "no"
    raise ValueError


def _date(value: str) -> str:
    return dt.date.fromisoformat(value).isoformat()


_READERS: dict[Indicator, Callable[[str], str]] = {
    Indicator.COUNT: _count,
    Indicator.PERCENTAGE: _percentage,
    Indicator.YES_NO: _yes_no,
    Indicator.DATE: _date,
}
