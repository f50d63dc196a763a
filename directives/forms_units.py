"""Choosing units, for giving tasks to them and for the date of tasks that they have. The services
check again."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import DateInput, HintedRadioSelect, PortalForm, TextField, choices_of
from common.time import today
from communes.enums import UnitKind
from communes.hexmap import GridRow, grid_rows
from communes.models import Unit
from communes.selectors import former_districts, unit_search, units_by_code, units_on_map
from directives import validators as v
from directives.enums import Addressee
from directives.models import Task
from directives.services import NewDue

Choices = list[tuple[str, Any]]
FOUND_MAX = 40
HAVING, DISTRICT, CHOSEN, MAPPED = "having", "district", "chosen", "map"
KINDS = {"all": (), "wards": (UnitKind.WARD,), "communes": (UnitKind.COMMUNE,)}
WHICH: Choices = [
    ("all", _("all wards and communes")),
    ("wards", _("all wards")),
    ("communes", _("all communes")),
    (DISTRICT, _("those of a former district")),
    (MAPPED, _("those ticked on the map")),
    (CHOSEN, _("single units")),
]


class UnitsForm(PortalForm):
    """Which units. ``units`` shows what was found and what is chosen already."""

    which = forms.ChoiceField(
        label=_("To which units"),
        widget=HintedRadioSelect(
            hints={
                DISTRICT: _("Choose the former district below."),
                MAPPED: _("Tick the wards and communes on the map below."),
                CHOSEN: _("Find the units below and tick them."),
            }
        ),
        choices=WHICH,
        initial="all",
    )
    district = forms.ChoiceField(label=_("Former district"), required=False)
    mapped = forms.MultipleChoiceField(
        label=_("Wards and communes on the map"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    q = forms.CharField(label=_("Find units by name"), required=False, max_length=80)
    units = forms.MultipleChoiceField(
        label=_("Units to choose from"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = former_districts()
        self.choose("district", [("", _("Choose…")), *((name, name) for name in names)])
        self.choose("units", self._shown())
        self._on_map = units_on_map()
        self.choose("mapped", [(unit.code, unit.name) for unit in self._on_map])

    @property
    def map_rows(self) -> list[GridRow]:
        """The boxes of the map in their places."""
        boxes = zip(self._on_map, self["mapped"], strict=True)
        return grid_rows((unit.grid_col or 0, unit.grid_row or 0, box) for unit, box in boxes)

    def _shown(self) -> Choices:
        """Units that were chosen before, then those that were found."""
        typed: Any = self.data if self.is_bound else self.initial
        codes = typed.getlist("units") if hasattr(typed, "getlist") else typed.get("units", [])
        chosen = list(units_by_code(codes).values())
        q = str(typed.get("q", "")).strip()
        found = unit_search(q=q)[:FOUND_MAX] if q else []
        shown = {unit.pk: unit for unit in (*chosen, *found) if unit.kind != UnitKind.CITY}
        return [(unit.code, unit.full_name) for unit in shown.values()]

    def clean(self) -> dict[str, Any]:
        """A former district needs its name, the map a tick."""
        data: dict[str, Any] = self.cleaned_data
        if data.get("which") == MAPPED and not data.get("mapped"):
            self.add_error("mapped", gettext("Tick at least one on the map."))
        if data.get("which") == DISTRICT and not data.get("district"):
            self.add_error("district", gettext("Choose one."))
        return data

    def chosen_units(self) -> list[Unit]:
        """The units that are meant, in force today, by code."""
        data = self.cleaned_data
        rows = Unit.objects.in_force(today()).order_by("code")
        if data["which"] == CHOSEN:
            return list(rows.filter(code__in=data["units"]))
        rows = rows.commune_level()
        if data["which"] == MAPPED:
            return list(rows.filter(code__in=data["mapped"]))
        if data["which"] == DISTRICT:
            return list(rows.filter(former_district=data["district"]))
        kinds = KINDS[data["which"]]
        return list(rows.filter(kind__in=kinds) if kinds else rows)


class AssignForm(UnitsForm):
    """Which tasks to which units."""

    tasks = forms.MultipleChoiceField(
        label=_("Tasks to give"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one task.")},
    )
    addressee = forms.ChoiceField(label=_("Addressee"), required=False)
    due_on = forms.DateField(
        label=_("Due by"),
        help_text=_("Without a date, the date of the task. Only for tasks asked once."),
        widget=DateInput,
        required=False,
    )
    field_order = ("tasks", "which")

    def __init__(self, *args: Any, asked: Sequence[Task], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("tasks", [(task.code, _numbered(task)) for task in asked])
        usual = gettext("as the task says")
        self.choose("addressee", [("", usual), *choices_of(Addressee.choices)])


class DueForm(UnitsForm):
    """The date of a task for units that have it already."""

    due_on = forms.DateField(label=_("New date"), widget=DateInput, required=False)
    is_none = forms.BooleanField(label=_("Without a date from now on"), required=False)
    over_extensions = forms.BooleanField(
        label=_("Also where a unit was given more time than that"), required=False
    )
    reason = TextField(
        label=_("Reason"),
        help_text=_("It stands in the history of the task, where the unit reads it."),
        rows=3,
        max_length=v.REASON_MAX,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("which", [(HAVING, gettext("all units that have the task")), *WHICH])
        self.fields["which"].label = _("For which units")
        self.fields["which"].initial = HAVING

    def clean(self) -> dict[str, Any]:
        """Either a date or none at all."""
        data = super().clean()
        if "due_on" not in self.errors and bool(data.get("due_on")) == bool(data.get("is_none")):
            self.add_error("due_on", gettext("Put a date, or choose to have none."))
        return data

    def service_field(self, name: str) -> str | None:
        """What is wrong with the task stands at the date."""
        return super().service_field("due_on" if name == "task" else name)

    def new(self) -> NewDue:
        """The date that is to hold, for the service."""
        return NewDue(self.cleaned_data["due_on"], self.cleaned_data["over_extensions"])

    def asked_units(self) -> list[Unit] | None:
        """The units that are meant, None for all that have the task."""
        return None if self.cleaned_data["which"] == HAVING else self.chosen_units()


def _numbered(task: Task) -> str:
    return f"{task.group.number}.{task.position} {task.title}"
