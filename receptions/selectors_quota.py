"""Reception days against the law's minimum, read for one month or for a year.

Everything is read once for all units and months asked for (``Ledger``): who held a duty on which
dates comes from the validity of memberships, what is owed from the rules and the validity of units.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.fields.json import KT
from django.db.models.functions import Greatest, TruncDate

from accounts.access import Access
from accounts.models import Membership, User
from accounts.roles import Permission
from common.time import HANOI, local_moment, month_after, today
from communes.enums import UnitKind
from communes.models import Unit
from receptions.enums import SessionStatus
from receptions.holders import duty_posts
from receptions.models import MOVED, DutyQuota, ReceptionSession, SessionEvent
from receptions.posting import openings, was_late
from receptions.posts import post_label
from receptions.quotas import (
    COUNTED_KINDS,
    MISSED,
    PUBLISHED,
    Day,
    Openings,
    Outlook,
    Period,
    Span,
    State,
    Tally,
    duty_in,
    level_of,
    month_span,
    outlook,
    owed_by,
    periods_of,
    rules_in,
    tally,
)

DONE = Outlook(State.FINE)
# Weekly rules look a few days over the edges of a month.
EDGE = dt.timedelta(days=7)


class Holder(NamedTuple):
    """Somebody in a post between two local dates of the month, both included."""

    person: User
    first: dt.date
    last: dt.date


class Marks(NamedTuple):
    """What else the sessions of a duty tell of a month: announced too late, missed by the leader,
    passed without being recorded as held."""

    late: int = 0
    missed: int = 0
    unrecorded: int = 0


class SessionFact(NamedTuple):
    """A session that was not called off, by local dates."""

    on: dt.date
    status: str
    is_delegated: bool
    kind: str
    posted_on: dt.date | None
    announced_late: bool | None = None


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """One duty of one unit in a month. ``rule``: the latest in force; ``holders`` in the order of
    their dates; ``vacant``: dates without anybody."""

    unit: Unit
    duty_holder: str
    month: dt.date
    rule: DutyQuota
    tally: Tally
    outlook: Outlook
    marks: Marks
    span: Span
    holders: tuple[Holder, ...] = ()
    vacant: tuple[Span, ...] = ()

    @property
    def person(self) -> User | None:
        """Who holds the post at the end of the month, None while it is vacant."""
        return next((h.person for h in reversed(self.holders) if h.last == self.span.last), None)

    @property
    def post(self) -> str:
        """How the post is called in this unit."""
        return post_label(self.unit, self.duty_holder)

    @property
    def is_whole(self) -> bool:
        """Whether one person held the post all the month."""
        return len(self.holders) == 1 and not self.vacant


class Owed(NamedTuple):
    """What units of one level and one life owe for a duty in a month. ``is_before``,
    ``is_after``: a week of it reaches into the month beside."""

    rule: DutyQuota
    periods: list[Period]
    span: Span
    is_before: bool
    is_after: bool
    last: dt.date


@dataclass
class Ledger:
    """What was read for some units and months; ``line`` asks no query."""

    units: dict[int, Unit]
    on: dt.date
    rules: Sequence[DutyQuota]
    posts: dict[tuple[int, str], list[Membership]]
    facts: dict[tuple[int, str, dt.date], list[SessionFact]]
    _owed: dict[object, Owed | None] = field(default_factory=dict)
    _open: dict[dt.date, Openings] = field(default_factory=dict)
    _late: dict[tuple[dt.date, dt.date], bool] = field(default_factory=dict)

    @classmethod
    def read(cls, units: QuerySet[Unit], first: dt.date, last: dt.date, on: dt.date) -> "Ledger":
        """Four queries for the months from ``first`` to ``last`` (their first days)."""
        span = Span(first, month_span(last).last)
        alive = units.filter(valid_from__lte=span.last)
        found = {u.pk: u for u in alive.filter(Q(valid_to=None) | Q(valid_to__gte=span.first))}
        rules = list(DutyQuota.objects.all())
        return cls(found, on, rules, _posts(found, span), _facts(found, span))

    def lines(self, month: dt.date) -> list[QuotaLine]:
        """Every duty of every unit in a month, by code of the unit and duty."""
        order = sorted(self.units.values(), key=lambda unit: unit.code)
        found = (self.line(unit, duty, month) for unit in order for duty in self.duties(unit))
        return [line for line in found if line is not None]

    def duties(self, unit: Unit) -> list[str]:
        """What is owed also while a post is vacant (``quotas.owed_by``); of other units what
        their heads owe."""
        owed = {duty.value for duty in owed_by(unit.code, unit.kind, unit.line)}
        held = {duty for unit_id, duty in self.posts if unit_id == unit.pk}
        return sorted(owed or held)

    def line(self, unit: Unit, duty: str, month: dt.date) -> QuotaLine | None:
        """A duty in a month, None where nothing is owed."""
        owed = self._owed_in(unit, duty, month)
        if owed is None:
            return None
        span = owed.span
        holders = tuple(_holders(self.posts.get((unit.pk, duty), ()), span))
        facts = self.facts.get((unit.pk, duty, month), [])
        days = _days([*facts, *self._beside(unit, duty, month, owed)])
        count = tally(owed.periods, days, self.on)
        look = self._look(owed, days, month, count)
        marks = self._marks(facts, span)
        gaps = tuple(_gaps(holders, span))
        return QuotaLine(unit, duty, month, owed.rule, count, look, marks, span, holders, gaps)

    def _beside(self, unit: Unit, duty: str, month: dt.date, owed: Owed) -> list[SessionFact]:
        """Sessions of the months beside, where a week reaches into them."""
        found: list[SessionFact] = []
        if owed.is_before:
            before = (month - dt.timedelta(days=1)).replace(day=1)
            found += self.facts.get((unit.pk, duty, before), [])
        if owed.is_after:
            found += self.facts.get((unit.pk, duty, month_after(month)), [])
        return found

    def _owed_in(self, unit: Unit, duty: str, month: dt.date) -> Owed | None:
        key = (level_of(unit.code, unit.kind), duty, month, unit.valid_from, unit.valid_to)
        if key not in self._owed:
            self._owed[key] = self._owe(unit, duty, month)
        return self._owed[key]

    def _owe(self, unit: Unit, duty: str, month: dt.date) -> Owed | None:
        span = month_span(month).within(unit.valid_from, unit.valid_to)
        if span is None:
            return None
        rules = rules_in(self.rules, duty, level_of(unit.code, unit.kind), month)
        periods = [period for rule in rules for period in periods_of(rule, month, span)]
        if not periods:
            return None
        first, last = min(p.first for p in periods), max(p.last for p in periods)
        return Owed(rules[-1], periods, span, first < month, last >= month_after(month), last)

    def _look(self, owed: Owed, days: list[Day], month: dt.date, count: Tally) -> Outlook:
        if owed.last < self.on and not count.missing:
            return DONE
        if month not in self._open:
            span = month_span(month)
            self._open[month] = openings(span.first - EDGE, span.last + EDGE, self.on)
        return outlook(owed.periods, days, self.on, self._open[month])

    def _marks(self, facts: Iterable[SessionFact], span: Span) -> Marks:
        late = missed = unrecorded = 0
        for fact in facts:
            if span.first <= fact.on <= span.last:
                late += self._is_late(fact)
                missed += fact.status == MISSED
                unrecorded += fact.status == PUBLISHED and fact.on < self.on
        return Marks(late, missed, unrecorded)

    def _is_late(self, fact: SessionFact) -> bool:
        """Ad hoc sessions and dialogues follow their occasion and are never late. What was kept
        when the day was announced holds, whatever became of the calendar since."""
        if fact.posted_on is None or fact.kind not in COUNTED_KINDS:
            return False
        if fact.announced_late is not None:
            return fact.announced_late
        key = (fact.on, fact.posted_on)
        if key not in self._late:
            self._late[key] = was_late(*key)
        return self._late[key]


def quota_month(access: Access, month: dt.date, *, unit: Unit | None = None) -> list[QuotaLine]:
    """Every duty of the visible units in a month (its first day); four queries at most."""
    units = units_of(access)
    if unit is not None:
        units = units.filter(pk=unit.pk)
    return Ledger.read(units, month, month, today()).lines(month)


def units_of(access: Access) -> QuerySet[Unit]:
    """Units whose receptions a person may see, also those that have ended."""
    rows = Unit.objects.exclude(kind=UnitKind.CITY)
    if Permission.RECEPTION_VIEW in access.city:
        return rows
    return rows.filter(pk__in=access.units(Permission.RECEPTION_VIEW))


def _posts(units: dict[int, Unit], span: Span) -> dict[tuple[int, str], list[Membership]]:
    """Posts held at some time of a span; of people whose account was closed only what had ended."""
    rows = duty_posts(units, span.first, span.last).filter(
        Q(user__is_active=True) | Q(valid_to__isnull=False)
    )
    found: dict[tuple[int, str], list[Membership]] = {}
    for row in rows.order_by("valid_from", "pk"):
        duty = duty_in(units[row.unit_id].kind, row.role)
        if duty is not None:
            found.setdefault((row.unit_id, duty.value), []).append(row)
    return found


def _facts(units: Iterable[int], span: Span) -> dict[tuple[int, str, dt.date], list[SessionFact]]:
    rows = (
        ReceptionSession.objects.filter(
            unit_id__in=list(units),
            starts_at__gte=local_moment(span.first - EDGE),
            starts_at__lt=local_moment(span.last + EDGE),
        )
        .exclude(status=SessionStatus.CANCELLED)
        .order_by()
        .annotate(
            day=TruncDate("starts_at", tzinfo=HANOI),
            posted=TruncDate(_announced(), tzinfo=HANOI),
            unit_key=F("unit_id"),
        )
        .values_list(
            "unit_key",
            "duty_holder",
            "day",
            "status",
            "is_delegated",
            "kind",
            "posted",
            "announced_late",
        )
    )
    found: dict[tuple[int, str, dt.date], list[SessionFact]] = {}
    for unit_id, duty, on, status, delegated, kind, posted, late in rows:
        fact = SessionFact(on, status, delegated, kind, posted, late)
        found.setdefault((unit_id, duty, on.replace(day=1)), []).append(fact)
    return found


def _announced() -> Case:
    """The moment at which a public session's present day was announced: its publication, or the
    last move to another day after it. Moved hours of one day change nothing."""
    moves = (
        SessionEvent.objects.filter(session=OuterRef("pk"), action=MOVED)
        .annotate(was=KT("data__from"), now_on=KT("data__to"))
        .exclude(was=F("now_on"))
        .order_by("-sequence")
    )
    moved = Greatest("published_at", Subquery(moves.values("at")[:1]))
    is_moved = Q(published_at__isnull=False) & ~Q(move_reason="")
    return Case(When(is_moved, then=moved), default=F("published_at"))


def _days(facts: Iterable[SessionFact]) -> list[Day]:
    """What may count, and what stood in for it."""
    return [
        Day(fact.on, fact.status, fact.is_delegated)
        for fact in facts
        if fact.is_delegated or fact.kind in COUNTED_KINDS
    ]


def _holders(posts: Iterable[Membership], span: Span) -> Iterable[Holder]:
    for post in posts:
        held = span.within(post.valid_from, post.valid_to)
        if held is not None:
            yield Holder(post.user, held.first, held.last)


def _gaps(holders: Iterable[Holder], span: Span) -> Iterable[Span]:
    """Dates of a span on which nobody held the post."""
    free = span.first
    for holder in holders:
        if holder.first > free:
            yield Span(free, holder.first - dt.timedelta(days=1))
        free = max(free, holder.last + dt.timedelta(days=1))
    if free <= span.last:
        yield Span(free, span.last)
