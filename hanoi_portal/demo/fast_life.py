"""The life of a case for bulk data: steps with their moments, worked out without a database.

Simpler than ``lives``: only what the history must tell so that states, clocks and papers fit.
"""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from common.time import HANOI, local_date
from hanoi_portal.demo.filings import Planned
from petitions.enums import Flag, Kind, Stage
from petitions.workflow import BY_ACTION, Action, Status

FORMAL = (Kind.COMPLAINT, Kind.DENUNCIATION)
STUCK_SHARE = 0.012  # at each step: this case has stood still since
SUSPENDED_SHARE = 0.05
ENDINGS = {
    "declined": Action.DECLINE,
    "guided": Action.GUIDE,
    "filed_away": Action.FILE_AWAY,
}


class Done(NamedTuple):
    """One step of the history. ``who``: clerk, handler or head of the holding body."""

    action: Action
    at: dt.datetime
    who: str


class Limit(NamedTuple):
    """A clock of the case: Hà Nội dates of its start and end, and how it ended."""

    stage: Stage
    started_on: dt.date
    closed_on: dt.date | None = None
    is_cancelled: bool = False
    pause: tuple[dt.date, dt.date | None] | None = None


@dataclass
class FastLife:
    """What became of a filed petition until a moment."""

    planned: Planned
    now: dt.datetime
    done: list[Done] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    status: Status = Status.SUBMITTED

    @property
    def is_signed(self) -> bool:
        """Signed when it was filed, or when it was taken in."""
        return self.planned.is_signed or bool(self.done)

    def on(self, *actions: Action) -> dt.date | None:
        """The Hà Nội date of the last of these steps, or None."""
        found = [step.at for step in self.done if step.action in actions]
        return local_date(found[-1]) if found else None


def live(planned: Planned, now: dt.datetime, rng: random.Random) -> FastLife:
    """Walk until the case ends, stands still, or the next step would lie in the future."""
    life = FastLife(planned, now)
    at = planned.draw.sent_at
    slow = {"prompt": 1.0, "slow": 1.6, "late": 3.2}[planned.draw.pace]
    for action, who, days in _path(planned, rng):
        at = _later(rng, at, days * slow)
        if at >= now or rng.random() < STUCK_SHARE:
            break
        life.done.append(Done(action, at, who))
        life.status = BY_ACTION[action].target or life.status
    life.limits = list(_limits(life))
    return life


def _path(planned: Planned, rng: random.Random) -> Iterator[tuple[Action, str, float]]:
    """Steps, who takes them, and after how many days."""
    kind, ending = planned.draw.kind, planned.draw.ending
    yield Action.RECEIVE, "clerk", 0.7
    yield Action.ASSIGN, "clerk", 0.1
    yield Action.PROPOSE, "handler", 2.5
    end = ENDINGS.get(ending, Action.ACCEPT)
    if end is Action.GUIDE and kind == Kind.DENUNCIATION:
        end = Action.FILE_AWAY
    yield end, "head", 1.0
    if end is not Action.ACCEPT:
        return
    yield Action.START_VERIFICATION, "handler", 1.5
    if kind in FORMAL and rng.random() < SUSPENDED_SHARE:
        yield Action.SUSPEND, "head", 3
        yield Action.RESUME, "head", 15
    yield Action.DRAFT_OUTCOME, "handler", 11
    yield Action.DECIDE, "head", 2
    yield Action.NOTIFY, "clerk", 1
    yield from _end(kind)


def _end(kind: str) -> Iterator[tuple[Action, str, float]]:
    if kind == Kind.COMPLAINT:
        yield Action.MARK_IN_FORCE, "clerk", 34
    if kind == Kind.DENUNCIATION:
        yield Action.PUBLISH, "clerk", 2
        yield Action.ACT_ON_CONCLUSION, "head", 2
    yield Action.PROPOSE_CLOSING, "clerk", 6
    yield Action.CLOSE, "head", 1


def _later(rng: random.Random, at: dt.datetime, days: float) -> dt.datetime:
    """Some time later in office hours, never on a weekend."""
    moment = (at + dt.timedelta(days=days * rng.uniform(0.6, 1.4))).astimezone(HANOI)
    weekday = moment.isoweekday()
    day = moment.date() + dt.timedelta(days=8 - weekday if weekday > 5 else 0)
    hour = dt.time(rng.randrange(8, 17), rng.randrange(60), rng.randrange(60))
    new = dt.datetime.combine(day, hour, HANOI).astimezone(dt.UTC)
    return max(new, at + dt.timedelta(minutes=rng.randrange(3, 50)))


def _limits(life: FastLife) -> Iterator[Limit]:
    """The clocks that these steps start and end, as ``petitions.clock_effects`` would."""
    kind = life.planned.draw.kind
    sent_on = local_date(life.planned.draw.sent_at)
    received_on = life.on(Action.RECEIVE)
    answered_on = life.on(Action.ACCEPT, *ENDINGS.values())
    first = Stage.ACCEPTANCE if kind in FORMAL else Stage.NOTICE
    if kind == Kind.DENUNCIATION and not life.planned.is_signed:
        yield Limit(Stage.NOTICE, sent_on, received_on, is_cancelled=received_on is not None)
        if received_on:
            yield Limit(first, received_on, answered_on)
    else:
        yield Limit(first, sent_on, answered_on)
    if (accepted_on := life.on(Action.ACCEPT)) is not None:
        yield from _later_limits(life, kind, accepted_on)


def _later_limits(life: FastLife, kind: str, accepted_on: dt.date) -> Iterator[Limit]:
    decided_on, stopped_on = life.on(Action.DECIDE), life.on(Action.SUSPEND)
    pause = (stopped_on, life.on(Action.RESUME)) if stopped_on else None
    yield Limit(Stage.RESOLUTION, accepted_on, decided_on, pause=pause)
    if decided_on is None or kind not in FORMAL:
        return
    yield Limit(Stage.DECISION_SENT, decided_on, life.on(Action.NOTIFY))
    if kind == Kind.DENUNCIATION:
        yield Limit(Stage.HANDLING, decided_on, life.on(Action.ACT_ON_CONCLUSION))
        yield Limit(Stage.PUBLICATION, decided_on, life.on(Action.PUBLISH))


def flags_of(life: FastLife, *, is_rerouted: bool, is_collective: bool) -> list[str]:
    """The marks that the case still carries."""
    unsigned = life.planned.draw.kind in FORMAL and not life.is_signed
    marks = {
        Flag.UNSIGNED: unsigned,
        Flag.INFORMATION: unsigned and life.planned.draw.kind == Kind.DENUNCIATION,
        Flag.COLLECTIVE: is_collective,
        Flag.REROUTED: is_rerouted,
    }
    return [flag.value for flag, holds in marks.items() if holds]
