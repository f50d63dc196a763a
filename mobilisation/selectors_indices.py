"""Reading indices: of the City and of units over the years, and beside them the portal's own
satisfaction figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.access import Access
from accounts.roles import Permission
from common.errors import NotVisible
from communes.enums import UnitKind
from communes.models import Unit
from communes.selectors import unit_by_code, units_all, units_in_force
from mobilisation.charts import Reading
from mobilisation.enums_models import IndexKind
from mobilisation.models import IndexEvent, IndexYear

CITY = "CITY"


@dataclass(frozen=True)
class Series:
    """An index of a unit over the years, the earliest first."""

    kind: IndexKind
    rows: Sequence[IndexYear]

    @property
    def readings(self) -> list[Reading]:
        """Every year from the first to the last, as the chart shows them."""
        by_year = {row.year: row for row in self.rows}
        if not by_year:
            return []
        years = range(min(by_year), max(by_year) + 1)
        return [self._reading(year, by_year.get(year)) for year in years]

    @staticmethod
    def _reading(year: int, row: IndexYear | None) -> Reading:
        if row is None:
            return Reading(str(year))
        return Reading(str(year), row.value, row.target)

    @property
    def latest(self) -> IndexYear | None:
        """The last year with a value or a rank."""
        known = [row for row in self.rows if row.value is not None or row.rank is not None]
        return known[-1] if known else None


def city() -> Unit:
    """The City as a unit."""
    found = unit_by_code(CITY)
    if found is None:
        raise NotVisible
    return found


def index_series(unit: Unit, *, only_public: bool = False) -> list[Series]:
    """Every index of a unit, in the order of the list; one query."""
    rows = IndexYear.objects.filter(unit=unit)
    if only_public:
        rows = rows.filter(is_public=True)
    found: dict[str, list[IndexYear]] = {kind.value: [] for kind in IndexKind}
    for row in rows.order_by("year"):
        found[row.kind].append(row)
    return [Series(kind, found[kind.value]) for kind in IndexKind]


def index_rows(access: Access, unit: Unit | None = None) -> QuerySet[IndexYear]:
    """Indices of the City and of the units whose figures the person may see."""
    rows = IndexYear.objects.select_related("unit").filter(unit__in=index_units(access))
    rows = rows if unit is None else rows.filter(unit=unit)
    return rows.order_by("kind", "year", "unit__code")


def index_rows_public(kind: str = "") -> QuerySet[IndexYear]:
    """What anybody may see, of one kind or of all, by kind and year."""
    rows = IndexYear.objects.filter(is_public=True).select_related("unit")
    rows = rows.filter(kind=kind) if kind else rows
    return rows.order_by("kind", "year", "unit__code")


def index_units(access: Access) -> list[Unit]:
    """The City, and the units whose figures the person may see, by name."""
    reads_all = Permission.OVERVIEW_VIEW in access.city or Permission.DIRECTIVE_VIEW in access.city
    mine = access.units(Permission.DIRECTIVE_VIEW) | access.units(Permission.OVERVIEW_VIEW)
    rest = [
        unit
        for unit in units_all()
        if unit.kind != UnitKind.CITY and (reads_all or unit.pk in mine)
    ]
    return [city(), *sorted(rest, key=lambda unit: unit.full_name)]


def scored_units(access: Access) -> list[Unit]:
    """Wards and communes whose satisfaction figures the person may see: whoever sees figures of
    the City all of them, else the own unit; by name."""
    sees_all = Permission.OVERVIEW_VIEW in access.city
    mine = access.units(Permission.OVERVIEW_VIEW)
    found = [
        unit for unit in units_in_force() if unit.is_commune_level and (sees_all or unit.pk in mine)
    ]
    return sorted(found, key=lambda unit: unit.full_name)


def index_get(kind: str, year: int, unit: Unit) -> IndexYear | None:
    """The index of a unit in a year, None when nothing is known of it yet."""
    return IndexYear.objects.filter(kind=kind, year=year, unit=unit).first()


def index_events(row: IndexYear) -> list[IndexEvent]:
    """The history, the newest first."""
    return list(row.events.select_related("actor").order_by("-sequence"))
