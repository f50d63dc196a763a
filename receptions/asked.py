"""What the address of a page of the public calendar asks for."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from common.text import fold, is_storable
from common.time import local_moment, month_after, today
from communes.enums import UnitKind
from communes.models import Unit
from communes.selectors import unit_by_code, unit_groups, unit_search, units_all
from receptions.forms_calendar import MORE, NAME_MAX, CalendarForm
from receptions.present import month_of
from receptions.selectors import Window, leaders_public

CODE_MAX = 12
FOUND_MAX = 30


class Asked(NamedTuple):
    """``query``: the filters as they go on in links. ``window``: the same, with the times that the
    list shows. ``found``: units of the typed name, when it is not the name of one alone."""

    form: CalendarForm
    unit: Unit | None
    found: list[Unit]
    is_unknown: bool
    query: dict[str, str]
    window: Window
    month: dt.date

    @property
    def whole_month(self) -> Window:
        return self.window._replace(
            since=local_moment(self.month), until=local_moment(month_after(self.month))
        )

    @property
    def has_more(self) -> bool:
        """Whether filters are used that a page folds away."""
        return any(name in self.query for name in MORE)


def units_open() -> list[Unit]:
    """Units in force that receive citizens, by name, from memory."""
    day = today()
    found = [u for u in units_all() if u.kind != UnitKind.CITY and u.is_in_force(day)]
    return sorted(found, key=lambda unit: (not unit.is_commune_level, fold(unit.name)))


def calendar_asked(query: Mapping[str, str]) -> Asked:
    """Read an address. What cannot be used is shown in the form and left out; nothing is refused."""
    units = units_open()
    unit, found, is_unknown = _unit(query)
    form = _form(query, units, unit)
    chosen = _chosen(form, unit)
    month, day = month_of(query.get("month")), form.cleaned_data.get("date")
    texts: dict[str, Any] = dict(chosen)
    window = Window(**texts)
    if day:
        window = window._replace(since=local_moment(day))
    elif month:
        window = window._replace(since=local_moment(month), until=local_moment(month_after(month)))
    shown = (day or month or today()).replace(day=1)
    return Asked(form, unit, found, is_unknown, chosen, window, shown)


def _unit(query: Mapping[str, str]) -> tuple[Unit | None, list[Unit], bool]:
    """The unit that is meant, or those whose names fit, or that none does."""
    words = query.get("q", "").strip()[:NAME_MAX]
    unit = unit_by_code(query.get("unit", "")[:CODE_MAX])
    if not words or not is_storable(words) or not fold(words):
        return unit, [], False
    found = [one for one in unit_search(q=words) if one.kind != UnitKind.CITY]
    named = [one for one in found if fold(words) in {fold(one.name), fold(one.full_name)}]
    best = named if len(named) == 1 else found
    if len(best) == 1:
        return best[0], [], False
    return unit if not found else None, found[:FOUND_MAX], not found


def _form(query: Mapping[str, str], units: list[Unit], unit: Unit | None) -> CalendarForm:
    districts = [group.district for group in unit_groups(units) if group.district]
    leaders = leaders_public(unit.code) if unit else []
    # A name that was understood is not asked again beside another choice from the list.
    data = {**query, "unit": unit.code, "q": ""} if unit else query
    form = CalendarForm(data, units, districts, leaders)
    form.full_clean()
    return form


def _chosen(form: CalendarForm, unit: Unit | None) -> dict[str, str]:
    data = form.cleaned_data
    values = {name: data.get(name, "") for name in ("leader", *MORE)}
    chosen = {"unit": unit.code if unit else "", **values}
    return {name: value for name, value in chosen.items() if value}
