"""What came of one visit, as its receiver writes it down (form 03/TCD of Decree 154/2026)."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import DateInput, HintedRadioSelect, PortalForm, TextField
from common.time import HANOI, local_date, local_moment
from petitions.enums import Kind
from petitions.validators import ADDRESS_MAX
from receptions.enums import Recording, VisitOutcome
from receptions.forms import Choices, TimeInput
from receptions.models import ReceptionSession
from receptions.services.visit_entry import (
    CONTENT_MAX,
    HANDLED_MAX,
    NOTE_MAX,
    PAPER_NUMBER_MAX,
    Entry,
)
from receptions.services.visits import PERSON_MAX, TEXT_MAX
from receptions.services.wishes import PEOPLE_MAX

YES, NO, UNKNOWN = "yes", "no", ""
COMPETENT = {YES: True, NO: False, UNKNOWN: None}
SENT_ON = (VisitOutcome.FORWARDED, VisitOutcome.GUIDED)
WITH_TASK = (VisitOutcome.CONCLUSION, VisitOutcome.TAKEN_IN)


class RecordForm(PortalForm):
    """Which fields are shown follows from the outcome; what is needed is checked either way."""

    RECEIVED, ABSENT = "received", "absent"

    attendance = forms.ChoiceField(
        label=_("Attendance"),
        widget=HintedRadioSelect,
        choices=[(RECEIVED, _("came and was received")), (ABSENT, _("did not come"))],
        initial=RECEIVED,
    )
    people = forms.IntegerField(
        label=_("People present"), min_value=1, max_value=PEOPLE_MAX, required=False
    )
    address = TextField(
        label=_("Address of the visitor"),
        help_text=_(
            "The register of receptions asks for it (form 03/TCD, column 3). It is sealed with the"
            " visitor; leave it empty only when the visitor does not give one."
        ),
        max_length=ADDRESS_MAX,
        required=False,
    )
    content = TextField(
        label=_("Content"),
        help_text=_("What the visitor brought up, in one or two lines for the register."),
        rows=3,
        max_length=CONTENT_MAX,
        required=False,
    )
    said = TextField(label=_("What was said"), rows=5, max_length=TEXT_MAX)
    kind = forms.ChoiceField(
        label=_("Kind of petition"),
        choices=[("", _("not determined")), *Kind.choices],
        required=False,
    )
    recording = forms.ChoiceField(
        label=_("Recording of the online reception"),
        help_text=_(
            "Of a denunciation alone: it is not recorded unless the visitor asks for no protection"
            " of identity. Sealed with what was said."
        ),
        choices=[("", _("not about a denunciation")), *Recording.choices],
        required=False,
    )
    handled_before = TextField(
        label=_("Bodies that have handled it already"),
        help_text=_("Which body, with what result; leave empty when there is none."),
        rows=2,
        max_length=HANDLED_MAX,
        required=False,
    )
    is_competent = forms.ChoiceField(
        label=_("Within the competence of the unit"),
        choices=[(UNKNOWN, _("not determined")), (YES, _("yes")), (NO, _("no"))],
        required=False,
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[("", _("Choose…")), *VisitOutcome.choices]
    )
    sent_to = forms.ChoiceField(label=_("Guided or forwarded to"), required=False)
    paper_number = TextField(
        label=_("Number of that paper"), max_length=PAPER_NUMBER_MAX, required=False
    )
    conclusion = TextField(
        label=_("Answer or conclusion"),
        help_text=_("For a conclusion: what is to be done (Article 25 of Decree 154/2026)."),
        rows=4,
        max_length=TEXT_MAX,
        required=False,
    )
    responsible_unit = forms.ChoiceField(label=_("Unit that does it"), required=False)
    responsible_person = TextField(
        label=_("Contact person"),
        help_text=_("Whom the citizen may ask: name or post, and telephone."),
        max_length=PERSON_MAX,
        required=False,
    )
    due_on = forms.DateField(
        label=_("Until"),
        help_text=_(
            "What is taken in to be answered later needs a date and a contact person"
            " (Article 25(3) of Decree 154/2026)."
        ),
        required=False,
        widget=DateInput,
    )
    began = forms.TimeField(label=_("Began at"), widget=TimeInput, required=False)
    ended = forms.TimeField(label=_("Ended at"), widget=TimeInput, required=False)
    note = TextField(label=_("Note"), rows=2, max_length=NOTE_MAX, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def __init__(
        self,
        data: Any,
        *,
        units: Choices,
        session: ReceptionSession,
        initial: dict[str, Any],
        is_online: bool = False,
    ) -> None:
        super().__init__(data, initial=initial)
        self.session = session
        if not is_online:
            del self.fields["recording"]
        for name in ("responsible_unit", "sent_to"):
            self.choose(name, [("", _("nobody")), *units])
        if self.data.get("attendance") == self.ABSENT:
            self.fields["said"].required = self.fields["outcome"].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        outcome = data.get("outcome")
        if outcome == VisitOutcome.FORWARDED and not data.get("sent_to"):
            self.add_error("sent_to", gettext("Say to which body it was forwarded."))
        # What the outcome does not ask for is not shown, so it is not kept either
        if outcome not in SENT_ON:
            data |= {"sent_to": "", "paper_number": ""}
        if outcome not in WITH_TASK:
            data |= {"responsible_unit": "", "responsible_person": "", "due_on": None}
        return data

    def service_field(self, name: str) -> str | None:
        """The field of this form that shows an error of the service's field."""
        shown = {"began_at": "began", "ended_at": "ended"}.get(name, name)
        return shown if shown in self.fields else None

    def entry(self, sent_to: Any) -> Entry:
        """The fields of the register; times are of the session's local date."""
        data = self.cleaned_data
        entry = Entry(
            content=data["content"],
            kind=data["kind"],
            handled_before=data["handled_before"],
            is_competent=COMPETENT[data["is_competent"]],
            sent_to=sent_to,
            paper_number=data["paper_number"],
            note=data["note"],
            began_at=self._moment(data["began"]),
            ended_at=self._moment(data["ended"]),
        )
        if data["people"]:
            entry["people"] = data["people"]
        return entry

    def _moment(self, time: dt.time | None) -> dt.datetime | None:
        if time is None:
            return None
        return local_moment(local_date(self.session.starts_at), time.hour, time.minute)


def wall_time(moment: dt.datetime | None) -> dt.time | None:
    """The Hà Nội wall time of a moment, to the minute."""
    if moment is None:
        return None
    return moment.astimezone(HANOI).time().replace(second=0, microsecond=0)
