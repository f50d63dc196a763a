import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.forms import DateInput, HintedRadioSelect, PortalForm, TextField
from escalation.enums import AnswerStep
from escalation.registry import Choice
from escalation.services import ANSWER_MAX, Answer

_HINTS: dict[str, str | Promise] = {
    AnswerStep.ANSWER.value: _("Say why it is late, what is being done and by whom."),
    AnswerStep.TAKE_OVER.value: _("You handle the case yourself from now on."),
    AnswerStep.REASSIGN.value: _("Another officer handles it from now on."),
}


class AnswerForm(PortalForm):
    """What the position that was escalated to does about it, and until when."""

    step = forms.ChoiceField(label=_("What you do"), widget=HintedRadioSelect(hints=_HINTS))
    officer = forms.ChoiceField(label=_("Officer"), required=False)
    answer = TextField(
        label=_("What is being done, by whom and until when"), rows=5, max_length=ANSWER_MAX
    )
    until = forms.DateField(
        label=_("Done by"),
        required=False,
        widget=DateInput(),
        help_text=_(
            "The next step of the ladder waits for this date, five working days at most. "
            "Without a date it comes when its day comes."
        ),
    )

    def __init__(self, choices: Sequence[Choice], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = [choice.step for choice in choices if not choice.href]
        steps = [AnswerStep.ANSWER, *here]
        self.choose("step", [(step.value, step.label) for step in steps])
        self.initial.setdefault("step", AnswerStep.ANSWER.value)
        officers = [person for choice in choices for person in choice.officers]
        if officers:
            self.choose("officer", [("", "–"), *officers])
        else:
            del self.fields["officer"]

    def answer_given(self) -> Answer:
        """The cleaned answer."""
        data = self.cleaned_data
        until: dt.date | None = data["until"]
        return Answer(data["answer"], data["step"], data.get("officer", ""), until)
