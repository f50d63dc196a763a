"""What is typed about signals and rules. The services check again."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.forms import DateInput, PortalForm, TextField, choices_of
from early_warning.enums import SignalState, WarningKind
from early_warning.models import WarningRule
from early_warning.rules import COMPARED, WINDOWED, Measure
from early_warning.services.rules import FLOORS, REASON_MAX, Thresholds
from early_warning.services.signals import NOTE_MAX


class VersionedForm(PortalForm):
    """A form that knows on which version it was opened; several may stand on one page."""

    PREFIX: str | None = None

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, version: int, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        initial = {"version": version} | kwargs.pop("initial", {})
        super().__init__(data, files, prefix=self.PREFIX, initial=initial, **kwargs)


class AppointForm(VersionedForm):
    PREFIX = "appoint"

    owner = forms.ChoiceField(label=_("Person who follows the signal"))
    next_look_on = forms.DateField(
        label=_("Look again on"),
        help_text=_("The person is reminded when this day has passed."),
        widget=DateInput(),
    )
    text = TextField(
        label=_("What is to be looked at"), required=False, max_length=NOTE_MAX, rows=3
    )

    def people(self, found: Sequence[User]) -> "AppointForm":
        """Who may be chosen."""
        self.choose("owner", [(one.username, one.full_name) for one in found])
        return self


class FollowForm(VersionedForm):
    PREFIX = "follow"

    text = TextField(label=_("What was done"), max_length=NOTE_MAX, rows=4)
    next_look_on = forms.DateField(label=_("Look again on"), widget=DateInput())


class CloseForm(VersionedForm):
    PREFIX = "close"

    is_true = forms.ChoiceField(
        label=_("Judgement"),
        widget=forms.RadioSelect,
        choices=[
            ("yes", _("The signal was right, and the matter is settled")),
            ("no", _("False alarm")),
        ],
    )
    text = TextField(
        label=_("What came of it, or why it was a false alarm"), max_length=NOTE_MAX, rows=4
    )


class ReopenForm(VersionedForm):
    PREFIX = "reopen"

    text = TextField(label=_("Why it is opened again"), max_length=NOTE_MAX, rows=3)


class SignalFilterForm(PortalForm):
    """Filters of the list; the query string is the state."""

    state = forms.ChoiceField(label=_("State"), required=False)
    kind = forms.ChoiceField(label=_("Kind of signal"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    age = forms.ChoiceField(
        label=_("Age"),
        required=False,
        choices=[
            ("", _("Any age")),
            ("7", _("7 days or more")),
            ("30", _("30 days or more")),
            ("90", _("90 days or more")),
        ],
    )

    def __init__(self, data: Any, *, units: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        states = [("live", gettext("new or being followed")), ("", gettext("all"))]
        self.choose("state", choices_of([*states, *SignalState.choices]))
        self.choose(
            "kind", choices_of([("", gettext("all kinds of signals")), *WarningKind.choices])
        )
        if len(units) > 1:
            self.choose("unit", [("", gettext("All units")), *units])
        else:
            del self.fields["unit"]


class RuleForm(VersionedForm):
    """Thresholds of a rule; fields that its measure does not have are left out."""

    least = forms.IntegerField(label=_("Threshold"), min_value=1, max_value=10_000)
    step = forms.IntegerField(
        label=_("Step to the next level"),
        help_text=_("A closed signal opens again when it grows by this much."),
        min_value=1,
        max_value=10_000,
    )
    window_days = forms.IntegerField(
        label=_("Days looked at"), help_text=_("Calendar days, 7 to 365."), required=False
    )
    factor = forms.IntegerField(
        label=_("Percent of the usual number"),
        help_text=_("100 to 1000; 200 means twice as many as usual."),
        required=False,
    )
    fields_ = forms.MultipleChoiceField(
        label=_("Subject fields"),
        help_text=_("None chosen: all fields."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_active = forms.BooleanField(label=_("The rule is in use"), required=False)
    reason = TextField(
        label=_("Why the thresholds are changed"),
        help_text=_("Needed to keep the change, not to try it."),
        required=False,
        max_length=REASON_MAX,
        rows=2,
    )

    def __init__(
        self, rule: WarningRule, data: Any = None, *, fields: Sequence[tuple[str, str]]
    ) -> None:
        names = ("least", "step", "window_days", "factor", "is_active")
        initial = {name: getattr(rule, name) for name in names} | {"fields_": rule.fields}
        super().__init__(rule.version, data, initial=initial)
        self.choose("fields_", fields)
        if rule.measure not in WINDOWED:
            del self.fields["window_days"]
        if rule.measure not in COMPARED:
            del self.fields["factor"]
        if floor := FLOORS.get(Measure(rule.measure)):
            self.fields["least"].help_text = gettext("At least %(n)s.") % {"n": floor}

    def service_field(self, name: str) -> str | None:
        return super().service_field("fields_" if name == "fields" else name)

    @property
    def given(self) -> Thresholds:
        """What was typed, once it is valid."""
        data = self.cleaned_data
        return Thresholds(
            least=data["least"],
            step=data["step"],
            window_days=data.get("window_days") or 0,
            factor=data.get("factor") or 0,
            fields=tuple(data["fields_"]),
            is_active=data["is_active"],
        )
