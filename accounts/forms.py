"""What people type about absences."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import AbsenceReason
from accounts.selectors_absences import Colleague
from accounts.services_absences import AbsencePlan
from common.forms import DateInput, PortalForm, choices_of


class AbsenceForm(PortalForm):
    """Who is absent, between which days, why, and who stands in."""

    person = forms.ChoiceField(label=gettext_lazy("Who is absent"))
    from_on = forms.DateField(label=gettext_lazy("First day of the absence"), widget=DateInput)
    to_on = forms.DateField(label=gettext_lazy("Last day of the absence"), widget=DateInput)
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy(
            "Shown only to the absent person and to those who assign the unit's work."
        ),
    )
    deputy = forms.ChoiceField(
        label=gettext_lazy("Who stands in"),
        help_text=gettext_lazy(
            "Somebody of the same unit, who gets the notices and escalations of the absent"
            " person's position, sees the cases and answers. Deciding, denunciations and"
            " identities are not handed over."
        ),
        required=False,
    )

    def __init__(self, data: Any, me: str, colleagues: list[Colleague]) -> None:
        super().__init__(data)
        recorded = [(one.username, one.label) for one in colleagues if one.is_recorded]
        if recorded:
            self.choose("person", [(me, _("I am")), *recorded])
        else:
            del self.fields["person"]
        names = [(one.username, one.label) for one in colleagues if recorded or one.username != me]
        self.choose("deputy", [("", _("Nobody")), *names])
        self.choose("reason", [("", _("Choose")), *choices_of(AbsenceReason.choices)])

    def plan(self) -> AbsencePlan:
        data = self.cleaned_data
        return AbsencePlan(data["from_on"], data["to_on"], data["reason"], data["deputy"])
