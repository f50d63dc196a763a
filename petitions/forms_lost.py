"""Forms of code and secret: to follow a petition, to get a lost secret again; and of a letter that is
printed and not sent."""

from typing import Any

from django import forms
from django.core.validators import EmailValidator
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import PortalForm
from petitions import validators as v
from petitions.enums import RespondentPosition
from petitions.forms_public import CodeField, PlainField, unit_choices


class LostForm(PortalForm):
    email = PlainField(
        label=_("E-mail that you gave when you sent it"),
        max_length=120,
        validators=[EmailValidator(_("Enter an e-mail address such as an@example.com."))],
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )


class OnceForm(PortalForm):
    code = CodeField(
        label=_("One-time code"),
        help_text=_("The 8 letters and digits of our e-mail, for example 7K3M-9QXD."),
        error_messages={"required": _("Enter the code of the e-mail.")},
    )


class RenewForm(PortalForm):
    letter = forms.ChoiceField(
        label=_("For which one do you need a new secret?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )


class SecretForm(PortalForm):
    """The secret, typed again for a petition that is open."""

    secret = CodeField(
        label=_("Secret"),
        help_text=_("The 26 letters and digits shown once, when the petition was sent."),
        error_messages={"required": _("Enter the secret of the petition.")},
    )


class TrackForm(SecretForm):
    """Code and secret."""

    code = CodeField(
        label=_("Petition code"),
        help_text=_("It starts with HN, for example HN-7K3M9-QXD4F-2T."),
        error_messages={"required": _("Enter the code of the petition.")},
    )
    field_order = ("code", "secret")


class CounterForm(PortalForm):
    """An officer issues a new secret, face to face."""

    letter = forms.ChoiceField(label=_("Letter"), widget=forms.RadioSelect)
    is_checked = forms.BooleanField(
        label=_("I compared the person with the identity card and with the data of this letter"),
        error_messages={"required": _("First compare the person with the identity card.")},
    )
    ground = PlainField(
        label=_("Reason"),
        rows=3,
        min_length=v.REASON_MIN,
        max_length=v.REASON_MAX,
        help_text=_(
            "Your name, the moment and this reason are recorded. Do not write who the person is."
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)


class PaperForm(PortalForm):
    """Everything that a letter of denunciation must say (Article 23 of the Law on Denunciations),
    for one page that is printed and not kept."""

    full_name = PlainField(
        label=_("Your full name"),
        max_length=v.NAME_MAX,
        error_messages={"required": _("Enter the full name.")},
    )
    address = PlainField(
        label=_("Your address"),
        max_length=v.ADDRESS_MAX,
        error_messages={"required": _("Enter the address.")},
    )
    identity_number = PlainField(label=_("Identity number"), max_length=40, required=False)
    phone = PlainField(
        label=_("How to reach you"),
        max_length=120,
        help_text=_("Telephone or another way: the law wants one."),
        error_messages={"required": _("Say how you can be reached.")},
    )
    unit = forms.ChoiceField(
        label=_("To which ward, commune or city body you write"),
        error_messages={
            "required": _("Choose the unit that should answer you."),
            "invalid_choice": _("There is no such unit. Choose one of the list."),
        },
    )
    name = PlainField(
        label=_("Name of the person or authority you denounce"),
        max_length=v.NAME_MAX,
        error_messages={"required": _("Say whom it is about.")},
    )
    about_unit = forms.ChoiceField(
        label=_("Where this person works"),
        required=False,
        error_messages={"invalid_choice": _("There is no such unit. Choose one of the list.")},
    )
    position = forms.ChoiceField(
        label=_("Position"), required=False, choices=[], widget=forms.RadioSelect
    )
    subject = PlainField(
        label=_("In one sentence"),
        max_length=v.SUBJECT_MAX,
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
        label=_("What you ask for"), rows=4, max_length=v.CONTENT_MAX, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("unit", unit_choices(gettext("Choose a unit…"), receivers=True))
        self.choose("about_unit", unit_choices(gettext("I do not know")))
        self.choose("position", [(p.value, capfirst(p.label)) for p in RespondentPosition])
        # A browser that remembers what was typed would tell the next one who sits here.
        for name in ("full_name", "address", "identity_number", "phone", "name"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean_identity_number(self) -> str:
        return v.identity_number_clean(self.cleaned_data["identity_number"])
