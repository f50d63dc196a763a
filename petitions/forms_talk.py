"""Forms of messages and ratings, for petitioner and officer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import PortalForm, TextField
from petitions.enums import MessageKind
from petitions.forms_public import FilesField
from petitions.services.messages import TEXT_MAX

SCORES = [
    ("5", _("5: very content")),
    ("4", _("4: content")),
    ("3", _("3: neither")),
    ("2", _("2: not content")),
    ("1", _("1: not content at all")),
]


class WriteForm(PortalForm):
    """What the petitioner writes; text or files, or both."""

    kind = forms.ChoiceField(label=_("What it is"), choices=MessageKind.choices)
    text = TextField(label=_("Your message"), rows=5, max_length=TEXT_MAX, required=False)
    uploads = FilesField(label=_("Photos or papers"), required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("text") and not data.get("uploads") and "uploads" not in self.errors:
            self.add_error("text", _("Write something or add a file."))
        return data


class RateForm(PortalForm):
    """How content the petitioner is."""

    score = forms.ChoiceField(
        label=_("How content are you with how the case was handled?"),
        choices=SCORES,
        widget=forms.RadioSelect,
    )
    objects_to_result = forms.BooleanField(
        label=_("I do not agree with the result"), required=False
    )
    text = TextField(label=_("Why"), rows=3, max_length=2000, required=False)


class OfficerMessageForm(PortalForm):
    """A message that the petitioner reads."""

    text = TextField(label=_("Message to the petitioner"), rows=4, max_length=TEXT_MAX)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="message_%s", **kwargs)


class NoteForm(PortalForm):
    """A note among officers."""

    text = TextField(label=_("Internal note"), rows=4, max_length=TEXT_MAX)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="note_%s", **kwargs)
