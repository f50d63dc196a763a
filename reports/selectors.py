"""The city's first overview: open work by unit, counted in one grouped query."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.access import Access
from accounts.roles import Permission
from communes.models import Unit
from deadlines.calendars import soon_period
from petitions.enums import Kind
from petitions.models import Case

MEASURES = ("open", "soon", "overdue", "escalated")


@dataclass(frozen=True)
class UnitFigures:
    """Open cases of a unit: all, due within three working days, overdue, escalated."""

    unit: Unit
    open: int = 0
    soon: int = 0
    overdue: int = 0
    escalated: int = 0

    def sort_key(self, measure: str) -> int:
        """Highest first."""
        return -int(getattr(self, measure))


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
