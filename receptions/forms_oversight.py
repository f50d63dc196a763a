"""What the City types when it urges a unit."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from common.forms import PortalForm, TextField
from receptions.enums import DutyHolder
from receptions.present import month_of
from receptions.services.urging import TEXT_MAX


class UrgeForm(PortalForm):
    """What a unit is urged about: a duty and a month."""

    what = forms.CharField(label=_("Post and month"), widget=forms.Select, max_length=60)
    text = TextField(
        label=_("Words to the unit"),
        required=False,
        rows=3,
        max_length=TEXT_MAX,
        help_text=_("Shown on the page of the unit; no names of visitors."),
    )

    def __init__(self, *args: Any, whats: Sequence[tuple[str, dt.date]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.whats_set(whats)

    def whats_set(self, whats: Sequence[tuple[str, dt.date]]) -> None:
        """Offer these duties and months."""
        widget = self.fields["what"].widget
        widget.choices = [
            (f"{duty}|{month:%Y-%m}", f"{capfirst(str(DutyHolder(duty).label))}, {month:%m/%Y}")
            for duty, month in whats
        ]

    def clean_what(self) -> tuple[str, dt.date]:
        """The duty and the first day of the month."""
        duty, _bar, typed = self.cleaned_data["what"].partition("|")
        month = month_of(typed)
        if duty not in DutyHolder.values or month is None:
            raise forms.ValidationError(_("Choose one of the values of the list."))
        return duty, month
