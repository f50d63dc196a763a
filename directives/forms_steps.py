"""What is typed about a task on its page, by the unit and by whoever gave it. The services check
again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import DomainError
from common.forms import DateInput, HintedRadioSelect, PortalForm, TextField, choices_of
from directives import validators as v
from directives.enums import AssignmentState, Indicator, PlanOrigin
from directives.models import Assignment, AssignmentPeriod, UnitPlan
from directives.periods import Period
from petitions.forms_public import FilesField

REPORT_STATES = [
    (AssignmentState.IN_PROGRESS.value, _("Still in progress")),
    (AssignmentState.REPORTED_DONE.value, _("Done, ready to be confirmed")),
]
FILES_HINT = _(
    "Photos, PDF, Word, Excel; at most 20 MB each. The unit and the City's bodies see them."
)
WHOLE = ""
# Somebody was quicker with this period.
GONE = {"invalid_choice": _("Choose one of the values of the list.")}


@dataclass(frozen=True)
class Open:
    """What the forms of a task depend on: the periods that may be reported on or answered now,
    whether the whole may be, whether its date may be moved, the people of the unit, its plan."""

    assignment: Assignment
    reports_whole: bool = True
    moves_whole: bool = True
    reports_on: Sequence[AssignmentPeriod] = ()
    answers_whole: bool = True
    answers_on: Sequence[AssignmentPeriod] = ()
    people: Sequence[User] = field(default_factory=list)
    plan: UnitPlan | None = None


class VersionedForm(PortalForm):
    """A form that knows on which version of the assignment it was opened."""

    PREFIX: str | None = None

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, given: Open, data: Any = None, files: Any = None) -> None:
        initial = {"version": given.assignment.version} | self.known(given)
        super().__init__(data, files, prefix=self.PREFIX, initial=initial)
        self.fit(given)

    def known(self, given: Open) -> dict[str, Any]:
        """What stands in the form when it is opened."""
        return {}

    def fit(self, given: Open) -> None:
        """Choices and fields that follow from the task."""

    def service_field(self, name: str) -> str | None:
        """The field that shows an error of the service's field; of a file the field of uploads."""
        shown = "uploads" if name in ("file", "attachment", "attachments") else name
        return shown if shown in self.fields else None

    def show_errors(self, error: DomainError) -> None:
        """Put the service's refusal beside its fields; what was typed stays.

        A stale form gets the current version, so that it can be sent again on purpose.
        """
        super().show_errors(error)
        held = {
            name: error.extra[name] for name in ("version", "plan_version") if name in error.extra
        }
        if held:
            data = cast("QueryDict", self.data).copy()
            for name, value in held.items():
                data[self.add_prefix(name)] = str(value)
            self.data = data


class ReceiveForm(VersionedForm):
    """The unit has received its task."""

    PREFIX = "receive"


class OwnerForm(VersionedForm):
    PREFIX = "owner"

    owner = forms.ChoiceField(
        label=_("Person who sees to the task"),
        help_text=_("Gets the reminders. Without one they go to the clerk of the unit."),
        required=False,
    )

    def known(self, given: Open) -> dict[str, Any]:
        owner = given.assignment.owner
        return {"owner": owner.username if owner else ""}

    def fit(self, given: Open) -> None:
        people = [(person.username, person.full_name) for person in given.people]
        self.choose("owner", [("", gettext("Nobody in particular")), *people])


class ReportForm(VersionedForm):
    """On the whole task or on a period. A period needs no state: the task goes on."""

    period = forms.ChoiceField(
        label=_("What the report is about"), required=False, error_messages=GONE
    )
    state = forms.ChoiceField(
        label=_("How far is it?"),
        choices=REPORT_STATES,
        widget=HintedRadioSelect(
            hints={
                AssignmentState.IN_PROGRESS: _("Work goes on; say what was done so far."),
                AssignmentState.REPORTED_DONE: _(
                    "The expected result is reached; the city then confirms or returns it."
                ),
            }
        ),
    )
    value = forms.CharField(label=_("Figure"), required=False, max_length=v.VALUE_MAX)
    text = TextField(label=_("What was done"), max_length=v.REPORT_MAX, rows=6)
    difficulties = TextField(
        label=_("Difficulties"), required=False, max_length=v.REPORT_MAX, rows=3
    )
    proposals = TextField(
        label=_("Proposals to the City"), required=False, max_length=v.REPORT_MAX, rows=3
    )
    uploads = FilesField(label=_("Evidence"), help_text=FILES_HINT, required=False)

    def known(self, given: Open) -> dict[str, Any]:
        return {"period": str(given.reports_on[0].public_id) if given.reports_on else WHOLE}

    def fit(self, given: Open) -> None:
        self._fit_value(given.assignment)
        self._fit_period(given)

    def _fit_value(self, assignment: Assignment) -> None:
        indicator = assignment.task.indicator
        if assignment.task.is_counted:
            self.fields["value"] = forms.CharField(required=False, widget=forms.HiddenInput)
        elif indicator == Indicator.YES_NO:
            self.fields["value"] = forms.ChoiceField(
                label=_("Result (yes or no)"),
                required=False,
                choices=[("", gettext("Choose…")), ("yes", gettext("Yes")), ("no", gettext("No"))],
            )
        elif indicator == Indicator.DATE:
            self.fields["value"].widget = DateInput()
        else:
            self.fields["value"].help_text = v.value_hint(indicator)

    def _fit_period(self, given: Open) -> None:
        if not given.assignment.task.is_periodic:
            del self.fields["period"]
            return
        whole = [(WHOLE, gettext("The whole task"))] if given.reports_whole else []
        self.choose("period", [*map(period_choice, given.reports_on), *whole])
        self.fields["state"].required = False
        self.fields["state"].help_text = _("Only of the whole task; a period needs no answer here.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("state") and not self.has_error("state"):
            if data.get("period"):
                data["state"] = AssignmentState.IN_PROGRESS.value
            elif not self.has_error("period"):
                self.add_error("state", gettext("Choose one."))
        return data


class PlanForm(VersionedForm):
    PREFIX = "plan"

    # Of the plan that was looked at; several tasks may ask for one plan.
    plan_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    number = TextField(label=_("Number of the plan"), max_length=v.PLAN_NUMBER_MAX)
    issued_on = forms.DateField(label=_("Date of the plan"), widget=DateInput())
    title = TextField(label=_("Title of the plan"), max_length=v.PLAN_TITLE_MAX)
    approved_by = TextField(
        label=_("Approved by"),
        help_text=_("The body or office, as it stands on the paper."),
        max_length=v.APPROVED_MAX,
        required=False,
    )
    origin = forms.ChoiceField(
        label=_("This plan is"),
        choices=choices_of(PlanOrigin.choices),
        initial=PlanOrigin.NEW.value,
        widget=forms.RadioSelect,
    )
    uploads = forms.FileField(
        label=_("File of the plan"),
        help_text=_("PDF or Word, at most 20 MB. Without a new one the file that is there stays."),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput,
    )

    def known(self, given: Open) -> dict[str, Any]:
        plan = given.plan
        if plan is None:
            return {"origin": PlanOrigin.NEW.value, "plan_version": 0}
        names = ("number", "issued_on", "title", "approved_by", "origin")
        return {name: getattr(plan, name) for name in names} | {"plan_version": plan.version}


class StudyForm(VersionedForm):
    PREFIX = "study"

    held_on = forms.DateField(label=_("Date of the session"), widget=DateInput())
    people = forms.IntegerField(label=_("How many people came"))
    material = TextField(label=_("What was studied"), max_length=v.MATERIAL_MAX)
    note = TextField(label=_("Note"), required=False, max_length=v.REPORT_MAX, rows=3)
    uploads = forms.FileField(
        label=_("Minutes, list or photo"),
        help_text=FILES_HINT,
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput,
    )


class StudyWithdrawForm(VersionedForm):
    """Which session was recorded by mistake."""

    PREFIX = "study_withdraw"

    study = forms.UUIDField(widget=forms.HiddenInput)


class ExtensionForm(VersionedForm):
    PREFIX = "extension"

    period = forms.ChoiceField(
        label=_("What more time is asked for"), required=False, error_messages=GONE
    )
    wanted_on = forms.DateField(
        label=_("New date asked for"),
        help_text=_("The date that is set holds until the answer."),
        widget=DateInput(),
    )
    reason = TextField(label=_("Why more time is needed"), max_length=v.EXTENSION_MAX, rows=3)

    def known(self, given: Open) -> dict[str, Any]:
        first = given.reports_on[0].public_id if given.reports_on else WHOLE
        return {"period": WHOLE if given.moves_whole else str(first)}

    def fit(self, given: Open) -> None:
        if not given.reports_on:
            del self.fields["period"]
            return
        whole = [(WHOLE, gettext("The whole task"))] if given.moves_whole else []
        self.choose("period", [*map(period_choice, given.reports_on), *whole])


class ExtensionAnswerForm(VersionedForm):
    PREFIX = "extension_answer"

    is_granted = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Give the time asked for")), ("no", _("Refuse it with a reason"))],
    )
    answer = TextField(
        label=_("Reason or remark"),
        help_text=_("Required when it is refused."),
        required=False,
        max_length=v.EXTENSION_MAX,
        rows=3,
    )


class ReviewForm(VersionedForm):
    """Of the whole task or of a period."""

    PREFIX = "review"

    period = forms.ChoiceField(
        label=_("Report that is answered"), required=False, error_messages=GONE
    )
    decision = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[("accept", _("Confirm as done")), ("return", _("Return with a reason"))],
    )
    text = TextField(
        label=_("Reason or remark"),
        help_text=_("Required when it is returned."),
        required=False,
        max_length=v.REPORT_MAX,
        rows=4,
    )
    until = forms.DateField(
        label=_("New date when it is returned"),
        help_text=_("Without one, as many days as were left when it was reported."),
        required=False,
        widget=DateInput(),
    )

    def service_field(self, name: str) -> str | None:
        """Whether it is confirmed is the decision."""
        return super().service_field("decision" if name == "is_accepted" else name)

    def known(self, given: Open) -> dict[str, Any]:
        first = given.answers_on[0].public_id if given.answers_on else WHOLE
        return {"period": WHOLE if given.answers_whole else str(first)}

    def fit(self, given: Open) -> None:
        if not given.answers_on:
            del self.fields["period"]
            return
        whole = [(WHOLE, gettext("The whole task"))] if given.answers_whole else []
        self.choose("period", [*whole, *map(period_choice, given.answers_on)])


class WithdrawForm(VersionedForm):
    PREFIX = "withdraw"

    reason = TextField(
        label=_("Reason"),
        help_text=_("The unit reads it; what was recorded so far stays."),
        max_length=v.REASON_MAX,
        rows=3,
    )


def period_choice(period: AssignmentPeriod) -> tuple[str, str]:
    """A period as a choice: from when to when, and until when its report is due."""
    words = gettext("period %(dates)s, due %(due)s") % {
        "dates": Period(period.starts_on, period.ends_on).words,
        "due": f"{period.due_on:%d/%m/%Y}",
    }
    return str(period.public_id), capfirst(words)


class DeskFilterForm(PortalForm):
    """Filters of the unit's desk; the query string is the state."""

    unit = forms.ChoiceField(label=_("Unit"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    directive = forms.ChoiceField(label=_("Document"), required=False)
    due = forms.ChoiceField(
        label=_("Due by"),
        required=False,
        choices=[("", _("All")), ("late", _("late only")), ("soon", _("within 7 days"))],
    )
    mine = forms.BooleanField(label=_("Only mine"), required=False)

    def __init__(
        self, data: Any, *, units: Sequence[tuple[str, str]], directives: Sequence[tuple[str, str]]
    ) -> None:
        super().__init__(data)
        if len(units) > 1:
            self.choose("unit", units)
        else:
            del self.fields["unit"]
        states = [("todo", gettext("to be done by the unit")), ("", gettext("all"))]
        self.choose("state", choices_of([*states, *AssignmentState.choices]))
        self.choose("directive", [("", gettext("All")), *directives])


class WaitingFilterForm(PortalForm):
    """Filters of what waits for the City; the query string is the state."""

    q = forms.CharField(label=_("Unit name"), required=False, max_length=80)
    directive = forms.ChoiceField(label=_("Document"), required=False)

    def __init__(self, data: Any, *, directives: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        self.choose("directive", [("", gettext("All")), *directives])
