"""What the reception calendar knows of group 6 of 1699-CV/TU, per unit, post and month: days owed
and held, dialogues, tasks of conclusions. Nobody types it in.

A month is counted whole, the running one, too. Days held count as for the minimum
(``receptions.quotas``); dialogues are sessions held of that kind, never delegated ones; a task of
a conclusion counts in the month of its date, for the unit at whose reception it was given, once
that date has come. Nothing is counted by kind of petition: a task from a visit about a denunciation
reads like any other on the board, in lists and in the reports of receptions, and a figure without
it would tell of it (Articles 47 to 49 of the Law on Denunciations).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce, TruncDate, TruncMonth

from common.time import HANOI, local_date, local_moment, month_after, months_between
from communes.models import Unit
from directives.enums import Indicator
from directives.models import Assignment, ProgressReport
from directives.periods import Period
from receptions.enums import NoticeState, SessionKind, SessionStatus, TaskState
from receptions.models import ConclusionTask, ReceptionSession
from receptions.quotas import month_span
from receptions.selectors_quota import Ledger

DIALOGUES = (SessionKind.DIALOGUE, SessionKind.CONTACT)
# A week reaches into the month after; a day later nothing of a month is still to come.
WHOLE = dt.timedelta(days=8)
# Of a task without a rhythm so many months are shown.
MONTHS_SHOWN = 12


@dataclass(frozen=True)
class Figures:
    """``held``: days that count towards the minimum, ``required`` at most; ``missing``: what the
    minimum lacks now; ``due``: tasks of conclusions whose date has come, ``in_time``: reported by
    that date, ``late``: not reported to this day."""

    required: int = 0
    held: int = 0
    missing: int = 0
    dialogues: int = 0
    due: int = 0
    in_time: int = 0
    late: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        pairs = asdict(other)
        return Figures(**{name: value + pairs[name] for name, value in asdict(self).items()})

    @property
    def share(self) -> Decimal | None:
        """Per cent of the days owed that were held; None where nothing was owed."""
        if not self.required:
            return None
        share = Decimal(100 * self.held) / self.required
        return share.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)

    @property
    def in_time_share(self) -> Decimal | None:
        """Per cent of the tasks whose date has come that were reported in time."""
        if not self.due:
            return None
        share = Decimal(100 * self.in_time) / self.due
        return share.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


NOTHING = Figures()


@dataclass(frozen=True)
class Counted:
    """A unit's figures of a period by post, read ``on`` a local date. ``is_frozen``: as they stood
    when the report was confirmed."""

    posts: Mapping[str, Figures]
    on: dt.date
    is_frozen: bool = False

    @property
    def total(self) -> Figures:
        return sum(self.posts.values(), NOTHING)

    def value(self, indicator: str) -> str:
        """The answer to a task's indicator in the form of a report's figure, "" where there is
        none."""
        total = self.total
        if indicator == Indicator.COUNT:
            return str(total.held)
        if total.share is None or indicator == Indicator.DATE:
            return ""
        if indicator == Indicator.YES_NO:
            return "no" if total.missing else "yes"
        return f"{total.share.normalize():f}"

    def stored(self) -> dict[str, Any]:
        """What a report keeps."""
        return {duty: asdict(row) for duty, row in self.posts.items()}


def counted_kept(report: ProgressReport | None) -> Counted | None:
    """The figures that were kept with a report when it was confirmed."""
    if report is None or report.figures is None or report.figures_on is None:
        return None
    posts = {duty: Figures(**row) for duty, row in report.figures.items()}
    return Counted(posts, report.figures_on, is_frozen=True)


@dataclass(frozen=True)
class Book:
    """Figures by unit, post and month (its first day), read once; ``on``: today, a Hà Nội date."""

    rows: Mapping[int, Mapping[tuple[str, dt.date], Figures]]
    on: dt.date

    def of(self, unit_id: int, period: Period) -> Counted:
        """A unit's figures over the months of a period, by post."""
        posts: dict[str, Figures] = defaultdict(Figures)
        for (duty, month), row in self.rows.get(unit_id, {}).items():
            if period.starts_on.replace(day=1) <= month <= period.ends_on:
                posts[duty] += row
        return Counted(dict(sorted(posts.items())), self.on)


def book_read(units: Collection[int], periods: Sequence[Period], on: dt.date) -> Book:
    """The figures of units over the months of all these periods that have begun by ``on``, a Hà
    Nội date; six queries however many units and months there are, none without a month."""
    begun = [period for period in periods if period.starts_on <= on]
    if not begun or not units:
        return Book({}, on)
    first = min(period.starts_on for period in begun).replace(day=1)
    last = min(max(period.ends_on for period in begun), on).replace(day=1)
    found: dict[int, dict[tuple[str, dt.date], Figures]] = defaultdict(dict)
    for unit_id, duty, month, row in _parts(units, first, last, on):
        key = (duty, month)
        found[unit_id][key] = found[unit_id].get(key, NOTHING) + row
    return Book(found, on)


def counted_of(assignment: Assignment, period: Period, on: dt.date) -> Counted:
    """A unit's figures of one period now; six queries."""
    return book_read([assignment.unit_id], [period], on).of(assignment.unit_id, period)


def window_of(assignment: Assignment, on: dt.date) -> Period:
    """The months over which a task without a rhythm is counted: from the one in which it was given,
    a year back at most, to the last one that has ended, or the running one where none has."""
    given = local_date(assignment.assigned_at).replace(day=1)
    running = on.replace(day=1)
    ended = (running - dt.timedelta(days=1)).replace(day=1)
    last = max(given, ended)
    earliest = last.replace(year=last.year - 1)
    return Period(max(given, month_after(earliest)), month_span(last).last)


def months_of(period: Period) -> list[Period]:
    """The months of a period, the latest first."""
    months = months_between(period.starts_on, period.ends_on)
    return [Period(*month_span(month)) for month in reversed(months)]


def choices_until(on: dt.date) -> dict[str, Period]:
    """Periods that can be asked for by name, the running month first: months of a year, quarters,
    years; none before the two-level government."""
    begin = dt.date(2025, 7, 1)
    months = months_between(max(begin, month_after(on, -MONTHS_SHOWN)), on)
    found = {f"{m:%Y-%m}": Period(*month_span(m)) for m in reversed(months)}
    for year in range(on.year, begin.year - 1, -1):
        for quarter in range(4, 0, -1):
            first = dt.date(year, 3 * quarter - 2, 1)
            if begin <= first <= on:
                last = month_span(first.replace(month=3 * quarter)).last
                found[f"{year}-Q{quarter}"] = Period(first, last)
    for year in range(on.year, begin.year - 1, -1):
        first = max(begin, dt.date(year, 1, 1))
        found[str(year)] = Period(first, dt.date(year, 12, 31))
    return found


def reports_kept(assignments: Iterable[Assignment], period: Period) -> dict[int, ProgressReport]:
    """Confirmed reports on exactly this period that kept their figures, by assignment; one
    query."""
    rows = ProgressReport.objects.filter(
        assignment__in=[row.pk for row in assignments],
        figures__isnull=False,
        period__starts_on=period.starts_on,
        period__ends_on=period.ends_on,
    )
    return {row.assignment_id: row for row in rows.order_by("id")}


Part = tuple[int, str, dt.date, Figures]


def _parts(units: Collection[int], first: dt.date, last: dt.date, on: dt.date) -> Iterator[Part]:
    yield from _days(units, first, last)
    yield from _dialogues(units, first, last)
    yield from _tasks(units, first, last, on)


def _days(units: Collection[int], first: dt.date, last: dt.date) -> Iterator[Part]:
    """Days owed and held. The ledger is asked as of a day when nothing is still to come, so that
    days that are only planned count for nothing."""
    over = month_span(last).last + WHOLE
    ledger = Ledger.read(Unit.objects.filter(pk__in=list(units)), first, last, over)
    for month in months_between(first, last):
        for line in ledger.lines(month):
            owed, missing = line.tally.required, line.tally.missing
            row = Figures(required=owed, held=owed - missing, missing=missing)
            yield line.unit.pk, line.duty_holder, month, row


def _dialogues(units: Collection[int], first: dt.date, last: dt.date) -> Iterator[Part]:
    rows = (
        ReceptionSession.objects.filter(
            unit_id__in=list(units),
            starts_at__gte=local_moment(first),
            starts_at__lt=local_moment(month_after(last)),
            status=SessionStatus.HELD,
            kind__in=DIALOGUES,
            is_delegated=False,
        )
        .order_by()
        .annotate(month=TruncMonth("starts_at", tzinfo=HANOI))
        .values_list("unit_id", "duty_holder", "month")
        .annotate(n=Count("id"))
    )
    for unit_id, duty, month, count in rows:
        yield unit_id, duty, local_date(month), Figures(dialogues=count)


def _tasks(units: Collection[int], first: dt.date, last: dt.date, on: dt.date) -> Iterator[Part]:
    """Tasks that came of the unit's own receptions, whoever must carry them out."""
    told = Q(state__in=(TaskState.REPORTED, TaskState.DONE))
    rows = (
        ConclusionTask.objects.filter(
            notice__session__unit_id__in=list(units),
            notice__state=NoticeState.ISSUED,
            due_on__gte=first,
            due_on__lt=month_after(last),
            due_on__lte=on,
        )
        .exclude(state=TaskState.CANCELLED)
        .order_by()
        .annotate(
            month=TruncMonth("due_on"),
            told_on=Coalesce(TruncDate("reported_at", tzinfo=HANOI), F("closed_on")),
            of_unit=F("notice__session__unit_id"),
            of_duty=F("notice__session__duty_holder"),
        )
        .values_list("of_unit", "of_duty", "month")
        .annotate(
            n=Count("id"),
            good=Count("id", filter=told & Q(told_on__lte=F("due_on"))),
            waits=Count("id", filter=~told & Q(due_on__lt=on)),
        )
    )
    for unit_id, duty, month, due, good, waits in rows:
        yield unit_id, duty, month, Figures(due=due, in_time=good, late=waits)


def with_value(report: ProgressReport, counted: Counted, indicator: str) -> ProgressReport:
    """A report that keeps its figures from now on, not saved yet."""
    report.figures, report.figures_on = counted.stored(), counted.on
    report.value = counted.value(indicator)
    return report
