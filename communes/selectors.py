"""Reading units. Units change a few times a year: codes are resolved from memory."""

import datetime as dt
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import ClassVar

from django.db.models import ManyToOneRel, Q

from common.text import fold
from common.time import today
from communes.enums import COMMUNE_LEVEL, UnitKind
from communes.models import Unit, UnitQuerySet, UnitSuccession

CACHE_SECONDS = 30
HOLDERS = ("petitions", "receptions")
_DISTRICT_RANK = {"Qu": 0, "Th": 1, "Hu": 2}


class _Cache:
    units: ClassVar[dict[str, Unit]] = {}
    read_at: ClassVar[float] = 0.0


def unit_by_code(code: str) -> Unit | None:
    """The unit with that code, or None; read from the database at most every 30 seconds."""
    return _units().get(code)


def units_all() -> list[Unit]:
    """Every unit, from memory."""
    return list(_units().values())


def units_in_force() -> list[Unit]:
    """Those that are there today, from memory."""
    on = today()
    return [unit for unit in units_all() if unit.is_in_force(on)]


def units_folded() -> dict[int, int]:
    """Units that are no more, each with the unit in force that keeps its files; keys, from
    memory."""
    return {past: unit.pk for unit in units_in_force() for past in unit.keeps}


def unit_by_id(pk: int) -> Unit | None:
    return next((unit for unit in _units().values() if unit.pk == pk), None)


def units_by_code(codes: Iterable[str]) -> dict[str, Unit]:
    known = _units()
    return {code: known[code] for code in codes if code in known}


def unit_cache_clear() -> None:
    """Forget what was read: after loading reference data, and between tests."""
    _Cache.units, _Cache.read_at = {}, 0.0


def unit_json(unit: Unit) -> dict[str, str]:
    """A unit as every answer of the API shows it."""
    return {
        "code": unit.code,
        "kind": unit.kind,
        "name": unit.full_name,
        "slug": unit.slug,
        "former_district": unit.former_district,
    }


@dataclass(frozen=True)
class UnitGroup:
    """Units of one former district, or the city's bodies (without a name)."""

    district: str
    units: list[Unit]


def unit_search(*, q: str = "", kind: str = "", district: str = "") -> list[Unit]:
    """Units in force whose words match, accents or not; the name before the former places.

    ``kind`` is a unit kind, or ``body`` for every body of the city.
    """
    words = fold(q).split()
    rows = _matching(words)
    if kind == "body":
        rows = rows.exclude(kind__in=COMMUNE_LEVEL)
    elif kind:
        rows = rows.filter(kind=kind)
    if district:
        rows = rows.filter(former_district=district)
    return sorted(rows, key=lambda unit: (not unit_is_named(unit, words), _name_key(unit)))


def _matching(words: list[str]) -> UnitQuerySet:
    """Units in force with the words side by side, or, when there is none, anywhere."""
    rows = Unit.objects.in_force(today())
    together = rows.filter(search_text__contains=" ".join(words))
    if len(words) < 2 or together.exists():
        return together
    for word in words:
        rows = rows.filter(search_text__contains=word)
    return rows


def unit_is_named(unit: Unit, words: Collection[str]) -> bool:
    """Whether all words are in the unit's own name, folded."""
    name = fold(unit.full_name)
    return all(word in name for word in words)


def unit_groups(units: Iterable[Unit]) -> list[UnitGroup]:
    """Units by former district, urban districts first, the city's bodies last."""
    groups: dict[str, list[Unit]] = {}
    for unit in units:
        groups.setdefault(unit.former_district, []).append(unit)
    order = sorted(groups, key=lambda name: (not name, _DISTRICT_RANK.get(name[:2], 3), fold(name)))
    return [UnitGroup(name, groups[name]) for name in order]


def former_districts() -> list[str]:
    """Names of the former districts in the order of the list."""
    rows = Unit.objects.commune_level().in_force(today())
    return [group.district for group in unit_groups(rows.only("former_district"))]


def units_on_map() -> list[Unit]:
    """The wards and communes in force that have a cell of the map, in reading order."""
    rows = Unit.objects.commune_level().in_force(today())
    return list(rows.exclude(grid_col=None).order_by("grid_row", "grid_col"))


def unit_get(slug: str) -> Unit | None:
    return Unit.objects.select_related("parent").filter(slug=slug).first()


def unit_successors(unit: Unit) -> list[UnitSuccession]:
    """What became of a unit that is no more, who keeps its files first; one query."""
    rows = unit.successions.select_related("successor")
    return sorted(rows, key=lambda row: (not row.keeps_files, row.successor.full_name))


def units_after(unit: Unit) -> list[Unit]:
    """Everybody who took over from a unit that is no more, and from those in turn; no query for a
    unit that goes on, else one a generation."""
    found: dict[int, Unit] = {}
    ended = [unit] if unit.valid_to is not None else []
    while ended:
        rows = Unit.objects.filter(predecessions__unit__in=ended).exclude(pk__in=[unit.pk, *found])
        new = {row.pk: row for row in rows}
        found |= new
        ended = [row for row in new.values() if row.valid_to is not None]
    return list(found.values())


def reform_days(ids: Collection[int]) -> dict[int, dt.date]:
    """By key, the last local date on which each of the units took over from another or went into
    one; one query."""
    rows = UnitSuccession.objects.filter(Q(unit__in=ids) | Q(successor__in=ids)).order_by("on")
    found: dict[int, dt.date] = {}
    for unit_id, successor_id, on in rows.values_list("unit_id", "successor_id", "on"):
        found |= dict.fromkeys((unit_id, successor_id), on)
    return found


def unit_predecessors(unit: Unit) -> list[UnitSuccession]:
    """From which units it took over, the oldest first; one query."""
    return list(unit.predecessions.select_related("unit"))


def reformed_codes() -> set[str]:
    """Codes of units over which a reform decided; two queries."""
    rows = UnitSuccession.objects.values_list("unit__code", "successor__code")
    renamed = Unit.objects.exclude(former_names=[]).values_list("code", flat=True)
    return {code for pair in rows for code in pair} | set(renamed)


def unit_ids_with_petitions(ids: Collection[int]) -> set[int]:
    """Those of the units that any petition, case or reception still points to.

    The tables lie above this app: they are found through the relations, not imported.
    """
    found: set[int] = set()
    for relation in Unit._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel):
            continue
        model = relation.related_model
        if model._meta.app_label in HOLDERS:
            column = relation.field.attname
            rows = model._base_manager.filter(Q((f"{column}__in", list(ids))))
            found |= set(rows.values_list(column, flat=True).distinct())
    return found


def _name_key(unit: Unit) -> tuple[bool, str]:
    return not unit.is_commune_level and unit.kind != UnitKind.CITY, fold(unit.name)


def _units() -> dict[str, Unit]:
    if not _Cache.units or time.monotonic() - _Cache.read_at > CACHE_SECONDS:
        _Cache.units = {unit.code: unit for unit in Unit.objects.all()}
        _Cache.read_at = time.monotonic()
    return _Cache.units
