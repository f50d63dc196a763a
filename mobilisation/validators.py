"""Checks of what is typed in the registers, the same for page and API."""

import datetime as dt
from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from directives.validators import text_checked, text_optional
from mobilisation.enums import OpinionPeriod

TITLE_MAX = 300
NUMBER_MAX = 60
OTHERS_MAX = 300
WORDS_MAX = 8000
REASON_MAX = 500
PLACE_MAX = 200
APPROVED_MAX = 160
SUBJECT_MAX = 200
# Calendar days that an ad hoc report may speak of.
AD_HOC_DAYS_MAX = 366


class Errors(dict[str, list[str]]):
    """What is wrong, field by field, gathered before anything is refused."""

    def text(self, name: str, given: str, most: int, *, needed: bool = False) -> str:
        """The cleaned text, or "" with the error noted."""
        check = text_checked if needed else text_optional
        try:
            return check(name, given, most)
        except InvalidInput as error:
            self[name] = [str(text) for text in error.fields[name]]
            return ""

    def choice(self, name: str, given: str, allowed: Collection[str]) -> None:
        if given not in allowed:
            self[name] = [_("Choose one of the values of the list.")]

    def refuse(self) -> None:
        """Raises InvalidInput with everything that was found."""
        if self:
            raise InvalidInput(fields=self)


def codes_checked(
    errors: Errors, name: str, given: Sequence[str], known: Mapping[str, Any]
) -> list[str]:
    """Codes of a declared list, each once, in the order of the list."""
    wanted = set(given)
    if wanted - set(known):
        errors[name] = [_("Choose values of the list.")]
    return [code for code in known if code in wanted]


def period_days(period: str, day: dt.date, until: dt.date | None) -> tuple[dt.date, dt.date]:
    """First and last local day of the week, month or quarter that ``day`` lies in; of an ad hoc
    report as given."""
    if period == OpinionPeriod.WEEK:
        first = day - dt.timedelta(days=day.weekday())
        return first, first + dt.timedelta(days=6)
    if period == OpinionPeriod.MONTH:
        return day.replace(day=1), _month_end(day.year, day.month)
    if period == OpinionPeriod.QUARTER:
        month = 3 * ((day.month - 1) // 3) + 1
        return dt.date(day.year, month, 1), _month_end(day.year, month + 2)
    return day, until or day


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, monthrange(year, month)[1])
