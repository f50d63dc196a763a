"""What the registers hold, by unit: figures for the hub, for tasks of directives, for apps above."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.access import Access
from accounts.roles import Permission
from common.time import today
from communes.models import Unit
from communes.selectors import unit_by_id, units_all
from mobilisation.enums import RULES_HOLD, OpinionState, ProgrammeState
from mobilisation.lists import rule_kinds
from mobilisation.models import DemocracyRule, OpinionReport, Programme
from mobilisation.policies import beginning_units

SOON = dt.timedelta(days=30)
EXPECTED = tuple(kind.code for kind in rule_kinds().values() if kind.is_expected)


@dataclass(frozen=True)
class ProgrammeFigures:
    """Programmes in force, those of them that run out within 30 calendar days, those expired."""

    in_force: int
    soon: int
    expired: int


@dataclass(frozen=True)
class RuleFigures:
    """Of the rules that every ward and commune has: how many hold, how many there should be."""

    hold: int
    expected: int


@dataclass(frozen=True)
class OpinionFigures:
    """Opinion reports that were sent, and those of them not read yet."""

    sent: int
    unread: int


def valid_on(on: dt.date) -> Q:
    """Programmes in force whose time has not run out on a local date."""
    lasting = Q(valid_until=None) | Q(valid_until__gte=on)
    return Q(state=ProgrammeState.IN_FORCE) & lasting


def runs_out(on: dt.date) -> Q:
    """Programmes that run out within 30 calendar days of a local date."""
    return Q(state=ProgrammeState.IN_FORCE, valid_until__range=(on, on + SOON))


def expired(on: dt.date) -> Q:
    """Programmes whose time has run out and that nobody ended or renewed."""
    return Q(state=ProgrammeState.IN_FORCE, valid_until__lt=on)


def programme_figures(
    access: Access, unit: Unit | None = None, *, on: dt.date | None = None
) -> ProgrammeFigures:
    """Of a unit, or of everything visible; ``on``: a local date, today. One query."""
    day = on or today()
    rows = Programme.objects.visible_to(access)
    if unit is not None:
        rows = rows.filter(unit=unit)
    return ProgrammeFigures(
        **rows.aggregate(
            in_force=Count("pk", filter=valid_on(day)),
            soon=Count("pk", filter=runs_out(day)),
            expired=Count("pk", filter=expired(day)),
        )
    )


def rule_figures(access: Access, unit: Unit | None = None) -> RuleFigures:
    """Of a unit, or of all wards and communes that are visible. One query and units from memory."""
    rows = DemocracyRule.objects.visible_to(access).filter(state__in=RULES_HOLD, kind__in=EXPECTED)
    if unit is not None:
        return RuleFigures(rows.filter(unit=unit).count(), len(EXPECTED))
    units = communes_seen(access)
    hold = rows.filter(unit_id__in=[found.pk for found in units]).count()
    return RuleFigures(hold, len(EXPECTED) * len(units))


def opinion_figures(access: Access, unit: Unit | None = None) -> OpinionFigures:
    """Of a unit, or of everything visible: what a person may not see is not counted. One query."""
    rows = OpinionReport.objects.visible_to(access).exclude(state=OpinionState.DRAFT)
    if unit is not None:
        rows = rows.filter(unit=unit)
    unread = Count("pk", filter=Q(state=OpinionState.SENT))
    return OpinionFigures(**rows.aggregate(sent=Count("pk"), unread=unread))


def communes_seen(access: Access) -> list[Unit]:
    """Wards and communes in force whose registers a person may see, by code; from memory."""
    on, city = today(), Permission.DIRECTIVE_VIEW in access.city
    own = access.units(Permission.DIRECTIVE_VIEW)
    found = [
        unit
        for unit in units_all()
        if unit.is_commune_level and (city or unit.pk in own) and unit.is_in_force(on)
    ]
    return sorted(found, key=lambda unit: unit.code)


def units_kept(access: Access) -> list[Unit]:
    """Units for which a person may enter something new, by name; from memory."""
    found = [unit_by_id(pk) for pk in beginning_units(access)]
    return sorted((unit for unit in found if unit is not None), key=lambda unit: unit.full_name)


def sees_city(access: Access) -> bool:
    """Whether a person sees the registers of every unit."""
    return Permission.DIRECTIVE_VIEW in access.city


def units_with_programmes(access: Access) -> list[Unit]:
    """Units that have a programme which the person may see, by name; one query."""
    rows = Programme.objects.visible_to(access).values_list("unit_id", flat=True).distinct()
    return _named(list(rows))


def units_with_opinions(access: Access) -> list[Unit]:
    """Units with an opinion report that the person may see, by name; one query."""
    rows = OpinionReport.objects.visible_to(access).values_list("unit_id", flat=True).distinct()
    return _named(list(rows))


def _named(keys: Sequence[int]) -> list[Unit]:
    found = [unit_by_id(pk) for pk in keys]
    return sorted((unit for unit in found if unit is not None), key=lambda unit: unit.full_name)
