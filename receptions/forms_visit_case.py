"""Forms that make a case of a visit or join it to one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import PortalForm
from petitions.models import Case
from petitions.staff.forms import LetterForm
from receptions.models import Registration
from receptions.selectors import representatives_beside, topic_clear
from receptions.services.visit_case import VisitFiling

SUBJECT_MAX = 300
# What the registration or the way of coming says already.
KNOWN = ("channel", "is_anonymous", "full_name", "identity_number", "phone")


class VisitCaseForm(LetterForm):
    """The petition of a visitor: as at the counter, without what is known of the visitor."""

    def __init__(
        self,
        data: Any,
        *,
        row: Registration,
        person: dict[str, Any],
        words: dict[str, Any],
        case: Case | None = None,
    ) -> None:
        super().__init__(data, initial=_known(row, person, words) | _like(case))
        for name in KNOWN:
            del self.fields[name]
        self.fields["address"].required = True
        self.fields["address"].help_text = ""

    def _check_sender(self, data: dict[str, Any]) -> None:
        """The visitor stands in the registration."""

    def filing(self) -> VisitFiling:
        data = self.cleaned_data
        respondent = None
        if data["respondent_name"]:
            respondent = {
                "name": data["respondent_name"],
                "unit": data["respondent_unit"],
                "position": data["respondent_position"],
            }
        return VisitFiling(
            kind=data["kind"],
            field=data["field"],
            subject=data["subject"],
            content=data["content"],
            request=data["request"],
            person=(("address", data["address"]), ("email", data["email"])),
            others=tuple(data["others"]),
            representatives=data["representatives"],
            respondent=respondent,
            is_signed=data["is_signed"],
        )


class JoinForm(PortalForm):
    """The case by its code, typed or from the list beside the form."""

    case_code = forms.CharField(
        label=_("Code of the case"),
        help_text=_("Of a case that you can see."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def _like(case: Case | None) -> dict[str, Any]:
    """Field and respondent of the case that the visitor named when registering."""
    if case is None or case.is_denunciation:
        return {}
    about = case.respondent_unit.code if case.respondent_unit else ""
    return {"field": case.field.code, "respondent_unit": about}


def _known(row: Registration, person: dict[str, Any], words: dict[str, Any]) -> dict[str, Any]:
    """Nothing is typed twice: the topic, what was said and recorded (``words``, as the officer
    reads them), the sealed person."""
    said, topic = words["said"], words.get("topic") or topic_clear(row)
    first = (words["content"] or topic).strip()
    return {
        "kind": words["kind"],
        "subject": " ".join(first.split())[:SUBJECT_MAX],
        "content": "\n\n".join(dict.fromkeys(text for text in (topic, said) if text)),
        "address": person.get("address", ""),
        "email": person.get("email", ""),
        # Of a delegation the names alone are known.
        "others": "\n".join(representatives_beside(person)),
        "representatives": 1,
    }
