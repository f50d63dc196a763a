"""Which body takes a petition in, and whose people never see it."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from common.errors import DomainError, InvalidInput
from common.time import today
from communes.enums import UnitKind
from communes.models import Unit
from communes.selectors import unit_by_code, units_after, units_all
from petitions.enums import Kind
from petitions.models import Case

# Bodies of the city with people who receive, handle and decide, and the order in which they
# take in what the addressed unit must not see or cannot handle.
CASE_BODIES = ("BTCD", "TTTP", "UBND")
SUPERIOR = "UBND"
# Who watches over those who decide: the first of them that is neither the unit itself nor barred.
OVERSEERS = tuple(reversed(CASE_BODIES))
# Whose desk a new petition or visitor lands on, and who decides; elsewhere the clerk and the head.
DESKS = {
    "BTCD": "board_officer",
    "TTTP": "inspector",
    "UBND": "city_chair",
    "TU": "city_secretary",
    "VPTU": "party_office",
    "BNC": "internal_affairs",
    "BTGDV": "propaganda",
    "MTTQ": "city_front",
}
DECIDERS = {"BTCD": "board_head", "TTTP": "inspector", "UBND": "city_chair"}
# Other bodies of the City hold no cases: one position does there what they are given to do.
HEADS = {
    UnitKind.DEPARTMENT.value: "agency_head",
    UnitKind.CITY_BODY.value: "agency_head",
    UnitKind.SERVICE_UNIT.value: "service_head",
}


def desk_of(unit: Unit) -> str:
    """The position that is told about what arrives at a unit."""
    return DESKS.get(unit.code) or HEADS.get(unit.kind, "clerk")


def head_of(unit: Unit) -> str:
    """The position that answers for what a unit does."""
    return DECIDERS.get(unit.code) or DESKS.get(unit.code) or HEADS.get(unit.kind, "head")


def takes_cases(unit: Unit) -> bool:
    """Whether the unit has positions for the whole life of a case."""
    return unit.is_commune_level or unit.code in CASE_BODIES


def unit_in_force(code: str, on: dt.date) -> Unit | None:
    """The unit with that code, if it exists on a local date."""
    unit = unit_by_code(code)
    return unit if unit is not None and unit.is_in_force(on) else None


def units_barred(kind: str, addressed: Unit, respondent_unit: Unit | None) -> list[Unit]:
    """Units that must never see a denunciation: that of the denounced person and, when it is no
    more, those that took over from it.

    Where nobody says which unit that is, it may be the addressed one, and counts as it
    (Articles 12 and 49 of the Law on Denunciations).
    """
    if kind != Kind.DENUNCIATION:
        return []
    unit = respondent_unit or addressed
    return [unit, *units_after(unit)]


def receiver_of(kind: str, addressed: Unit, respondent_unit: Unit | None) -> Unit:
    """The addressed unit, or the first body of the city when it is barred or handles no cases.

    Raises InvalidInput on ``unit`` when there is none.
    """
    barred = units_barred(kind, addressed, respondent_unit)
    bodies = [unit_by_code(code) for code in CASE_BODIES]
    for unit in (addressed, *bodies):
        if unit is not None and unit not in barred and takes_cases(unit):
            return unit
    raise InvalidInput(fields={"unit": [_("There is no neutral body for this denunciation.")]})


def neutral_body(barred: Iterable[int | None]) -> Unit:
    """The first body that handles cases and is not among these, by keys (Articles 12 and 49 of the
    Law on Denunciations). Raises DomainError ``no_neutral_body``."""
    taken = set(barred)
    bodies = (unit_by_code(code) for code in CASE_BODIES)
    found = next((body for body in bodies if body is not None and body.pk not in taken), None)
    if found is None:
        message = _("There is no neutral body for this denunciation.")
        raise DomainError(message, code="no_neutral_body")
    return found


def receivers_for(case: Case) -> list[Unit]:
    """Bodies that a case may be forwarded to: never its holder, never a barred one, by name."""
    taken = {case.unit_id, *case.barred_units}
    return [unit for unit in units_by_name() if takes_cases(unit) and unit.pk not in taken]


def units_by_name() -> list[Unit]:
    """Every unit in force today in which somebody can be complained about, the city's bodies
    first."""
    on = today()
    units = [unit for unit in units_all() if unit.kind != "city" and unit.is_in_force(on)]
    return sorted(units, key=lambda unit: (unit.is_commune_level, unit.full_name))


def superior_of(unit: Unit) -> Unit | None:
    """The body of the next superior head: the City People's Committee, above which the portal
    knows nobody (Article 33 of the Law on Complaints, Article 37 of the Law on Denunciations).
    """
    superior = unit_by_code(SUPERIOR)
    return superior if superior and superior.pk != unit.pk else None


def superior_for(case: Case) -> Unit | None:
    """The superior of the unit that holds the case, unless it is barred from it."""
    superior = superior_of(case.unit)
    return superior if superior and superior.pk not in case.barred_units else None


def overseer_of(case: Case) -> Unit | None:
    """The body whose decider watches over the decider of the unit that holds the case: the
    superior, where it is the unit itself or barred another body of the City, never a barred one.
    """
    barred = {case.unit_id, *case.barred_units}
    bodies = [unit_by_code(code) for code in OVERSEERS]
    return next((unit for unit in bodies if unit is not None and unit.pk not in barred), None)
