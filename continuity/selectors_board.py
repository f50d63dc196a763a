"""What lies untouched or without a holder, for every unit at once.

Denunciations are left out of everything here: neither they nor what is done on them change a row.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Count, Exists, Max, Min, OuterRef, Q

from accounts.access import Access
from accounts.enums import COMMUNE_POSTS, Role
from accounts.models import Absence, Membership
from accounts.roles import Permission
from accounts.stand_ins import Post, positions_manned
from common.time import local_date, local_moment, now
from communes.enums import UnitKind
from communes.models import Unit
from continuity.enums import GapKind, ReformState, Side
from continuity.models import Gap, UnitReform
from continuity.policies import sees_city
from deadlines.calendars import add_working_days
from directives.enums import OVER, AssignmentState
from directives.models import Assignment
from early_warning.enums import SignalState
from early_warning.models import Signal
from petitions.enums import Kind
from petitions.models import Case, CaseEvent, Forwarding
from petitions.receivers import head_of
from petitions.workflow import Status
from receptions.models import ReceptionSession
from receptions.quotas import duty_in, owed_by, roles_of
from receptions.selectors_plan import COMING

ENDS_WITHIN = dt.timedelta(days=10)  # calendar days
LOOKED_AHEAD = dt.timedelta(days=60)  # calendar days in which reception days are looked at
UNTOUCHED = 2  # full working days
OFFICE = "VPTU"
SIGNALS = "signals:"  # of the owners, those who follow signals
# The next step is somebody else's.
ELSEWHERE = (
    Status.AWAITING_SUPPLEMENT, Status.SUSPENDED, Status.FORWARDED, Status.AWAITING_RECEIVER,
    Status.URGED, Status.SECOND_INSTANCE, Status.FURTHER_DENUNCIATION, Status.IN_COURT,
    Status.TAKEN_OVER, Status.REFERRED_TO_INVESTIGATION,
)  # fmt: skip
_ORDINARY = ~Q(kind=Kind.DENUNCIATION)


@dataclass(frozen=True)
class Found:
    """A row of the board. ``since``: a local date, of a post that ends its last day. ``acts``: unit
    and position that must act. ``facts``: what its words need."""

    unit: Unit
    kind: GapKind
    key: str
    since: dt.date | None = None
    acts: tuple[int, str] = (0, "")
    facts: Mapping[str, Any] = field(default_factory=dict)


class _Held(NamedTuple):
    """A membership that holds on some day ahead."""

    unit_id: int
    role: str
    user_id: int
    first: dt.date
    last: dt.date | None
    name: str

    def on(self, day: dt.date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class _People:
    """Who holds what on a local date and after it, who is away."""

    day: dt.date
    held: Mapping[int, list[_Held]]
    away: Mapping[int, int | None]
    manned: Mapping[tuple[int, str], list[int]]

    def members(self, unit_id: int) -> set[int]:
        return {row.user_id for row in self.held.get(unit_id, []) if row.on(self.day)}

    def is_covered(self, user_id: int, unit_id: int) -> bool:
        """Whether the person is there, or somebody of the unit stands in."""
        deputy = self.away.get(user_id)
        return user_id not in self.away or (
            deputy in self.members(unit_id) and deputy not in self.away
        )


def gaps_found(at: dt.datetime, unit_ids: Collection[int] | None = None) -> list[Found]:
    """Every gap at a UTC moment, of all units or of some, in the order of kinds and units. The
    number of queries does not depend on the units."""
    on = local_date(at)
    units = {unit.pk: unit for unit in Unit.objects.exclude(kind=UnitKind.CITY)}
    office = next((unit for unit in units.values() if unit.code == OFFICE), None)
    above = (office.pk, head_of(office)) if office is not None else (0, "")
    people = _people(on)
    rows = [
        *_duties(units, people, above),
        *_inboxes(units, on),
        *_handovers(units, people, at),
        *_ended(units, on, above),
        *_reforms(units, on, above),
    ]
    if unit_ids is not None:
        rows = [row for row in rows if row.unit.pk in unit_ids]
    order = {kind: number for number, kind in enumerate(GapKind)}
    return sorted(rows, key=lambda row: (order[row.kind], row.unit.full_name, row.unit.pk, row.key))


def board_rows(access: Access) -> list[Found]:
    """The rows that a person sees now."""
    if sees_city(access):
        return gaps_found(now())
    rows = gaps_found(now(), access.units(Permission.OVERVIEW_VIEW))
    return [row for row in rows if row.kind != GapKind.REFORM]


def gaps_kept(rows: Iterable[Found]) -> dict[tuple[int, str, str], Gap]:
    """What is kept of rows of the board, by unit, kind and key; one query."""
    found = Gap.objects.filter(unit_id__in={row.unit.pk for row in rows})
    return {(gap.unit_id, gap.kind, gap.key): gap for gap in found}


def untouched_since(on: dt.date) -> dt.datetime:
    """What happened before this UTC moment lies more than two full working days back."""
    last = add_working_days(on, -UNTOUCHED - 1)
    return local_moment(last + dt.timedelta(days=1))


def _people(on: dt.date) -> _People:
    until = on + LOOKED_AHEAD
    rows = Membership.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=until, user__is_active=True
    )
    columns = ("unit_id", "role", "user_id", "valid_from", "valid_to", "user__full_name")
    held: dict[int, list[_Held]] = defaultdict(list)
    for row in rows.order_by("pk").values_list(*columns):
        held[row[0]].append(_Held(*row))
    away = dict(Absence.objects.current(on).values_list("person_id", "deputy_id"))
    posts = [
        Post(r.unit_id, r.role, r.user_id, r.user_id in away, away.get(r.user_id))
        for rows_ in held.values()
        for r in rows_
        if r.on(on)
    ]
    return _People(on, held, away, positions_manned(posts))


def posts_needed(unit: Unit) -> list[tuple[str, ...]]:
    """The posts that a unit must have; of several in one entry one is enough."""
    if unit.is_commune_level:
        return [(role,) for role in COMMUNE_POSTS]
    owed = owed_by(unit.code, unit.kind, unit.line)
    return [tuple(role.value for role in roles_of(unit.kind, duty)) for duty in owed]


def _duties(units: Mapping[int, Unit], people: _People, above: tuple[int, str]) -> Iterator[Found]:
    for unit in units.values():
        if not unit.is_in_force(people.day):
            continue
        for roles in posts_needed(unit):
            found = _post_gap(unit, roles, people)
            if found is not None:
                kind, since = found
                acts = _who_fills(unit, roles[0], above)
                yield Found(unit, kind, roles[0], since, acts, {"role": roles[0]})


def _post_gap(
    unit: Unit, roles: tuple[str, ...], people: _People
) -> tuple[GapKind, dt.date | None] | None:
    ahead = [row for row in people.held.get(unit.pk, []) if row.role in roles]
    now = [row for row in ahead if row.on(people.day)]
    if not now:
        return GapKind.VACANT, None
    if not any(people.manned.get((unit.pk, role)) for role in roles):
        return GapKind.ABSENT, None
    limit = people.day + ENDS_WITHIN
    if any(row.last is None or row.last > limit for row in ahead if row.first <= limit):
        return None
    return GapKind.ENDING, max(row.last for row in now if row.last is not None)


def _who_fills(unit: Unit, role: str, above: tuple[int, str]) -> tuple[int, str]:
    """One of the unit's own leaders; of those themselves the other, of the secretary the City."""
    if not unit.is_commune_level or role == Role.SECRETARY:
        return above
    return unit.pk, Role.SECRETARY if role == Role.HEAD else Role.HEAD


def _inboxes(units: Mapping[int, Unit], on: dt.date) -> Iterator[Found]:
    limit = untouched_since(on)
    waiting = Case.objects.filter(_ORDINARY, closed_at=None, submitted_at__lt=limit).exclude(
        status__in=[status.value for status in ELSEWHERE]
    )
    arrived = dict(_grouped(waiting, "unit_id", Min("submitted_at")))
    touched = set(
        _acts(on).filter(at__gte=limit).values_list("case__unit_id", flat=True).distinct()
    )
    left = [pk for pk in arrived if pk not in touched]
    last = dict(_grouped(_acts(on).filter(case__unit_id__in=left), "case__unit_id", Max("at")))
    for pk in left:
        since = local_date(max(arrived[pk], last.get(pk, arrived[pk])))
        yield from _inbox(units, pk, GapKind.PETITIONS, since, on)
    offers = Forwarding.objects.filter(
        ~Q(case__kind=Kind.DENUNCIATION), answered_at=None, at__lt=limit
    )
    for pk, at in _grouped(offers, "to_unit_id", Min("at")):
        yield from _inbox(units, pk, GapKind.OFFERED, local_date(at), on)
    tasks = Assignment.objects.filter(state=AssignmentState.ASSIGNED, assigned_at__lt=limit)
    for pk, at in _grouped(tasks, "unit_id", Min("assigned_at")):
        yield from _inbox(units, pk, GapKind.TASKS, local_date(at), on)


def _acts(on: dt.date) -> Any:
    """What people of the unit that holds a case did on it."""
    own = Membership.objects.current(on).filter(
        user_id=OuterRef("actor_id"), unit_id=OuterRef("case__unit_id")
    )
    rows = CaseEvent.objects.exclude(case__kind=Kind.DENUNCIATION).exclude(actor=None)
    return rows.filter(Exists(own))


def _inbox(
    units: Mapping[int, Unit], pk: int, kind: GapKind, since: dt.date, on: dt.date
) -> Iterator[Found]:
    unit = units.get(pk)
    if unit is not None and unit.is_in_force(on):
        yield Found(unit, kind, "", since, (unit.pk, head_of(unit)))


def _handovers(units: Mapping[int, Unit], people: _People, at: dt.datetime) -> Iterator[Found]:
    cases = Case.objects.filter(_ORDINARY, closed_at=None, assignee__isnull=False)
    yield from _owned(cases, "assignee", GapKind.OFFICER, units, people)
    tasks = Assignment.objects.exclude(state__in=OVER).filter(owner__isnull=False)
    yield from _owned(tasks, "owner", GapKind.OWNER, units, people)
    followed = Signal.objects.filter(state=SignalState.WATCHED)
    followed = followed.exclude(case__kind=Kind.DENUNCIATION)
    yield from _owned(followed, "owner", GapKind.OWNER, units, people, SIGNALS)
    coming = ReceptionSession.objects.filter(
        status__in=COMING, starts_at__gt=at, starts_at__lt=at + LOOKED_AHEAD
    )
    columns = ("public_id", "unit_id", "leader_id", "leader__full_name", "duty_holder",
               "is_delegated", "starts_at")  # fmt: skip
    for key, unit_id, leader, name, duty, stands_in, starts_at in coming.values_list(*columns):
        unit, day = units[unit_id], local_date(starts_at)
        held = [r for r in people.held.get(unit_id, []) if r.user_id == leader and r.on(day)]
        fits = held if stands_in else [r for r in held if duty_in(unit.kind, r.role) == duty]
        if not fits and unit.is_in_force(people.day):
            facts = {"name": name, "day": day, "session": key}
            acts = (unit_id, head_of(unit))
            yield Found(unit, GapKind.LEADER, str(key), None, acts, facts)


def _owned(
    rows: Any,
    who: str,
    kind: GapKind,
    units: Mapping[int, Unit],
    people: _People,
    what: str = "",
) -> Iterator[Found]:
    """Work of people who are no longer in the unit, or away without anybody who stands in.
    ``what``: tells rows of one kind apart."""
    columns = ("unit_id", f"{who}_id", f"{who}__username", f"{who}__full_name")
    grouped = rows.order_by().values_list(*columns).annotate(n=Count("pk"))
    for unit_id, user_id, username, name, count in grouped:
        unit = units[unit_id]
        is_member = user_id in people.members(unit_id)
        if not unit.is_in_force(people.day) or (is_member and people.is_covered(user_id, unit_id)):
            continue
        facts = {"name": name, "count": count, "is_away": is_member, "what": what}
        yield Found(unit, kind, f"{what}{username}", None, (unit_id, head_of(unit)), facts)


def _ended(units: Mapping[int, Unit], on: dt.date, above: tuple[int, str]) -> Iterator[Found]:
    """Open work at units that are no more, whatever ended them."""
    gone = [pk for pk, unit in units.items() if unit.valid_to is not None and unit.valid_to < on]
    kinds: dict[str, Any] = {
        "cases": Case.objects.filter(_ORDINARY, closed_at=None),
        "tasks": Assignment.objects.exclude(state__in=OVER),
        "sessions": ReceptionSession.objects.filter(
            status__in=COMING, starts_at__gt=local_moment(on)
        ),
    }
    for key, rows in kinds.items():
        for pk, count in _grouped(rows.filter(unit_id__in=gone), "unit_id", Count("pk")):
            facts = {"what": key, "count": count}
            yield Found(units[pk], GapKind.ENDED, key, units[pk].valid_to, above, facts)


def _reforms(units: Mapping[int, Unit], on: dt.date, above: tuple[int, str]) -> Iterator[Found]:
    late = Q(state=ReformState.APPROVED, effective_on__lte=on)
    late |= Q(state=ReformState.SUBMITTED, submitted_at__lt=untouched_since(on))
    for reform in UnitReform.objects.filter(late).prefetch_related("units"):
        first = next(row for row in reform.units.all() if row.side == Side.FROM)
        unit = units[first.unit_id or 0]
        facts = {"number": reform.number, "reform": reform.public_id}
        yield Found(unit, GapKind.REFORM, str(reform.public_id), reform.effective_on, above, facts)


def _grouped(rows: Any, by: str, what: Any) -> Iterable[tuple[int, Any]]:
    found = rows.order_by().values_list(by).annotate(found=what)
    return [(pk, value) for pk, value in found if pk is not None]
