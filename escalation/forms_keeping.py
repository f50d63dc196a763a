"""Forms of the administrators: ladders, switches, the release of a stopped sweep."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.forms import DateInput, PortalForm, TextField
from communes.models import Unit
from escalation.enums import Anchor, LadderGroup
from escalation.keeping import LadderPlan, shipped_for
from escalation.ladder import SHIPPED, is_own_rule
from escalation.models import Ladder
from escalation.words import PLACES, step_words


class ScopeForm(PortalForm):
    """For which limits a ladder is: asked first, because the steps follow from it."""

    group = forms.ChoiceField(label=gettext_lazy("Limits"), choices=LadderGroup.choices)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)

    def __init__(self, kinds: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("kind", [("", _("All kinds")), *kinds])


class LadderForm(PortalForm):
    """The days of each step; an empty field leaves out a step that no law asks for."""

    name = TextField(label=gettext_lazy("Name"), max_length=120)
    field_code = forms.ChoiceField(label=gettext_lazy("Subject field"), required=False)
    valid_from = forms.DateField(
        label=gettext_lazy("Holds for limits that start from"), widget=DateInput()
    )
    reason = TextField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Decision, number and date, or the reason."),
        max_length=300,
    )

    def __init__(self, group: str, kind: str, fields: Iterable[tuple[str, str]], *args: Any,
                 **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.group, self.kind = group, kind
        self.choose("field_code", [("", _("All subject fields")), *fields])
        self.steps = shipped_for(group, kind)
        for step in self.steps:
            days = (
                _("calendar days from the start")
                if step.anchor is Anchor.START
                else _("working days from the last day")
            )
            left_out = _("; may be left out") if is_own_rule(step) and step.code != "breach" else ""
            self.fields[f"days_{step.code}"] = forms.IntegerField(
                label=capfirst(step_words(step.code)),
                help_text=f"{capfirst(str(PLACES[step.to]))} · {days}{left_out}. {step.basis}",
                required=not left_out,
                initial=step.offset,
            )

    def plan(self) -> LadderPlan:
        """The cleaned ladder."""
        data = self.cleaned_data
        days = {step.code: data.get(f"days_{step.code}") for step in self.steps}
        return LadderPlan(data["name"], self.group, self.kind, data["field_code"], data["reason"],
                          data["valid_from"], days)  # fmt: skip


class SwitchForm(PortalForm):
    """Where the ladder rests, why and until when."""

    unit = forms.ChoiceField(label=gettext_lazy("Unit"), required=False)
    ladder = forms.ChoiceField(label=gettext_lazy("Ladder"), required=False)
    until = forms.DateField(label=gettext_lazy("To the end of"), widget=DateInput())
    reason = TextField(label=gettext_lazy("Why"), max_length=300)

    def __init__(self, units: Iterable[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("unit", [("", _("All units")), *((u.code, u.full_name) for u in units)])
        own = [(row.code, row.name) for row in Ladder.objects.exclude(confirmed_at=None)]
        shipped = [(code, ladder_words(code)) for code in SHIPPED]
        self.choose("ladder", [("", _("All ladders")), *shipped, *own])


class ReleaseForm(PortalForm):
    """Why the sweep may go on."""

    note = TextField(label=gettext_lazy("Why it may go on"), max_length=300)


def ladder_words(code: str) -> str:
    """The name of a shipped ladder."""
    names = {
        "first_answer": LadderGroup.FIRST_ANSWER.label,
        "resolution": LadderGroup.RESOLUTION.label,
        "resolution_denunciation": _("result of a denunciation"),
        "duty": LadderGroup.DUTY.label,
        "internal": LadderGroup.INTERNAL.label,
        "conclusion": _("tasks of conclusions, head receives"),
        "conclusion_party": _("tasks of conclusions, Party secretary receives"),
        "visit_notice": _("written notice after a reception"),
        "visit_notice_party": _("written notice after a reception of the Party secretary"),
        "directive": _("tasks of directives, given to the authority"),
        "directive_party": _("tasks of directives, given to the Party committee"),
        "directive_front": _("tasks of directives, given to the Fatherland Front"),
        "statutory": _("limits of before the ladders by kind"),
    }
    return str(names.get(code, code))
