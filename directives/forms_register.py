"""Forms of the register of directives and of giving tasks. The services check again."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import DateInput, HintedRadioSelect, PortalForm, TextField, choices_of
from communes.enums import UnitKind
from communes.selectors import unit_search
from directives import validators as v
from directives.enums import (
    Addressee,
    Confidentiality,
    DirectiveKind,
    DirectiveState,
    EvidenceSource,
    FileRole,
    Indicator,
    Owed,
    RelationKind,
    Rhythm,
    TaskSource,
)
from directives.models import REPORT_DAYS, Directive, Task, TaskGroup
from directives.selectors_register import EXPIRED
from directives.services import Record, TaskPlan
from petitions.references import fields_all

Choices = list[tuple[str, Any]]
OWED_HINTS = {
    Owed.KEEP.value: _("Their dates hold; no new period of a rhythm begins."),
    Owed.WITHDRAW.value: _("The reason says what replaces the document."),
}


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


class PublishForm(StepForm):
    """Putting a draft in force; ``owed`` is asked only where it replaces what units still work
    on (``owed_words``: how much that is)."""

    owed = forms.ChoiceField(
        label=_("What units still work on"),
        choices=Owed.choices,
        widget=HintedRadioSelect(hints=OWED_HINTS),
        required=False,
    )

    def __init__(self, *args: Any, owed_words: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if owed_words:
            words = _("This document replaces another (%(words)s); choose what becomes of it.")
            self.fields["owed"].help_text = words % {"words": owed_words}
        else:
            del self.fields["owed"]


class RelationForm(StepForm):
    kind = forms.ChoiceField(
        label=_("This document"),
        help_text=_("A document that is replaced is not in force any more."),
    )
    target = forms.ChoiceField(label=_("Other document"))
    owed = forms.ChoiceField(
        label=_("What units still work on"),
        help_text=_(
            "Only where a document in force replaces the other one: what becomes of its open tasks."
        ),
        choices=Owed.choices,
        widget=HintedRadioSelect(hints=OWED_HINTS),
        required=False,
    )

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


def documents_choices(rows: Sequence[Directive]) -> Choices:
    return [(row.slug, f"{row.number} – {row.subject[:80]}") for row in rows]


def bodies_choices() -> Choices:
    """The bodies of the City that can be in charge of a task."""
    found = (unit for unit in unit_search(kind="body") if unit.kind != UnitKind.CITY)
    return [(unit.code, unit.full_name) for unit in found]
