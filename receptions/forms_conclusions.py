"""Forms of minutes, conclusion notices, their tasks, and the written notice."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import DateInput, HintedRadioSelect, PortalForm, TextField
from communes.selectors import unit_by_code, unit_search
from petitions.forms_public import FilesField
from receptions.enums import SignedHow, TaskState
from receptions.selectors_conclusions import GIVEN, TAKEN, units_on_paper
from receptions.services import minutes, notice_text, task_steps
from receptions.services.notice_text import NoticeText, Row
from receptions.services.task_steps import TaskStep

Choices = list[tuple[str, Any]]
ROW_FIELDS = ("what", "unit", "person", "due_on", "is_internal")


class NoticeForm(PortalForm):
    """What a notice says around its rows."""

    opening = TextField(
        label=_("Introduction"),
        help_text=_(
            "What was found, in what circumstances. It goes to every unit that gets a row."
        ),
        required=False,
        rows=3,
        max_length=notice_text.TEXT_MAX,
    )
    recipients = TextField(
        label=_("Further recipients"),
        help_text=_("One a line. The units of the rows and the citizen are added by themselves."),
        required=False,
        rows=2,
        max_length=notice_text.TEXT_MAX,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)


class RowForm(PortalForm):
    """One row: what, who, by when."""

    what = TextField(label=_("What is to be done"), rows=3, max_length=notice_text.WHAT_MAX)
    unit = forms.ChoiceField(label=_("Unit that does it"))
    person = TextField(label=_("Person or post"), max_length=notice_text.PERSON_MAX, required=False)
    due_on = forms.DateField(label=_("Until"), widget=DateInput)
    is_internal = forms.BooleanField(label=_("Internal: not shown to the citizen"), required=False)

    def __init__(self, *args: Any, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("unit", [("", _("Choose…")), *units])

    def row(self) -> Row:
        """The checked row for the service."""
        data = self.cleaned_data
        return Row(
            data["what"],
            unit_by_code(data["unit"]),
            data["due_on"],
            data["person"],
            data["is_internal"],
        )


def units_choices() -> Choices:
    """Every unit that may get a task."""
    return [(unit.code, unit.full_name) for unit in unit_search() if unit.kind != "city"]


def task_units_choices() -> Choices:
    """The same; said of those that will be followed by their papers, since nobody there has an
    account."""
    units = [unit for unit in unit_search() if unit.kind != "city"]
    on_paper = units_on_paper(unit.pk for unit in units)
    words = gettext("%(unit)s (no accounts: followed by its papers)")
    return [
        (unit.code, words % {"unit": unit.full_name} if unit.pk in on_paper else unit.full_name)
        for unit in units
    ]


def rows_typed(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a sent page as typed, in their order."""
    try:
        count = min(max(int(data.get("rows", "0")), 0), notice_text.ROWS_MAX)
    except ValueError:
        count = 0
    return [
        {name: data.get(f"r{place}-{name}", "") for name in ROW_FIELDS} for place in range(count)
    ]


def rows_moved(rows: list[dict[str, Any]], do: str) -> list[dict[str, Any]]:
    """The rows after a button of the page: ``add``, or ``remove``, ``up``, ``down`` with the place
    of a row behind a colon."""
    name, _colon, text = do.partition(":")
    place = int(text) if text.isdecimal() and int(text) < len(rows) else None
    if name == "add" and len(rows) < notice_text.ROWS_MAX:
        return [*rows, {}]
    if place is None:
        return rows
    if name == "remove":
        return rows[:place] + rows[place + 1 :]
    other = place + {"up": -1, "down": 1}.get(name, 0)
    if 0 <= other < len(rows):
        moved = list(rows)
        moved[place], moved[other] = moved[other], moved[place]
        return moved
    return rows


def row_forms(rows: list[dict[str, Any]], units: Choices) -> list[RowForm]:
    """Unbound forms that show rows as they are."""
    return [
        RowForm(initial=row, units=units, prefix=f"r{place}", auto_id="id_%s")
        for place, row in enumerate(rows)
    ]


def notice_typed(form: NoticeForm, rows: list[RowForm]) -> NoticeText:
    """The checked text for the service."""
    data = form.cleaned_data
    return NoticeText([row.row() for row in rows], data["opening"], data["recipients"])


class MinutesForm(PortalForm):
    text = TextField(label=_("Minutes"), rows=16, max_length=minutes.TEXT_MAX)
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)


class SignForm(PortalForm):
    """The receiver's word."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class VisitorSignForm(PortalForm):
    """The visitor's word, recorded with the officer present."""

    how = forms.ChoiceField(
        label=_("The visitor"), widget=HintedRadioSelect, choices=SignedHow.choices
    )
    note = TextField(
        label=_("Note"),
        help_text=_("Needed when the visitor would not sign: why, and who was present."),
        max_length=minutes.NOTE_MAX,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class AddendumForm(PortalForm):
    text = TextField(label=_("Correction"), rows=4, max_length=minutes.TEXT_MAX)


class TaskForm(PortalForm):
    """A step about a task; which fields it has depends on the step."""

    text = TextField(label=_("Reason"), rows=3, max_length=task_steps.REASON_MAX)
    until = forms.DateField(label=_("New date"), widget=DateInput)
    paper_number = TextField(
        label=_("Number of the unit's paper"),
        help_text=_("Of its report or letter; for a receipt also of the delivery note."),
        max_length=task_steps.PAPER_MAX,
    )
    paper_on = forms.DateField(label=_("Date of the paper"), widget=DateInput)
    uploads = FilesField(
        label=_("Photos or papers that show it"),
        help_text=_(
            "Photos, PDF, Word, Excel; at most 20 MB each. Whoever concluded sees them, the citizen"
            " does not."
        ),
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        step: TaskStep,
        on_paper: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, files, auto_id=f"{step}_%s", **kwargs)
        if not on_paper or step not in task_steps.OF_UNIT:
            del self.fields["paper_number"], self.fields["paper_on"]
        if step is not TaskStep.REPORT:
            del self.fields["uploads"]
        if step in (TaskStep.RECEIVE, TaskStep.ACCEPT):
            del self.fields["text"]
        if step not in (TaskStep.ASK, TaskStep.EXTEND):
            del self.fields["until"]
        if step is TaskStep.REPORT:
            # A field's limit is fixed when it is made
            self.fields["text"] = TextField(
                label=_("What was done"), rows=5, max_length=task_steps.REPORT_MAX
            )

    def said(self, files: Sequence[str] = ()) -> task_steps.StepInput:
        """For the service; ``files``: the uploads as they were stored."""
        data = self.cleaned_data
        until: dt.date | None = data.get("until")
        return task_steps.StepInput(
            data.get("text", ""), until, data.get("paper_number", ""), data.get("paper_on"), files
        )

    def service_field(self, name: str) -> str | None:
        """The field that shows an error of the service's field."""
        shown = "uploads" if name in ("file", "attachments") else name
        return shown if shown in self.fields else None


class TaskFilterForm(PortalForm):
    """Filters of the list of tasks; the query string is the state."""

    unit = forms.ChoiceField(label=_("Unit"), required=False)
    side = forms.ChoiceField(
        label=_("Which tasks"),
        required=False,
        choices=[
            (TAKEN, _("given to this unit")),
            (GIVEN, _("given by leaders of this unit")),
        ],
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("open", _("not finished")),
            ("", _("all")),
            *[(state.value, state.label) for state in TaskState],
        ],
    )
    late = forms.BooleanField(label=_("Only late ones"), required=False)

    def __init__(self, data: Any, *, units: Choices) -> None:
        super().__init__(data)
        self.choose("unit", units)
