"""Forms of coordination programmes and of rules on grassroots democracy. The services check again."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import DateInput, PortalForm, TextField, choices_of
from communes.models import Unit
from communes.selectors import former_districts
from directives.forms_register import FileForm, StepForm, UploadForm
from mobilisation import validators as v
from mobilisation.enums import RULE_NEXT, ProgrammeState, RuleState
from mobilisation.lists import parties, rule_kinds
from mobilisation.models import DemocracyRule, Programme
from mobilisation.selectors_programmes import EXPIRED
from mobilisation.selectors_rules import MISSING
from mobilisation.services import Activity, ProgrammeRecord, RuleRecord

Choices = list[tuple[str, Any]]
FILE_HINT = _("PDF, Word, Excel or a photo; at most 20 MB.")


def unit_choices(units: Sequence[Unit]) -> Choices:
    return [(unit.code, unit.full_name) for unit in units]


def all_and(choices: Any) -> Choices:
    """The choices of a filter behind “All”."""
    return [("", gettext("All")), *choices]


class SearchForm(PortalForm):
    """Filters of a list; the query string is the state."""

    def search(self) -> dict[str, Any]:
        """What was asked for; anything that is not a choice is left out."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}


class ProgrammeFilterForm(SearchForm):
    q = forms.CharField(label=_("Number, title or party"), required=False, max_length=120)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    party = forms.ChoiceField(label=_("Party to the programme"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    ends = forms.ChoiceField(
        label=_("Runs out"),
        required=False,
        choices=[("", _("All")), ("soon", _("within 30 days"))],
    )

    def __init__(self, data: Any, *, units: Sequence[Unit], sees_drafts: bool) -> None:
        super().__init__(data)
        if len(units) > 1:
            self.choose("unit", all_and(unit_choices(units)))
        else:
            del self.fields["unit"]
        self.choose("party", all_and(parties().items()))
        states = [s for s in ProgrammeState.choices if sees_drafts or s[0] != ProgrammeState.DRAFT]
        expired = (EXPIRED, gettext("expired, neither ended nor renewed"))
        self.choose("state", all_and(choices_of([*states, expired])))


class UnitOfForm(PortalForm):
    """A form that asks for the unit when the person keeps the registers of several."""

    unit = forms.ChoiceField(label=_("Unit"))

    def __init__(self, *args: Any, units: Sequence[Unit] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = {unit.code: unit for unit in units}
        if len(units) > 1:
            self.choose("unit", [("", gettext("Choose…")), *unit_choices(units)])
        else:
            del self.fields["unit"]

    def chosen_unit(self) -> Unit:
        """The unit that is meant."""
        code = self.cleaned_data.get("unit") or next(iter(self._units))
        return self._units[code]


class ProgrammeForm(UnitOfForm):
    """A programme as it stands on the paper."""

    title = TextField(label=_("Title of the programme"), rows=2, max_length=v.TITLE_MAX)
    parties = forms.MultipleChoiceField(
        label=_("Parties to the programme"),
        help_text=_("At least two; others in words below count as one."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    other_parties = TextField(
        label=_("Other parties, in words"), max_length=v.OTHERS_MAX, required=False
    )
    number = TextField(
        label=_("Number and symbol"),
        help_text=_("A draft may lack the number and the dates."),
        max_length=v.NUMBER_MAX,
        required=False,
    )
    signed_on = forms.DateField(label=_("Signed on"), widget=DateInput, required=False)
    valid_from = forms.DateField(label=_("In effect from"), widget=DateInput, required=False)
    valid_until = forms.DateField(
        label=_("In effect until"),
        help_text=_("Without a date, until it is ended or renewed."),
        widget=DateInput,
        required=False,
    )
    contents = TextField(
        label=_("What it is about"), rows=6, max_length=v.WORDS_MAX, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("parties", parties().items())

    def record(self) -> ProgrammeRecord:
        """The checked record for the service."""
        names = ProgrammeRecord.__annotations__
        return ProgrammeRecord(**{name: self.cleaned_data[name] for name in names})


class ProgrammeChangeForm(ProgrammeForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


def programme_initial(row: Programme) -> dict[str, Any]:
    """A programme as its form shows it."""
    names = (*ProgrammeRecord.__annotations__, "version")
    return {name: getattr(row, name) for name in names}


class ProgrammeFileForm(FileForm):
    """A file of a programme; what it is stands in its name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("role", "title"):
            del self.fields[name]


class EndForm(StepForm):
    ended_on = forms.DateField(label=_("Ended on"), widget=DateInput)
    reason = TextField(label=_("Reason"), rows=3, max_length=v.REASON_MAX)


class RenewForm(StepForm):
    successor = forms.ChoiceField(
        label=_("Programme that takes its place"),
        help_text=_("It must be in force in the register of the same unit."),
    )

    def __init__(self, *args: Any, successors: Sequence[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(row.public_id), f"{row.number} – {row.title[:80]}") for row in successors]
        self.choose("successor", [("", gettext("Choose…")), *named])


class ActivityForm(UploadForm, StepForm):
    held_on = forms.DateField(label=_("Date of the activity"), widget=DateInput)
    place = TextField(label=_("Place of the activity"), max_length=v.PLACE_MAX)
    people = forms.IntegerField(label=_("How many people came"))
    done = TextField(label=_("What was done together"), rows=4, max_length=v.WORDS_MAX)
    upload = forms.FileField(label=_("File"), help_text=FILE_HINT, required=False)

    def activity(self, attachment: str) -> Activity:
        """The checked activity for the service."""
        data = self.cleaned_data
        names = ("held_on", "place", "people", "done")
        return Activity(**{name: data[name] for name in names}, attachment=attachment)


class ActivityGoneForm(StepForm):
    activity = forms.UUIDField(widget=forms.HiddenInput)
    reason = TextField(label=_("Reason"), rows=2, max_length=v.REASON_MAX)


class RuleFilterForm(SearchForm):
    q = forms.CharField(label=_("Unit name"), required=False, max_length=80)
    district = forms.ChoiceField(label=_("Former district"), required=False)
    kind = forms.ChoiceField(label=_("Kind of rules"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.choose("district", all_and((name, name) for name in former_districts()))
        self.choose("kind", all_and((row.code, row.name) for row in rule_kinds().values()))
        missing = (MISSING, gettext("missing: not in force"))
        self.choose("state", all_and(choices_of([missing, *RuleState.choices])))


class RuleForm(UploadForm):
    """How far a unit is with its rules of a kind; the states that may follow are offered."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    state = forms.ChoiceField(label=_("State"))
    number = TextField(
        label=_("Number and symbol"),
        help_text=_("Needed with date and approval once the rules are promulgated or amended."),
        max_length=v.NUMBER_MAX,
        required=False,
    )
    issued_on = forms.DateField(label=_("Date of the rules"), widget=DateInput, required=False)
    approved_by = TextField(
        label=_("Approved by"),
        help_text=_("The body or office, as it stands on the paper."),
        max_length=v.APPROVED_MAX,
        required=False,
    )
    review_on = forms.DateField(label=_("Next review on"), widget=DateInput, required=False)
    note = TextField(
        label=_("Note"),
        help_text=_("Needed when the rules are repealed: why."),
        rows=3,
        max_length=v.WORDS_MAX,
        required=False,
    )
    upload = forms.FileField(
        label=_("File of the rules"),
        help_text=_("PDF or Word, at most 20 MB. Without a new one the file that is there stays."),
        required=False,
    )

    def __init__(self, *args: Any, row: DemocracyRule, **kwargs: Any) -> None:
        names = ("version", "state", "number", "issued_on", "approved_by", "review_on", "note")
        kwargs["initial"] = {name: getattr(row, name) for name in names}
        super().__init__(*args, **kwargs)
        allowed = (row.state, *RULE_NEXT[row.state])
        self.choose("state", choices_of(s for s in RuleState.choices if s[0] in allowed))

    def record(self, attachment: str) -> RuleRecord:
        """The checked record for the service."""
        names = [name for name in RuleRecord.__annotations__ if name != "attachment"]
        return RuleRecord(**{n: self.cleaned_data[n] for n in names}, attachment=attachment)
