"""Trying a ladder before it holds: what it would do to the limits that are open now."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db.models import Count

from common.time import local_date, local_moment
from deadlines.models import Clock, ClockState
from deadlines.rules import load_rules
from escalation.enums import StepKind
from escalation.ladder import Step, group_of, moments_of, skip_reason
from escalation.ladders import ladder_get
from escalation.recipients import Holder, Positions
from escalation.registry import is_secret_kind, narrowed

AHEAD_DAYS = 30
# Smaller numbers of what must stay secret are shown as none.
SHOWN_FROM = 5
Ladder = tuple[Step, ...]


class _Same(NamedTuple):
    """What open limits with the same dates and holder have in common, and how many they are."""

    started_on: dt.date
    due_on: dt.date
    unit_id: int
    position: str
    forwarder_id: int | None
    barred: tuple[int, ...]
    ladder: str
    number: int


def ladder_trial(
    steps: Ladder, *, group: str, kind: str, field_code: str, at: dt.datetime
) -> dict[str, Any]:
    """Counts by step if the running limits of a group, kind and field had this ladder: taken by
    ``at`` (UTC moment), within the next 30 days, and with nobody found; ``now`` is what their own
    ladders give. Numbers below five of a secret kind count as none. Reads only.
    """
    positions = Positions.read(local_date(at))
    until = local_moment(local_date(at) + dt.timedelta(days=AHEAD_DAYS + 1))
    found: Counter[str] = Counter()
    own: Counter[str] = Counter()
    total = 0
    for same in _open(group, kind, field_code):
        total += same.number
        found.update(_foreseen(steps, same, positions, at, until))
        own.update(_foreseen(_known(same.ladder), same, positions, at, until))
    if is_secret_kind(kind):
        found, own = (_without_few(counts) for counts in (found, own))
        total = total if total >= SHOWN_FROM else 0
    return {
        "limits": total,
        "at": at.isoformat(),
        "steps": [_row(step, found) for step in steps],
        "escalations": _sum(steps, found, "ahead"),
        "escalations_now": sum(n for key, n in own.items() if key.startswith("ahead:e:")),
    }


def _open(group: str, kind: str, field_code: str) -> Iterable[_Same]:
    """Grouped by the database, so that a million limits are a few thousand rows."""
    codes = [
        rule.code
        for rule in load_rules().values()
        if group_of(rule.stage, is_internal=rule.days is None) == group
    ]
    rows = Clock.objects.filter(narrowed(kind, field_code), state=ClockState.RUNNING)
    by = ("started_on", "due_on", "holder_unit_id", "holder_position", "forwarder_unit_id")
    grouped = rows.filter(rule_code__in=codes).values(*by, "barred_units", "ladder", "is_internal")
    for row in grouped.annotate(n=Count("id")).order_by().iterator():
        ladder = row["ladder"] or ("internal" if row["is_internal"] else "statutory")
        barred = tuple(row["barred_units"])
        yield _Same._make((*(row[name] for name in by), barred, ladder, row["n"]))


def _foreseen(
    steps: Ladder, same: _Same, positions: Positions, at: dt.datetime, until: dt.datetime
) -> Mapping[str, int]:
    holder = Holder(same.unit_id, same.position, frozenset(same.barred), same.forwarder_id)
    found: Counter[str] = Counter()
    moments = moments_of(steps, same.started_on, same.due_on)
    clock = Clock(
        started_on=same.started_on,
        forwarder_unit_id=same.forwarder_id,
        barred_units=list(same.barred),
    )
    for step, moment in zip(steps, moments, strict=True):
        if moment > until:
            break
        if skip_reason(step, moment, clock):
            continue
        when = "by_now" if moment <= at else "ahead"
        mark = "e" if step.kind is StepKind.ESCALATION else "r"
        found[f"{when}:{mark}:{step.code}"] += same.number
        if positions.find(step.to, holder).nobody_found:
            found[f"nobody:{mark}:{step.code}"] += same.number
    return found


def _known(code: str) -> Ladder:
    """A ladder that nobody knows any more does nothing; its clocks are set aside by the sweep."""
    try:
        return ladder_get(code)
    except KeyError:
        return ()


def _without_few(counts: Counter[str]) -> Counter[str]:
    return Counter({key: n for key, n in counts.items() if n >= SHOWN_FROM})


def _row(step: Step, found: Mapping[str, int]) -> dict[str, Any]:
    mark = "e" if step.kind is StepKind.ESCALATION else "r"
    counts = {name: found.get(f"{name}:{mark}:{step.code}", 0) for name in _COUNTS}
    return {"code": step.code, "offset": step.offset, "anchor": step.anchor.value, **counts}


def _sum(steps: Ladder, found: Mapping[str, int], name: str) -> int:
    return sum(found.get(f"{name}:e:{step.code}", 0) for step in steps)


_COUNTS = ("by_now", "ahead", "nobody")
