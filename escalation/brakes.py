"""What keeps a run of the sweep back: switches with an end, and stops that wait for a person.

After an import, a change of the calendar or a long outage more falls due at once than anybody
can read. Above the cap the most overdue are taken, the rest waits until an administrator has
looked; nothing is lost, what is due stays due.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet

from common.time import local_date, now
from deadlines.models import Clock, ClockState
from escalation.models import LadderSwitch, SweepStop
from escalation.tellings import keepers_tell
from notifications.services import NewMessage

EXAMPLES = 20


class Caps(NamedTuple):
    """How many clocks a run may take without a person's confirmation."""

    unit: int
    run: int

    @classmethod
    def set_here(cls) -> "Caps":
        return cls(settings.ESCALATION_CAP_UNIT, settings.ESCALATION_CAP_RUN)


@dataclass
class Brakes:
    """What a run leaves out, and what it takes first of what has just been stopped."""

    off: Q = field(default_factory=Q)
    waiting: frozenset[int] = frozenset()
    is_whole: bool = False
    # (unit id, None for the whole run) whose most overdue clocks this run still takes.
    fresh: Sequence[int | None] = ()
    skipped: dict[str, int] = field(default_factory=dict)
    # Of ``skipped``, what no administrator may count.
    hidden: dict[str, int] = field(default_factory=dict)

    def free(self, rows: QuerySet[Clock]) -> QuerySet[Clock]:
        """The clocks that nothing keeps back."""
        if self.is_whole:
            return rows.none()
        rows = rows.exclude(self.off) if self.off else rows
        return rows.exclude(holder_unit_id__in=self.waiting) if self.waiting else rows

    def held(self, rows: QuerySet[Clock]) -> QuerySet[Clock]:
        """The clocks that a stop keeps back."""
        rows = rows.exclude(self.off) if self.off else rows
        return rows if self.is_whole else rows.filter(holder_unit_id__in=self.waiting)

    def first_of(self, rows: QuerySet[Clock], unit_id: int | None) -> QuerySet[Clock]:
        """What stands before the confirmation: of a unit, or of all."""
        rows = rows.exclude(self.off) if self.off else rows
        return rows if unit_id is None else rows.filter(holder_unit_id=unit_id)


def due_at(at: dt.datetime) -> QuerySet[Clock]:
    """Running clocks with a step due at a UTC moment."""
    return Clock.objects.filter(
        state=ClockState.RUNNING, next_action_at__lte=at, parked_at=None
    )  # the index clock_next_action


def brakes_read(at: dt.datetime, caps: Caps | None, *, write: bool = True) -> Brakes:
    """What holds at a UTC moment; two queries when nothing is due, and a stop where one is
    needed. ``write`` False foresees it only. Without ``caps`` only switches count."""
    found = Brakes(off=_switched_off(at))
    counts = _counts(due_at(at))
    if not counts:
        return found
    if found.off:
        every, counts = sum(counts.values()), _counts(found.first_of(due_at(at), None))
        found.skipped["switched_off"] = every - sum(counts.values())
        barred = due_at(at).filter(found.off).exclude(barred_units=[])
        found.hidden["switched_off"] = barred.count()
    if caps is not None:
        _stop(found, counts, caps, at, write=write)
    if found.is_whole:
        found.skipped["capped"] = sum(counts.values())
    elif found.waiting:
        found.skipped["capped"] = sum(counts.get(unit, 0) for unit in found.waiting)
    found.skipped = {reason: count for reason, count in found.skipped.items() if count}
    return found


def _switched_off(at: dt.datetime) -> Q:
    off = Q()
    rows = LadderSwitch.objects.filter(from_at__lte=at, until_at__gt=at)
    for unit_id, ladder in rows.values_list("unit_id", "ladder").order_by("id"):
        narrowed = Q(holder_unit_id=unit_id) if unit_id else Q()
        off |= narrowed & (_of_ladder(ladder) if ladder else Q())
    return off


def _of_ladder(code: str) -> Q:
    """Clocks of a ladder; those of before the ladders by kind name none."""
    if code in ("statutory", "internal"):
        return Q(ladder=code) | Q(ladder="", is_internal=code == "internal")
    return Q(ladder=code)


def _counts(rows: QuerySet[Clock]) -> dict[int, int]:
    found = rows.values("holder_unit_id").annotate(due=Count("id")).order_by()
    return dict(found.values_list("holder_unit_id", "due"))


def _stop(found: Brakes, counts: dict[int, int], caps: Caps, at: dt.datetime, *,
          write: bool) -> None:  # fmt: skip
    moment = now()
    rows = SweepStop.objects.filter(Q(confirmed_at=None) | Q(released_until__gt=moment))
    waiting = set(rows.filter(confirmed_at=None).values_list("unit_id", flat=True))
    released = set(rows.exclude(confirmed_at=None).values_list("unit_id", flat=True))
    if None in released:
        return
    over: dict[int | None, int] = {
        unit: due for unit, due in counts.items() if due > caps.unit and unit not in released
    }
    if sum(counts.values()) > caps.run:
        over[None] = sum(counts.values())
    fresh = [unit for unit in over if unit not in waiting]
    if write and fresh:
        _open(fresh, over, caps, moment)
    if write and waiting:
        _remind(moment)
    is_whole = None in waiting or None in over
    found.fresh = [None] if None in fresh else [] if is_whole else fresh
    found.is_whole = is_whole
    found.waiting = frozenset(unit for unit in {*waiting, *over} if unit is not None)


@transaction.atomic
def _open(
    fresh: Sequence[int | None], over: dict[int | None, int], caps: Caps, at: dt.datetime
) -> None:
    """One row a unit; whoever inserts it tells the administrators."""
    rows = [
        SweepStop(
            unit_id=unit, due=over[unit], cap=caps.run if unit is None else caps.unit, opened_at=at
        )
        for unit in fresh
    ]
    SweepStop.objects.bulk_create(rows, ignore_conflicts=True)
    _tell(SweepStop.objects.filter(public_id__in=[row.public_id for row in rows]), at)


@transaction.atomic
def _remind(at: dt.datetime) -> None:
    """A stop that nobody has looked at for a day is told again, once a day."""
    day = dt.timedelta(days=1)
    _tell(SweepStop.objects.filter(confirmed_at=None, opened_at__lte=at - day), at)


def _tell(stops: QuerySet[SweepStop], at: dt.datetime) -> None:
    messages = [
        NewMessage(
            key=f"sweep-stop:{row.public_id}:{local_date(at)}",
            template="sweep_stopped",
            params={
                "due": row.due,
                "cap": row.cap,
                "unit": row.unit.full_name if row.unit else "",
                "href": "/can-bo/leo-thang/quan-ly/",
            },
        )
        for row in stops.select_related("unit").order_by("id")
    ]
    keepers_tell(messages, at=at)
