"""One run over live cases: new signals, those that grew, lapsed or come again."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, Q

from common.db import advisory_lease
from common.history import NewEvent
from common.time import local_date, now
from communes.models import Unit
from early_warning.enums import NoteKind, SignalState
from early_warning.models import Signal, SignalEvent, SignalNote, WarningRule
from early_warning.notices import look_due, signal_again, signal_found, signal_grew
from early_warning.rules import CaseMatter, Match, Matter, PlaceMatter, StageMatter, matches
from early_warning.selectors import posts_following
from early_warning.selectors_facts import matters_for
from early_warning.services.unit_moves import SIGNAL_MOVED
from notifications.services import NewMessage, outbox_write
from petitions.enums import Kind
from petitions.models import SubjectField

FOUND = "early_warning.signal.found"
GREW = "early_warning.signal.grew"
AGAIN = "early_warning.signal.opened_again"
UNOWNED = "early_warning.signal.unowned"
# Events of the portal that are no version: nobody's open form goes stale.
WITHOUT_VERSION = (GREW, UNOWNED)
# A closed matter that was quiet for so long is a new one when it comes back.
QUIET_DAYS = 30
LEASE = "early_warning.look"


class Looked(NamedTuple):
    """What a run did."""

    new: int = 0
    grown: int = 0
    again: int = 0
    lapsed: int = 0


def signals_look(*, at: dt.datetime | None = None, quiet: bool = False) -> Looked:
    """Bring the signals to what the rules say at a UTC moment; ``quiet``: nobody is told.

    Asks what holds now, so that it may run twice, late or not for days: the same matter stays the
    same signal. Does nothing while another run is at work.
    """
    moment = at or now()
    with advisory_lease(LEASE) as is_mine:
        if not is_mine:
            return Looked()
        on = local_date(moment)
        rules = {rule.code: rule for rule in WarningRule.objects.in_force(on)}
        pure = [rule.pure for rule in rules.values()]
        found = {match.key: match for match in matches(pure, matters_for(pure, on), on)}
        with transaction.atomic():
            return _Run(rules, moment, quiet).settle(found)


class _Run:
    """The changes of one run, written together at its end."""

    def __init__(self, rules: Mapping[str, WarningRule], at: dt.datetime, quiet: bool) -> None:
        self.rules, self.at, self.quiet = rules, at, quiet
        self.on = local_date(at)
        self.changed: list[Signal] = []
        self.events: list[NewEvent] = []
        self.notes: list[SignalNote] = []
        self.messages: list[NewMessage] = []

    def settle(self, found: Mapping[str, Match]) -> Looked:
        known = {signal.key: signal for signal in _known(found)}
        self._read_ahead(known, found)
        new = self._new([match for key, match in found.items() if key not in known])
        grown = again = lapsed = 0
        for key, signal in known.items():
            if key not in found:
                lapsed += self._lapse(signal)
            elif signal.is_live:
                grown += self._follow(signal, found[key])
            else:
                again += self._closed(signal, found[key])
        self._write()
        return Looked(len(new), grown, again, lapsed)

    def _read_ahead(self, known: Mapping[str, Signal], found: Mapping[str, Match]) -> None:
        """The units to which signals move, and where their owners may follow one; two queries."""
        moving = [
            (signal, found[key].matter)
            for key, signal in known.items()
            if key in found and not _is_there(signal, found[key].matter)
        ]
        self.units = Unit.objects.in_bulk({matter.unit for _signal, matter in moving})
        self.posts = posts_following(
            {signal.owner_id for signal, _matter in moving if signal.owner_id is not None}
        )

    def _new(self, found: Sequence[Match]) -> list[Signal]:
        fields = dict(SubjectField.objects.values_list("code", "pk")) if found else {}
        rows = [self._signal(match, fields) for match in found]
        Signal.objects.bulk_create(rows)
        events = [NewEvent(row.pk, FOUND, _numbers(row), at=self.at) for row in rows]
        SignalEvent.append_many(events, fresh=True)
        fresh = Signal.objects.select_related("unit", "rule").in_bulk([row.pk for row in rows])
        for row in fresh.values():
            self.messages += signal_found(row)
        return rows

    def _signal(self, match: Match, fields: Mapping[str, int]) -> Signal:
        signal = Signal(key=match.key, rule=self.rules[match.rule.code], found_at=self.at)
        _take(signal, match)
        matter = match.matter
        signal.unit_id = matter.unit
        if isinstance(matter, CaseMatter):
            signal.case_id = matter.case
        elif isinstance(matter, PlaceMatter):
            signal.field_id = fields[matter.field]
        elif isinstance(matter, StageMatter):
            signal.project_id, signal.stage_id = matter.project, matter.stage
        return signal

    def _lapse(self, signal: Signal) -> int:
        if signal.lapsed_on is not None:
            return 0
        signal.lapsed_on = self.on
        self.changed.append(signal)
        return 1

    def _follow(self, signal: Signal, match: Match) -> int:
        """What is open or followed: its numbers, and a word when it is a level up."""
        before = signal.level
        moved = self._move(signal, match)
        self._refresh(signal, match, is_changed=moved)
        if match.level <= before:
            return 0
        self.events.append(NewEvent(signal.pk, GREW, _numbers(signal), at=self.at))
        self.messages += signal_grew(signal)
        return 1

    def _move(self, signal: Signal, match: Match) -> bool:
        """A signal goes where its matter went. An owner who is not of that unit no longer follows
        it, and the unit is told of it as of a new one; what is closed only moves."""
        if _is_there(signal, match.matter):
            return False
        data: dict[str, Any] = {"from": signal.unit.code}
        signal.unit = self.units[match.matter.unit]
        signal.version += 1
        follows = (signal.owner_id, signal.unit_id) in self.posts
        if signal.state == SignalState.WATCHED and not follows:
            signal.state, signal.owner, signal.next_look_on = SignalState.OPEN, None, None
        if signal.state == SignalState.OPEN:
            self.messages += signal_found(signal)
        data |= {"to": signal.unit.code, "version": signal.version}
        self.events.append(NewEvent(signal.pk, SIGNAL_MOVED, data, at=self.at))
        return True

    def _closed(self, signal: Signal, match: Match) -> int:
        """What was judged stays judged, unless it grew or comes back after a quiet time."""
        quiet = (self.on - signal.lapsed_on).days if signal.lapsed_on else 0
        moved = self._move(signal, match)
        if match.level <= signal.closed_level and quiet < QUIET_DAYS:
            self._refresh(signal, match, is_changed=moved)
            return 0
        signal.state, signal.owner, signal.next_look_on = SignalState.OPEN, None, None
        signal.closed_at, signal.closed_level = None, 0
        signal.version += 1
        self._refresh(signal, match, is_changed=True)
        data = {"version": signal.version} | _numbers(signal)
        self.events.append(NewEvent(signal.pk, AGAIN, data, at=self.at))
        note = SignalNote(signal=signal, kind=NoteKind.REOPENED, looked_on=self.on, at=self.at)
        self.notes.append(note)
        self.messages += signal_again(signal)
        return 1

    def _refresh(self, signal: Signal, match: Match, *, is_changed: bool = False) -> None:
        before = (signal.facts, signal.level, signal.lapsed_on)
        _take(signal, match)
        if is_changed or before != (signal.facts, signal.level, signal.lapsed_on):
            self.changed.append(signal)

    def _write(self) -> None:
        names = ["unit", "measured", "threshold", "level", "facts", "lapsed_on", "state", "owner",
                 "next_look_on", "closed_at", "closed_level", "version"]  # fmt: skip
        Signal.objects.bulk_update(self.changed, names, batch_size=500)
        SignalEvent.append_many(self.events)
        SignalNote.objects.bulk_create(self.notes)
        outbox_write(self.messages, at=self.at, suppress=self.quiet)


def _is_there(signal: Signal, matter: Matter) -> bool:
    """Whether a signal is in a unit of its matter."""
    places = matter.places if isinstance(matter, StageMatter) else (matter.unit,)
    return signal.unit_id in places


def _known(found: Iterable[str]) -> Iterable[Signal]:
    """Signals that hold now or did in the run before, locked in a fixed order."""
    rows = Signal.objects.filter(Q(key__in=list(found)) | Q(lapsed_on=None))
    locked = rows.select_for_update(of=("self",), no_key=True)
    return locked.select_related("unit", "rule").order_by("pk")


def _take(signal: Signal, match: Match) -> None:
    signal.measured, signal.threshold, signal.level = match.measured, match.threshold, match.level
    signal.facts, signal.lapsed_on = dict(match.values), None


def _numbers(signal: Signal) -> dict[str, int]:
    return {
        "measured": signal.measured,
        "threshold": signal.threshold,
        "level": signal.level,
    }


@transaction.atomic
def looks_remind(*, at: dt.datetime | None = None) -> int:
    """Tell the owners of signals whose next look has passed, once a date; returns how many."""
    moment = at or now()
    on = local_date(moment)
    rows = Signal.objects.filter(state=SignalState.WATCHED, next_look_on__lt=on)
    due = rows.exclude(case__kind=Kind.DENUNCIATION).exclude(
        reminded_on__isnull=False, reminded_on__gt=F("next_look_on")
    )
    locked = due.select_for_update(of=("self",), no_key=True, skip_locked=True)
    found = list(locked.select_related("unit", "rule").order_by("pk"))
    outbox_write([look_due(signal) for signal in found], at=moment)
    for signal in found:
        signal.reminded_on = on
    Signal.objects.bulk_update(found, ["reminded_on"])
    return len(found)
