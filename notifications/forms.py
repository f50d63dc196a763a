"""How a person wants e-mails."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from common.forms import DateInput, PortalForm
from common.time import today
from notifications.quiet import Wishes
from notifications.topics import STAFF_TOPICS, EmailMode, Topic


class TimeInput(forms.TimeInput):
    """The browser's own time picker; the value travels as ``HH:MM``."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class SettingsForm(PortalForm):
    """A choice a topic; what the law wants told has one choice and says so."""

    quiet_from = forms.TimeField(
        label=_("Quiet hours from"),
        widget=TimeInput,
        help_text=_("In these hours only urgent e-mails are sent; the others wait for their end."),
    )
    quiet_until = forms.TimeField(
        label=_("Quiet hours until"),
        widget=TimeInput,
        help_text=_("The same time twice means no quiet hours."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for topic in STAFF_TOPICS:
            self.fields[topic.code] = _choice(topic)
        self.order_fields([topic.code for topic in STAFF_TOPICS])

    @classmethod
    def filled(cls, wishes: Wishes) -> "SettingsForm":
        """The form with what is kept."""
        values: dict[str, Any] = {topic.code: wishes.mode(topic) for topic in STAFF_TOPICS}
        return cls(
            initial=values | {"quiet_from": wishes.quiet_from, "quiet_until": wishes.quiet_until}
        )

    def wishes(self) -> Wishes:
        """What was chosen; call it on a valid form."""
        chosen = self.cleaned_data
        times: dict[str, dt.time] = {name: chosen[name] for name in ("quiet_from", "quiet_until")}
        return Wishes({topic.code: chosen[topic.code] for topic in STAFF_TOPICS}, **times)


def _choice(topic: Topic) -> forms.ChoiceField:
    modes = [EmailMode.NOW] if topic.is_legal else list(EmailMode)
    return forms.ChoiceField(
        label=str(topic.label),
        choices=[(mode.value, mode.label) for mode in modes],
        help_text=_("The law wants this told: it cannot be switched off.")
        if topic.is_legal
        else "",
    )


class PreviewForm(PortalForm):
    """Language and date of a preview; what is missing or wrong falls back to Vietnamese today."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    on = forms.DateField(
        label=_("Date of the event"),
        widget=DateInput,
        help_text=_("The text that holds on this day is shown."),
    )

    @classmethod
    def asked(cls, given: QueryDict) -> "PreviewForm":
        """The form with what the address names."""
        start = {"language": settings.LANGUAGE_CODE, "on": today().isoformat()}
        return cls(start | {name: given[name] for name in start if given.get(name)})

    def choice(self) -> dict[str, Any]:
        """``language`` and ``on`` to show."""
        self.is_valid()
        found = self.cleaned_data
        return {
            "language": found.get("language", settings.LANGUAGE_CODE),
            "on": found.get("on", today()),
        }
