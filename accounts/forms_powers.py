"""What people type about elevated rights, roles and rights handed over."""

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import ElevationGround, Role
from accounts.roles import NAMED_ONLY, PERMISSION_WORDS, Permission
from accounts.services_delegation import DelegationPlan
from accounts.services_elevation import MINUTES
from accounts.services_keeping import RolePlan
from common.errors import NotVisible
from common.forms import DateInput, PortalForm, TextField, choices_of


class ElevationForm(PortalForm):
    ground = forms.ChoiceField(label=gettext_lazy("Ground"))
    text = TextField(label=gettext_lazy("What for"), rows=3, max_length=500)
    minutes = forms.TypedChoiceField(
        label=gettext_lazy("How long"), coerce=int, widget=forms.RadioSelect, initial=15
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.choose("ground", [("", _("Choose")), *choices_of(ElevationGround.choices)])
        self.choose("minutes", [(str(n), _("%(number)d minutes") % {"number": n}) for n in MINUTES])


class AccountForm(PortalForm):
    username = forms.CharField(label=gettext_lazy("User name"), max_length=60)
    full_name = TextField(label=gettext_lazy("Full name"), max_length=120)
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("The link to set the password goes there."),
    )


class RoleForm(PortalForm):
    unit = forms.ChoiceField(label=gettext_lazy("Unit"))
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    title = TextField(label=gettext_lazy("Title"), max_length=120, required=False)
    valid_from = forms.DateField(label=gettext_lazy("First day"), widget=DateInput)
    valid_to = forms.DateField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("Empty: without an end."),
        widget=DateInput,
        required=False,
    )

    def __init__(self, data: Any, units: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.choose("unit", [("", _("Choose")), *units])
        self.choose("role", [("", _("Choose")), *choices_of(Role.choices)])

    def plan(self) -> RolePlan:
        data = self.cleaned_data
        return RolePlan(
            data["unit"], data["role"], data["valid_from"], data["valid_to"], data["title"]
        )


class StepForm(PortalForm):
    """Which help an account gets; ``number`` names the token that is to be revoked."""

    do = forms.ChoiceField(
        choices=[
            (step, step) for step in ("unlock", "sign_out", "token", "factor", "close", "reopen")
        ]
    )
    number = forms.CharField(max_length=64, required=False)

    def token_number(self) -> UUID:
        """Raises NotVisible for what is no number of a token."""
        try:
            return UUID(self.cleaned_data["number"])
        except ValueError:
            raise NotVisible from None


class RoleEndForm(PortalForm):
    valid_to = forms.DateField(label=gettext_lazy("Last day"), widget=DateInput)


class FactorForm(PortalForm):
    ground = TextField(
        label=gettext_lazy("How you made sure who it is"),
        help_text=gettext_lazy("Such as: came in person with the officer's card. Kept for good."),
        rows=2,
        max_length=300,
    )


class CloseForm(PortalForm):
    """Named apart from the form before it: both stand on one page."""

    prefix = "close"
    ground = TextField(label=gettext_lazy("Why"), rows=2, max_length=300)


class DelegationForm(PortalForm):
    """What is under the protection of denouncers is ticked apart and never by itself."""

    holder = forms.ChoiceField(label=gettext_lazy("To whom"))
    rights = forms.MultipleChoiceField(
        label=gettext_lazy("Which rights"), widget=forms.CheckboxSelectMultiple
    )
    sealed = forms.MultipleChoiceField(
        label=gettext_lazy("Rights over denunciations and identities"),
        help_text=gettext_lazy("Only what you tick here is handed over, each by itself."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    valid_from = forms.DateField(label=gettext_lazy("First day"), widget=DateInput)
    valid_to = forms.DateField(label=gettext_lazy("Last day"), widget=DateInput)
    ground = TextField(
        label=gettext_lazy("Ground"),
        help_text=gettext_lazy("The decision or letter by which you hand over, or the reason."),
        max_length=300,
    )

    def __init__(
        self, data: Any, colleagues: list[tuple[str, str]], own: frozenset[Permission]
    ) -> None:
        super().__init__(data)
        self.choose("holder", [("", _("Choose")), *colleagues])
        words = choices_of((p.value, PERMISSION_WORDS[p]) for p in Permission if p in own)
        self.choose("rights", [row for row in words if Permission(row[0]) not in NAMED_ONLY])
        sealed = [row for row in words if Permission(row[0]) in NAMED_ONLY]
        if sealed:
            self.choose("sealed", sealed)
        else:
            del self.fields["sealed"]

    def plan(self) -> DelegationPlan:
        data = self.cleaned_data
        first: dt.date = data["valid_from"]
        rights = [*data["rights"], *data.get("sealed", [])]
        return DelegationPlan(data["holder"], rights, first, data["valid_to"], data["ground"])

    def show_errors(self, error: Any) -> None:
        """The service knows one list of rights, the form two."""
        fields = {"rights" if k == "permissions" else k: v for k, v in error.fields.items()}
        error.fields = fields
        super().show_errors(error)
