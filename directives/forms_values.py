"""What is asked of the figures of a task; the query string is the state."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import choices_of
from directives.enums import Verdict
from directives.forms_overview import ALL, KINDS, AskedForm
from directives.selectors_values import ValuesFilter


class ValuesFilterForm(AskedForm):
    district = forms.ChoiceField(label=_("Former district"), required=False)
    kind = forms.ChoiceField(label=_("Kind of unit"), required=False, choices=KINDS)
    verdict = forms.ChoiceField(
        label=_("Against the target"), required=False, choices=[ALL, *choices_of(Verdict.choices)]
    )

    def __init__(self, data: Any, *, districts: Sequence[str]) -> None:
        super().__init__(data)
        self.choose("district", [ALL, *((name, name) for name in districts)])

    def chosen(self) -> ValuesFilter:
        return ValuesFilter(**self.asked())
