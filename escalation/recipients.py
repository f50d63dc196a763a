"""From a place on the ladder to the position that gets the step."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from accounts.enums import Role
from accounts.models import Membership
from accounts.stand_ins import away_people, positions_manned
from communes.enums import UnitKind
from communes.models import Unit
from escalation.enums import Place
from escalation.ladder import OPTIONAL

# The way up; whoever only sent it on, or is only told, stands beside it.
_CITY = (Place.BOARD, Place.CHAIR, Place.INSPECTOR)
_UPWARDS = (
    Place.HANDLER,
    Place.HEAD,
    Place.PARTY,
    Place.CONCLUDER,
    Place.CONCLUDER_PARTY,
    *_CITY,
)
# The way up of a directive's task, of which a ladder has its own rungs and no others.
_ASKED = (
    Place.HANDLER,
    Place.FRONT,
    Place.HEAD,
    Place.PARTY,
    Place.LEAD,
    Place.CITY_SECRETARY,
)
_BESIDE = {
    Place.FORWARDER: (Place.FORWARDER, *_CITY),
    Place.SECRETARY: (Place.SECRETARY,),
}
# City bodies have one position where a commune has several.
BODY_ROLES: dict[str, dict[Place, Role]] = {
    "BTCD": {
        Place.HANDLER: Role.BOARD_OFFICER,
        Place.HEAD: Role.BOARD_HEAD,
        Place.FORWARDER: Role.BOARD_OFFICER,
    },
    "UBND": {Place.HANDLER: Role.CITY_CHAIR, Place.HEAD: Role.CITY_CHAIR},
    "TTTP": {Place.HANDLER: Role.INSPECTOR, Place.HEAD: Role.INSPECTOR},
    "TU": {
        Place.HANDLER: Role.CITY_SECRETARY,
        Place.HEAD: Role.CITY_SECRETARY,
        Place.PARTY: Role.CITY_SECRETARY,
    },
    "VPTU": {Place.HANDLER: Role.PARTY_OFFICE, Place.HEAD: Role.PARTY_OFFICE},
    "BNC": {Place.HANDLER: Role.INTERNAL_AFFAIRS, Place.HEAD: Role.INTERNAL_AFFAIRS},
    "BTGDV": {Place.HANDLER: Role.PROPAGANDA, Place.HEAD: Role.PROPAGANDA},
    "MTTQ": {Place.HANDLER: Role.CITY_FRONT, Place.HEAD: Role.CITY_FRONT},
}
# Who leads other bodies of the City; ``Role.HEAD`` where that is held instead.
KIND_HEADS: dict[str, Role] = {
    UnitKind.DEPARTMENT: Role.AGENCY_HEAD,
    UnitKind.CITY_BODY: Role.AGENCY_HEAD,
    UnitKind.SERVICE_UNIT: Role.SERVICE_HEAD,
}
CITY_PLACES: dict[Place, tuple[str, Role]] = {
    Place.BOARD: ("BTCD", Role.BOARD_HEAD),
    Place.CHAIR: ("UBND", Role.CITY_CHAIR),
    Place.INSPECTOR: ("TTTP", Role.INSPECTOR),
    Place.PARTY_OFFICE: ("VPTU", Role.PARTY_OFFICE),
    Place.CITY_SECRETARY: ("TU", Role.CITY_SECRETARY),
}
# A body does not urge or inspect itself: the step goes to the City's chair.
NOT_OWN_JUDGE = {("BTCD", Place.BOARD): Place.CHAIR, ("TTTP", Place.INSPECTOR): Place.CHAIR}


class Recipient(NamedTuple):
    """``unit`` None: every place above belongs to a barred unit."""

    unit: Unit | None
    position: str
    nobody_found: bool = False

    @property
    def key(self) -> tuple[int, str] | None:
        return (self.unit.pk, self.position) if self.unit else None


def lead_position(unit: Unit) -> str:
    """The position of a body of the City that leads on a directive or has a task of one."""
    usual = KIND_HEADS.get(unit.kind, Role.HEAD)
    return BODY_ROLES.get(unit.code, {}).get(Place.HEAD, usual)


@dataclass(frozen=True)
class Holder:
    """Who holds a clock, which units must not hear of it, who sent it there, and whether it came
    through the Party secretary's reception."""

    unit_id: int
    position: str
    barred: Collection[int] = ()
    forwarder_id: int | None = None
    tells_secretary: bool = False
    # The optional rungs of its ladder.
    climbs: frozenset[Place] = frozenset()


@dataclass(frozen=True)
class Positions:
    """Units and held positions on a day, read once a run."""

    units: dict[int, Unit]
    by_code: dict[str, Unit]
    held: frozenset[tuple[int, str]]
    # Absent people, each with who acts for the person, or None.
    away: Mapping[int, int | None] = field(default_factory=dict)

    @classmethod
    def read(cls, on: dt.date) -> "Positions":
        """Two queries."""
        units = Unit.objects.in_bulk()
        posts = Membership.objects.posts(on)
        held = frozenset(positions_manned(posts))
        by_code = {unit.code: unit for unit in units.values()}
        return cls(units, by_code, held, away_people(posts))

    def acting(self, person_id: int) -> int | None:
        """Who is told for a person: the person, while absent who stands in, or nobody."""
        return self.away.get(person_id, person_id)

    def find(self, place: Place, holder: Holder) -> Recipient:
        """The first held, not barred position from ``place`` upwards.

        An empty position goes one place up and says so; a barred unit is passed over (Articles
        12 and 49 of the Law on Denunciations). With nobody at all the topmost place keeps the
        step, for whoever gets that position.
        """
        top = Recipient(None, "", nobody_found=True)
        empty = False
        for step in _way_up(place, holder):
            found = self.at(step, holder)
            if found.key is None:
                continue
            if found.key in self.held:
                return found._replace(nobody_found=empty)
            empty = True
            top = found._replace(nobody_found=True)
        return top

    def held_at(self, place: Place, holder: Holder) -> Recipient | None:
        """Exactly this place, or None when it is empty or barred."""
        found = self.at(place, holder)
        return found if found.key in self.held else None

    def at(self, place: Place, holder: Holder) -> Recipient:
        """The position at a place, held or not; without a unit when that is barred or unknown."""
        unit, role = self._seat(place, holder)
        if unit is None or unit.pk in holder.barred:
            return Recipient(None, "")
        return Recipient(unit, str(role))

    def _seat(self, place: Place, holder: Holder) -> tuple[Unit | None, str]:
        own = self.units[holder.unit_id]
        if place in CITY_PLACES:
            code, role = CITY_PLACES[NOT_OWN_JUDGE.get((own.code, place), place)]
            return self.by_code.get(code), role
        if place is Place.PARTY:
            return _party(own)
        if place in (Place.FRONT, Place.LEAD):
            return self._asked(place, holder)
        if place in (Place.CONCLUDER, Place.CONCLUDER_PARTY):
            return self._concluder(place, holder)
        if place is Place.SECRETARY:
            return (own if holder.tells_secretary else None), Role.SECRETARY
        if place is Place.FORWARDER:
            sender = self.units.get(holder.forwarder_id) if holder.forwarder_id else None
            roles = BODY_ROLES.get(sender.code, {}) if sender else {}
            return sender, roles.get(place) or roles.get(Place.HEAD, Role.HEAD)
        usual = holder.position if place is Place.HANDLER else self._head(own)
        return own, BODY_ROLES.get(own.code, {}).get(place, usual)

    def _asked(self, place: Place, holder: Holder) -> tuple[Unit | None, str]:
        """The commune's Front, or the body in charge, which gave the task and sent it here."""
        own = self.units[holder.unit_id]
        if place is Place.FRONT:
            return own, Role.FRONT if own.is_commune_level else lead_position(own)
        lead = self.units.get(holder.forwarder_id) if holder.forwarder_id else None
        return lead, lead_position(lead) if lead else ""

    def _concluder(self, place: Place, holder: Holder) -> tuple[Unit | None, str]:
        unit = self.units.get(holder.forwarder_id) if holder.forwarder_id else None
        if unit is not None and place is Place.CONCLUDER_PARTY:
            return _party(unit)
        if unit is None:
            return None, ""
        return unit, BODY_ROLES.get(unit.code, {}).get(Place.HEAD) or self._head(unit)

    def _head(self, unit: Unit) -> Role:
        """The head of a unit that has no positions of its own in ``BODY_ROLES``."""
        usual = KIND_HEADS.get(unit.kind, Role.HEAD)
        return usual if (unit.pk, usual.value) in self.held else Role.HEAD


def _way_up(place: Place, holder: Holder) -> tuple[Place, ...]:
    """The places that a step tries in turn, from its own upwards."""
    if place in _BESIDE:
        return _BESIDE[place]
    if Place.LEAD in holder.climbs and place in _ASKED:
        return tuple(p for p in _ASKED[_ASKED.index(place) :] if p in holder.climbs)
    above = _UPWARDS[_UPWARDS.index(place) :]
    return tuple(p for p in above if p not in OPTIONAL or p in holder.climbs)


def _party(unit: Unit) -> tuple[Unit | None, str]:
    """The Party secretary's seat; bodies of the City but the Party Committee have none."""
    if unit.is_commune_level:
        return unit, Role.SECRETARY
    role = BODY_ROLES.get(unit.code, {}).get(Place.PARTY)
    return (unit, role) if role else (None, "")
