"""Forms of reception days: what citizens and officers type, checked once for page and service."""

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.forms import DateInput, HintedRadioSelect, PortalForm, TextField
from common.time import DATE_MAX, DATE_MIN, local_moment
from communes.models import Unit
from petitions import validators as v
from receptions.enums import DutyHolder, SessionKind, VisitOutcome
from receptions.services.registrations import PEOPLE_MAX, TOPIC_MAX, Visitor
from receptions.services.sessions import CAPACITY_MAX, CONTENT_MAX, PLACE_MAX, REASON_MAX
from receptions.services.visits import PERSON_MAX, TEXT_MAX

Choices = list[tuple[str, Any]]
# The first law on reception days is of 2014; calendars do not page for ever.
YEARS = (2014, 2100)


class TimeInput(forms.TimeInput):
    """The browser's own time picker."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%H:%M")


class CalendarForm(PortalForm):
    """Filters of the public calendar; the query string is the state."""

    unit = forms.ChoiceField(label=_("Ward, commune or body"), required=False)
    leader = forms.ChoiceField(label=_("Leader"), required=False)
    date = forms.DateField(label=_("From the day"), required=False, widget=DateInput)

    def __init__(self, data: Any, units: Choices, leaders: list[str]) -> None:
        super().__init__(data)
        self.fields["unit"].choices = [("", _("All units")), *units]  # type: ignore[attr-defined]
        if leaders:
            names = [(name, name) for name in leaders]
            self.fields["leader"].choices = [  # type: ignore[attr-defined]
                ("", _("All leaders")),
                *names,
            ]
        else:
            del self.fields["leader"]

    def clean_date(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["date"]
        if day is not None and not YEARS[0] <= day.year <= YEARS[1]:
            raise forms.ValidationError(_("Enter a date such as 2026-11-23."))
        return day


class RegistrationForm(PortalForm):
    """Who comes, about what, with how many people; a petition may be linked."""

    full_name = TextField(
        label=_("Full name"),
        max_length=v.NAME_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    identity_number = forms.CharField(
        label=_("Identity number"),
        help_text=_("The 12 digits of the citizen identity card. Bring the card with you."),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        help_text=_("We call this number when the session is moved or called off."),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    topic = TextField(
        label=_("What you want to speak about"),
        help_text=_("One or two sentences, so that the leader can prepare."),
        rows=4,
        max_length=TOPIC_MAX,
    )
    people = forms.IntegerField(
        label=_("How many people come"),
        help_text=_("For 5 people and more, send representatives: 1 or 2 for up to 10 people."),
        min_value=1,
        max_value=PEOPLE_MAX,
        initial=1,
    )
    petition_code = forms.CharField(
        label=_("Code of your petition"),
        help_text=_("If you have filed one about this, the leader sees it before you come."),
        required=False,
        max_length=40,
    )
    petition_secret = forms.CharField(
        label=_("Secret of your petition"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    waiting_list = forms.BooleanField(
        label=_("All places are taken: put me on the waiting list"), required=False
    )

    def __init__(self, data: Any = None, *, is_full: bool = False) -> None:
        super().__init__(data)
        if not is_full:
            del self.fields["waiting_list"]

    def clean_identity_number(self) -> str:
        return v.identity_number_clean(self.cleaned_data["identity_number"])

    def clean_phone(self) -> str:
        return v.phone_clean(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        code, secret = data.get("petition_code"), data.get("petition_secret")
        if bool(code) != bool(secret) and not self.errors:
            name = "petition_secret" if code else "petition_code"
            self.add_error(name, _("Both the code and the secret are needed, or neither."))
        return data

    def inputs(self) -> dict[str, Any]:
        """Keyword arguments of ``registration_create``."""
        data = self.cleaned_data
        code = data["petition_code"]
        return {
            "visitor": Visitor(data["full_name"], data["identity_number"], data["phone"]),
            "topic": data["topic"],
            "people": data["people"],
            "petition": (code, data["petition_secret"]) if code else None,
        }


class LookupForm(PortalForm):
    """Code and secret of a registration."""

    code = forms.CharField(label=_("Code of the registration"), max_length=40)
    secret = forms.CharField(
        label=_("Secret of the registration"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


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


class PlanForm(TimesForm):
    """A reception session as its planner fills it in."""

    duty = forms.ChoiceField(label=_("Who receives"))
    delegate = forms.ChoiceField(
        label=_("Stand-in"),
        help_text=_("A day held by somebody else is recorded but never counts for the minimum."),
        required=False,
    )
    kind = forms.ChoiceField(
        label=_("Kind of reception"),
        initial=SessionKind.PERIODIC,
        choices=[(k, k.label) for k in SessionKind if k != SessionKind.REGULAR]
        + [(SessionKind.REGULAR, SessionKind.REGULAR.label)],
    )
    place = TextField(label=_("Place"), max_length=PLACE_MAX)
    capacity = forms.IntegerField(
        label=_("Places"),
        help_text=_("A group takes one place."),
        min_value=1,
        max_value=CAPACITY_MAX,
        initial=10,
    )
    planned_content = TextField(
        label=_("Planned content"),
        help_text=_("Public, together with the place and the time (Article 24(2))."),
        rows=3,
        max_length=CONTENT_MAX,
    )
    field_order = ("duty", "delegate", "kind", "day", "starts", "ends", "place", "capacity")

    def __init__(
        self, data: Any, *, duties: list[tuple[User, str]], people: list[User], unit: Unit, by: str
    ) -> None:
        place = unit.address or _("Citizens' reception place of %(unit)s") % {
            "unit": unit.full_name
        }
        super().__init__(data, initial={"place": place[:PLACE_MAX]})
        self.duties = {f"{user.username}:{duty}": (user, duty) for user, duty in duties}
        self.initial["duty"] = next((k for k in self.duties if k.startswith(f"{by}:")), None)
        self.people = {user.username: user for user in people}
        choices = [
            (key, f"{user.full_name} – {DutyHolder(duty).label}")
            for key, (user, duty) in self.duties.items()
        ]
        self.fields["duty"].choices = choices  # type: ignore[attr-defined]
        names = [(key, user.full_name) for key, user in self.people.items()]
        self.fields["delegate"].choices = [  # type: ignore[attr-defined]
            ("", _("nobody, the leader receives in person")),
            *names,
        ]


class ReasonForm(PortalForm):
    """A step that may need a reason, on the version that was looked at."""

    reason = TextField(label=_("Reason"), max_length=REASON_MAX, required=False, rows=2)
    version = forms.IntegerField(widget=forms.HiddenInput)


class CancelForm(ReasonForm):
    reason = TextField(label=_("Reason"), max_length=REASON_MAX, rows=2)


class PostponeForm(TimesForm):
    reason = TextField(label=_("Reason"), max_length=REASON_MAX, rows=2)
    version = forms.IntegerField(widget=forms.HiddenInput)


class RecordForm(PortalForm):
    """What came of one visit."""

    RECEIVED, ABSENT = "received", "absent"

    attendance = forms.ChoiceField(
        label=_("Attendance"),
        widget=HintedRadioSelect,
        choices=[(RECEIVED, _("came and was received")), (ABSENT, _("did not come"))],
        initial=RECEIVED,
    )
    said = TextField(label=_("What was said"), rows=5, max_length=TEXT_MAX)
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[("", _("Choose…")), *VisitOutcome.choices]
    )
    conclusion = TextField(
        label=_("Answer or conclusion"),
        help_text=_("For a conclusion: what is to be done (Article 25 of Decree 154/2026)."),
        rows=4,
        max_length=TEXT_MAX,
        required=False,
    )
    responsible_unit = forms.ChoiceField(label=_("Unit that does it"), required=False)
    responsible_person = TextField(label=_("Contact person"), max_length=PERSON_MAX, required=False)
    due_on = forms.DateField(label=_("Until"), required=False, widget=DateInput)

    def __init__(self, data: Any, *, units: Choices, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.fields["responsible_unit"].choices = [  # type: ignore[attr-defined]
            ("", _("nobody")),
            *units,
        ]
        if self.data.get("attendance") == self.ABSENT:
            self.fields["said"].required = self.fields["outcome"].required = False
