"""Which ladder a clock has: the City's own where one is in force, else the shipped one."""

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from deadlines.models import Clock
from deadlines.rules import Rule
from escalation.enums import Anchor, Place, StepKind
from escalation.ladder import DEFAULTS, SHIPPED, Step, group_of, moments_of
from escalation.models import Ladder

# Ladders in force never change, so that only a new one can be missed for so long.
CACHE_SECONDS = 30


class Own(NamedTuple):
    """A confirmed ladder of the City."""

    code: str
    group: str
    kind: str
    field_code: str
    valid_from: dt.date
    valid_to: dt.date | None
    steps: tuple[Step, ...]

    def fits(self, group: str, kind: str, field_code: str, on: dt.date) -> bool:
        is_in_force = self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
        # A ladder for every kind does not take the place of what the law has for one kind.
        is_kind = self.kind == kind or (not self.kind and (group, kind) not in DEFAULTS)
        is_for = is_kind and self.field_code in ("", field_code)
        return is_in_force and self.group == group and is_for


class _Cache:
    own: Mapping[str, Own] | None = None
    read_at = 0.0


def ladders_cache_clear() -> None:
    """Forget what was read: after a confirmation, and between tests."""
    _Cache.own = None


def ladder_of(clock: Clock) -> tuple[Step, ...]:
    """The steps of a clock. Raises KeyError for a ladder that does not exist."""
    return ladder_get(clock.ladder or ("internal" if clock.is_internal else "statutory"))


def ladder_get(code: str) -> tuple[Step, ...]:
    """The steps of a ladder by its code; read anew once when it is not known yet. Raises
    KeyError."""
    if code in SHIPPED:
        return SHIPPED[code]
    if code not in _own():
        ladders_cache_clear()
    return _own()[code].steps


def ladder_choose(rule: Rule, *, kind: str, field_code: str, on: dt.date, is_internal: bool) -> str:
    """The code of the ladder of a clock that starts on a Hà Nội date: the City's own before the
    shipped one, by field before by kind, the newest of equals."""
    group = group_of(rule.stage, is_internal=is_internal)
    fitting = [own for own in _own().values() if own.fits(group, kind, field_code, on)]
    if fitting:
        best = max(fitting, key=lambda o: (bool(o.field_code), bool(o.kind), o.valid_from, o.code))
        return best.code
    return DEFAULTS.get((group, kind)) or DEFAULTS[(group, "")]


def plan_for(clock: Clock) -> list[dt.datetime]:
    """The UTC moment of every step of a clock's ladder, in order."""
    return moments_of(ladder_of(clock), clock.started_on, clock.due_on)


def steps_pack(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Steps as they are stored."""
    return [step._asdict() for step in steps]


def steps_unpack(stored: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Stored steps. Raises ValueError or KeyError where they make no sense."""
    return tuple(
        Step(**{
            **item,
            "kind": StepKind(item["kind"]),
            "to": Place(item["to"]),
            "told": tuple(Place(place) for place in item["told"]),
            "anchor": Anchor(item["anchor"]),
        })
        for item in stored
    )  # fmt: skip


def _own() -> Mapping[str, Own]:
    if _Cache.own is None or time.monotonic() - _Cache.read_at > CACHE_SECONDS:
        rows = Ladder.objects.filter(confirmed_at__isnull=False).order_by("id")
        _Cache.own = {row.code: _read(row) for row in rows}
        _Cache.read_at = time.monotonic()
    return _Cache.own


def _read(row: Ladder) -> Own:
    return Own(row.code, row.group, row.kind, row.field_code, row.valid_from, row.valid_to,
               steps_unpack(row.steps))  # fmt: skip
