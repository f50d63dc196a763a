"""What is typed about land projects. The services check again."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import DateInput, PortalForm, TextField
from communes.models import Unit
from early_warning.forms import VersionedForm
from early_warning.models import LandProject, ProjectStage
from early_warning.services import DialogueRecord, ProjectRecord, StageRecord
from early_warning.services import dialogues as d
from early_warning.services import projects as p
from receptions.models import ReceptionSession

FILE_HINT = _("PDF or Word, at most 20 MB.")


def _file(label: Any, hint: Any = FILE_HINT) -> forms.FileField:
    return forms.FileField(
        label=label,
        help_text=hint,
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput,
    )


class ProjectForm(VersionedForm):
    """The record of a project, new or corrected."""

    name = TextField(label=_("Name of the project"), max_length=p.NAME_MAX)
    units = forms.MultipleChoiceField(
        label=_("Wards and communes where land is taken"),
        help_text=_("Your own must be among them. Hold Ctrl to choose several."),
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    area = TextField(label=_("Area in words"), max_length=p.AREA_MAX, rows=2)
    hectares = forms.DecimalField(
        label=_("Land taken, in hectares"), required=False, max_digits=9, decimal_places=2
    )
    households = forms.IntegerField(label=_("Households affected"), required=False, min_value=0)
    investor = TextField(
        label=_("Investor"),
        help_text=_("As it stands on the decision."),
        max_length=p.INVESTOR_MAX,
        required=False,
    )
    decision_number = TextField(
        label=_("Number of the decision"), max_length=p.NUMBER_MAX, required=False
    )
    decision_on = forms.DateField(
        label=_("Date of the decision"), required=False, widget=DateInput()
    )
    uploads = _file(
        _("File of the decision"),
        _("PDF or Word, at most 20 MB. Without a new one the file that is there stays."),
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        choices: Sequence[Unit],
        project: LandProject | None = None,
    ) -> None:
        """``choices``: one's own unit first, which a new project has until another is chosen."""
        initial = _known(project) if project else {"units": [unit.code for unit in choices[:1]]}
        super().__init__(project.version if project else 1, data, files, initial=initial)
        self.choose("units", [(unit.code, unit.full_name) for unit in choices])

    def service_field(self, name: str) -> str | None:
        return super().service_field("uploads" if name == "decision_file" else name)

    def given(self, file: str) -> ProjectRecord:
        """What was typed, once it is valid; ``file``: the identifier of the upload, or ""."""
        data = self.cleaned_data
        names = ("name", "area", "hectares", "investor", "decision_number", "decision_on")
        return ProjectRecord(
            **{name: data[name] for name in names},
            households=data["households"],
            units=tuple(data["units"]),
            decision_file=file,
        )


def _known(project: LandProject) -> dict[str, Any]:
    names = (
        "name",
        "area",
        "hectares",
        "households",
        "investor",
        "decision_number",
        "decision_on",
    )
    units = [place.unit.code for place in project.places.all()]
    return {name: getattr(project, name) for name in names} | {"units": units}


class StageForm(VersionedForm):
    """Dates of a stage, or why it is left out."""

    planned_on = forms.DateField(label=_("Planned on"), required=False, widget=DateInput())
    done_on = forms.DateField(label=_("Done on"), required=False, widget=DateInput())
    skipped_reason = TextField(
        label=_("Why it is left out"),
        help_text=_("Only for a stage that this project does not have."),
        required=False,
        max_length=p.SKIP_MAX,
        rows=2,
    )

    def __init__(self, project: LandProject, stage: ProjectStage, data: Any = None) -> None:
        names = ("planned_on", "done_on", "skipped_reason")
        initial = {name: getattr(stage, name) for name in names}
        super().__init__(project.version, data, initial=initial)

    @property
    def given(self) -> StageRecord:
        data = self.cleaned_data
        return StageRecord(data["planned_on"], data["done_on"], data["skipped_reason"])


class DialogueForm(VersionedForm):
    PREFIX = "dialogue"

    session = forms.ChoiceField(
        label=_("Session in the calendar of receptions"),
        help_text=_("Its date is taken. Without one, give the date below."),
        required=False,
    )
    held_on = forms.DateField(label=_("Held on"), required=False, widget=DateInput())
    people = forms.IntegerField(label=_("How many people came"), min_value=1)
    content = TextField(
        label=_("What it was about, what was agreed"), max_length=d.CONTENT_MAX, rows=4
    )
    uploads = _file(_("Minutes"))

    def sessions(self, found: Sequence[ReceptionSession]) -> "DialogueForm":
        """Which may be chosen."""
        named = [
            (str(one.public_id), f"{one.starts_at:%d/%m/%Y} · {one.unit.full_name}")
            for one in found
        ]
        self.choose("session", [("", gettext("None of the calendar")), *named])
        return self

    def service_field(self, name: str) -> str | None:
        return super().service_field("uploads" if name == "attachment" else name)

    def given(self, file: str) -> DialogueRecord:
        data = self.cleaned_data
        return DialogueRecord(
            people=data["people"],
            content=data["content"],
            held_on=data["held_on"],
            session=data["session"],
            attachment=file,
        )


class DialogueWithdrawForm(VersionedForm):
    PREFIX = "withdraw"

    dialogue = forms.UUIDField(widget=forms.HiddenInput)


class LinkForm(VersionedForm):
    """Petitions by their codes: ticked among the suggestions, or typed."""

    PREFIX = "link"

    chosen = forms.MultipleChoiceField(
        label=_("Petitions that may concern the project"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    codes = TextField(
        label=_("Codes of other petitions"),
        help_text=_("Separated by commas or spaces."),
        required=False,
        max_length=2000,
    )

    def suggest(self, found: Sequence[tuple[str, str]]) -> "LinkForm":
        """Codes with their words; without any only typing is left."""
        if found:
            self.choose("chosen", found)
        else:
            del self.fields["chosen"]
        return self

    @property
    def wanted(self) -> list[str]:
        data = self.cleaned_data
        typed = data["codes"].replace(",", " ").split()
        return [*data.get("chosen", []), *typed]


class UnlinkForm(VersionedForm):
    PREFIX = "unlink"

    code = forms.CharField(widget=forms.HiddenInput, max_length=20)

    def service_field(self, name: str) -> str | None:
        return super().service_field("code" if name == "codes" else name)


class ProjectFilterForm(PortalForm):
    """Filters of the list; the query string is the state."""

    q = forms.CharField(label=_("Words of name or area"), required=False, max_length=80)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    going = forms.BooleanField(label=_("Only those going on"), required=False)

    def __init__(self, data: Any, *, units: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        self.choose("unit", [("", gettext("All units")), *units])
