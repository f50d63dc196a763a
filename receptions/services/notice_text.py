"""What a conclusion notice says, and what is wrong with it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.text import clean
from common.time import local_date
from communes.models import Unit
from deadlines.calendars import calendar_current
from deadlines.errors import CalendarMissing
from receptions.models import ConclusionTask

ROWS_MAX = 30
WHAT_MAX = 10_000
PERSON_MAX = 120
TEXT_MAX = 4000


@dataclass(frozen=True)
class Row:
    """What is to be done, by which unit (and person or post there), until which Hà Nội date.
    ``is_internal``: not shown to the citizen."""

    what: str
    unit: Unit | None
    due_on: dt.date | None
    person: str = ""
    is_internal: bool = False


@dataclass(frozen=True)
class NoticeText:
    """A notice as drafted. ``recipients``: one a line, besides the units that get a row."""

    rows: Sequence[Row]
    opening: str = ""
    recipients: str = ""


def text_check(text: NoticeText, at: dt.datetime) -> None:
    errors: dict[str, list[str]] = {}
    if not 1 <= len(text.rows) <= ROWS_MAX:
        errors["rows"] = [_("From 1 to %(most)s rows.") % {"most": ROWS_MAX}]
    for name, value in (("opening", text.opening), ("recipients", text.recipients)):
        if len(value) > TEXT_MAX:
            errors[name] = [_("At most %(most)s characters.") % {"most": TEXT_MAX}]
    on = local_date(at)
    for place, row in enumerate(text.rows):
        errors |= {f"row{place}_{name}": told for name, told in _row_errors(row, on).items()}
    if errors:
        raise InvalidInput(fields=errors)


def _row_errors(row: Row, on: dt.date) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if not 1 <= len(clean(row.what)) <= WHAT_MAX:
        errors["what"] = [_("From 1 to %(most)s characters.") % {"most": WHAT_MAX}]
    if row.unit is None:
        errors["unit"] = [_("Choose the unit that does it.")]
    if len(row.person) > PERSON_MAX:
        errors["person"] = [_("At most %(most)s characters.") % {"most": PERSON_MAX}]
    if row.due_on is None:
        errors["due_on"] = [_("Until when?")]
    elif row.due_on < on:
        errors["due_on"] = [_("The date has passed already.")]
    elif row.due_on >= calendar_current().last:
        errors["due_on"] = [str(CalendarMissing.message)]
    return errors


def dates_check(tasks: Sequence[ConclusionTask], on: dt.date) -> None:
    """A draft may have waited until a date of its rows passed."""
    passed = [str(task.position) for task in tasks if task.due_on < on]
    if passed or not tasks:
        message = _("The date of row %(rows)s has passed already.") % {"rows": ", ".join(passed)}
        raise InvalidInput(fields={"rows": [message if passed else _("There is no row yet.")]})
