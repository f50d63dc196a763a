"""One answer to several reports."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import DateInput, PortalForm, TextField
from directives import validators as v
from directives.services.reviews import Answer

PICKED_MAX = 100
Picked = tuple[str, int, str | None]


class ReviewsForm(PortalForm):
    """The checkboxes of the list, ``pick``, name each report: assignment, version and, for a
    period, the period."""

    decision = forms.ChoiceField(
        label=_("Decision on the ticked reports"),
        widget=forms.RadioSelect,
        choices=[("accept", _("Confirm as done")), ("return", _("Return with a reason"))],
    )
    text = TextField(
        label=_("Reason or remark"),
        help_text=_("Required when it is returned; every unit reads the same words."),
        required=False,
        max_length=v.REPORT_MAX,
        rows=3,
    )
    until = forms.DateField(
        label=_("New date when it is returned"),
        help_text=_("Without one, as many days as were left when it was reported."),
        required=False,
        widget=DateInput(),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="at_once_%s")
        self.typed: list[str] = data.getlist("pick") if data is not None else []
        self.picked: list[Picked] = []

    def clean(self) -> dict[str, Any]:
        """Something must be ticked, and what is returned needs its reason."""
        data: dict[str, Any] = self.cleaned_data
        self.picked = [found for value in self.typed if (found := _pick(value)) is not None]
        if not self.picked or len(self.picked) != len(self.typed):
            self.add_error(None, gettext("Tick at least one report of the list."))
        elif len(self.picked) > PICKED_MAX:
            message = gettext("At most %(n)d reports at once.") % {"n": PICKED_MAX}
            self.add_error(None, message)
        if data.get("decision") == "return" and not data.get("text"):
            self.add_error("text", gettext("Say why it is returned."))
        return data

    def answers(self) -> list[Answer]:
        """The same answer to every ticked report."""
        data = self.cleaned_data
        is_accepted = data["decision"] == "accept"
        until = None if is_accepted else data["until"]
        return [
            Answer(key, version, is_accepted, data["text"] or "", period, until)
            for key, version, period in self.picked
        ]


def _pick(value: str) -> Picked | None:
    """``assignment:version`` or ``assignment:version:period``, None when it is neither."""
    key, _colon, rest = value.partition(":")
    version, _colon, period = rest.partition(":")
    try:
        assignment = str(uuid.UUID(key))
        of = str(uuid.UUID(period)) if period else None
    except ValueError:
        return None
    if not (version.isascii() and version.isdecimal() and len(version) < 9):
        return None
    return assignment, int(version), of
