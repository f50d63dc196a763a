"""Filters of register 03/TCD; the query string is the state."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.forms import DateInput, PortalForm
from common.time import DATE_MAX, DATE_MIN, month_after, today
from communes.models import Unit
from petitions.enums import Kind
from receptions.enums import VisitOutcome
from receptions.selectors_register import REFUSED, Asked

DAY, MONTH, QUARTER, YEAR, RANGE = "day", "month", "quarter", "year", "range"
PERIODS = [
    (DAY, _("one day")),
    (MONTH, _("one month")),
    (QUARTER, _("one quarter")),
    (YEAR, _("one year")),
    (RANGE, _("from a day to a day")),
]
ONE = dt.timedelta(days=1)
KNOWN = [MinValueValidator(DATE_MIN), MaxValueValidator(DATE_MAX)]


def period_of(period: str, day: dt.date) -> tuple[dt.date, dt.date]:
    """First and last Hà Nội date of the calendar period that ``day`` lies in."""
    if period == DAY:
        return day, day
    if period == MONTH:
        first = day.replace(day=1)
        return first, month_after(first) - ONE
    if period == YEAR:
        return day.replace(month=1, day=1), day.replace(month=12, day=31)
    first = day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)
    return first, month_after(first, 3) - ONE


class PeriodForm(PortalForm):
    """A unit and a period: filters of every register."""

    unit = forms.ChoiceField(label=_("Unit"), required=False)
    period = forms.ChoiceField(label=_("Period"), choices=PERIODS, required=False)
    day = forms.DateField(
        label=_("In which lies the day"), widget=DateInput, required=False, validators=KNOWN
    )
    since = forms.DateField(
        label=_("From the day"), widget=DateInput, required=False, validators=KNOWN
    )
    until = forms.DateField(
        label=_("To the day"), widget=DateInput, required=False, validators=KNOWN
    )

    def __init__(self, data: QueryDict, *, units: Sequence[Unit]) -> None:
        # What is not chosen shows what holds without it.
        super().__init__({**data.dict(), "period": data.get("period") or MONTH})
        self.choose("unit", [(unit.code, unit.full_name) for unit in units])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("period") == RANGE and not self.errors:
            self._check_range(data)
        return data

    def _check_range(self, data: dict[str, Any]) -> None:
        since, until = data.get("since"), data.get("until")
        if since is None or until is None:
            self.add_error("until" if since else "since", gettext("Enter both days."))
        elif until < since:
            self.add_error("until", gettext("The last day lies before the first."))

    def span(self) -> tuple[dt.date, dt.date]:
        """First and last Hà Nội date that a valid form asks for; this month without anything
        typed."""
        data = self.cleaned_data
        if data["period"] == RANGE:
            return data["since"], data["until"]
        return period_of(data["period"], data["day"] or today())


class RegisterForm(PeriodForm):
    """Unit, period, kind, leader, outcome."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All kinds")), *Kind.choices], required=False
    )
    leader = forms.ChoiceField(label=_("Leader"), required=False)
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[("", _("All")), *VisitOutcome.choices, (REFUSED, _("not received"))],
        required=False,
    )

    def __init__(self, data: Any, *, units: Sequence[Unit], leaders: Sequence[User]) -> None:
        super().__init__(data, units=units)
        names = [(user.username, user.full_name) for user in leaders]
        self.choose("leader", [("", gettext("All leaders")), *names])

    def asked(self, unit: Unit) -> Asked:
        """What a valid form asks for; without anything typed this month."""
        data = self.cleaned_data
        return Asked(unit, *self.span(), data["kind"], data["leader"], data["outcome"])
