"""Forms of officers: the words of a paper, and a reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import PortalForm, TextField
from papers.content import TEXTS, Content
from papers.kinds import PaperKind
from papers.services._step import BODY_MAX, TEXT_MAX

VERSION_MAX = 2**31 - 1


class VersionForm(PortalForm):
    """A step on the version of the paper that was looked at."""

    version = forms.IntegerField(min_value=1, max_value=VERSION_MAX, widget=forms.HiddenInput)


class ReasonForm(VersionForm):
    reason = TextField(label=_("Reason"), rows=3, max_length=500)


class PaperForm(VersionForm):
    """The words of a paper; the kind's own fields come between addressee and text. What is still
    lacking may be saved: it is asked for when the paper is submitted."""

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
            self.fields[f"own_{one.name}"] = TextField(
                label=one.label, required=False, rows=one.rows, max_length=TEXT_MAX
            )
        if not kind.addressee:
            del self.fields["addressee"]
        if not kind.grounds:
            del self.fields["grounds"]
        own = [f"own_{name}" for name in self.own]
        self.order_fields(["about", "addressee", "grounds", *own, "body", "recipients"])

    def service_field(self, name: str) -> str | None:
        """The kind's own fields carry a prefix here."""
        return super().service_field(f"own_{name}" if name in self.own else name)

    @property
    def content(self) -> Content:
        data = self.cleaned_data
        texts = {name: data.get(name, "") for name in TEXTS}
        return Content(**texts, fields={name: data[f"own_{name}"] for name in self.own})


def initial_of(content: Content, version: int) -> dict[str, Any]:
    """What a form begins with."""
    texts = {name: getattr(content, name) for name in TEXTS}
    own = {f"own_{name}": text for name, text in content.fields.items()}
    return texts | own | {"version": version}
