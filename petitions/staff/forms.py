"""Forms of officers, derived from the workflow table and the shared validators."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import DateInput, PortalForm, TextField
from petitions import validators as v
from petitions.choices import choices_for
from petitions.enums import OPENING_GROUNDS, Channel, Flag, Kind, RespondentPosition
from petitions.flags import COLLECTIVE_FROM
from petitions.forms_public import unit_choices
from petitions.models import Case
from petitions.references import fields_all
from petitions.workflow import (
    PAPER,
    Action,
    Field,
    FieldType,
    Status,
    Transition,
    status_label,
)

# What says who sent a letter, or that somebody put a name under it.
SENDER = ("full_name", "identity_number", "address", "phone", "others", "is_signed")
MANY = 10  # above it a group may send up to five representatives


class ActionForm(PortalForm):
    """The inputs of one action, from its row. Checking again is the service's own business."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, row: Transition, case: Case, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})["version"] = case.version
        super().__init__(*args, auto_id=f"{row.action.value}_%s", **kwargs)
        self.row, self.case = row, case
        typed = str(self.data.get("version", ""))
        # The version that the form was opened on, as far as it says so.
        self.opened_on = int(typed) if re.fullmatch(r"[0-9]{1,9}", typed) else case.version
        for item in row.fields:
            self.fields[item.name] = _form_field(item, case, row.action)
        self._offer_papers()
        if "field" in self.fields:
            self.initial.setdefault("field", case.field.code)
        if "assignee" in self.fields and case.assignee:
            self.initial.setdefault("assignee", case.assignee.username)

    def _offer_papers(self) -> None:
        """The newest issued paper is chosen already; nothing is asked for where there is none."""
        field: Any = self.fields.get(PAPER.name)
        if field is None:
            return
        keys = [key for key, _label in field.choices if key]
        if not keys:
            del self.fields[PAPER.name]
            return
        self.initial.setdefault(PAPER.name, keys[0])
        field.choices = [("", gettext("None: I write the number")), *list(field.choices)[1:]]
        for item in self.row.fields:
            if item.unless == PAPER.name:
                self.fields[item.name].required = False

    def inputs(self) -> dict[str, Any]:
        """The raw inputs for the service; booleans come as missing or "on"."""
        return {item.name: self.data.get(item.name, "") for item in self.row.fields}


def _form_field(item: Field, case: Case, action: Action) -> forms.Field:
    label = gettext(item.label)
    common: dict[str, Any] = {"label": label, "required": item.required}
    if item is PAPER:
        common["help_text"] = gettext(
            "Number and date come from the chosen paper; leave the number empty then."
        )
    if item.type is FieldType.LONG_TEXT:
        return TextField(rows=5, max_length=item.max_length or None, **common)
    if item.type is FieldType.DATE:
        return forms.DateField(widget=DateInput(), **common)
    if item.type is FieldType.BOOLEAN:
        return forms.BooleanField(**common)
    if item.type is FieldType.TEXT:
        return TextField(max_length=item.max_length or None, **common)
    choices = [("", gettext("Choose…")), *choices_for(item, case, action)]
    return forms.ChoiceField(choices=choices, **common)


class InboxFilterForm(PortalForm):
    """Filters of the inbox; the query string is the state, so a filter can be bookmarked."""

    q = forms.CharField(label=_("Search code, number or subject"), required=False, max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *Kind.choices]
    )
    status = forms.ChoiceField(label=_("State"), required=False)
    flag = forms.ChoiceField(
        label=_("Mark"), required=False, choices=[("", _("All")), *Flag.choices]
    )
    ordering = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("-submitted_at", _("newest first")),
            ("submitted_at", _("oldest first")),
            ("due_on", _("nearest due date first")),
        ],
    )
    overdue = forms.BooleanField(label=_("Only overdue"), required=False)
    open = forms.BooleanField(label=_("Only open"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(status.value, gettext(status_label(status.value))) for status in Status]
        self.fields["status"].choices = [("", gettext("All states")), *states]  # type: ignore[attr-defined]


class IdentityForm(PortalForm):
    """Why a protected identity must be opened."""

    ground = forms.ChoiceField(label=_("Ground"))
    reason = TextField(
        label=_("Reason for opening the identity"),
        help_text=_(
            "Your name, the moment and this reason are recorded and shown to your superior."
        ),
        rows=3,
        min_length=v.REASON_MIN,
        max_length=v.REASON_MAX,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose(
            "ground",
            [("", gettext("Choose…")), *((g.value, str(g.label)) for g in OPENING_GROUNDS)],
        )


class LetterForm(PortalForm):
    """A paper letter or a visit, registered at the counter in under a minute."""

    channel = forms.ChoiceField(
        label=_("How it came in"),
        choices=[c for c in Channel.choices if c[0] != Channel.ONLINE],
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    field = forms.ChoiceField(label=_("Subject field"))
    subject = TextField(label=_("Subject"), max_length=v.SUBJECT_MAX)
    content = TextField(label=_("What happened"), max_length=v.CONTENT_MAX, rows=6)
    request = TextField(
        label=_("What is asked for"), max_length=v.CONTENT_MAX, rows=3, required=False
    )
    is_anonymous = forms.BooleanField(
        label=_("The denouncer is not named"),
        help_text=_(
            "Only for a denunciation: information without a name (Article 25 of the Law on"
            " Denunciations). Leave the fields of the petitioner empty."
        ),
        required=False,
    )
    full_name = TextField(
        label=_("Full name"),
        help_text=_("Required unless the denouncer is not named."),
        max_length=v.NAME_MAX,
        required=False,
    )
    identity_number = forms.CharField(label=_("Identity number"), required=False, max_length=20)
    address = TextField(
        label=_("Address"),
        help_text=_("Required unless the denouncer is not named."),
        max_length=v.ADDRESS_MAX,
        required=False,
    )
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=20)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=120)
    others = TextField(
        label=_("Other petitioners"),
        help_text=_("One a line: full name; identity number; address."),
        rows=3,
        required=False,
        max_length=20_000,
    )
    representatives = forms.IntegerField(
        label=_("How many of them, from the first, are representatives"),
        help_text=_("For 5 people and more: 1 or 2; for more than 10 at most 5 (Article 29)."),
        required=False,
        min_value=1,
        max_value=5,
        initial=1,
    )
    respondent_name = TextField(
        label=_("Whom it is about"),
        help_text=_("Required for complaints and denunciations."),
        required=False,
        max_length=v.NAME_MAX,
    )
    respondent_unit = forms.ChoiceField(
        label=_("Which unit it is"),
        help_text=_(
            "The people of that unit never see a denunciation. If nobody knows the unit, it counts"
            " as this one, and a body of the city takes the letter in."
        ),
        required=False,
    )
    respondent_position = forms.ChoiceField(
        label=_("Position"),
        required=False,
        choices=[("", "–"), *RespondentPosition.choices],
    )
    is_signed = forms.BooleanField(label=_("The letter is signed or fingerprinted"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["channel"].widget.attrs["autofocus"] = True
        choices = [(field.code, field.label_vi) for field in fields_all()]
        self.fields["field"].choices = choices  # type: ignore[attr-defined]
        units = unit_choices(gettext("I do not know"))
        self.fields["respondent_unit"].choices = units  # type: ignore[attr-defined]

    def clean_identity_number(self) -> str:
        return v.identity_number_clean(self.cleaned_data["identity_number"])

    def clean_phone(self) -> str:
        return v.phone_clean(self.cleaned_data["phone"])

    def clean_others(self) -> list[dict[str, str]]:
        lines = self.cleaned_data["others"].splitlines()
        people = [other_petitioner(line) for line in lines if line.strip()]
        if len(people) >= v.PETITIONERS_MAX:
            raise forms.ValidationError(_("These are too many petitioners for one letter."))
        return people

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._check_sender(data)
        count = 1 + len(data.get("others") or [])
        if "representatives" not in self.errors:
            data["representatives"] = data.get("representatives") or 1
            self._check_representatives(count, data["representatives"])
        about_somebody = data.get("kind") in (Kind.COMPLAINT, Kind.DENUNCIATION)
        if about_somebody and not data.get("respondent_name"):
            self.add_error("respondent_name", _("Say whom the complaint or denunciation is about."))
        return data

    def _check_sender(self, data: dict[str, Any]) -> None:
        """Who sends it with an address, or of a denunciation nobody at all."""
        if not data.get("is_anonymous"):
            for name in ("full_name", "address"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
            return
        if data.get("kind") != Kind.DENUNCIATION:
            self.add_error("is_anonymous", _("Say who sends the petition."))
        for name in SENDER:
            if data.get(name):
                self.add_error(name, _("Leave this empty: the denouncer is not named."))

    def _check_representatives(self, people: int, representatives: int) -> None:
        """Article 29 of the Law on Citizen Reception: 5 to 10 people send 1 or 2, more at most 5;
        a representative is one of the petitioners."""
        most = 2 if people <= MANY else 5
        if people >= COLLECTIVE_FROM and representatives > most:
            message = _("%(people)s people send at most %(most)s representatives (Article 29).")
            self.add_error("representatives", message % {"people": people, "most": most})
        if representatives > people:
            self.add_error("representatives", _("Representatives are among the petitioners."))


def other_petitioner(line: str) -> dict[str, str]:
    """A person from one typed line: full name; identity number; address. Raises ValidationError
    naming the line."""
    name, number, address, *more = [*(part.strip() for part in line.split(";")), "", ""]
    if not name or any(more) or len(name) > v.NAME_MAX or len(address) > v.ADDRESS_MAX:
        raise forms.ValidationError(
            _("“%(line)s”: write full name; identity number; address.") % {"line": line[:60]}
        )
    return (
        {"full_name": name} | _number_of(line, number) | ({"address": address} if address else {})
    )


def _number_of(line: str, number: str) -> dict[str, str]:
    """The identity number of a typed line; a wrong one is told together with its line."""
    try:
        return {"identity_number": v.identity_number_clean(number)} if number else {}
    except forms.ValidationError as error:
        raise forms.ValidationError(f"“{line[:60]}”: {' '.join(error.messages)}") from None
