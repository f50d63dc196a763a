"""Counting reception days against the law's minimum, and how a month stands. No database here.

A day counts once for the duty it was held in. Delegated days never count (Law 136/2025 gives no
delegation); ad hoc receptions and dialogues come on top of the minimum. Where a rule or a unit
holds for a part of a month only, no text of the law says what is owed: the house counts the weeks
whose Thursday lies in that part, and of a monthly minimum the share of its calendar days, a half
rounded up.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from enum import IntEnum
from typing import NamedTuple, Protocol, TypeVar

from accounts.enums import Role
from common.time import month_after
from communes.enums import COMMUNE_LEVEL, UnitKind
from receptions.enums import DutyHolder, Level, Per, SessionKind, SessionStatus

COUNTED_KINDS = (SessionKind.REGULAR, SessionKind.PERIODIC)
THURSDAY = 3
_COMMUNE = {
    Role.SECRETARY: DutyHolder.PARTY_SECRETARY,
    Role.HEAD: DutyHolder.PEOPLE_COMMITTEE_CHAIR,
}
_AGENCY = {Role.AGENCY_HEAD: DutyHolder.HEAD_OF_AGENCY}
# Which post carries which duty in which kind of unit (``docs/adr/0015-who-owes-a-day.md``).
# ``HEAD`` is the chair of a ward or commune and is held nowhere else.
DUTY_OF_POST: dict[str, dict[Role, DutyHolder]] = {
    UnitKind.WARD: _COMMUNE,
    UnitKind.COMMUNE: _COMMUNE,
    UnitKind.DEPARTMENT: _AGENCY,
    UnitKind.SERVICE_UNIT: {
        Role.SERVICE_HEAD: DutyHolder.HEAD_OF_PUBLIC_SERVICE_UNIT,
    },
    UnitKind.CITY_BODY: {
        Role.CITY_SECRETARY: DutyHolder.PARTY_SECRETARY,
        Role.CITY_CHAIR: DutyHolder.PEOPLE_COMMITTEE_CHAIR,
        Role.BOARD_HEAD: DutyHolder.HEAD_OF_AGENCY,
        **_AGENCY,
    },
}
# Posts that carry a duty somewhere.
DUTY_ROLES = frozenset(role for posts in DUTY_OF_POST.values() for role in posts)
STATE_LINE, PARTY_LINE = "state", "party"
# Bodies of the City whose heads are bound by rules of their own.
LEADS_CITY = {
    "TU": DutyHolder.PARTY_SECRETARY,
    "UBND": DutyHolder.PEOPLE_COMMITTEE_CHAIR,
}
_OWED_BY_KIND: dict[str, tuple[DutyHolder, ...]] = {
    UnitKind.WARD: (DutyHolder.PARTY_SECRETARY, DutyHolder.PEOPLE_COMMITTEE_CHAIR),
    UnitKind.COMMUNE: (DutyHolder.PARTY_SECRETARY, DutyHolder.PEOPLE_COMMITTEE_CHAIR),
    UnitKind.DEPARTMENT: (DutyHolder.HEAD_OF_AGENCY,),
    UnitKind.SERVICE_UNIT: (DutyHolder.HEAD_OF_PUBLIC_SERVICE_UNIT,),
}
# Looked up once: a year of the City asks for them a hundred thousand times.
DRAFT, PUBLISHED, HELD, MISSED = (
    status.value
    for status in (
        SessionStatus.DRAFT,
        SessionStatus.PUBLISHED,
        SessionStatus.HELD,
        SessionStatus.MISSED,
    )
)
STANDING = frozenset({DRAFT, PUBLISHED, HELD})
# Warnings begin when so many working days more are left than days are lacking; the City hears of
# it when only this many more are left. The numbers are the house's own.
EARLY_MARGIN, LAST_MARGIN = 5, 1


class Rule(Protocol):
    duty_holder: str
    level: str
    minimum_days: int
    per: str
    valid_from: dt.date
    valid_to: dt.date | None


AnyRule = TypeVar("AnyRule", bound=Rule)


class Span(NamedTuple):
    """Local dates, both included."""

    first: dt.date
    last: dt.date

    def within(self, first: dt.date | None, last: dt.date | None) -> "Span | None":
        """The part between two dates (None: without an end), None when there is none."""
        found = Span(max(self.first, first or self.first), min(self.last, last or self.last))
        return found if found.first <= found.last else None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


class Period(NamedTuple):
    """Local dates, both included, in which so many days are owed: a week, or a month's part."""

    first: dt.date
    last: dt.date
    minimum: int


class Day(NamedTuple):
    """A local date with the status of a session on it."""

    on: dt.date
    status: str
    is_delegated: bool = False


class Tally(NamedTuple):
    """Days of a month. ``planned`` includes drafts, ``published`` includes held days;
    ``missing`` is what the minimum lacks beside held days and days still to come;
    ``delegated`` days were held by somebody else and count for nothing."""

    required: int
    planned: int
    published: int
    held: int
    missing: int
    delegated: int = 0


class State(IntEnum):
    """How a month stands, the worst last."""

    FINE = 0
    AT_RISK = 1
    NEEDS_LATE = 2
    IMPOSSIBLE = 3


class Openings(NamedTuple):
    """Working days to come on which a session can still be held: announced 5 working days before
    (Article 24(4) of the Law on Citizen Reception), and at all."""

    in_time: frozenset[dt.date] = frozenset()
    at_all: frozenset[dt.date] = frozenset()


class Outlook(NamedTuple):
    """``lacking``: days that are neither held nor published. ``in_time``, ``at_all``: working days
    left for them. ``unrecorded``: published days that passed without a word that they were held."""

    state: State
    lacking: int = 0
    in_time: int = 0
    at_all: int = 0
    unrecorded: int = 0


def duty_in(kind: str, role: str) -> DutyHolder | None:
    """The duty that a post carries in a kind of unit, None for a post without one."""
    return DUTY_OF_POST.get(kind, {}).get(Role(role))


def roles_of(kind: str, duty: str) -> list[Role]:
    """The posts that carry a duty in a kind of unit."""
    return [role for role, held in DUTY_OF_POST.get(kind, {}).items() if held == duty]


def owed_by(code: str, kind: str, line: str) -> tuple[DutyHolder, ...]:
    """Duties of a unit that are owed even while nobody holds the post.

    Wards and communes, the City's secretary and chair, departments, public service units and the
    other bodies of the State's line (Articles 12, 15 and 18(2) of the Law on Citizen Reception,
    Article 10(2) of Decree 154/2026, Regulation 11-QĐi/TW). Bodies of the Party, the Front, the
    elected bodies and the armed forces owe what a head who holds a post there owes.
    """
    if code in LEADS_CITY:
        return (LEADS_CITY[code],)
    if kind == UnitKind.CITY_BODY and line == STATE_LINE:
        return (DutyHolder.HEAD_OF_AGENCY,)
    return _OWED_BY_KIND.get(kind, ())


def level_of(code: str, kind: str) -> Level:
    """The level by which the rules of ``quotas.csv`` know a unit."""
    if kind in COMMUNE_LEVEL:
        return Level.COMMUNE
    return Level.CITY if code in LEADS_CITY else Level.ANY


def rules_in(rules: Iterable[AnyRule], duty: str, level: str, month: dt.date) -> list[AnyRule]:
    """The rules in force in a month (its first day) for a duty at a level, the oldest first."""
    fitting = [r for r in rules if r.duty_holder == duty and r.level in (level, Level.ANY)]
    standing = [r for r in fitting if month_span(month).within(r.valid_from, r.valid_to)]
    return sorted(standing, key=lambda rule: rule.valid_from)


def month_span(month: dt.date) -> Span:
    first = month.replace(day=1)
    return Span(first, month_after(first) - dt.timedelta(days=1))


def month_weeks(month: dt.date) -> list[dt.date]:
    """Mondays of the weeks that belong to a month: those with their Thursday in it."""
    first = month.replace(day=1)
    monday = first - dt.timedelta(days=first.weekday())
    mondays = (monday + dt.timedelta(weeks=n) for n in range(6))
    return [d for d in mondays if _thursday(d).replace(day=1) == first]


def periods_of(rule: Rule, month: dt.date, alive: Span | None = None) -> list[Period]:
    """What a rule asks for in a month; ``alive``: the dates on which the unit exists."""
    span = month_span(month).within(rule.valid_from, rule.valid_to)
    part = span.within(alive.first, alive.last) if span and alive else span
    if part is None:
        return []
    if rule.per == Per.WEEK:
        return [
            Period(monday, monday + dt.timedelta(days=6), rule.minimum_days)
            for monday in month_weeks(month)
            if part.first <= _thursday(monday) <= part.last
        ]
    whole = month_span(month).days
    share = (2 * rule.minimum_days * part.days + whole) // (2 * whole)
    return [Period(part.first, part.last, share)]


def tally(periods: Sequence[Period], days: Iterable[Day], today: dt.date) -> Tally:
    """Count the days of a month against what is owed, in each period by itself."""
    held, public, planned, delegated = _dates_by_kind(periods, days)
    counting = held | {on for on in planned if on >= today}
    required = missing = 0
    for period in periods:
        required += period.minimum
        missing += _lacking(period, counting)
    return Tally(required, len(planned), len(public), len(held), missing, len(delegated))


def _dates_by_kind(periods: Sequence[Period], days: Iterable[Day]) -> tuple[set[dt.date], ...]:
    """Dates that were held, that are public, planned, delegated; in one pass over the days."""
    held: set[dt.date] = set()
    public: set[dt.date] = set()
    planned: set[dt.date] = set()
    delegated: set[dt.date] = set()
    for on, status, is_delegated in days:
        if not _is_in(on, periods):
            continue
        if is_delegated:
            if status == HELD:
                delegated.add(on)
        elif status in STANDING:
            planned.add(on)
            if status != DRAFT:
                public.add(on)
            if status == HELD:
                held.add(on)
    return held, public, planned, delegated


def outlook(
    periods: Iterable[Period], days: Iterable[Day], today: dt.date, openings: Openings
) -> Outlook:
    """Whether the minimum is reached, may be missed, needs a late publication or is lost.

    Of a rule by the week the worst week decides; the numbers are those of all weeks that lack.
    """
    own = [day for day in days if not day.is_delegated and day.status in STANDING]
    found = [_look(period, own, today, openings) for period in periods]
    if not found:
        return Outlook(State.FINE)
    states, *numbers = zip(*found, strict=True)
    return Outlook(max(states), *(sum(column) for column in numbers))


def due_step(look: Outlook, *, is_over: bool) -> int:
    """How far up the Party line a month must have been put: 0 nobody, 1 the duty holder, 2 one
    above, 3 the City. ``is_over``: the month has ended.

    Days that were only not recorded as held are the duty holder's to record until the month ends.
    """
    if look.lacking <= look.unrecorded and not is_over:
        return 1 if look.unrecorded else 0
    if look.state == State.AT_RISK:
        return 1 if look.in_time <= look.lacking + EARLY_MARGIN else 0
    if look.state == State.NEEDS_LATE:
        return 3 if look.at_all <= look.lacking + LAST_MARGIN else 2
    return 3 if look.state == State.IMPOSSIBLE else 0


def _look(period: Period, own: Collection[Day], today: dt.date, openings: Openings) -> Outlook:
    held = _dates(period, own, HELD)
    public = _dates(period, own, PUBLISHED) - held
    sure = held | {on for on in public if on >= today}
    unrecorded = len(public - sure)
    lacking = period.minimum - len(sure)
    if lacking <= 0:
        return Outlook(State.FINE, unrecorded=unrecorded)
    if period.last < today:
        return Outlook(State.IMPOSSIBLE, lacking, unrecorded=unrecorded)
    drafts = {on for on in _dates(period, own, DRAFT) - sure if on >= today}
    free = {on for on in openings.at_all if period.first <= on <= period.last} - sure
    in_time = free & openings.in_time
    numbers = (lacking, len(in_time), len(free | drafts), unrecorded)
    if len(drafts & openings.in_time) >= lacking:
        return Outlook(State.FINE, 0, 0, 0, unrecorded)
    if len(in_time) >= lacking:
        return Outlook(State.AT_RISK, *numbers)
    state = State.NEEDS_LATE if len(free | drafts) >= lacking else State.IMPOSSIBLE
    return Outlook(state, *numbers)


def _dates(period: Period, days: Iterable[Day], status: str) -> set[dt.date]:
    return {d.on for d in days if d.status == status and period.first <= d.on <= period.last}


def _is_in(on: dt.date, periods: Iterable[Period]) -> bool:
    for first, last, _minimum in periods:  # noqa: SIM110 -- half the time of any()
        if first <= on <= last:
            return True
    return False


def _lacking(period: Period, dates: set[dt.date]) -> int:
    first, last, minimum = period
    found = len([on for on in dates if first <= on <= last])
    return minimum - found if found < minimum else 0


def _thursday(monday: dt.date) -> dt.date:
    return monday + dt.timedelta(days=THURSDAY)
