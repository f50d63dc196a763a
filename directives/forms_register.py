"""Forms of the register of directives and of giving tasks. The services check again."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import DateInput, HintedRadioSelect, PortalForm, TextField, choices_of
from common.time import today
from communes.enums import UnitKind
from communes.hexmap import GridRow, grid_rows
from communes.models import Unit
from communes.selectors import former_districts, unit_search, units_by_code, units_on_map
from directives import validators as v
from directives.enums import (
    Addressee,
    Confidentiality,
    DirectiveKind,
    DirectiveState,
    EvidenceSource,
    FileRole,
    Indicator,
    RelationKind,
    Rhythm,
    TaskSource,
)
from directives.models import REPORT_DAYS, Directive, Task, TaskGroup
from directives.selectors_register import EXPIRED
from directives.services import Record, TaskPlan
from petitions.references import fields_all

Choices = list[tuple[str, Any]]
FOUND_MAX = 40
DISTRICT, CHOSEN, MAPPED = "district", "chosen", "map"
KINDS = {"all": (), "wards": (UnitKind.WARD,), "communes": (UnitKind.COMMUNE,)}


class StepForm(PortalForm):
    """A step on the version that was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class UploadForm(PortalForm):
    """A form with one file."""

    def service_field(self, name: str) -> str | None:
        """What is said of the stored file stands at the upload."""
        return super().service_field("upload" if name in ("attachment", "file") else name)


class RegisterFilterForm(PortalForm):
    """Filters of the register; the query string is the state."""

    q = forms.CharField(label=_("Number, subject or issuer"), required=False, max_length=120)
    kind = forms.ChoiceField(label=_("Kind of document"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, data: Any, *, sees_drafts: bool) -> None:
        super().__init__(data)
        states = [s for s in choices_of(DirectiveState.choices) if sees_drafts or s[0] != "draft"]
        self.choose("kind", [("", _("All")), *choices_of(DirectiveKind.choices)])
        self.choose("state", [("", _("All")), *states, (EXPIRED, gettext("Expired"))])

    def search(self) -> dict[str, str]:
        """What was asked for; anything that is not a choice is left out."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class RecordForm(PortalForm):
    """A document as it stands on the paper."""

    number = TextField(
        label=_("Number and symbol"),
        help_text=_("As on the paper, for example 1699-CV/TU."),
        max_length=v.RECORD_TEXTS["number"],
    )
    kind = forms.ChoiceField(label=_("Kind of document"))
    issued_on = forms.DateField(label=_("Date of the document"), widget=DateInput)
    issuer = TextField(label=_("Issued by"), max_length=v.RECORD_TEXTS["issuer"])
    signer = TextField(label=_("Signed by"), max_length=v.RECORD_TEXTS["signer"], required=False)
    subject = TextField(
        label=_("Subject of the document"), rows=2, max_length=v.RECORD_TEXTS["subject"]
    )
    summary = TextField(
        label=_("Summary"), rows=5, max_length=v.RECORD_TEXTS["summary"], required=False
    )
    valid_from = forms.DateField(
        label=_("In effect from"),
        help_text=_("Without a date, from the date of the document."),
        widget=DateInput,
        required=False,
    )
    valid_until = forms.DateField(label=_("In effect until"), widget=DateInput, required=False)
    confidentiality = forms.ChoiceField(
        label=_("Who may read it"),
        help_text=_("Documents that hold state secrets must not be entered here."),
        widget=HintedRadioSelect,
        choices=Confidentiality.choices,
        initial=Confidentiality.OPEN,
    )
    is_public = forms.BooleanField(label=_("Shown on the public pages"), required=False)
    is_text_public = forms.BooleanField(label=_("The full text has been published"), required=False)
    text_note = TextField(
        label=_("Note on the text"),
        help_text=_("Shown where the full text has not been published."),
        rows=2,
        max_length=v.RECORD_TEXTS["text_note"],
        required=False,
    )
    source = TextField(label=_("Source"), max_length=v.RECORD_TEXTS["source"], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("kind", [("", _("Choose…")), *choices_of(DirectiveKind.choices)])

    def record(self) -> Record:
        """The checked record for the service."""
        return Record(**{name: self.cleaned_data[name] for name in Record.__annotations__})


class RecordChangeForm(RecordForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


def record_initial(directive: Directive) -> dict[str, Any]:
    """A document as its form shows it."""
    names = (*Record.__annotations__, "version")
    return {name: getattr(directive, name) for name in names}


class FileForm(UploadForm, StepForm):
    upload = forms.FileField(
        label=_("File"), help_text=_("PDF, Word, Excel or a photo; at most 20 MB.")
    )
    role = forms.ChoiceField(label=_("What it is"), choices=choices_of(FileRole.choices))
    title = TextField(label=_("Name of the file"), max_length=v.FILE_TITLE_MAX, required=False)


class FileGoneForm(StepForm):
    file = forms.UUIDField(widget=forms.HiddenInput)


class RelationForm(StepForm):
    kind = forms.ChoiceField(
        label=_("This document"),
        help_text=_("A document that is replaced is not in force any more."),
    )
    target = forms.ChoiceField(label=_("Other document"))

    def __init__(self, *args: Any, targets: Sequence[Directive], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("kind", choices_of(RelationKind.choices))
        self.choose("target", [("", _("Choose…")), *documents_choices(targets)])


class RelationGoneForm(StepForm):
    kind = forms.ChoiceField(widget=forms.HiddenInput, choices=RelationKind.choices)
    target = forms.SlugField(widget=forms.HiddenInput)


class WithdrawForm(StepForm):
    reason = TextField(label=_("Reason"), rows=3, max_length=v.REASON_MAX)


class CopyForm(StepForm):
    source = forms.ChoiceField(
        label=_("Take groups and tasks of"),
        help_text=_("They come behind those that are there. Dates are not taken along."),
    )

    def __init__(self, *args: Any, sources: Sequence[Directive], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("source", [("", _("Choose…")), *documents_choices(sources)])


class GroupForm(StepForm):
    title = TextField(label=_("Title of the group"), max_length=v.GROUP_TITLE_MAX)
    text = TextField(label=_("What the document says"), rows=6, max_length=v.REPORT_MAX)


class TaskForm(StepForm):
    """What is tracked: words, figure, who, when."""

    title = TextField(label=_("Task"), rows=2, max_length=v.TASK_TITLE_MAX)
    expected_result = TextField(label=_("Expected result"), rows=3, max_length=v.REPORT_MAX)
    evidence = TextField(label=_("Evidence asked"), rows=2, max_length=v.REPORT_MAX)
    indicator = forms.ChoiceField(
        label=_("Indicator"), choices=choices_of(Indicator.choices), initial=Indicator.YES_NO
    )
    target = TextField(
        label=_("Target"),
        help_text=_("In the form of the indicator: 3, 92,5, yes or 2026-12-31."),
        max_length=v.VALUE_MAX,
        required=False,
    )
    addressee = forms.ChoiceField(label=_("Addressee"), choices=choices_of(Addressee.choices))
    lead_unit = forms.ChoiceField(
        label=_("Body of the City in charge"),
        help_text=_("Without one, the body for propaganda and mass mobilisation."),
        required=False,
    )
    supporting_units = forms.MultipleChoiceField(
        label=_("Bodies that support"), widget=forms.CheckboxSelectMultiple, required=False
    )
    rhythm = forms.ChoiceField(
        label=_("How often it is reported on"),
        choices=choices_of(Rhythm.choices),
        initial=Rhythm.ONCE,
    )
    due_on = forms.DateField(
        label=_("Due by"), help_text=_("For a task asked once."), widget=DateInput, required=False
    )
    starts_on = forms.DateField(
        label=_("Reports from"),
        help_text=_("For a task with a rhythm: the first period begins with this day."),
        widget=DateInput,
        required=False,
    )
    ends_on = forms.DateField(label=_("Reports until"), widget=DateInput, required=False)
    report_days = forms.IntegerField(
        label=_("Days for the report after a period"),
        help_text=_("Calendar days."),
        initial=REPORT_DAYS,
        min_value=0,
        max_value=v.REPORT_DAYS_MAX,
    )
    is_plan = forms.BooleanField(label=_("The unit is to have a plan"), required=False)
    source = forms.ChoiceField(
        label=_("Where the figure comes from"),
        choices=choices_of(TaskSource.choices),
        initial=TaskSource.TYPED,
    )

    evidence_source = forms.ChoiceField(
        label=_("Register shown beside it"),
        help_text=_("What the unit holds there is shown on the task."),
        required=False,
    )
    subject_fields = forms.MultipleChoiceField(
        label=_("Fields of petitions that it is about"),
        help_text=_(
            "Open petitions of these fields are shown on the task. Without any, those of the document."
        ),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, task: Task | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = bodies_choices()
        known = {code for code, _name in bodies}
        helpers = list(task.supporting_units.all()) if task is not None else []
        more = [(unit.code, unit.full_name) for unit in helpers if unit.code not in known]
        self.choose("lead_unit", [("", _("Choose…")), *bodies])
        self.choose("supporting_units", [*bodies, *more])
        none = gettext("no register")
        self.choose("evidence_source", [("", none), *choices_of(EvidenceSource.choices)])
        self.choose("subject_fields", [(field.code, str(field)) for field in fields_all()])

    def plan(self) -> TaskPlan:
        """The checked task for the service."""
        return TaskPlan(**{name: self.cleaned_data[name] for name in TaskPlan.__annotations__})


def task_initial(task: Task) -> dict[str, Any]:
    """A task as its form shows it."""
    links = ("lead_unit", "supporting_units", "subject_fields")
    names = [name for name in (*TaskPlan.__annotations__, "version") if name not in links]
    return {name: getattr(task, name) for name in names} | {
        "lead_unit": task.lead_unit.code if task.lead_unit else "",
        "supporting_units": [unit.code for unit in task.supporting_units.all()],
        "subject_fields": list(task.topics.values_list("field__code", flat=True)),
    }


def group_initial(group: TaskGroup, directive: Directive) -> dict[str, Any]:
    return {"title": group.title, "text": group.text, "version": directive.version}


class AssignForm(PortalForm):
    """Which tasks to which units. ``units`` shows what was found and what is chosen already."""

    tasks = forms.MultipleChoiceField(
        label=_("Tasks to give"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one task.")},
    )
    which = forms.ChoiceField(
        label=_("To which units"),
        widget=HintedRadioSelect(
            hints={
                DISTRICT: _("Choose the former district below."),
                MAPPED: _("Tick the wards and communes on the map below."),
                CHOSEN: _("Find the units below and tick them."),
            }
        ),
        choices=[
            ("all", _("all wards and communes")),
            ("wards", _("all wards")),
            ("communes", _("all communes")),
            (DISTRICT, _("those of a former district")),
            (MAPPED, _("those ticked on the map")),
            (CHOSEN, _("single units")),
        ],
        initial="all",
    )
    district = forms.ChoiceField(label=_("Former district"), required=False)
    mapped = forms.MultipleChoiceField(
        label=_("Wards and communes on the map"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    q = forms.CharField(label=_("Find units by name"), required=False, max_length=80)
    units = forms.MultipleChoiceField(
        label=_("Units to choose from"), widget=forms.CheckboxSelectMultiple, required=False
    )
    addressee = forms.ChoiceField(label=_("Addressee"), required=False)
    due_on = forms.DateField(
        label=_("Due by"),
        help_text=_("Without a date, the date of the task. Only for tasks asked once."),
        widget=DateInput,
        required=False,
    )

    def __init__(self, *args: Any, asked: Sequence[Task], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("tasks", [(task.code, _numbered(task)) for task in asked])
        names = former_districts()
        self.choose("district", [("", _("Choose…")), *((name, name) for name in names)])
        usual = gettext("as the task says")
        self.choose("addressee", [("", usual), *choices_of(Addressee.choices)])
        self.choose("units", self._shown())
        self._on_map = units_on_map()
        self.choose("mapped", [(unit.code, unit.name) for unit in self._on_map])

    @property
    def map_rows(self) -> list[GridRow]:
        """The boxes of the map in their places."""
        boxes = zip(self._on_map, self["mapped"], strict=True)
        return grid_rows((unit.grid_col or 0, unit.grid_row or 0, box) for unit, box in boxes)

    def _shown(self) -> Choices:
        """Units that were chosen before, then those that were found."""
        typed: Any = self.data if self.is_bound else self.initial
        codes = typed.getlist("units") if hasattr(typed, "getlist") else typed.get("units", [])
        chosen = list(units_by_code(codes).values())
        q = str(typed.get("q", "")).strip()
        found = unit_search(q=q)[:FOUND_MAX] if q else []
        shown = {unit.pk: unit for unit in (*chosen, *found) if unit.kind != UnitKind.CITY}
        return [(unit.code, unit.full_name) for unit in shown.values()]

    def clean(self) -> dict[str, Any]:
        """A former district needs its name, the map a tick."""
        data: dict[str, Any] = self.cleaned_data
        if data.get("which") == MAPPED and not data.get("mapped"):
            self.add_error("mapped", gettext("Tick at least one on the map."))
        if data.get("which") == DISTRICT and not data.get("district"):
            self.add_error("district", gettext("Choose one."))
        return data

    def chosen_units(self) -> list[Unit]:
        """The units that are meant, in force today, by code."""
        data = self.cleaned_data
        rows = Unit.objects.in_force(today()).order_by("code")
        if data["which"] == CHOSEN:
            return list(rows.filter(code__in=data["units"]))
        rows = rows.commune_level()
        if data["which"] == MAPPED:
            return list(rows.filter(code__in=data["mapped"]))
        if data["which"] == DISTRICT:
            return list(rows.filter(former_district=data["district"]))
        kinds = KINDS[data["which"]]
        return list(rows.filter(kind__in=kinds) if kinds else rows)


def documents_choices(rows: Sequence[Directive]) -> Choices:
    return [(row.slug, f"{row.number} – {row.subject[:80]}") for row in rows]


def bodies_choices() -> Choices:
    """The bodies of the City that can be in charge of a task."""
    found = (unit for unit in unit_search(kind="body") if unit.kind != UnitKind.CITY)
    return [(unit.code, unit.full_name) for unit in found]


def _numbered(task: Task) -> str:
    return f"{task.group.number}.{task.position} {task.title}"
