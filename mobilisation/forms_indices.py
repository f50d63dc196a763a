"""What is typed about indices. The services check again."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import DateInput, PortalForm, TextField, choices_of
from communes.models import Unit
from mobilisation.enums_models import IndexKind
from mobilisation.forms import unit_choices
from mobilisation.models import IndexYear
from mobilisation.models.indices import FIRST_YEAR, LAST_YEAR
from mobilisation.services import IndexFacts
from mobilisation.services.indices import SOURCE_MAX


def _number(label: Any, hint: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=hint,
        required=False,
        max_digits=9,
        decimal_places=4,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )


def _plain(value: Any) -> Any:
    """A number without the noughts behind that the database adds."""
    if not isinstance(value, Decimal):
        return value
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


class IndexFilterForm(PortalForm):
    """Which unit's indices, and of which year the satisfaction; the query string is the state."""

    unit = forms.ChoiceField(label=_("Unit"), required=False)
    year = forms.ChoiceField(label=_("Year of the satisfaction figures"), required=False)

    def __init__(self, data: Any, *, units: Sequence[Unit], years: Sequence[int]) -> None:
        super().__init__(data)
        self.choose("unit", unit_choices(units))
        self.choose("year", [(str(year), str(year)) for year in years])
        self.is_valid()


class IndexChooseForm(PortalForm):
    """Which index is entered or corrected."""

    kind = forms.ChoiceField(label=_("Index"), choices=choices_of(IndexKind.choices))
    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    unit = forms.ChoiceField(label=_("Unit"))

    def __init__(self, data: Any, *, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.choose("unit", unit_choices(units))


class IndexForm(PortalForm):
    """An index in a year. ``version`` is 0 where nothing is known yet."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    value = _number(_("Value"))
    rank = forms.IntegerField(label=_("Rank"), required=False, min_value=1, max_value=9999)
    ranked_of = forms.IntegerField(
        label=_("Of how many"), required=False, min_value=1, max_value=9999
    )
    country_value = _number(_("Value of the whole country"))
    target = _number(_("Target of the year"))
    source = TextField(
        label=_("Source"),
        help_text=_("The document or report in which the figure was published."),
        max_length=SOURCE_MAX,
        required=False,
    )
    published_on = forms.DateField(label=_("Published on"), widget=DateInput(), required=False)
    is_public = forms.BooleanField(label=_("Shown on the public page"), required=False)

    def __init__(self, data: Any, *, row: IndexYear | None, scale: str) -> None:
        names = ("version", *IndexFacts.__annotations__)
        known = {"version": 0}
        if row is not None:
            known = {name: _plain(getattr(row, name)) for name in names}
        super().__init__(data, initial=known)
        hint = gettext("From 0 to %(most)s.") % {"most": scale}
        for name in ("value", "country_value", "target"):
            self.fields[name].help_text = hint

    def facts(self) -> IndexFacts:
        """The checked figures for the service."""
        return IndexFacts(**{name: self.cleaned_data[name] for name in IndexFacts.__annotations__})
