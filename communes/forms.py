"""The search of the directory."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import PortalForm
from communes.enums import UnitKind
from communes.selectors import former_districts


class UnitSearchForm(PortalForm):
    q = forms.CharField(
        label=_("Name, with or without accents, new or old"), required=False, max_length=80
    )
    kind = forms.ChoiceField(
        label=_("Kind of unit"),
        required=False,
        choices=[
            ("", _("All")),
            (UnitKind.WARD.value, _("Wards")),
            (UnitKind.COMMUNE.value, _("Communes")),
            ("body", _("Bodies of the city")),
        ],
    )
    district = forms.ChoiceField(label=_("Former district"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(name, name) for name in former_districts()]
        self.fields["district"].choices = [("", gettext("All")), *names]  # type: ignore[attr-defined]

    def search(self) -> dict[str, str]:
        """What was asked for; anything that is not a choice is left out."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
