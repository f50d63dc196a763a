"""What people type about their own account."""

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Scope
from accounts.services import TokenPlan
from common.forms import PortalForm, TextField, choices_of

DAYS = (30, 90, 180, 365)


class ResetForm(PortalForm):
    login = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )


class NewPasswordForm(PortalForm):
    password = forms.CharField(
        label=gettext_lazy("New password"),
        help_text=gettext_lazy("At least 8 characters, not only digits, not an everyday word."),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("New password, again"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        again = str(self.cleaned_data["again"])
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError(_("The two passwords are not the same."))
        return again


class TokenForm(PortalForm):
    """A name, what the token is for, and how long."""

    name = TextField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy(
            "Which system uses the token, such as: document system of the ward."
        ),
        max_length=80,
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What the token may do"),
        help_text=gettext_lazy("Always inside your own rights. Choose as little as possible."),
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(label=gettext_lazy("How long it holds"), coerce=int, initial=90)
    key = forms.CharField(
        max_length=64, required=False, widget=forms.HiddenInput, initial=secrets.token_hex
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.choose("scopes", choices_of(Scope.choices))
        self.choose("days", [(str(n), _("%(number)d days") % {"number": n}) for n in DAYS])

    def plan(self) -> TokenPlan:
        data = self.cleaned_data
        return TokenPlan(data["name"], tuple(data["scopes"]), data["days"])

    def request_key(self) -> str:
        """The same for a reload and a double click; a caller without one asks anew each time."""
        return self.cleaned_data["key"] or secrets.token_hex()


class CodesForm(PortalForm):
    """Recovery codes as their page shows them: up to ten, eight digits each."""

    codes = forms.RegexField(r"\A[0-9]{8}( [0-9]{8}){0,9}\Z")
