"""Forms of citizens: one question each, in everyday words, with messages that say what to do."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from common.forms import HintedRadioSelect, PortalForm, TextField
from common.text import fold
from communes.models import Unit
from communes.selectors import unit_groups, unit_search
from petitions import validators as v
from petitions.enums import Kind, RespondentPosition
from petitions.receivers import takes_cases
from petitions.references import fields_all

REPRESENTATIVES_FEW, REPRESENTATIVES_MANY, MANY_FROM = 2, 5, 11
UNITS_SHOWN = 15
BROKEN = "\ufffd"  # what decoding leaves of bytes that are not UTF-8

KIND_CHOICES = [
    (Kind.COMPLAINT.value, _("I do not agree with a decision or an act of an authority")),
    (
        Kind.DENUNCIATION.value,
        _("I report that an officer or an authority is breaking the law"),
    ),
    (Kind.RECOMMENDATION.value, _("I propose something that should be done or changed")),
    (Kind.FEEDBACK.value, _("I report something that is happening where I live")),
]
KIND_HINTS = {
    Kind.COMPLAINT.value: _(
        "For example a land recovery, a level of compensation, a fine or a refusal that touches"
        " your own rights. The law calls this a complaint."
    ),
    Kind.DENUNCIATION.value: _(
        "For example asking for money, abuse of office, building let through without a permit."
        " The law calls this a denunciation and protects who makes it."
    ),
    Kind.RECOMMENDATION.value: _(
        "For example a street to light, a rule to change, a better way of working."
        " The law calls this a recommendation."
    ),
    Kind.FEEDBACK.value: _(
        "For example noise, rubbish, a broken road, a queue that never moves."
        " The law calls this feedback."
    ),
}


class PlainField(TextField):
    """Text that can be stored as typed; the browser never cuts what is pasted."""

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        too_long = _("At most %(limit_value)d characters; this text has %(show_value)d.")
        messages = {"max_length": too_long, **kwargs.pop("error_messages", {})}
        super().__init__(max_length=max_length, error_messages=messages, **kwargs)

    def to_python(self, value: Any) -> str:
        """Refuse NUL and what was broken on the way here."""
        text = super().to_python(value) or ""
        v.no_nul(text)
        if BROKEN in text:
            message = gettext(
                "Some characters arrived broken (shown as %(sign)s). Please type them again."
            )
            raise ValidationError(message % {"sign": BROKEN}, code="broken")
        return text

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No ``maxlength``: it would drop the end of a pasted text without a word."""
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class AnswersForm(PortalForm):
    """A question of the wizard; ``answers`` are all answers given so far."""

    def __init__(self, *args: Any, answers: Mapping[str, Any], **kwargs: Any) -> None:
        self.answers = answers
        super().__init__(*args, **kwargs)


class KindForm(AnswersForm):
    kind = forms.ChoiceField(
        label=_("Choose one"),
        choices=KIND_CHOICES,
        widget=HintedRadioSelect(hints=KIND_HINTS),
        error_messages={
            "required": _("Choose what comes closest: an officer can change it later.")
        },
    )


NAMED, UNNAMED = "named", "unnamed"


class NamingField(forms.ChoiceField):
    def clean(self, value: Any) -> str:
        return str(super().clean(value or NAMED))


class NamingForm(AnswersForm):
    """Whether who denounces says who it is; whoever chooses nothing does."""

    naming = NamingField(
        label=_("Do you want to give your name?"),
        choices=[
            (NAMED, _("Yes, I give my name and address; they are kept sealed")),
            (UNNAMED, _("No, I do not want to give my name")),
        ],
        widget=HintedRadioSelect(
            hints={
                NAMED: _("You have the rights of a denouncer once your letter is signed."),
                UNNAMED: _(
                    "The unit only looks at it when it says clearly who broke the law and brings"
                    " concrete evidence. You are no denouncer by law: nobody has to answer you,"
                    " and protection cannot be asked for."
                ),
            }
        ),
    )


class UnitForm(AnswersForm):
    """``q`` narrows the units to a list of radio buttons; without it all stand in one list."""

    unit = forms.ChoiceField(
        label=_("Ward, commune or city body"),
        error_messages={
            "required": _("Choose the unit that should answer you."),
            "invalid_choice": _("There is no such unit. Choose one of the list."),
        },
    )

    def __init__(self, *args: Any, q: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = units_found(q) if q else []
        self.choose("unit", unit_choices(gettext("Choose a unit…"), receivers=True))
        if self.found:
            self._narrow(self.found, q)

    def _narrow(self, units: list[Unit], q: str) -> None:
        field = self.fields["unit"]
        field.label = gettext("Units found")
        hints = {unit.code: unit_hint(unit, q) for unit in units}
        names = [(unit.code, unit.full_name) for unit in units]
        field.widget = HintedRadioSelect(hints=hints, choices=names)


class FieldForm(AnswersForm):
    field = forms.ChoiceField(
        label=_("Choose one"),
        error_messages={
            "required": _("Choose what comes closest: an officer can change it later.")
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("field", field_choices())
        self.fields["field"].widget = forms.RadioSelect(choices=field_choices())


class ContentForm(AnswersForm):
    subject = PlainField(
        label=_("In one sentence"),
        max_length=v.SUBJECT_MAX,
        help_text=_("For example: the compensation for my plot of land is wrong."),
        error_messages={"required": _("Say in one sentence what it is about.")},
    )
    content = PlainField(
        label=_("What happened"),
        rows=9,
        max_length=v.CONTENT_MAX,
        help_text=_("Tell it in order: when, where, who, which paper. Your own words are fine."),
        error_messages={"required": _("Tell what happened.")},
    )
    request = PlainField(
        label=_("What you ask for"),
        rows=4,
        max_length=v.CONTENT_MAX,
        required=False,
        help_text=_("What the unit should do for you."),
        error_messages={"required": _("Say what you ask for: the law wants it in a complaint.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["request"].required = self.answers.get("kind") == Kind.COMPLAINT
        if self.answers.get("kind") == Kind.DENUNCIATION:
            self.fields["subject"].help_text = gettext(
                "For example: an officer asks for money to issue a certificate."
            )


class RespondentForm(AnswersForm):
    name = PlainField(
        label=_("Name of the person or authority"),
        max_length=v.NAME_MAX,
        error_messages={"required": _("Say whom it is about.")},
    )
    unit = forms.ChoiceField(
        label=_("Where this person works"),
        required=False,
        error_messages={"invalid_choice": _("There is no such unit. Choose one of the list.")},
    )
    position = forms.ChoiceField(
        label=_("Position"), required=False, choices=[], widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("unit", unit_choices(gettext("I do not know")))
        positions = [(p.value, capfirst(p.label)) for p in RespondentPosition]
        self.choose("position", positions)
        if self.answers.get("kind") == Kind.DENUNCIATION:
            self.fields["name"].label = gettext("Name of the person or authority you denounce")
            self.fields["unit"].help_text = gettext(
                "People of this unit will not be able to see your denunciation."
                " If you do not know it, the Citizen Reception Board of the City takes the letter in"
                " instead of the unit you chose."
            )
        else:
            self.fields["unit"].label = gettext("Which unit it is")


class PetitionerForm(AnswersForm):
    full_name = PlainField(
        label=_("Full name"),
        max_length=v.NAME_MAX,
        help_text=_("As on the identity card."),
        error_messages={"required": _("Enter the full name.")},
    )
    address = PlainField(
        label=_("Address"),
        max_length=v.ADDRESS_MAX,
        help_text=_("Where the answer should be sent: house number, street or hamlet, ward."),
        error_messages={"required": _("Enter the address.")},
    )
    identity_number = PlainField(
        label=_("Identity number"),
        max_length=40,
        required=False,
        help_text=_("The 12 digits of the citizen identity card. It speeds up the check."),
    )
    phone = PlainField(
        label=_("Telephone"), max_length=40, required=False, help_text=_("Example: 0912345678")
    )
    email = PlainField(
        label=_("E-mail"),
        max_length=120,
        required=False,
        validators=[EmailValidator(_("Enter an e-mail address such as an@example.com."))],
        help_text=_("We write when there is news. The mail itself never says what it is about."),
    )

    def __init__(self, *args: Any, is_first: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = {"identity_number": "numeric", "phone": "tel", "email": "email"}
        for name, mode in kinds.items():
            self.fields[name].widget.attrs["inputmode"] = mode
        own = {"full_name": "name", "address": "street-address", "phone": "tel", "email": "email"}
        for name in self.fields:
            known = own.get(name, "off") if is_first else "off"
            self.fields[name].widget.attrs["autocomplete"] = known

    def clean_identity_number(self) -> str:
        return v.identity_number_clean(self.cleaned_data["identity_number"])

    def clean_phone(self) -> str:
        return v.phone_clean(self.cleaned_data["phone"])


class RepresentativesForm(AnswersForm):
    """Who speaks for several petitioners (Article 29 of the Law on Citizen Reception)."""

    representatives = forms.MultipleChoiceField(
        label=_("Who speaks for all of you?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose who speaks for all of you.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = self.answers.get("petitioners", [])
        self.limit = REPRESENTATIVES_MANY if len(people) >= MANY_FROM else REPRESENTATIVES_FEW
        field = self.fields["representatives"]
        self.choose("representatives", [(str(i), p["full_name"]) for i, p in enumerate(people)])
        field.help_text = gettext("One person, at most %(limit)d.") % {"limit": self.limit}

    def clean_representatives(self) -> list[str]:
        chosen = list(self.cleaned_data["representatives"])
        if len(chosen) > self.limit:
            message = gettext("Choose at most %(limit)d people.") % {"limit": self.limit}
            raise ValidationError(message)
        return chosen


class FileInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Any number of files; their content is checked when they are stored."""

    widget = FileInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return list(data) if isinstance(data, list | tuple) else [data] if data else []


class FilesForm(AnswersForm):
    uploads = FilesField(
        label=_("Photos or papers"),
        required=False,
        help_text=_(
            "Photos, PDF, Word, Excel, sound or video; at most 20 MB each and 20 files in all."
        ),
    )


class CodeField(PlainField):
    """A code or secret: typed by hand, never remembered by the browser."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        super().__init__(max_length=200, widget=forms.TextInput(attrs=attrs), **kwargs)


class ResumeForm(PortalForm):
    token = CodeField(
        label=_("Draft code"),
        help_text=_("The 26 letters and digits from your other device."),
        error_messages={"required": _("Enter the draft code.")},
    )


def unit_choices(empty: str, *, receivers: bool = False) -> list[Any]:
    """Units grouped by former district, the city's bodies last; ``receivers``: may be addressed."""
    units = [u for u in unit_search() if (takes_cases(u) if receivers else u.kind != "city")]
    bodies = gettext("Bodies of the city")
    groups = [
        (group.district or bodies, [(unit.code, unit.full_name) for unit in group.units])
        for group in unit_groups(units)
    ]
    return [("", empty), *groups]


def units_found(q: str) -> list[Unit]:
    """Units whose name or former places hold the typed words side by side, else any order."""
    units = [unit for unit in unit_search(q=q) if takes_cases(unit)]
    words = fold(q)
    named = [unit for unit in units if words in fold(unit.full_name)]
    placed = [unit for unit in units if unit not in named and words in fold(_places(unit))]
    return (named + placed or units)[:UNITS_SHOWN]


def unit_hint(unit: Unit, q: str) -> str:
    """The former places of a unit by which it was found, or its former district."""
    if not unit.former_district:
        return gettext("Body of the city")
    former = gettext("formerly %(place)s") % {"place": unit.former_district}
    known = fold(f"{unit.full_name} {unit.former_district}")
    places = re.split(r"[;:,]\s*", unit.formed_from) if fold(q) not in known else []
    return "; ".join([former, *[place for place in places if fold(q) in fold(place)][:2]])


def _places(unit: Unit) -> str:
    return f"{unit.former_district} {unit.formed_from} {unit.name_en} {unit.code}"


def field_choices() -> list[tuple[str, str]]:
    """Subject fields in the language of the page."""
    is_english = (get_language() or "vi").startswith("en")
    return [(f.code, f.label_en if is_english else f.label_vi) for f in fields_all()]
