"""Forms of reception days: what citizens and officers type, checked once for page and service."""

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from common.forms import DateInput, PortalForm, TextField
from common.time import DATE_MAX, DATE_MIN, local_moment
from receptions.posting import day_off_words
from receptions.services.sessions import REASON_MAX

Choices = list[tuple[str, Any]]
# The first law on reception days is of 2014; calendars do not page for ever.
YEARS = (2014, 2100)


class TimeInput(forms.TimeInput):
    """The browser's own time picker."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%H:%M")


def is_day_off(text: str) -> bool:
    """Whether a typed date is one, and a day off."""
    try:
        return bool(day_off_words(dt.date.fromisoformat(text)))
    except ValueError:
        return False


class TimesForm(PortalForm):
    """A day with begin and end, Hà Nội time."""

    day = forms.DateField(
        label=_("Day"),
        widget=DateInput,
        validators=[MinValueValidator(DATE_MIN), MaxValueValidator(DATE_MAX)],
    )
    starts = forms.TimeField(label=_("Begins at"), widget=TimeInput, initial=dt.time(8, 0))
    ends = forms.TimeField(label=_("Ends at"), widget=TimeInput, initial=dt.time(11, 30))

    def moments(self) -> tuple[dt.datetime, dt.datetime]:
        """Begin and end as UTC moments."""
        data = self.cleaned_data
        day, starts, ends = data["day"], data["starts"], data["ends"]
        return (
            local_moment(day, starts.hour, starts.minute),
            local_moment(day, ends.hour, ends.minute),
        )

    def service_field(self, name: str) -> str | None:
        """The field of this form that shows an error of the service's field."""
        shown = {"starts_at": "starts", "ends_at": "ends", "leader": "duty"}.get(name, name)
        return shown if shown in self.fields else None


class VersionForm(PortalForm):
    """A step that needs nothing but the version that was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        """Keyword arguments of the step's service."""
        return dict(self.cleaned_data)


class ReasonForm(VersionForm):
    """A step that may need a reason."""

    reason = TextField(label=_("Reason"), max_length=REASON_MAX, required=False, rows=2)


class CancelForm(ReasonForm):
    reason = TextField(label=_("Reason"), max_length=REASON_MAX, rows=2)


class PostponeForm(TimesForm):
    """The new time with its reason; what a late date or a day off asks for is shown when it is."""

    on_day_off = forms.BooleanField(label=_("This day off is meant"), required=False)
    reason = TextField(label=_("Reason"), max_length=REASON_MAX, rows=2)
    late_reason = TextField(
        label=_("Why the new date is published late"),
        help_text=_("Needed when it is less than 5 working days away; shown to the public."),
        max_length=REASON_MAX,
        required=False,
        rows=2,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("day", "on_day_off", "starts", "ends", "reason", "late_reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_day_off(self.data.get("day", "")):
            del self.fields["on_day_off"]

    def values(self) -> dict[str, Any]:
        """Keyword arguments of ``session_postpone``."""
        starts_at, ends_at = self.moments()
        names = ("reason", "late_reason", "version")
        return {name: self.cleaned_data[name] for name in names} | {
            "starts_at": starts_at,
            "ends_at": ends_at,
            "on_day_off": self.cleaned_data.get("on_day_off", False),
        }
