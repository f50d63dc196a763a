"""Forms of the day: refusing, papers, what an online reception needs."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import DateInput, HintedRadioSelect, PortalForm, TextField
from petitions.validators import ADDRESS_MAX
from receptions.enums import PaperCondition
from receptions.moves import Move
from receptions.refusal_grounds import Ground, grounds_open
from receptions.services.numbering import NUMBER_MAX, REASON_MAX
from receptions.services.online import NOTE_MAX
from receptions.services.papers_taken import NAME_MAX, PAGES_MAX, Paper
from receptions.services.refusals import EXPLANATION_MAX, PARTICULAR_MAX, PaperDetails


class VersionForm(PortalForm):
    """A step on the version of the visitor that was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class MoveForm(VersionForm):
    move = forms.ChoiceField(choices=Move.choices)


class RefuseForm(VersionForm):
    """On which ground of the law, and what was explained."""

    ground = forms.ChoiceField(label=_("Legal ground"), widget=HintedRadioSelect)
    explanation = TextField(
        label=_("What was explained to the visitor"), rows=4, max_length=EXPLANATION_MAX
    )
    field_order = ("ground", "explanation")

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        rows = grounds_open().values()
        self.choose("ground", [(row.code, row.text) for row in rows])
        radios: Any = self.fields["ground"].widget
        radios.hints = {row.code: _hint(row) for row in rows}


def _hint(row: Ground) -> str:
    parts = [row.article]
    if row.is_written:
        parts.append(gettext("in writing within 3 working days (form 01/TCD)"))
    if not row.is_verified:
        parts.append(gettext("wording not held against the decree: look it up before refusing"))
    return " · ".join(parts)


class RefusalPaperForm(VersionForm):
    """What form 01/TCD asks beyond the registration."""

    address = TextField(label=_("Address of the visitor"), max_length=ADDRESS_MAX, required=False)
    identity_issued_on = forms.DateField(
        label=_("Identity paper issued on"), required=False, widget=DateInput
    )
    identity_issued_by = TextField(
        label=_("Identity paper issued by"), max_length=PARTICULAR_MAX, required=False
    )
    particulars_missing = TextField(
        label=_("Why one of these is not known"),
        help_text=_("For example: the visitor did not show it. It is printed in its place."),
        max_length=PARTICULAR_MAX,
        required=False,
    )
    field_order = ("address", "identity_issued_on", "identity_issued_by", "particulars_missing")

    def details(self) -> PaperDetails:
        data = self.cleaned_data
        return PaperDetails(
            address=data["address"],
            identity_issued_on=data["identity_issued_on"],
            identity_issued_by=data["identity_issued_by"],
            particulars_missing=data["particulars_missing"],
        )


class SentForm(VersionForm):
    """The paper that went out: the issued one, or one made elsewhere under the typed number."""

    number = TextField(
        label=_("Number of the paper"),
        help_text=_("Of a paper that was made elsewhere; nothing is issued here then."),
        max_length=NUMBER_MAX,
        required=False,
    )
    sent_on = forms.DateField(label=_("Handed over or sent on"), widget=DateInput)
    field_order = ("number", "sent_on")

    def __init__(self, data: Any = None, *, is_issued: bool, **options: Any) -> None:
        super().__init__(data, **options)
        if is_issued:  # which one was looked at
            self.fields["number"].widget = forms.HiddenInput()


class VoidForm(VersionForm):
    """Why an issued paper is void."""

    reason = TextField(
        label=_("Why the paper is void"),
        help_text=_("It stands in the register: name neither a person nor the matter."),
        rows=2,
        max_length=REASON_MAX,
    )
    field_order = ("reason",)


class NoticeVoidForm(VoidForm):
    """Of which written notice: another one may have been issued meanwhile."""

    number = forms.CharField(
        widget=forms.HiddenInput,
        required=False,
        max_length=NUMBER_MAX,
        label=_("Number of the paper"),
    )


class PaperForm(PortalForm):
    """One line of form 02/TCD."""

    name = TextField(label=_("Name of the paper"), max_length=NAME_MAX)
    pages = forms.IntegerField(
        label=_("Number of pages"), min_value=1, max_value=PAGES_MAX, initial=1
    )
    condition = forms.ChoiceField(label=_("Condition"), choices=PaperCondition.choices)

    def paper(self) -> Paper:
        data = self.cleaned_data
        return Paper(data["name"], data["pages"], data["condition"])


class OnlineStepForm(PortalForm):
    step = forms.CharField(max_length=10)
    note = TextField(label=_("Note"), max_length=NOTE_MAX, required=False)


def person_initial(person: dict[str, Any], version: int) -> dict[str, Any]:
    """What is known already for form 01/TCD."""
    issued_on = person.get("identity_issued_on")
    return {
        "version": version,
        "address": person.get("address", ""),
        "identity_issued_on": dt.date.fromisoformat(issued_on) if issued_on else None,
        "identity_issued_by": person.get("identity_issued_by", ""),
        "particulars_missing": person.get("particulars_missing", ""),
    }
