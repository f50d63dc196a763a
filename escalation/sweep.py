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
from deadlines.models import Clock
from escalation.brakes import EXAMPLES, Brakes, Caps, brakes_read, due_at
from escalation.models import Escalation, SweepRun
from escalation.recipients import Positions
from escalation.steps import Outcome, batch_perform, batch_plan

log = structlog.get_logger(__name__)
# Seconds before each pass; later passes are only for what was locked in the one before.
PASSES = (0.0, 0.1, 0.4)
# One run a minute that found nothing is of no use for longer.
IDLE_KEPT = dt.timedelta(days=30)
# Clocks in one transaction.
BATCH = 500
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
    "step_round",
    "holder_unit_id",
    "holder_position",
    "forwarder_unit_id",
    "tells_secretary",
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
    # Public ids of some of the clocks behind each reason.
    examples: dict[str, list[str]] = field(default_factory=dict)
    # Of the counts, what concerns matters that administrators must not learn of.
    hidden: Counter[str] = field(default_factory=Counter)

    def add(self, outcome: Outcome) -> None:
        self.examined += outcome.examined
        self.reminders += outcome.reminders
        self.escalations += outcome.escalations
        self.skipped.update(outcome.skipped)
        self.hidden.update(outcome.hidden)
        for reason, public_id in outcome.passed_over:
            self.show(reason, public_id)

    def show(self, reason: str, public_id: str) -> None:
        shown = self.examples.setdefault(reason, [])
        if len(shown) < EXAMPLES and public_id not in shown:
            shown.append(public_id)

    def as_dict(self) -> dict[str, Any]:
        return {
            "examined": self.examined,
            "reminders": self.reminders,
            "escalations": self.escalations,
            "skipped": dict(sorted(self.skipped.items())),
            "parked": self.parked,
            "seconds": round(self.seconds, 3),
        }

    def as_kept(self) -> dict[str, Any]:
        """What the row of the run keeps, which administrators read: without denunciations, whose
        number would betray one (Article 49 of the Law on Denunciations)."""
        known = self.as_dict()
        for name in ("examined", "reminders", "escalations", "parked"):
            known[name] -= self.hidden[name]
        left = Counter(self.skipped)
        left.subtract({name: self.hidden[name] for name in self.skipped})
        return {**known, "skipped": dict(sorted((+left).items()))}


def sweep_run(
    *,
    at: dt.datetime,
    batch_size: int = BATCH,
    dry_run: bool = False,
    is_manual: bool = False,
    caps: Caps | None = None,
) -> SweepResult:
    """Take every step due at ``at`` (UTC moment), committing batch by batch.

    ``dry_run`` reads only and writes nothing, not even the row of the run. ``caps``: above them
    the run stops and waits for an administrator (the settings' where none are given); a manual
    run is confirmed in advance and has none.
    """
    started = time.perf_counter()
    limits = None if is_manual else caps or Caps.set_here()
    if dry_run:
        result = _preview(at, batch_size, brakes_read(at, limits, write=False))
        result.seconds = time.perf_counter() - started
        return result
    row = SweepRun.objects.create(at=at, started_at=now(), is_manual=is_manual)
    run = _Run(at, batch_size, brakes_read(at, limits), limits)
    result, finished_at = run.result, None
    try:
        run.go()
        finished_at = now()
    finally:
        # What a run did before it was cut off stands in its row, without an end.
        result.seconds = time.perf_counter() - started
        if connection.is_usable():
            SweepRun.objects.filter(pk=row.pk).update(
                finished_at=finished_at, examples=result.examples, **result.as_kept()
            )
    log.info("escalation.sweep.finished", **result.as_dict())
    return result


def runs_prune(*, at: dt.datetime) -> int:
    """Delete rows of runs without anything to do that began a month before a UTC moment."""
    idle = SweepRun.objects.filter(examined=0, parked=0, skipped={}, finished_at__isnull=False)
    return idle.filter(started_at__lt=at - IDLE_KEPT).delete()[0]


def due(at: dt.datetime, after: Cursor = None) -> QuerySet[Clock]:
    """Running clocks with a due step, earliest first, from a place in that order on."""
    rows = due_at(at).only(*READ).order_by("next_action_at", "id")
    if after is None:
        return rows
    moment, pk = after
    return rows.filter(Q(next_action_at__gt=moment) | Q(next_action_at=moment, id__gt=pk))


class _Run:
    """One run over everything that is due."""

    def __init__(self, at: dt.datetime, batch_size: int, brakes: Brakes, caps: Caps | None) -> None:
        self.at = at
        self.batch_size = batch_size
        self.brakes = brakes
        self.caps = caps
        self.result = SweepResult()
        self.busy: dict[int, str] = {}
        self._positions: Positions | None = None

    def go(self) -> None:
        before = self._before_the_stop()
        for pause in PASSES:
            time.sleep(pause)
            self.busy = {}
            self._pass()
            if not self.busy:
                break
        self.result.examined += len(self.busy)
        self.result.skipped["busy"] += len(self.busy)
        for public_id in self.busy.values():
            self.result.show("busy", public_id)
        self.result.skipped.update(self.brakes.skipped)
        self.result.hidden.update(self.brakes.hidden)
        self.result.skipped["capped"] -= before
        self._hide()
        self.result.skipped += Counter()  # drops zeros

    def _hide(self) -> None:
        """Count apart what administrators must not learn of, among what was in use or held."""
        if self.busy:
            barred = Clock.objects.filter(pk__in=self.busy).exclude(barred_units=[]).count()
            self.result.hidden.update(busy=barred, examined=barred)
        if self.result.skipped["capped"]:
            held = self.brakes.held(due_at(self.at)).exclude(barred_units=[])
            self.result.hidden["capped"] = held.count()

    def _before_the_stop(self) -> int:
        """Of what has just been stopped, take as many as the cap allows: the longest overdue."""
        taken = 0
        for unit_id in self.brakes.fresh:
            assert self.caps is not None
            cap = self.caps.run if unit_id is None else self.caps.unit
            rows = self.brakes.first_of(due_at(self.at), unit_id).order_by("due_on", "id")
            ids = list(rows.values_list("pk", flat=True)[:cap])
            taken += len(ids) - self._take(ids)
        return taken

    def _take(self, ids: Sequence[int]) -> int:
        """Take these clocks, those in use again shortly; how many are left."""
        left = list(ids)
        for pause in PASSES:
            time.sleep(pause)
            for start in range(0, len(left), self.batch_size):
                part = left[start : start + self.batch_size]
                self._attempt(due(self.at).filter(pk__in=part), [])
            left = list(due_at(self.at).filter(pk__in=left).values_list("pk", flat=True))
            if not left:
                break
        return len(left)

    def _pass(self) -> None:
        """Go once through the order, so that what stays due cannot hold up what follows it."""
        after: Cursor = None
        while True:
            seen: list[Clock] = []
            rows = self.brakes.free(due(self.at, after))[: self.batch_size]
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
                self.busy |= {c.pk: str(c.public_id) for c in seen if c.pk in outcome.busy}

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
            self.busy[pk] = str(Clock.objects.values_list("public_id", flat=True).get(pk=pk))
            return
        rows = Clock.objects.filter(pk=pk, parked_at=None)
        barred = rows.exclude(barred_units=[]).count()
        parked = rows.update(parked_at=now(), parked_reason=type(error).__name__)
        self.result.examined += 1
        self.result.parked += parked
        self.result.hidden.update(parked=barred, examined=barred)
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


def _preview(at: dt.datetime, batch_size: int, brakes: Brakes) -> SweepResult:
    """What a run would do, without locks: subjects in use elsewhere are not foreseen."""
    result = SweepResult()
    positions = Positions.read(local_date(at))
    after: Cursor = None
    result.skipped.update(brakes.skipped)
    while clocks := list(brakes.free(due(at, after))[:batch_size]):
        known = set(
            Escalation.objects.filter(clock_id__in=[clock.pk for clock in clocks])
            .order_by("id")
            .values_list("clock_id", "round", "step")
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
    known: set[tuple[int, int, int]],
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
    outcome = Outcome(skipped=plan.skipped, passed_over=plan.passed_over)
    new = {i.index for i in plan.due if (clock.pk, clock.step_round, i.index) not in known}
    outcome.count(plan.due, {(clock.pk, index) for index in new})
    result.add(outcome)
