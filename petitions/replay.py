"""The clocks of a case as its history tells them, to hold the stored ones against it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from common.time import local_date
from deadlines.models import Clock
from petitions.enums import Stage
from petitions.models import Case, CaseClock, CaseEvent
from petitions.workflow import TRANSITIONS, Action, ClockEffect

CHUNK = 1000
PREFIX = "petitions.case."
FIRST = (Stage.ACCEPTANCE.value, Stage.NOTICE.value, Stage.REVIEW.value)
STARTS = (Action.ACCEPT, Action.REOPEN)
ENDS = tuple(
    row.action
    for row in TRANSITIONS
    if row.effect
    in (ClockEffect.MEET_RESOLUTION, ClockEffect.END_RESOLUTION, ClockEffect.CANCEL_ALL)
)
TOLD = (*STARTS, Action.SUSPEND, Action.RESUME, Action.EXTEND, *ENDS)
Moment = tuple[str, dt.datetime]


@dataclass
class Run:
    """One clock of the result: Hà Nội dates of what moved it."""

    started_on: dt.date
    closed_on: dt.date | None = None
    pauses: list[list[str | None]] = field(default_factory=list)
    extended: list[str] = field(default_factory=list)


@dataclass
class Told:
    """The clocks of the result in their order (a taking over or a reopening starts another), and
    what lengthened the first answer."""

    runs: list[Run] = field(default_factory=list)
    extended_before: list[str] = field(default_factory=list)

    @property
    def live(self) -> Run | None:
        """The clock of the result that has not ended."""
        return self.runs[-1] if self.runs and self.runs[-1].closed_on is None else None


def history_replay(events: Iterable[Moment]) -> Told:
    """Fold the events (action, UTC moment) of one case, in their order."""
    told = Told()
    for action, at in events:
        _STEPS[Action(action)](told, local_date(at))
    return told


def clocks_off_history() -> Iterator[str]:
    """Codes of cases whose stored clocks are not those that their history tells."""
    codes = Case.objects.order_by("id").values_list("id", "code").iterator()
    while chunk := dict(islice(codes, CHUNK)):
        events = _events(list(chunk))
        links = CaseClock.objects.select_related("clock").filter(case_id__in=chunk)
        told = {case_id: history_replay(moments) for case_id, moments in events.items()}
        by_case: dict[int, list[CaseClock]] = defaultdict(list)
        for link in links.order_by("case_id", "id"):
            by_case[link.case_id].append(link)
        for case_id, found in by_case.items():
            if not _agree(found, told.get(case_id) or Told()):
                yield chunk[case_id]


def _events(case_ids: Sequence[int]) -> dict[int, list[Moment]]:
    rows = CaseEvent.objects.filter(
        case_id__in=case_ids, action__in=[PREFIX + action.value for action in TOLD]
    ).order_by("case_id", "sequence")
    found: dict[int, list[Moment]] = defaultdict(list)
    for case_id, action, at in rows.values_list("case_id", "action", "at"):
        found[case_id].append((action.removeprefix(PREFIX), at))
    return found


def _agree(links: Sequence[CaseClock], told: Told) -> bool:
    """Whether the clocks of one case, in their order, are those that its history tells."""
    results = [link.clock for link in links if link.stage == Stage.RESOLUTION]
    stored = [Run(c.started_on, c.closed_on, c.pauses, _extended(c)) for c in results]
    others = [link for link in links if link.stage != Stage.RESOLUTION]
    return stored == told.runs and all(_plain(link, told) for link in others)


def _plain(link: CaseClock, told: Told) -> bool:
    """Nothing stops the other clocks; only the first answer's may be lengthened."""
    allowed = ([], told.extended_before) if link.stage in FIRST else ([],)
    return _extended(link.clock) in allowed and link.clock.pauses == []


def _extended(clock: Clock) -> list[str]:
    return [item["on"] for item in clock.extensions]


def _start(told: Told, on: dt.date) -> None:
    told.runs.append(Run(on))


def _suspend(told: Told, on: dt.date) -> None:
    if told.live:
        told.live.pauses.append([on.isoformat(), None])


def _resume(told: Told, on: dt.date) -> None:
    if told.live and told.live.pauses and told.live.pauses[-1][1] is None:
        told.live.pauses[-1][1] = on.isoformat()


def _extend(told: Told, on: dt.date) -> None:
    where = told.live.extended if told.live else told.extended_before
    where.append(on.isoformat())


def _end(told: Told, on: dt.date) -> None:
    """The first end closes the clock; an open suspension ends with it."""
    run = told.live
    if run is not None:
        _resume(told, on)
        run.closed_on = on


_STEPS = {
    **dict.fromkeys(STARTS, _start),
    Action.SUSPEND: _suspend,
    Action.RESUME: _resume,
    Action.EXTEND: _extend,
    **dict.fromkeys(ENDS, _end),
}
