"""How reception days recur, as forms."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.forms import DateInput
from common.time import today
from communes.models import Unit
from receptions.forms import TimeInput, VersionForm
from receptions.forms_plan import DATE, PlaceFields
from receptions.models import SessionPattern
from receptions.posts import post_label
from receptions.services.patterns import DAYS_MAX, PATTERN_KINDS, PatternPlan


class PatternForm(PlaceFields):
    """How reception days recur."""

    duty_holder = forms.ChoiceField(label=gettext_lazy("Who receives"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of reception"),
        choices=[(kind, kind.label) for kind in PATTERN_KINDS],
    )
    days = forms.CharField(
        label=gettext_lazy("Days of the month"),
        help_text=gettext_lazy(
            "Such as 10, 25. A month without such a day takes its last day; a day off moves to the"
            " next working day."
        ),
        required=False,
        max_length=60,
    )
    weekday = forms.TypedChoiceField(
        label=gettext_lazy("Or a weekday"),
        help_text=gettext_lazy("Of every week."),
        required=False,
        coerce=int,
        empty_value=None,
    )
    starts = forms.TimeField(label=gettext_lazy("Begins at"), widget=TimeInput, initial=dt.time(8))
    ends = forms.TimeField(label=gettext_lazy("Ends at"), widget=TimeInput, initial=dt.time(11, 30))
    valid_from = forms.DateField(
        label=gettext_lazy("From the day"), widget=DateInput, validators=DATE
    )
    valid_to = forms.DateField(
        label=gettext_lazy("To the day"),
        help_text=gettext_lazy("Empty: until it is ended."),
        widget=DateInput,
        validators=DATE,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = (
        "duty_holder", "kind", "days", "weekday", "starts", "ends", "valid_from", "valid_to",
    )  # fmt: skip

    def __init__(
        self,
        data: Any,
        *,
        duties: Sequence[str],
        unit: Unit,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.choose("duty_holder", [(duty, post_label(unit, duty)) for duty in duties])
        names = [(str(number), name) for number, name in WEEKDAYS.items()]
        self.choose("weekday", [("", _("no weekday")), *names])

    def clean_days(self) -> list[int]:
        """Numbers with commas, semicolons or spaces between."""
        words = self.cleaned_data["days"].replace(",", " ").replace(";", " ").split()
        if any(not (word.isascii() and word.isdigit()) for word in words) or len(words) > DAYS_MAX:
            message = _("Give days of the month from 1 to 31, such as 10, 25.")
            raise forms.ValidationError(message)
        return [int(word) for word in words]

    def plan(self) -> PatternPlan:
        """The pattern that was typed."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return PatternPlan(**data)


def pattern_initial(pattern: SessionPattern) -> dict[str, Any]:
    """A pattern as its form shows it."""
    names = [name for name in PatternForm.base_fields if name != "days"]
    values = {name: getattr(pattern, name) for name in names}
    weekday = "" if pattern.weekday is None else str(pattern.weekday)
    return values | {"days": ", ".join(map(str, pattern.days)), "weekday": weekday}


class PatternEndForm(VersionForm):
    """The last day that a pattern may name."""

    last_on = forms.DateField(
        label=gettext_lazy("Last day of the pattern"), widget=DateInput, validators=DATE
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any]) -> None:
        super().__init__(data, initial={"last_on": today()} | initial, auto_id="end_%s")

    def service_field(self, name: str) -> str | None:
        return "last_on" if name == "valid_to" else None
