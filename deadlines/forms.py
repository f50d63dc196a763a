"""The form of the public calculator."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import DateInput, HintedRadioSelect, PortalForm
from deadlines import forecast
from deadlines.rules import NORMAL

_KINDS = [
    (forecast.COMPLAINT, _("Complaint, the first one")),
    (forecast.SECOND_COMPLAINT, _("Complaint, the second one")),
    (forecast.DENUNCIATION, _("Denunciation")),
    (forecast.RECOMMENDATION, _("Recommendation")),
    (forecast.FEEDBACK, _("Feedback")),
]
_KIND_HINTS = {
    forecast.COMPLAINT: _("You do not agree with a decision or an act that touches your rights."),
    forecast.SECOND_COMPLAINT: _("To the superior, after the first decision or without one."),
    forecast.DENUNCIATION: _("You report that somebody breaks the law."),
    forecast.RECOMMENDATION: _("You propose something that should be done or changed."),
    forecast.FEEDBACK: _("You report something that is happening where you live."),
}
_CHANNELS = [
    (forecast.UNIT, _("To a unit: at its office, by post or in this portal")),
    (forecast.RECEPTION, _("To a leader, on a reception day")),
    (forecast.PARTY, _("To the head of a Party committee")),
]
_LEVELS = [
    (NORMAL, _("No, or not known")),
    (forecast.COMPLEX, _("Yes, complex")),
    (forecast.VERY_COMPLEX, _("Yes, very complex")),
]
_DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
_DATE_WRONG = _("Enter the date as day/month/year, for example 24/11/2026.")


class CalculatorForm(PortalForm):
    """What did you send, when, to whom. All of it stands in the address, so it can be kept."""

    kind = forms.ChoiceField(
        label=_("What did you send?"),
        choices=_KINDS,
        widget=HintedRadioSelect(hints=_KIND_HINTS),
    )
    date = forms.DateField(
        label=_("On which day did the unit receive it?"),
        input_formats=_DATE_FORMATS,
        widget=DateInput,
        help_text=_("The day stamped on the receipt. In this portal: the day you sent it."),
        error_messages={"invalid": _DATE_WRONG, "required": _DATE_WRONG},
    )
    to = forms.ChoiceField(
        label=_("To whom?"), choices=_CHANNELS, initial=forecast.UNIT, required=False
    )
    remote = forms.BooleanField(
        label=_("The place is remote and hard to travel to"), required=False
    )
    level = forms.ChoiceField(
        label=_("Has the unit found in writing that the case is complex?"),
        choices=_LEVELS,
        initial=NORMAL,
        required=False,
    )

    def question(self) -> forecast.Question:
        """The question of a valid form."""
        data = self.cleaned_data
        return forecast.Question(
            kind=data["kind"],
            sent_on=data["date"],
            channel=data["to"] or forecast.UNIT,
            is_remote=data["remote"],
            level=data["level"] or NORMAL,
        )
