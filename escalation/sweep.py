"""The sweep: every step of the ladder that is due and not yet taken, once.

Level-triggered: it asks what is due now, never what became due since the last run, so it may run
late, twice or beside itself. Locks never wait: clocks and their subjects are taken with SKIP
LOCKED, what somebody else holds is tried again shortly and otherwise by the next run.
"""

import datetime as dt
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q, QuerySet

from common.time import local_date, now
from deadlines.models import Clock, ClockState
from escalation.models import Escalation, SweepRun
from escalation.recipients import Positions
from escalation.steps import Outcome, batch_perform, batch_plan

log = structlog.get_logger(__name__)
# Seconds before each pass; later passes are only for what was locked in the one before.
PASSES = (0.0, 0.1, 0.4)
# What a step needs of its clock; derivations and pauses are large and stay where they are.
READ = (
    "public_id",
    "rule_code",
    "basis",
    "is_internal",
    "ladder",
    "started_on",
    "due_on",
    "step_moments",
    "next_step",
    "next_action_at",
    "holder_unit_id",
    "holder_position",
    "barred_units",
)
Cursor = tuple[dt.datetime, int] | None


@dataclass
class SweepResult:
    """Counts of one run: clocks examined, steps taken, steps or clocks skipped by reason."""

    examined: int = 0
    reminders: int = 0
    escalations: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    parked: int = 0
    seconds: float = 0.0

    def add(self, outcome: Outcome) -> None:
        self.examined += outcome.examined
        self.reminders += outcome.reminders
        self.escalations += outcome.escalations
        self.skipped.update(outcome.skipped)

    def as_dict(self) -> dict[str, Any]:
        return {
            "examined": self.examined,
            "reminders": self.reminders,
            "escalations": self.escalations,
            "skipped": dict(sorted(self.skipped.items())),
            "parked": self.parked,
            "seconds": round(self.seconds, 3),
        }


def sweep_run(
    *,
    at: dt.datetime,
    batch_size: int = 200,
    dry_run: bool = False,
    is_manual: bool = False,
) -> SweepResult:
    """Take every step due at ``at`` (UTC moment), committing batch by batch.

    ``dry_run`` reads only and writes nothing, not even the row of the run.
    """
    started = time.perf_counter()
    if dry_run:
        result = _preview(at, batch_size)
        result.seconds = time.perf_counter() - started
        return result
    row = SweepRun.objects.create(at=at, started_at=now(), is_manual=is_manual)
    result = _Run(at, batch_size).go()
    result.seconds = time.perf_counter() - started
    SweepRun.objects.filter(pk=row.pk).update(finished_at=now(), **result.as_dict())
    log.info("escalation.sweep.finished", **result.as_dict())
    return result


def due(at: dt.datetime, after: Cursor = None) -> QuerySet[Clock]:
    """Running clocks with a due step, earliest first, from a place in that order on."""
    rows = (
        Clock.objects.filter(state=ClockState.RUNNING, next_action_at__lte=at, parked_at=None)
        .only(*READ)
        .order_by("next_action_at", "id")
    )
    if after is None:
        return rows
    moment, pk = after
    return rows.filter(Q(next_action_at__gt=moment) | Q(next_action_at=moment, id__gt=pk))


class _Run:
    """One run over everything that is due."""

    def __init__(self, at: dt.datetime, batch_size: int) -> None:
        self.at = at
        self.batch_size = batch_size
        self.result = SweepResult()
        self.busy: set[int] = set()
        self._positions: Positions | None = None

    def go(self) -> SweepResult:
        for pause in PASSES:
            time.sleep(pause)
            self.busy = set()
            self._pass()
            if not self.busy:
                break
        self.result.examined += len(self.busy)
        self.result.skipped["busy"] += len(self.busy)
        self.result.skipped += Counter()  # drops zeros
        return self.result

    def _pass(self) -> None:
        """Go once through the order, so that what stays due cannot hold up what follows it."""
        after: Cursor = None
        while True:
            seen: list[Clock] = []
            rows = due(self.at, after)[: self.batch_size]
            self._attempt(rows, seen)
            if not seen:
                return
            last = seen[-1]
            assert last.next_action_at is not None
            after = (last.next_action_at, last.pk)

    def _attempt(self, rows: QuerySet[Clock], seen: list[Clock]) -> None:
        """Take one batch in one transaction; ``seen`` gets its clocks also when it fails."""
        try:
            with transaction.atomic():
                seen.extend(rows.select_for_update(skip_locked=True, no_key=True, of=("self",)))
                outcome = batch_perform(seen, self.at, self._read_positions()) if seen else None
        except Exception as error:
            _give_up_when_lost(error)
            if not seen:
                raise
            self._isolate([clock.pk for clock in seen], error)
        else:
            if outcome is not None:
                self.result.add(outcome)
                self.busy |= outcome.busy

    def _isolate(self, ids: Sequence[int], error: Exception) -> None:
        """A batch that failed is halved until the clock that breaks it stands alone."""
        if len(ids) == 1:
            self._set_aside(ids[0], error)
            return
        middle = len(ids) // 2
        for part in (ids[:middle], ids[middle:]):
            self._attempt(due(self.at).filter(pk__in=part), [])

    def _set_aside(self, pk: int, error: Exception) -> None:
        """Park a poisoned clock with the type of its error; a lock or time-out is only busy."""
        if isinstance(error, OperationalError):
            self.busy.add(pk)
            return
        self.result.examined += 1
        self.result.parked += Clock.objects.filter(pk=pk, parked_at=None).update(
            parked_at=now(), parked_reason=type(error).__name__
        )
        log.error("escalation.clock.parked", clock=pk, reason=type(error).__name__)

    def _read_positions(self) -> Positions:
        """Read once a run, and not at all when nothing is due."""
        if self._positions is None:
            self._positions = Positions.read(local_date(self.at))
        return self._positions


def _give_up_when_lost(error: Exception) -> None:
    """Without a connection or time nothing can go on; the next run does what is left."""
    if isinstance(error, SoftTimeLimitExceeded):
        raise error
    if isinstance(error, InterfaceError | OperationalError) and not connection.is_usable():
        raise error


def _preview(at: dt.datetime, batch_size: int) -> SweepResult:
    """What a run would do, without locks: subjects in use elsewhere are not foreseen."""
    result = SweepResult()
    positions = Positions.read(local_date(at))
    after: Cursor = None
    while clocks := list(due(at, after)[:batch_size]):
        known = set(
            Escalation.objects.filter(clock_id__in=[clock.pk for clock in clocks])
            .order_by("id")
            .values_list("clock_id", "step")
        )
        for clock in clocks:
            _foresee(result, clock, known, positions, at)
        last = clocks[-1]
        assert last.next_action_at is not None
        after = (last.next_action_at, last.pk)
    return result


def _foresee(
    result: SweepResult,
    clock: Clock,
    known: set[tuple[int, int]],
    positions: Positions,
    at: dt.datetime,
) -> None:
    result.examined += 1
    try:
        plan = batch_plan([clock], at, positions)
    except Exception as error:  # noqa: BLE001 -- whatever breaks a clock would park it
        log.warning("escalation.clock.poisoned", clock=clock.pk, reason=type(error).__name__)
        result.parked += 1
        return
    outcome = Outcome(skipped=plan.skipped)
    steps = {(clock.pk, item.index) for item in plan.due}
    outcome.count(plan.due, steps - known)
    result.add(outcome)
