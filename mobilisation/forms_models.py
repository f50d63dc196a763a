"""What is typed about models of "dân vận khéo". The services check again."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import DateInput, PortalForm, TextField, choices_of
from communes.models import Unit
from directives.forms_register import StepForm, UploadForm
from directives.validators import REASON_MAX
from mobilisation.enums_models import OWN, ExemplarState, RecognitionLevel
from mobilisation.forms import Choices, SearchForm, all_and, unit_choices
from mobilisation.models import Exemplar, ExemplarField
from mobilisation.services import Words
from mobilisation.services.exemplar_pictures import ALT_MAX
from mobilisation.services.exemplar_steps import DECIDED_BY_MAX, NUMBER_MAX
from mobilisation.services.exemplars import RESULTS_MAX, TEXTS


def field_choices(fields: Sequence[ExemplarField]) -> Choices:
    return [(field.code, field.label) for field in fields]


class ExemplarFilterForm(SearchForm):
    """Filters of the register; the query string is the state."""

    q = forms.CharField(label=_("Title, group or unit"), required=False, max_length=120)
    field = forms.ChoiceField(label=_("Field of life"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    year = forms.ChoiceField(label=_("Year"), required=False)
    copied = forms.ChoiceField(
        label=_("Origin"),
        required=False,
        choices=[("", _("All")), ("yes", _("taken over from another unit"))],
    )

    def __init__(
        self,
        data: Any,
        *,
        fields: Sequence[ExemplarField],
        units: Sequence[Unit],
        years: Sequence[int],
        sees_own: bool = False,
        is_public: bool = False,
    ) -> None:
        super().__init__(data)
        self.choose("field", all_and(field_choices(fields)))
        self.choose("unit", all_and(unit_choices(units)))
        self.choose("year", all_and((str(year), str(year)) for year in years))
        if is_public:
            del self.fields["state"], self.fields["copied"]
            return
        states = (s for s in choices_of(ExemplarState.choices) if sees_own or s[0] not in OWN)
        self.choose("state", all_and(states))


class WordsForm(PortalForm):
    """What a model is."""

    title = TextField(label=_("Title of the model"), max_length=TEXTS["title"])
    field = forms.ChoiceField(label=_("Field of life"))
    carried_out_by = TextField(
        label=_("Carried out by"),
        help_text=_("A group or body, for example the women's union of a residential group."),
        max_length=TEXTS["carried_out_by"],
    )
    starts_on = forms.DateField(label=_("Carried out from"), widget=DateInput())
    ends_on = forms.DateField(
        label=_("Carried out until"),
        help_text=_("Leave it empty while the model is carried on."),
        widget=DateInput(),
        required=False,
    )
    description = TextField(label=_("How it works"), rows=8, max_length=TEXTS["description"])
    results = TextField(
        label=_("Results"),
        help_text=_("What changed for the people, in figures where there are any."),
        rows=6,
        max_length=RESULTS_MAX,
        required=False,
    )

    def __init__(self, *args: Any, fields: Sequence[ExemplarField], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("field", [("", gettext("Choose…")), *field_choices(fields)])

    def words(self) -> Words:
        """The checked model for the service."""
        return Words(**{name: self.cleaned_data[name] for name in Words.__annotations__})


class NewForm(WordsForm):
    unit = forms.ChoiceField(label=_("Unit"))

    field_order = ["unit"]

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("unit", unit_choices(units))


class ChangeForm(WordsForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


def words_initial(row: Exemplar) -> dict[str, Any]:
    """A model as its form shows it."""
    names = (*(name for name in Words.__annotations__ if name != "field"), "version")
    return {name: getattr(row, name) for name in names} | {"field": row.field.code}


# Steps of the page


class ExemplarStepForm(UploadForm, StepForm):
    """A step of a model."""

    def fit(self, row: Exemplar, levels: Choices, units: Sequence[Unit]) -> None:
        """Choices that follow from the model and the person."""


class RecogniseForm(ExemplarStepForm):
    level = forms.ChoiceField(label=_("Level of recognition"))
    number = TextField(label=_("Number of the decision"), max_length=NUMBER_MAX)
    decided_on = forms.DateField(label=_("Date of the decision"), widget=DateInput())
    decided_by = TextField(
        label=_("Decided by"),
        help_text=_("The body, as it stands on the paper."),
        max_length=DECIDED_BY_MAX,
    )
    upload = forms.FileField(
        label=_("File of the decision"), required=False, widget=forms.FileInput
    )

    def fit(self, row: Exemplar, levels: Choices, units: Sequence[Unit]) -> None:
        self.choose("level", levels)


class ReasonForm(ExemplarStepForm):
    reason = TextField(label=_("Reason"), rows=3, max_length=REASON_MAX)


class PublishForm(ExemplarStepForm):
    people_agreed = forms.BooleanField(
        label=_("The people shown in texts and pictures have agreed to the publication"),
        help_text=_("It is kept who said so and when."),
    )


class PictureForm(ExemplarStepForm):
    upload = forms.FileField(
        label=_("Picture"),
        help_text=_("JPG, PNG or WEBP, at most 20 MB. Place, time and device are removed."),
        widget=forms.FileInput,
    )
    alt = TextField(
        label=_("What the picture shows"),
        help_text=_("Read out to people who do not see it. Without names of people."),
        max_length=ALT_MAX,
    )


class PictureGoneForm(ExemplarStepForm):
    picture = forms.UUIDField(widget=forms.HiddenInput)


class CopyForm(ExemplarStepForm):
    unit = forms.ChoiceField(label=_("Unit that takes it over"))
    carried_out_by = TextField(label=_("Carried out by"), max_length=TEXTS["carried_out_by"])
    starts_on = forms.DateField(label=_("Carried out from"), widget=DateInput())

    def fit(self, row: Exemplar, levels: Choices, units: Sequence[Unit]) -> None:
        self.choose("unit", unit_choices([unit for unit in units if unit.pk != row.unit_id]))


def level_choices(levels: Sequence[RecognitionLevel]) -> Choices:
    return choices_of([(level.value, level.label) for level in levels])
