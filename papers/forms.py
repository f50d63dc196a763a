"""Forms of officers: the words of a paper, and a reason."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.errors import InvalidInput
from common.forms import DateInput, PortalForm, TextField
from common.time import DATE_MAX, DATE_MIN
from communes.models import Unit
from papers.catalogue import KINDS, kind_title
from papers.content import TEXTS, Content
from papers.kinds import Field, PaperKind
from papers.selectors_unit import ISSUED, MINE, WAITING, Asked
from papers.services._step import BODY_MAX, TEXT_MAX

CODE_MAX = 40  # characters, with stray ones
VERSION_MAX = 2**31 - 1
KNOWN = [MinValueValidator(DATE_MIN), MaxValueValidator(DATE_MAX)]
TABS = {
    WAITING: _("Waiting to be issued"),
    MINE: _("My drafts"),
    ISSUED: _("Issued papers"),
}


class VersionForm(PortalForm):
    """A step on the version of the paper that was looked at."""

    version = forms.IntegerField(min_value=1, max_value=VERSION_MAX, widget=forms.HiddenInput)


class CodeForm(PortalForm):
    """The code of a paper, as it stands beside its QR."""

    code = TextField(
        label=_("Code of the paper"),
        help_text=_("Beside the QR at the end of the paper: VB-, then 12 letters and digits."),
        max_length=CODE_MAX,
    )


class ReasonForm(VersionForm):
    reason = TextField(label=_("Reason"), rows=3, max_length=500)


class PaperForm(VersionForm):
    """The words of a paper; the kind's own fields come between addressee and text. What is still
    lacking may be saved: it is asked for when the paper is submitted, so nothing says that it may
    be left empty."""

    about = TextField(label=_("About (subject line)"), required=False, max_length=TEXT_MAX)
    addressee = TextField(label=_("To"), required=False, rows=2, max_length=TEXT_MAX)
    grounds = TextField(label=_("Grounds, one a line"), required=False, rows=4, max_length=TEXT_MAX)
    body = TextField(
        label=_("Text"),
        help_text=_(
            "A blank line ends a paragraph. Lines that begin with “- ” become a list; lines such as"
            " “| a | b |” become a table, the first of them its head."
        ),
        required=False,
        rows=18,
        max_length=BODY_MAX,
    )
    recipients = TextField(
        label=_("Recipients, one a line"), required=False, rows=4, max_length=TEXT_MAX
    )

    def __init__(self, kind: PaperKind, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = [one.name for one in kind.fields]
        for one in kind.fields:
            self.fields[f"own_{one.name}"] = _own_field(one)
        if not kind.addressee:
            del self.fields["addressee"]
        if not kind.grounds:
            del self.fields["grounds"]
        for name in kind.needed:
            field: Any = self.fields[self.service_field(name) or name]
            field.asked_for_later = True
        own = [f"own_{name}" for name in self.own]
        self.order_fields(["about", "addressee", "grounds", *own, "body", "recipients"])

    def service_field(self, name: str) -> str | None:
        """The kind's own fields carry a prefix here."""
        return super().service_field(f"own_{name}" if name in self.own else name)

    @property
    def content(self) -> Content:
        data = self.cleaned_data
        texts = {name: data.get(name, "") for name in TEXTS}
        own = {name: data.get(f"own_{name}") or "" for name in self.own}
        return Content(**texts, fields={name: str(value) for name, value in own.items()})


def _own_field(one: Field) -> forms.Field:
    label: Any = one.label
    if one.is_date:
        return forms.DateField(label=label, required=False, widget=DateInput, validators=KNOWN)
    return TextField(label=label, required=False, rows=one.rows, max_length=TEXT_MAX)


def initial_of(content: Content, version: int) -> dict[str, Any]:
    """What a form begins with."""
    texts = {name: getattr(content, name) for name in TEXTS}
    own = {f"own_{name}": text for name, text in content.fields.items()}
    return texts | own | {"version": version}


class UnitPapersForm(PortalForm):
    """What of a unit's papers is shown; the query string is the state."""

    tab = forms.ChoiceField(
        choices=list(TABS.items()), required=False, widget=forms.HiddenInput, label=_("State")
    )
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    kind = forms.ChoiceField(label=_("Kind of paper"), required=False)
    since = forms.DateField(
        label=_("From the day"), widget=DateInput, required=False, validators=KNOWN
    )
    until = forms.DateField(
        label=_("To the day"), widget=DateInput, required=False, validators=KNOWN
    )
    number = TextField(label=_("Number"), required=False, max_length=40)

    def __init__(self, data: Any, *, units: Sequence[Unit]) -> None:
        super().__init__(data)
        self.choose("unit", [(unit.code, unit.full_name) for unit in units])
        kinds = [(kind.code, kind_title(kind)) for kind in KINDS.values()]
        self.choose("kind", [("", gettext("All kinds of papers")), *kinds])
        if len(units) == 1:
            self.fields["unit"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", gettext("The last day lies before the first."))
        return data

    def asked(self, unit: Unit) -> Asked:
        """What is asked for of this unit. Raises InvalidInput."""
        if not self.is_valid():
            wrong = {name: [str(text) for text in texts] for name, texts in self.errors.items()}
            raise InvalidInput(fields=wrong)
        data = {name: value for name, value in self.cleaned_data.items() if value}
        data["tab"], data["unit"] = data.get("tab", WAITING), unit
        return Asked(**data)
