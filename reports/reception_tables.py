"""Receptions in the reports of Conclusion 215-KL/TW: what duty holders owed, held and achieved.

A commune's secretary reports to the secretary of the City Party Committee, its Internal Affairs
Commission and its Commission for Propaganda and Mass Mobilisation. Nothing is counted by kind of
petition and overdue denunciations are not counted at all: one number of one unit in one month would
betray them, and a table of another period would give a hidden one back (``common.suppression``).
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from common.time import local_moment
from communes.models import Unit
from deadlines.models import ClockState
from petitions.enums import Kind
from petitions.flags import COLLECTIVE_FROM
from receptions.enums import (
    DutyHolder,
    NoticeState,
    RegistrationStatus,
    SessionKind,
    SessionStatus,
    TaskState,
    VisitOutcome,
)
from receptions.models import (
    ConclusionTask,
    ReceptionSession,
    Registration,
    VisitClock,
    VisitRecord,
)
from receptions.selectors_oversight import tasks_as_of, unreported_at
from receptions.selectors_quota import Ledger
from reports.party_line import Month, passed_by_unit
from reports.periods import Period

MEASURES: dict[str, Promise] = {
    "required": gettext_lazy("Days owed"),
    "held_days": gettext_lazy("Days held that count"),
    "missing": gettext_lazy("Days missing"),
    "held": gettext_lazy("Sessions held"),
    "ad_hoc": gettext_lazy("of these ad hoc"),
    "dialogues": gettext_lazy("of these dialogues and contacts"),
    "missed": gettext_lazy("Sessions to which the leader did not come"),
    "delegated": gettext_lazy("Sessions delegated (do not count)"),
    "delegated_visits": gettext_lazy("Visits at delegated sessions"),
    "visits": gettext_lazy("Visits"),
    "people": gettext_lazy("People received"),
    "cases_first": gettext_lazy("Matters for the first time"),
    "cases_repeated": gettext_lazy("Matters repeatedly"),
    "mass_groups": gettext_lazy("Groups of 5 and more"),
    "mass_people": gettext_lazy("People in these groups"),
    "answered": gettext_lazy("Answered on the spot"),
    "taken_in": gettext_lazy("Taken in to be answered later"),
    "guided": gettext_lazy("Guided to the competent body"),
    "forwarded": gettext_lazy("Forwarded to the competent body"),
    "conclusion": gettext_lazy("Conclusion with a task"),
    "refused": gettext_lazy("Not received, with a legal ground"),
    "tasks_done": gettext_lazy("Tasks of conclusions done"),
    "tasks_late": gettext_lazy("Tasks of conclusions late"),
    "notices_in_time": gettext_lazy("Written notices within 10 working days"),
    "notices_late": gettext_lazy("Written notices late"),
}
OVERDUE = gettext_lazy("Overdue petitions")
DIALOGUES = (SessionKind.DIALOGUE, SessionKind.CONTACT)
Key = tuple[int, str]
Figures = dict[str, int]


class TableRow(NamedTuple):
    """One measure: by post, and their sum."""

    code: str
    label: str
    values: list[int]
    total: int


@dataclass(frozen=True)
class ReceptionTable:
    """The figures of a period. ``overdue``: petitions by unit, see ``reports.party_line``."""

    period: Period
    units: Sequence[Unit]
    figures: Mapping[Key, Figures]
    overdue: Mapping[int, int] = field(default_factory=dict)

    @property
    def duties(self) -> list[DutyHolder]:
        held = {duty for _unit, duty in self.figures}
        return [duty for duty in DutyHolder if duty.value in held]

    def rows(self) -> list[TableRow]:
        """Measures down, posts across."""
        return [self._row(code, str(label)) for code, label in MEASURES.items()]

    def of_unit(self, unit: Unit) -> Figures:
        """A unit's figures, all posts together."""
        own = [row for (unit_id, _duty), row in self.figures.items() if unit_id == unit.pk]
        return {code: sum(row.get(code, 0) for row in own) for code in MEASURES}

    def _row(self, code: str, label: str) -> TableRow:
        sums = dict.fromkeys(self.duties, 0)
        for (_unit, duty), row in self.figures.items():
            sums[DutyHolder(duty)] += row.get(code, 0)
        return TableRow(code, label, list(sums.values()), sum(sums.values()))


def reception_table(units: QuerySet[Unit], period: Period, on: dt.date) -> ReceptionTable:
    """The figures of units in a period, ten queries; ``on``: Hà Nội date of today.

    Days owed are those of the calendar months that end in the period; everything else is counted
    by its date. What is still open is counted as it stands at the end of the period, or today.
    """
    figures: dict[Key, Figures] = {}
    months = period.months
    ledger = Ledger.read(units, months[0], months[-1], on)
    ids = list(ledger.units)
    for month in months:
        for line in ledger.lines(month):
            row = figures.setdefault((line.unit.pk, line.duty_holder), {})
            _add(row, "required", line.tally.required)
            _add(row, "held_days", line.tally.held)
            _add(row, "missing", line.tally.missing)
    for key, name, value in _counts(ids, period, min(period.last, on)):
        _add(figures.setdefault(key, {}), name, value)
    overdue = passed_by_unit(ids, Month(period.first, period.last), on=on)
    order = sorted(ledger.units.values(), key=lambda unit: unit.code)
    return ReceptionTable(period, order, figures, overdue)


def _add(row: Figures, name: str, value: int) -> None:
    row[name] = row.get(name, 0) + value


def _counts(ids: Sequence[int], period: Period, until: dt.date) -> Iterator[tuple[Key, str, int]]:
    window = (local_moment(period.first), local_moment(period.last + dt.timedelta(days=1)))
    yield from _sessions(ids, window)
    yield from _visits(ids, window)
    yield from _grouped(
        Registration.objects.filter(
            status=RegistrationStatus.REFUSED, **_in("session__", ids, window)
        ),
        "session__",
        {"refused": Count("id")},
    )
    yield from _tasks(ids, period, until)
    yield from _notices(ids, period, until)


def _in(path: str, ids: Sequence[int], window: tuple[dt.datetime, dt.datetime]) -> dict[str, Any]:
    return {
        f"{path}unit_id__in": ids,
        f"{path}starts_at__gte": window[0],
        f"{path}starts_at__lt": window[1],
    }


def _grouped(
    rows: QuerySet[Any], path: str, counts: Mapping[str, Any]
) -> Iterator[tuple[Key, str, int]]:
    """Each count of each unit and duty of the sessions under ``path``; one query."""
    keys = {"of_unit": F(f"{path}unit_id"), "of_duty": F(f"{path}duty_holder")}
    counted = {f"n_{name}": count for name, count in counts.items()}
    found = rows.order_by().annotate(**keys).values("of_unit", "of_duty").annotate(**counted)
    for row in found.values("of_unit", "of_duty", *counted):
        for name in counts:
            yield (row["of_unit"], row["of_duty"]), name, row[f"n_{name}"] or 0


def _sessions(
    ids: Sequence[int], window: tuple[dt.datetime, dt.datetime]
) -> Iterator[tuple[Key, str, int]]:
    held, own = Q(status=SessionStatus.HELD), Q(is_delegated=False)
    counts = {
        "held": Count("id", filter=held & own),
        "ad_hoc": Count("id", filter=held & own & Q(kind=SessionKind.AD_HOC)),
        "dialogues": Count("id", filter=held & own & Q(kind__in=DIALOGUES)),
        "missed": Count("id", filter=Q(status=SessionStatus.MISSED)),
        "delegated": Count("id", filter=held & ~own),
    }
    return _grouped(ReceptionSession.objects.filter(**_in("", ids, window)), "", counts)


def _visits(
    ids: Sequence[int], window: tuple[dt.datetime, dt.datetime]
) -> Iterator[tuple[Key, str, int]]:
    """A matter is repeated when an earlier visit spoke about the same case; a denunciation is no
    matter of a visit here, whoever reads."""
    own = Q(registration__session__is_delegated=False)
    mass = own & Q(people__gte=COLLECTIVE_FROM)
    earlier = VisitRecord.objects.filter(pk__lt=OuterRef("pk"))
    again = Exists(earlier.filter(case=OuterRef("matter"))) | Exists(
        earlier.filter(registration__case=OuterRef("matter"))
    )
    rows = VisitRecord.objects.filter(**_in("registration__session__", ids, window))
    counts: dict[str, Any] = {
        "delegated_visits": Count("id", filter=~own),
        "visits": Count("id", filter=own),
        "people": Sum("people", filter=own),
        "cases_first": Count("id", filter=own & Q(is_again=False)),
        "cases_repeated": Count("id", filter=own & Q(is_again=True)),
        "mass_groups": Count("id", filter=mass),
        "mass_people": Sum("people", filter=mass),
        **{o.value: Count("id", filter=own & Q(outcome=o.value)) for o in VisitOutcome},
    }
    matter = Coalesce(_open("case"), _open("registration__case"))
    marked = rows.annotate(matter=matter).annotate(is_again=again)
    return _grouped(marked, "registration__session__", counts)


def _open(case: str) -> Case:
    """The key of a linked case unless it is a denunciation."""
    is_open = ~Q(**{f"{case}__kind": Kind.DENUNCIATION}) & Q(**{f"{case}__isnull": False})
    return Case(When(is_open, then=F(f"{case}_id")), default=None)


def _tasks(ids: Sequence[int], period: Period, until: dt.date) -> Iterator[tuple[Key, str, int]]:
    """Tasks that came of the unit's own receptions, whoever must carry them out."""
    issued = ConclusionTask.objects.filter(
        notice__session__unit_id__in=ids, notice__state=NoticeState.ISSUED
    )
    rows = tasks_as_of(issued, until)
    is_open = Q(closed_on=None) & ~Q(state=TaskState.DONE) | Q(closed_on__gt=until)
    counts = {
        "tasks_done": Count("id", filter=Q(closed_on__gte=period.first, closed_on__lte=until)),
        "tasks_late": Count("id", filter=is_open & unreported_at(until)),
    }
    return _grouped(rows, "notice__session__", counts)


def _notices(ids: Sequence[int], period: Period, until: dt.date) -> Iterator[tuple[Key, str, int]]:
    """Written notices of Regulation 11-QĐi/TW whose limit ended in the period."""
    rows = VisitClock.objects.filter(
        visit__registration__session__unit_id__in=ids,
        clock__due_on__gte=period.first,
        clock__due_on__lte=period.last,
    ).exclude(clock__state=ClockState.CANCELLED)
    is_open = Q(clock__state__in=(ClockState.RUNNING, ClockState.PAUSED))
    counts = {
        "notices_in_time": Count("id", filter=Q(clock__state=ClockState.MET)),
        "notices_late": Count(
            "id",
            filter=Q(clock__state=ClockState.MISSED) | is_open & Q(clock__due_on__lt=until),
        ),
    }
    return _grouped(rows, "visit__registration__session__", counts)


def totals_by_unit(table: ReceptionTable) -> Iterable[tuple[Unit, Figures, int]]:
    """Each unit with its figures and its overdue petitions, by code."""
    for unit in table.units:
        yield unit, table.of_unit(unit), table.overdue.get(unit.pk, 0)
