"""Filters of the public calendar; the query string is the state."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import DateInput, PortalForm
from communes.models import Unit
from receptions.enums import DutyHolder, SessionKind, SessionMode
from receptions.forms import YEARS

NAME_MAX = 80
MORE = ("district", "duty_holder", "kind", "mode")


class CalendarForm(PortalForm):
    """A unit by typed name or from the list, a leader of it, a day; kinds and the rest."""

    q = forms.CharField(
        label=_("Ward, commune or body: name, with or without accents"),
        required=False,
        max_length=NAME_MAX,
    )
    unit = forms.ChoiceField(label=_("Or choose it"), required=False)
    leader = forms.ChoiceField(label=_("Leader"), required=False)
    date = forms.DateField(label=_("From the day"), required=False, widget=DateInput)
    district = forms.ChoiceField(label=_("Former district"), required=False)
    duty_holder = forms.ChoiceField(
        label=_("Post"), required=False, choices=[("", _("All posts")), *DutyHolder.choices]
    )
    kind = forms.ChoiceField(
        label=_("Kind of reception"), required=False, choices=[("", _("All")), *SessionKind.choices]
    )
    mode = forms.ChoiceField(
        label=_("How you can come"),
        required=False,
        choices=[
            ("", _("All")),
            (SessionMode.PLACE.value, _("to the reception place")),
            (SessionMode.ONLINE.value, _("online")),
        ],
    )

    def __init__(
        self, data: Any, units: Sequence[Unit], districts: Sequence[str], leaders: Sequence[str]
    ) -> None:
        super().__init__(data)
        names = [(unit.code, unit.full_name) for unit in units]
        self.choose("unit", [("", _("All units")), *names])
        self.choose("district", [("", _("All")), *((name, name) for name in districts)])
        self.choose("leader", [("", _("All leaders")), *((name, name) for name in leaders)])
        if not leaders:
            del self.fields["leader"]

    def clean_date(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["date"]
        if day is not None and not YEARS[0] <= day.year <= YEARS[1]:
            raise forms.ValidationError(_("Enter a date such as 2026-11-23."))
        return day
