"""The city's first overview: open work by unit, counted in one grouped query."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.access import Access
from accounts.roles import Permission
from common.suppression import hidden_in_rows
from communes.models import Unit
from deadlines.calendars import soon_period
from petitions.enums import Kind
from petitions.models import Case

MEASURES = ("open", "soon", "overdue", "escalated")


@dataclass(frozen=True)
class UnitFigures:
    """Open cases of a unit: all, due within three working days, overdue, escalated; None where
    the number stays hidden."""

    unit: Unit
    open: int | None = 0
    soon: int | None = 0
    overdue: int | None = 0
    escalated: int | None = 0

    def sort_key(self, measure: str) -> int:
        """Highest first, hidden ones last."""
        return -int(getattr(self, measure) or 0)


@dataclass(frozen=True)
class Overview:
    """What a reader gets: the rows and, by measure, their sum; None where it stays hidden."""

    rows: Sequence[UnitFigures]
    sums: dict[str, int | None]
    hides_small: bool


def overview_shown(access: Access) -> Overview:
    """The figures as they may be published to a reader; two queries.

    Who sees in lists each of the cases that are counted gets exact numbers. Everybody else gets
    them with small ones hidden, and so many others that nothing can be computed
    (``common.suppression``).
    """
    rows = overview_for(access)
    sums: dict[str, int | None] = {name: sum(getattr(r, name) for r in rows) for name in MEASURES}
    if all(access.has(Permission.CASE_VIEW, row.unit.pk) for row in rows):
        return Overview(rows, sums, hides_small=False)
    hidden, without_sum = hidden_in_rows([[getattr(r, name) for name in MEASURES] for r in rows])
    shown = [
        UnitFigures(row.unit, **{name: _shown(row, name, places) for name in MEASURES})
        for row, places in zip(rows, hidden, strict=True)
    ]
    sums |= {MEASURES[place]: None for place in without_sum}
    return Overview(shown, sums, hides_small=True)


def _shown(row: UnitFigures, name: str, hidden: set[int]) -> int | None:
    number: int | None = getattr(row, name)
    return None if MEASURES.index(name) in hidden else number


def counts_denunciations(access: Access) -> bool:
    """Whether denunciations may be counted: only for whoever may see them in the whole city."""
    return {Permission.CASE_VIEW, Permission.DENUNCIATION_VIEW} <= access.city


def overview_for(access: Access) -> list[UnitFigures]:
    """Figures of every unit that the person oversees, by code; two queries.

    The city sees each ward and commune, and its bodies that hold a case; a unit's head sees his
    unit. A number must not betray a denunciation: see ``counts_denunciations``; cases from which
    the person's unit is barred are never counted.
    """
    counts = _counts(access)
    units = Unit.objects.order_by("code")
    if Permission.OVERVIEW_VIEW in access.city:
        listed = Q(valid_to=None) & ~Q(grid_col=None) | Q(pk__in=list(counts))
    else:
        listed = Q(pk__in=access.units(Permission.OVERVIEW_VIEW))
    return [UnitFigures(unit, **counts.get(unit.pk, {})) for unit in units.filter(listed)]


def _counts(access: Access) -> dict[int, dict[str, int]]:
    day, soon = soon_period()
    rows = (
        _counted(access)
        .filter(closed_at=None)
        .order_by()
        .values("unit_id")
        .annotate(
            open=Count("id"),
            soon=Count("id", filter=Q(due_on__gte=day, due_on__lte=soon)),
            overdue=Count("id", filter=Q(due_on__lt=day)),
            escalated=Count("id", filter=Q(escalation_level__gt=0)),
        )
        .values_list("unit_id", *MEASURES)
    )
    return {unit_id: dict(zip(MEASURES, counts, strict=True)) for unit_id, *counts in rows}


def _counted(access: Access) -> QuerySet[Case]:
    if counts_denunciations(access):
        return Case.objects.visible_to(access)
    rows = Case.objects.exclude(kind=Kind.DENUNCIATION)
    if Permission.OVERVIEW_VIEW in access.city:
        return rows
    return rows.filter(unit_id__in=access.units(Permission.OVERVIEW_VIEW))
