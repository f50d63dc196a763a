"""Signals that nobody takes over: the unit's head is told again, later the City's body too."""

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max, QuerySet

from common.history import NewEvent
from common.reference import csv_rows
from common.time import local_date, now
from deadlines.calendars import add_working_days
from early_warning.enums import SignalState
from early_warning.models import Signal, SignalEvent
from early_warning.notices import signal_unowned, signal_unowned_long
from early_warning.services.look import AGAIN, FOUND, UNOWNED
from early_warning.services.rules import DATA
from early_warning.services.unit_moves import SIGNAL_MOVED
from notifications.services import outbox_write
from petitions.enums import Kind

REOPENED = "early_warning.signal.reopened"
# Since the last of these a signal waits for an owner.
_WAITS_SINCE = (FOUND, AGAIN, REOPENED, SIGNAL_MOVED)


class Waits(NamedTuple):
    """After how many working days without an owner who is told."""

    head: int
    city: int


@cache
def waits_of() -> Mapping[str, Waits]:
    """By code of the rule, from the file of the rules."""
    return {
        raw["code"]: Waits(int(raw["head_days"]), int(raw["city_days"])) for raw in csv_rows(DATA)
    }


@transaction.atomic
def unowned_remind(*, at: dt.datetime | None = None) -> int:
    """Tell who must appoint an owner, each step once; how many signals were told of. A run that
    comes late takes the last step alone."""
    moment = at or now()
    on = local_date(moment)
    due = [(row, step) for row, since in _waiting() if (step := _step(row, since, on))]
    messages = [
        message
        for row, step in due
        for message in (signal_unowned(row) if step == "head" else signal_unowned_long(row))
    ]
    outbox_write(messages, at=moment)
    SignalEvent.append_many(
        [NewEvent(row.pk, UNOWNED, {"told": step}, at=moment) for row, step in due]
    )
    for row, _told in due:
        row.reminded_on = on
    Signal.objects.bulk_update([row for row, _told in due], ["reminded_on"])
    return len(due)


def _waiting() -> list[tuple[Signal, dt.date]]:
    """Signals without an owner, locked, with the local date since which they wait; no denunciation
    has one."""
    rows: QuerySet[Signal] = Signal.objects.filter(state=SignalState.OPEN)
    rows = rows.exclude(case__kind=Kind.DENUNCIATION)
    locked = rows.select_for_update(of=("self",), no_key=True, skip_locked=True)
    found = list(locked.select_related("unit", "rule").order_by("pk"))
    opened = SignalEvent.objects.filter(signal__in=found, action__in=_WAITS_SINCE).order_by()
    since = dict(opened.values_list("signal").annotate(last=Max("at")))
    return [(row, local_date(since.get(row.pk, row.found_at))) for row in found]


def _step(row: Signal, since: dt.date, on: dt.date) -> str:
    """The last step that is due on a local date and was not taken, "" when there is none."""
    waits = waits_of().get(row.rule.code)
    if waits is None:
        return ""
    for step, days in (("city", waits.city), ("head", waits.head)):
        day = add_working_days(since, days)
        if day <= on:
            return step if row.reminded_on is None or row.reminded_on < day else ""
    return ""
