"""Months that may miss their minimum, put before somebody up the Party line before they end.

Step 1 tells the duty holder and the unit's desk, step 2 whoever stands above, step 3 the City's
bodies. Each step of a duty and month is told once: its row and its notices are one transaction.
When a month has recovered from a step and falls below again, that step is told once more.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.db import transaction
from django.urls import reverse
from django.utils.http import urlencode

from accounts.enums import Role
from accounts.models import Membership
from accounts.stand_ins import positions_manned
from common.db import rows_insert
from common.time import local_date, months_between
from communes.enums import UnitKind
from communes.models import Unit
from notifications.services import NewMessage, outbox_write
from receptions.enums import DutyHolder
from receptions.holders import desks_of
from receptions.models import QuotaWarning
from receptions.quotas import PARTY_LINE, due_step, month_span, roles_of
from receptions.selectors_quota import Ledger, QuotaLine

# Days of a month on which the one before is looked at again: its last day, and runs that failed.
LOOK_BACK_DAYS = 5
OWN = ""
OFFICE, SECRETARY = ("VPTU", Role.PARTY_OFFICE), ("TU", Role.CITY_SECRETARY)
CITY = (("BNC", Role.INTERNAL_AFFAIRS), OFFICE, SECRETARY)
# Who stands above a duty holder, the nearest first; (code of the unit, role).
ABOVE_CHAIR = ((OWN, Role.SECRETARY), OFFICE)
ABOVE_BODY = {"UBND": (SECRETARY,), "TU": (OFFICE,)}
ABOVE_AGENCY = (("UBND", Role.CITY_CHAIR), OFFICE)
ABOVE_PARTY_BODY = (SECRETARY, OFFICE)
_COLUMNS = {
    "unit_id": "bigint",
    "duty_holder": "text",
    "month": "date",
    "step": "int",
    "missing": "int",
    "told_at": "timestamptz",
}
_ONCE = (
    "ON CONFLICT (month, unit_id, duty_holder, step) WHERE ended_at IS NULL DO NOTHING"
    " RETURNING id, month, unit_id, duty_holder, step"
)
Position = tuple[int, str]


class Told(NamedTuple):
    """A step that this run tells."""

    key: int
    line: QuotaLine
    step: int


def quotas_warn(*, at: dt.datetime) -> int:
    """Tell every step that is due and was not told; ``at``: UTC moment. Returns how many steps.

    A second, late or parallel run tells nothing again: the unique key of the warning decides.
    """
    on = local_date(at)
    month = on.replace(day=1)
    before = (month - dt.timedelta(days=1)).replace(day=1)
    first = before if on.day <= LOOK_BACK_DAYS else month
    ledger = Ledger.read(Unit.objects.exclude(kind=UnitKind.CITY), first, month, on)
    lines = [line for each in months_between(first, month) for line in ledger.lines(each)]
    due = [(line, step) for line in lines for step in _steps(line, on)]
    held = frozenset(positions_manned(Membership.objects.posts(on)))
    with transaction.atomic():
        _recovered([first, month], due, at)
        told = _rows_new(due, at)
        outbox_write(list(_messages(told, held, ledger)), at=at)
    return len(told)


def _steps(line: QuotaLine, on: dt.date) -> range:
    """The steps that must have been told by now. A vacant post cannot be told: who stands above
    hears of it together with the desk."""
    step = due_step(line.outlook, is_over=month_span(line.month).last < on)
    if step and line.person is None:
        step = max(step, 2)
    return range(1, step + 1)


def _recovered(
    months: Collection[dt.date], due: list[tuple[QuotaLine, int]], at: dt.datetime
) -> None:
    """End the steps that were told of these months and are not due any more, so that a relapse is
    told again; one query for what stands, one where something ended."""
    stands = {(line.month, line.unit.pk, line.duty_holder, step) for line, step in due}
    rows = QuotaWarning.objects.filter(month__in=set(months), ended_at=None)
    told = rows.values_list("pk", "month", "unit_id", "duty_holder", "step")
    gone = [key for key, *step in told if tuple(step) not in stands]
    if gone:
        QuotaWarning.objects.filter(pk__in=gone, ended_at=None).update(ended_at=at)


def _rows_new(due: list[tuple[QuotaLine, int]], at: dt.datetime) -> list[Told]:
    by_key = {(line.month, line.unit.pk, line.duty_holder, step): line for line, step in due}
    rows = [
        (unit_id, duty, month.isoformat(), step, line.outlook.lacking, at)
        for (month, unit_id, duty, step), line in sorted(by_key.items(), key=lambda item: item[0])
    ]
    made = rows_insert(QuotaWarning._meta.db_table, _COLUMNS, rows, tail=_ONCE)
    return [Told(key, by_key[tuple(rest)], rest[3]) for key, *rest in made]


def _messages(
    told: Iterable[Told], held: Collection[Position], ledger: Ledger
) -> Iterable[NewMessage]:
    """One notice a receiver, month and step, however many duties it tells of."""
    codes = {unit.code: unit.pk for unit in ledger.units.values()}
    together: dict[tuple[Position, dt.date, int], list[Told]] = {}
    for one in sorted(told, key=lambda each: each.key):
        for position in receivers(one.line, one.step, held, codes):
            together.setdefault((position, one.line.month, one.step), []).append(one)
    for (position, month, step), group in together.items():
        yield NewMessage(
            key=f"quota-warning:{month:%Y-%m}:{step}:{group[0].key}",
            template="quota_warning",
            params=_params(month, step, group),
            unit_id=position[0],
            position=position[1],
        )


def receivers(
    line: QuotaLine, step: int, held: Collection[Position], codes: dict[str, int]
) -> list[Position]:
    """Positions that hear of a step. Of those that nobody holds only the City's secretary keeps
    what everybody else lacks, for whoever gets the post."""
    wanted = _wanted(line, step)
    found = [
        (codes.get(code, 0) if code else line.unit.pk, str(role))
        for code, role in wanted
        if code != line.unit.code
    ]
    manned = [position for position in found if position in held]
    if step == 1:
        return manned
    if step == 2:
        return manned[:1]
    last = (codes.get(SECRETARY[0], 0), str(SECRETARY[1]))
    return manned or [last] if last[0] else manned


def _wanted(line: QuotaLine, step: int) -> list[tuple[str, str]]:
    unit, duty = line.unit, line.duty_holder
    if step == 1:
        names = [*(str(role) for role in roles_of(unit.kind, duty)), *desks_of(unit)]
        return [(OWN, name) for name in dict.fromkeys(names)]
    if step == 3:
        return [(code, str(role)) for code, role in CITY]
    if unit.is_commune_level:
        above = ABOVE_CHAIR if duty == DutyHolder.PEOPLE_COMMITTEE_CHAIR else (OFFICE,)
    else:
        usual = ABOVE_PARTY_BODY if unit.line == PARTY_LINE else ABOVE_AGENCY
        above = ABOVE_BODY.get(unit.code, usual)
    return [(code, str(role)) for code, role in above]


def _params(month: dt.date, step: int, group: list[Told]) -> dict[str, Any]:
    units = {one.line.unit.pk: one.line.unit for one in group}
    query = {"month": f"{month:%Y-%m}"}
    if len(units) == 1:
        unit = group[0].line.unit
        href = reverse("receptions_staff:desk")
        query = {"unit": unit.code, **query}
        name = unit.full_name
    else:
        href, name = reverse("receptions_staff:oversight"), ""
        query |= {"problems": "1"}
    return {
        "unit": name,
        "month": f"{month:%m/%Y}",
        "step": step,
        "posts": len(group),
        "nobody_found": any(one.line.person is None for one in group),
        "href": f"{href}?{urlencode(query)}",
    }
