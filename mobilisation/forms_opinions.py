"""Forms of opinion reports. The services check again."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import DateInput, HintedRadioSelect, TextField, choices_of
from communes.models import Unit
from directives.forms_register import StepForm
from mobilisation import validators as v
from mobilisation.enums import OpinionPeriod, OpinionSecrecy, OpinionState
from mobilisation.forms import FILE_HINT, SearchForm, UnitOfForm, all_and, unit_choices
from mobilisation.lists import topics
from mobilisation.models import OpinionEdition, OpinionReport
from mobilisation.services import OpinionWords
from petitions.forms_public import FilesField

TEXT = "text_"


class OpinionFilterForm(SearchForm):
    """Filters of the list, and of the view by topic, where a topic is always chosen."""

    unit = forms.ChoiceField(label=_("Unit"), required=False)
    topic = forms.ChoiceField(label=_("Topic of the report"), required=False)
    period = forms.ChoiceField(label=_("Period"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    since = forms.DateField(label=_("Period from"), widget=DateInput, required=False)
    until = forms.DateField(label=_("Period until"), widget=DateInput, required=False)

    def __init__(self, data: Any, *, units: Sequence[Unit], by_topic: bool = False) -> None:
        super().__init__(data)
        if len(units) > 1:
            self.choose("unit", all_and(unit_choices(units)))
        else:
            del self.fields["unit"]
        self.choose("topic", topics().items() if by_topic else all_and(topics().items()))
        self.choose("period", all_and(choices_of(OpinionPeriod.choices)))
        if by_topic:
            del self.fields["state"]
        else:
            self.choose("state", all_and(choices_of(OpinionState.choices)))

    def search(self) -> dict[str, Any]:
        """What was asked for; a day that is none is left out."""
        found = super().search()
        return found | {name: found[name] or None for name in ("since", "until")}


class OpinionForm(UnitOfForm):
    """A report: its period, who may read it, words by topic, assessment, proposals, files."""

    period = forms.ChoiceField(label=_("Period"), initial=OpinionPeriod.MONTH.value)
    starts_on = forms.DateField(
        label=_("Day in the period"),
        help_text=_("Any day of the week, month or quarter; of an ad hoc report the first day."),
        widget=DateInput,
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        help_text=_("Of an ad hoc report only."),
        widget=DateInput,
        required=False,
    )
    subject = TextField(
        label=_("What it is about"),
        help_text=_("Needed for an ad hoc report."),
        max_length=v.SUBJECT_MAX,
        required=False,
    )
    secrecy = forms.ChoiceField(
        label=_("Who may read it"),
        help_text=_("What holds state secrets must not be entered here."),
        widget=HintedRadioSelect,
        choices=choices_of(OpinionSecrecy.choices),
        initial=OpinionSecrecy.NORMAL.value,
    )
    assessment = TextField(
        label=_("Assessment of the situation"), rows=5, max_length=v.WORDS_MAX, required=False
    )
    proposals = TextField(
        label=_("Proposals to the City"), rows=4, max_length=v.WORDS_MAX, required=False
    )
    uploads = FilesField(label=_("Files"), help_text=FILE_HINT, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("period", choices_of(OpinionPeriod.choices))
        for code, name in topics().items():
            self.fields[TEXT + code] = TextField(
                label=name, rows=3, max_length=v.WORDS_MAX, required=False
            )
        wanted = list(self.fields)
        topic_names = [TEXT + code for code in topics()]
        rest = [name for name in wanted if name not in topic_names]
        at = rest.index("assessment")
        self.order_fields([*rest[:at], *topic_names, *rest[at:]])

    def service_field(self, name: str) -> str | None:
        """What is said of the stored files stands at the upload, of all topics at the first."""
        shown = {"files": "uploads", "attachments": "uploads", "file": "uploads"}
        if name == "texts":
            return TEXT + next(iter(topics()))
        return super().service_field(shown.get(name, name))

    def words(self, files: Sequence[str]) -> OpinionWords:
        """The checked words for the service."""
        data = self.cleaned_data
        names = ("period", "starts_on", "ends_on", "subject", "secrecy", "assessment", "proposals")
        texts = {code: data[TEXT + code] for code in topics() if data[TEXT + code]}
        return OpinionWords(**{name: data[name] for name in names}, texts=texts, files=files)


class OpinionChangeForm(OpinionForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class OpinionCorrectForm(OpinionChangeForm):
    """A new edition of what was sent, with the reason."""

    reason = TextField(label=_("Why it is corrected"), rows=2, max_length=v.REASON_MAX)


class AnswerForm(StepForm):
    decision = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[("read", _("Note that it was read")), ("return", _("Return with a reason"))],
    )
    text = TextField(
        label=_("Reason or remark"),
        help_text=_("Required when it is returned."),
        rows=3,
        max_length=v.WORDS_MAX,
        required=False,
    )


class OpinionFileGoneForm(StepForm):
    file = forms.UUIDField(widget=forms.HiddenInput)


def opinion_initial(row: OpinionReport, edition: OpinionEdition) -> dict[str, Any]:
    """A report and its newest edition as the form shows them."""
    texts: Mapping[str, str] = {TEXT + text.topic: text.text for text in edition.texts.all()}
    head = ("period", "starts_on", "ends_on", "subject", "secrecy", "version")
    return {name: getattr(row, name) for name in head} | {
        "assessment": edition.assessment,
        "proposals": edition.proposals,
        **texts,
    }
