"""What is asked of the table of units. What units type about a task is in ``forms_steps``."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import PortalForm


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
