"""What units type about a task, and the answer to it. The services check again."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.forms import DateInput, HintedRadioSelect, PortalForm, TextField
from directives import validators as v
from directives.enums import AssignmentState, Indicator
from directives.models import Assignment, UnitPlan

REPORT_STATES = [
    (AssignmentState.IN_PROGRESS.value, _("Still in progress")),
    (AssignmentState.REPORTED_DONE.value, _("Done, ready to be confirmed")),
]


class VersionedForm(PortalForm):
    """A form that knows on which version of the assignment it was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, assignment: Assignment, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})["version"] = assignment.version
        super().__init__(*args, **kwargs)

    def show_error(self, error: DomainError) -> None:
        """Put the service's refusal beside its fields; what was typed stays.

        A stale form gets the current version, so that it can be sent again on purpose.
        """
        self.show_errors(error)
        if "version" in error.extra:
            data = cast("QueryDict", self.data).copy()
            data[self.add_prefix("version")] = str(error.extra["version"])
            self.data = data


class ReportForm(VersionedForm):
    state = forms.ChoiceField(
        label=_("How far is it?"),
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
    text = TextField(
        label=_("What was done, difficulties, proposals"), max_length=v.REPORT_MAX, rows=6
    )

    def __init__(self, assignment: Assignment, *args: Any, **kwargs: Any) -> None:
        super().__init__(assignment, *args, **kwargs)
        self.fields["state"].choices = REPORT_STATES  # type: ignore[attr-defined]
        self.fields["value"].help_text = v.value_hint(assignment.task.indicator)
        if assignment.task.is_counted:
            self.fields["value"] = forms.CharField(required=False, widget=forms.HiddenInput)
        elif assignment.task.indicator == Indicator.YES_NO:
            self.fields["value"] = forms.ChoiceField(
                label=_("Result (yes or no)"),
                required=False,
                choices=[("", gettext("Choose…")), ("yes", gettext("Yes")), ("no", gettext("No"))],
            )


class PlanForm(VersionedForm):
    number = TextField(label=_("Number of the plan"), max_length=v.PLAN_NUMBER_MAX)
    issued_on = forms.DateField(label=_("Date of the plan"), widget=DateInput())
    title = TextField(label=_("Title of the plan"), max_length=v.PLAN_TITLE_MAX)

    def __init__(
        self, assignment: Assignment, plan: UnitPlan | None, *args: Any, **kwargs: Any
    ) -> None:
        if plan is not None:
            kwargs["initial"] = {
                "number": plan.number,
                "issued_on": plan.issued_on,
                "title": plan.title,
            }
        super().__init__(assignment, *args, prefix="plan", **kwargs)


class ReviewForm(VersionedForm):
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

    def __init__(self, assignment: Assignment, *args: Any, **kwargs: Any) -> None:
        super().__init__(assignment, *args, prefix="review", **kwargs)


class UnitsFilterForm(PortalForm):
    """Filters of the table of units; the query string is the state."""

    q = forms.CharField(label=_("Unit name"), required=False, max_length=80)
    plan = forms.ChoiceField(
        label=_("Plan"),
        required=False,
        choices=[("", _("All")), ("yes", _("with a plan")), ("no", _("without a plan"))],
    )

    def search(self) -> dict[str, str]:
        """What was asked for; anything that is not a choice is left out."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
