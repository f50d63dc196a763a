"""The clocks of a case as its history tells them, to hold the stored ones against it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from common.time import local_date
from petitions.enums import Stage
from petitions.models import Case, CaseClock, CaseEvent
from petitions.workflow import Action

CHUNK = 1000
PREFIX = "petitions.case."
FIRST = (Stage.ACCEPTANCE.value, Stage.NOTICE.value)
ENDS = (Action.DECIDE, Action.TERMINATE, Action.CLOSE)
TOLD = (Action.ACCEPT, Action.SUSPEND, Action.RESUME, Action.EXTEND, *ENDS)
Moment = tuple[str, dt.datetime]


@dataclass
class Told:
    """Hà Nội dates of what moved the clock of the result, and of what lengthened the first one."""

    started_on: dt.date | None = None
    closed_on: dt.date | None = None
    pauses: list[list[str | None]] = field(default_factory=list)
    extended: list[str] = field(default_factory=list)
    extended_before: list[str] = field(default_factory=list)


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
        for link in links.order_by("case_id", "id"):
            if not _agrees(link, told.get(link.case_id) or Told()):
                yield chunk[link.case_id]


def _events(case_ids: Sequence[int]) -> dict[int, list[Moment]]:
    rows = CaseEvent.objects.filter(
        case_id__in=case_ids, action__in=[PREFIX + action.value for action in TOLD]
    ).order_by("case_id", "sequence")
    found: dict[int, list[Moment]] = defaultdict(list)
    for case_id, action, at in rows.values_list("case_id", "action", "at"):
        found[case_id].append((action.removeprefix(PREFIX), at))
    return found


def _agrees(link: CaseClock, told: Told) -> bool:
    clock = link.clock
    extended = [item["on"] for item in clock.extensions]
    if link.stage == Stage.RESOLUTION:
        stored = (clock.started_on, clock.closed_on, clock.pauses, extended)
        return stored == (told.started_on, told.closed_on, told.pauses, told.extended)
    if link.stage in FIRST:
        return extended in ([], told.extended_before) and clock.pauses == []
    return extended == [] and clock.pauses == []


def _accept(told: Told, on: dt.date) -> None:
    told.started_on = on


def _suspend(told: Told, on: dt.date) -> None:
    told.pauses.append([on.isoformat(), None])


def _resume(told: Told, on: dt.date) -> None:
    if told.pauses and told.pauses[-1][1] is None:
        told.pauses[-1][1] = on.isoformat()


def _extend(told: Told, on: dt.date) -> None:
    where = told.extended_before if told.started_on is None else told.extended
    where.append(on.isoformat())


def _end(told: Told, on: dt.date) -> None:
    """The first end closes the clock; an open suspension ends with it."""
    if told.started_on is not None and told.closed_on is None:
        _resume(told, on)
        told.closed_on = on


_STEPS = {
    Action.ACCEPT: _accept,
    Action.SUSPEND: _suspend,
    Action.RESUME: _resume,
    Action.EXTEND: _extend,
    **dict.fromkeys(ENDS, _end),
}
