"""Forms of registering: what citizens and officers type, checked once for page and service."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.forms import HintedRadioSelect, PortalForm, TextField
from common.time import HANOI
from petitions import validators as v
from receptions.enums import AdHocTrigger, Need, SessionMode
from receptions.models import ReceptionSession
from receptions.services.registration_changes import Change
from receptions.services.registrations import PEOPLE_MAX, TOPIC_MAX, Options, Visitor
from receptions.services.sessions import REASON_MAX
from receptions.services.wishes import DELEGATION_FROM, EMAIL_MAX

PLACE, ONLINE = "place", "online"
# What the service calls a field, where the form calls it otherwise.
SHOWN_AS = {"is_online": "attend", "slot_at": "slot"}


def slot_choices(slots: Sequence[dt.datetime]) -> list[tuple[str, Any]]:
    """Turns by the clock, Hà Nội time."""
    times = [(slot.isoformat(), slot.astimezone(HANOI).strftime("%H:%M")) for slot in slots]
    return [("", _("the first free turn")), *times]


class MatterForm(PortalForm):
    """About what, with how many people, how, and what is needed to be heard."""

    topic = TextField(
        label=_("What you want to speak about"),
        help_text=_(
            "One or two sentences, so that the leader can prepare. The leader and those who receive"
            " at this unit read them: leave the field empty to say it in person only, above all"
            " when it is a denunciation."
        ),
        rows=4,
        max_length=TOPIC_MAX,
        required=False,
    )
    people = forms.IntegerField(
        label=_("How many people come"),
        help_text=_("For 5 people and more, send representatives: 1 or 2 for up to 10 people."),
        min_value=1,
        max_value=PEOPLE_MAX,
        initial=1,
    )
    representatives = TextField(
        label=_("Names of the representatives"),
        help_text=_(
            "Only for 5 people and more, one name a line: 1 or 2 for up to 10 people, at most 5 for"
            " more. Each must be one of you (Article 29 of the Law on Citizen Reception)."
        ),
        rows=3,
        max_length=1000,
        required=False,
    )
    slot = forms.ChoiceField(
        label=_("Your turn"),
        help_text=_("The leader receives by the clock in this session."),
        required=False,
    )
    attend = forms.ChoiceField(
        label=_("How you take part"),
        choices=[(PLACE, _("at the place")), (ONLINE, _("online"))],
        initial=PLACE,
        widget=HintedRadioSelect(
            hints={
                ONLINE: _(
                    "Sound and picture are recorded. Whoever denounces is received at the place"
                    " only."
                )
            }
        ),
    )
    needs = forms.MultipleChoiceField(
        label=_("What you need to be heard"),
        help_text=_("Sealed; seen only by those who receive or register you."),
        choices=Need.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    email = forms.EmailField(
        label=_("E-mail for notices"),
        help_text=_(
            "If you give one, we send a code there that you type within 15 minutes. Sealed; mails"
            " say neither your name nor your matter."
        ),
        max_length=EMAIL_MAX,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        session: ReceptionSession | None = None,
        slots: Sequence[dt.datetime] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.choose("slot", slot_choices(slots))
        if not slots:
            del self.fields["slot"]
        if session is None or session.mode != SessionMode.BOTH:
            del self.fields["attend"]

    def clean_representatives(self) -> tuple[str, ...]:
        lines = self.cleaned_data["representatives"].splitlines()
        return tuple(line.strip() for line in lines if line.strip())

    def clean_slot(self) -> dt.datetime | None:
        chosen = self.cleaned_data["slot"]
        return dt.datetime.fromisoformat(chosen) if chosen else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        people = data.get("people") or 1
        if people >= DELEGATION_FROM and not data.get("representatives"):
            missing = "representatives" not in self.errors
            words = _("Name who speaks for you all: 5 people and more send representatives.")
            if missing:
                self.add_error("representatives", words)
        return data

    @property
    def is_online(self) -> bool | None:
        """None where there is nothing to choose."""
        chosen = self.cleaned_data.get("attend")
        return chosen == ONLINE if chosen else None

    def change(self) -> Change:
        """What ``registration_change`` is given."""
        data = self.cleaned_data
        return Change(
            topic=data["topic"],
            people=data["people"],
            representatives=data["representatives"],
            needs=tuple(data["needs"]),
            email=data.get("email"),
            slot_at=data.get("slot"),
            is_online=self.is_online,
        )

    def service_field(self, name: str) -> str | None:
        """The field of this form that shows an error of the service's field."""
        shown = SHOWN_AS.get(name, name)
        return shown if shown in self.fields else None


class RegistrationForm(MatterForm):
    """Who comes, and the matter; a petition may be linked."""

    full_name = TextField(
        label=_("Full name"),
        max_length=v.NAME_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    identity_number = forms.CharField(
        label=_("Identity number"),
        help_text=_("The 12 digits of the citizen identity card. Bring the card with you."),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        help_text=_("We call this number when the session is moved or called off."),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    address = TextField(
        label=_("Address"),
        help_text=_(
            "For the register of receptions, which the law asks for. Sealed like the name; it can"
            " also be said at the reception."
        ),
        max_length=v.ADDRESS_MAX,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    opened = forms.BooleanField(
        label=_("Link the petition that is open in this browser"), required=False
    )
    petition_code = forms.CharField(
        label=_("Code of your petition"),
        help_text=_("If you have filed one about this, the leader sees it before you come."),
        required=False,
        max_length=40,
    )
    petition_secret = forms.CharField(
        label=_("Secret of your petition"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    waiting_list = forms.BooleanField(
        label=_("All places are taken: put me on the waiting list"), required=False
    )
    field_order: tuple[str, ...] = (
        "full_name", "identity_number", "phone", "address", "topic", "people", "representatives",
        "slot", "attend", "opened", "petition_code", "petition_secret", "needs", "email", "waiting_list",
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, is_full: bool = False, has_opened: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        if not is_full:
            del self.fields["waiting_list"]
        if not has_opened:
            del self.fields["opened"]

    def clean_identity_number(self) -> str:
        return v.identity_number_clean(self.cleaned_data["identity_number"])

    def clean_phone(self) -> str:
        return v.phone_clean(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        code, secret = data.get("petition_code"), data.get("petition_secret")
        if bool(code) != bool(secret) and not self.errors:
            name = "petition_secret" if code else "petition_code"
            self.add_error(name, _("Both the code and the secret are needed, or neither."))
        return data

    def inputs(self, **options: Any) -> dict[str, Any]:
        """Keyword arguments of ``registration_create``."""
        data = self.cleaned_data
        code = data["petition_code"]
        visitor = Visitor(
            data["full_name"],
            data["identity_number"],
            data["phone"],
            data.get("email", ""),
            data["representatives"],
            tuple(data["needs"]),
            get_language() or "",
            address=data["address"],
        )
        chosen = Options(slot_at=data.get("slot"), is_online=self.is_online, **options)
        return {
            "visitor": visitor,
            "topic": data["topic"],
            "people": data["people"],
            "petition": (code, data["petition_secret"]) if code else None,
            "options": chosen,
        }


class CounterForm(RegistrationForm):
    """The same at the counter; nobody types a code from an e-mail there, the officer calls."""

    walk_in = forms.BooleanField(
        label=_("Came today without registering: a number at once"), required=False
    )
    leader_agrees = forms.BooleanField(
        label=_("All places are taken; the leader agrees to receive after those who registered"),
        required=False,
    )
    field_order: tuple[str, ...] = ("walk_in", "leader_agrees", *RegistrationForm.field_order)

    def __init__(self, data: Any = None, *, is_today: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        del self.fields["email"]
        if not is_today:
            del self.fields["walk_in"], self.fields["leader_agrees"]

    def inputs(self, **options: Any) -> dict[str, Any]:
        """Keyword arguments of ``registration_create_for``."""
        names = ("walk_in", "leader_agrees")
        chosen = {name: bool(self.cleaned_data.get(name)) for name in names}
        return super().inputs(**options, **chosen)


class ChangeForm(MatterForm):
    """One's own registration, on the version that was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class OfficerChangeForm(ChangeForm):
    """For a visitor who called: the address is the visitor's own affair."""

    is_checked = forms.BooleanField(
        label=_("I compared name, identity number and telephone with the words on this page")
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        del self.fields["email"]


class OfficerCancelForm(PortalForm):
    """Cancelling for a visitor who called."""

    is_checked = forms.BooleanField(
        label=_("I compared name, identity number and telephone with the words on this page")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class PriorityForm(PortalForm):
    """First in the queue, with a reason; nothing ticked takes it back."""

    priority = forms.MultipleChoiceField(
        label=_("Why this visitor goes first"),
        help_text=_("Nothing ticked: no priority."),
        choices=AdHocTrigger.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = TextField(
        label=_("Reason"),
        help_text=_("Everybody who receives or registers here can read it: no names."),
        max_length=REASON_MAX,
        rows=2,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class DigitsForm(PortalForm):
    """The six digits from the e-mail."""

    digits = forms.CharField(
        label=_("The six digits from the e-mail"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class LookupForm(PortalForm):
    """Code and secret of a registration."""

    code = forms.CharField(label=_("Code of the registration"), max_length=40)
    secret = forms.CharField(
        label=_("Secret of the registration"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
