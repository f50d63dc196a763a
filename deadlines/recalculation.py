"""A change of days off recomputes the open clocks: in one transaction, listed before written.

A date already told to a citizen is never shortened: the later one stays, with its reason. Moments
of the ladder never move forward in time either, so that no change sets off a burst of steps.
Owners (cases, conclusions) are locked before their clocks, as their own services do.
"""

import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple, Protocol

from django.db import connection, transaction
from django.db.models import BooleanField, ExpressionWrapper, Q, TextField
from django.db.models.functions import Cast

from common.db import rows_insert
from common.reference import LoadReport
from common.time import local_date, local_moment, now
from deadlines.calendars import (
    calendar_cache_clear,
    calendar_current,
    calendar_file,
    calendar_load,
    calendar_rows,
)
from deadlines.chains import clock_compute, kept
from deadlines.clock import Calendar, Day
from deadlines.derivation import chain_pack
from deadlines.errors import fault_answers
from deadlines.models import OPEN_STATES, CalendarChange, Clock, ClockMove
from deadlines.rules import load_rules

BATCH = 2000
SHOWN = 1000
# Steps of the ladder lie at most this many calendar days around the last day of a limit.
LADDER_DAYS = 60
SETTLE_AFTER, SETTLE_FOR = dt.timedelta(minutes=1), dt.timedelta(hours=2)
# What the dates of a clock follow from; many clocks share it and are computed once.
_PLAIN = (
    "rule_code", "started_on", "legal_due_on", "due_on", "ladder", "is_internal", "state",
)  # fmt: skip
_JSON = ("derivation", "pauses", "extensions", "kept")
KNOWN_MAX = 20_000
_WRITE = f"""
    UPDATE {Clock._meta.db_table} AS clock
    SET legal_due_on = g.legal_due_on, due_on = g.due_on, derivation = g.derivation,
        kept = g.kept, step_moments = later.moments,
        next_step = least(clock.next_step, later.passed),
        step_round = clock.step_round + (later.passed < clock.next_step)::int,
        next_action_at = CASE WHEN clock.state = 'running'
                AND (clock.next_action_at IS NOT NULL OR later.passed < clock.next_step)
            THEN greatest(later.moments[least(clock.next_step, later.passed) + 1],
                CASE WHEN later.passed < clock.next_step THEN NULL ELSE clock.held_until END) END,
        held_until = CASE WHEN later.passed < clock.next_step THEN NULL ELSE clock.held_until END
    FROM jsonb_to_recordset(%s::jsonb) AS v (id bigint, outcome int)
    JOIN jsonb_to_recordset(%s::jsonb) AS g (outcome int, legal_due_on date, due_on date,
        derivation jsonb, kept jsonb, moments timestamptz[]) USING (outcome)
    JOIN {Clock._meta.db_table} AS old ON old.id = v.id
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(greatest(pair.was, pair.planned) ORDER BY pair.place), '{{}}'),
            count(*) FILTER (WHERE greatest(pair.was, pair.planned) < %s)
        FROM unnest(old.step_moments, g.moments) WITH ORDINALITY AS pair (was, planned, place)
        WHERE pair.place <= cardinality(old.step_moments)
    ) AS later (moments, passed)
    WHERE clock.id = v.id
        AND (clock.due_on, clock.derivation, clock.kept, clock.step_moments)
            IS DISTINCT FROM (g.due_on, g.derivation, g.kept, later.moments)
"""  # noqa: S608 -- the only inserted name is the model's own table

Planner = Callable[[Clock], list[dt.datetime]]


class Move(NamedTuple):
    """An open clock whose computed end is another one now. ``kept``: ``before`` stays."""

    clock_id: int
    public_id: str
    rule_code: str
    before: dt.date
    after: dt.date
    kept: bool


class ClockOwner(Protocol):
    """What lies above clocks and stores a date of theirs."""

    def lock(self, clock_ids: Sequence[int]) -> None:
        """Lock the owners of these clocks, in the order of their keys, waiting."""

    def moved(self, moves: Sequence[Move], reason: str, at: dt.datetime) -> None:
        """Store the new dates and write the history, in the caller's transaction."""


@dataclass
class CalendarMoves:
    """What a change does: counts of all, the first moves themselves."""

    examined: int = 0
    moved: int = 0
    kept: int = 0
    moves: list[Move] = field(default_factory=list)

    def add(self, moves: Sequence[Move]) -> None:
        self.moved += sum(not move.kept for move in moves)
        self.kept += sum(move.kept for move in moves)
        self.moves.extend(moves[: SHOWN - len(self.moves)])


class _Outcome(NamedTuple):
    """What clocks with the same inputs have in common."""

    legal_due_on: dt.date
    due_on: dt.date
    packed: dict[str, Any]


_owners: dict[str, ClockOwner] = {}
_planners: list[Planner] = []


def register(name: str, owner: ClockOwner) -> None:
    _owners[name] = owner


def register_planner(planner: Planner) -> None:
    """The ladder's moments of a clock; they must follow from its ladder, start and due date."""
    _planners[:] = [planner]


def reference_load(report: LoadReport) -> None:
    """Check the rules and bring the calendar to what its file says; open clocks follow."""
    report.keep("deadline rules", len(load_rules()))
    found = calendar_change(calendar_file(), reason=FILE_REASON, report=report)
    if found.moved or found.kept:
        report.warn(f"open clocks moved: {found.moved}, kept on the later date: {found.kept}")


FILE_REASON = "cập nhật lịch ngày nghỉ theo thông báo chính thức"


def calendar_change(
    days: Sequence[Day],
    *,
    reason: str,
    write: bool = True,
    listed: Callable[[Move], None] | None = None,
    at: dt.datetime | None = None,
    report: LoadReport | None = None,
) -> CalendarMoves:
    """Make the table hold exactly ``days`` and recompute every open clock they touch.

    ``listed`` gets each clock that moves or is kept before it is written; without ``write``
    everything is undone and only the answer remains. ``at``: UTC moment of the change. One
    transaction; memory is bounded by a batch. Raises CalendarMissing when an open clock would
    end beyond what the new calendar knows.
    """
    with transaction.atomic():
        changed = calendar_rows() ^ set(days)
        if not changed:
            calendar_load(report or LoadReport(), days)
            return CalendarMoves()
        found = _change(sorted({day.date for day in changed}), days, reason, at or now(), listed,
                        report or LoadReport())  # fmt: skip
        if not write:
            transaction.set_rollback(True)
    if not write:
        calendar_cache_clear()
    return found


def open_recalculate(
    *,
    since: dt.date,
    until: dt.date,
    reason: str,
    at: dt.datetime,
    change: CalendarChange | None = None,
    listed: Callable[[Move], None] | None = None,
) -> CalendarMoves:
    """Recompute the open clocks that days off between two Hà Nội dates can touch; in the
    caller's transaction. Twice changes nothing."""
    found, run = CalendarMoves(), _Run(calendar_current(), reason, at, (since, until))
    for ids in _batches(since, until):
        for owner in _owners.values():
            owner.lock(ids)
        groups = _locked(ids)
        found.examined += sum(map(len, groups.values()))
        moves = run.batch(groups, listed)
        found.add(moves)
        if change is not None:
            _keep_moves(change, moves)
        for owner in _owners.values():
            owner.moved([move for move in moves if not move.kept], reason, at)
    return found


@transaction.atomic
def latest_change_settle(*, at: dt.datetime) -> CalendarMoves:
    """Recompute once more after a change: a clock may have been started meanwhile by a process
    that still had the days off of before (they are read anew every half minute).

    Looks at changes between a minute and two hours before ``at`` (UTC); twice changes nothing.
    """
    found = CalendarMoves()
    recent = CalendarChange.objects.filter(at__gt=at - SETTLE_FOR, at__lte=at - SETTLE_AFTER)
    for change in recent.order_by("at"):
        dates = [dt.date.fromisoformat(date) for date in change.days["dates"]]
        found = open_recalculate(
            since=dates[0], until=dates[-1], reason=change.reason, at=at, change=change
        )
    return found


class _Answer(NamedTuple):
    """What the change does to every clock with the same inputs. ``move`` names no clock yet."""

    move: Move | None
    values: dict[str, Any]
    differs: bool


_Inputs = tuple[Any, ...]
_Groups = dict[_Inputs, list[tuple[int, uuid.UUID]]]


class _Run:
    """One pass; clocks with the same inputs are computed once."""

    def __init__(
        self, calendar: Calendar, reason: str, at: dt.datetime, dates: tuple[dt.date, dt.date]
    ) -> None:
        self.calendar, self.reason, self.on = calendar, reason, local_date(at)
        self.since, self.until = dates
        self.known: dict[_Inputs, _Answer] = {}
        self.planned: dict[tuple[str, bool, dt.date, dt.date], list[str]] = {}

    def batch(self, groups: _Groups, listed: Callable[[Move], None] | None) -> list[Move]:
        moves: list[Move] = []
        written: list[dict[str, int]] = []
        outcomes: list[dict[str, Any]] = []
        for inputs, clocks in groups.items():
            move, values, differs = self._answer(inputs)
            if move is not None:
                moves += [move._replace(clock_id=pk, public_id=str(code)) for pk, code in clocks]
            if differs:
                written += [{"id": pk, "outcome": len(outcomes)} for pk, _code in clocks]
                outcomes.append({**values, "outcome": len(outcomes)})
        moves.sort()
        if listed:
            for move in moves:
                listed(move)
        _write(written, outcomes, local_moment(self.on + dt.timedelta(days=1)))
        return moves

    def _answer(self, inputs: _Inputs) -> _Answer:
        if inputs not in self.known:
            if len(self.known) >= KNOWN_MAX:
                self.known.clear()
            clock, acts = _clock(inputs)
            end = self._computed(clock)
            move = self._move(clock, end)
            values = self._values(clock, end, is_kept=bool(move and move.kept))
            differs = self._differs(clock, values, acts=acts)
            self.known[inputs] = _Answer(move, values, differs)
        return self.known[inputs]

    def _differs(self, clock: Clock, values: dict[str, Any], *, acts: bool) -> bool:
        """Whether anything stored changes; the ladder's days may, near the changed dates."""
        reach = dt.timedelta(days=LADDER_DAYS)
        is_near = self.since - reach <= clock.due_on <= self.until + reach
        stored = (clock.due_on.isoformat(), clock.derivation, clock.kept)
        computed = (values["due_on"], values["derivation"], values["kept"])
        return stored != computed or (is_near and acts)

    def _computed(self, clock: Clock) -> _Outcome:
        with fault_answers():
            chain = clock_compute(clock, self.calendar)
        packed = chain_pack(chain, self.calendar)
        return _Outcome(chain[-1].legal_due_on, chain[-1].due_on, packed)

    def _move(self, clock: Clock, end: _Outcome) -> Move | None:
        if end.due_on == clock.due_on:
            return None
        is_kept = end.due_on < clock.due_on
        if is_kept and clock.kept and clock.kept["computed_due_on"] == end.due_on.isoformat():
            return None
        return Move(0, "", clock.rule_code, clock.due_on, end.due_on, is_kept)

    def _values(self, clock: Clock, end: _Outcome, *, is_kept: bool) -> dict[str, Any]:
        """The stored columns: of a kept clock only the note is new."""
        if end.due_on < clock.due_on:
            note = kept(end.due_on, self.reason, self.on) if is_kept else clock.kept
            legal, due_on, packed = clock.legal_due_on, clock.due_on, clock.derivation
        else:
            note, (legal, due_on, packed) = None, end
        return {
            "legal_due_on": legal.isoformat(),
            "due_on": due_on.isoformat(),
            "derivation": packed,
            "kept": note,
            "moments": self._moments(clock, due_on),
        }

    def _moments(self, clock: Clock, due_on: dt.date) -> list[str]:
        key = (clock.ladder, clock.is_internal, clock.started_on, due_on)
        if key not in self.planned:
            told, clock.due_on = clock.due_on, due_on
            self.planned[key] = [m.isoformat() for plan in _planners for m in plan(clock)]
            clock.due_on = told
        return self.planned[key]


def _change(
    dates: Sequence[dt.date],
    days: Sequence[Day],
    reason: str,
    at: dt.datetime,
    listed: Callable[[Move], None] | None,
    report: LoadReport,
) -> CalendarMoves:
    calendar_load(report, days)
    if not Clock.objects.filter(state__in=OPEN_STATES).exists():
        return CalendarMoves()
    change = CalendarChange.objects.create(
        at=at, reason=reason[:300], days={"dates": [date.isoformat() for date in dates]}
    )
    found = open_recalculate(
        since=dates[0], until=dates[-1], reason=reason, at=at, change=change, listed=listed
    )
    CalendarChange.objects.filter(pk=change.pk).update(
        examined=found.examined, moved=found.moved, kept=found.kept
    )
    return found


def _batches(since: dt.date, until: dt.date) -> Iterator[list[int]]:
    """Ids of open clocks near the dates, by key; nobody's lock is waited for while reading.

    One cursor on the server: asking for each batch anew sorted all of them every time.
    """
    reach = dt.timedelta(days=LADDER_DAYS)
    near = Q(due_on__gte=since - reach, started_on__lte=until + reach)
    rows = Clock.objects.filter(near, state__in=OPEN_STATES).order_by("id")
    ids = rows.values_list("pk", flat=True).iterator(chunk_size=BATCH)
    while batch := list(islice(ids, BATCH)):
        yield batch


def _locked(ids: Sequence[int]) -> _Groups:
    """The open clocks among these, locked, by what their dates follow from."""
    rows = (
        Clock.objects.filter(pk__in=ids, state__in=OPEN_STATES)
        .annotate(
            acts=ExpressionWrapper(Q(next_action_at__isnull=False), BooleanField()),
            **{f"{name}_text": Cast(name, TextField()) for name in _JSON},
        )
        .select_for_update(no_key=True, of=("self",))
        .order_by("id")
        .values_list("id", "public_id", *_PLAIN, *(f"{name}_text" for name in _JSON), "acts")
    )
    groups: _Groups = {}
    for row in rows:
        groups.setdefault(row[2:], []).append(row[:2])
    return groups


def _clock(inputs: _Inputs) -> tuple[Clock, bool]:
    """A clock with these inputs, and whether a step of its ladder is still to come."""
    *values, acts = inputs
    plain, texts = values[: len(_PLAIN)], values[len(_PLAIN) :]
    parsed = (json.loads(text) if text else None for text in texts)
    return Clock(**dict(zip((*_PLAIN, *_JSON), (*plain, *parsed), strict=True))), acts


def _write(
    written: list[dict[str, int]], outcomes: list[dict[str, Any]], end_of_day: dt.datetime
) -> None:
    """Steps whose moment lies before the end of the day of the change stay taken."""
    if written:
        told = json.dumps(outcomes, ensure_ascii=False)
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [json.dumps(written), told, end_of_day])


def _keep_moves(change: CalendarChange, moves: Sequence[Move]) -> None:
    columns = {
        "change_id": "bigint",
        "clock_id": "bigint",
        "before_on": "date",
        "computed_on": "date",
        "is_kept": "boolean",
    }
    rows = [
        (change.pk, m.clock_id, m.before.isoformat(), m.after.isoformat(), m.kept) for m in moves
    ]
    rows_insert(ClockMove._meta.db_table, columns, rows, tail="ON CONFLICT DO NOTHING")
