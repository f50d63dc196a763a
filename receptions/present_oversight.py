"""The oversight board as pages show it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communes.enums import UnitKind
from communes.models import Unit
from communes.selectors import unit_groups
from receptions.enums import DutyHolder
from receptions.forms import YEARS
from receptions.posts import post_label
from receptions.quotas import State
from receptions.selectors_oversight import BODY, SORTS, BoardRow, Filters
from receptions.selectors_quota import QuotaLine

TEXT_MAX = 80
# A longer board is folded; rows of a stretch of a sorted board.
OPEN_ROWS = 24
# Word, shape and tone: never colour alone.
STATES: dict[State, tuple[Promise, str, str]] = {
    State.FINE: (gettext_lazy("on course"), "✓", "success"),
    State.AT_RISK: (gettext_lazy("not enough planned"), "△", "warning"),
    State.NEEDS_LATE: (gettext_lazy("only late publication helps"), "▲", "warning"),
    State.IMPOSSIBLE: (gettext_lazy("minimum not reached"), "✕", "danger"),
}
SORT_LABELS = {
    "": gettext_lazy("by former district"),
    "missing": gettext_lazy("most days missing first"),
    "late": gettext_lazy("most late publications first"),
    "missed": gettext_lazy("most absences of leaders first"),
    "tasks": gettext_lazy("most late tasks first"),
}
KINDS = {
    UnitKind.WARD.value: gettext_lazy("wards"),
    UnitKind.COMMUNE.value: gettext_lazy("communes"),
    BODY: gettext_lazy("bodies of the City"),
}
COLUMNS = {
    "required": gettext_lazy("Minimum"),
    "planned": gettext_lazy("Planned"),
    "published": gettext_lazy("Published"),
    "held": gettext_lazy("Held"),
    "missing": gettext_lazy("Missing"),
    "delegated": gettext_lazy("Delegated"),
    "late": gettext_lazy("Published late"),
    "missed": gettext_lazy("Leader absent"),
    "unrecorded": gettext_lazy("Not recorded"),
}


class Shown(NamedTuple):
    """A row with what its cells say; ``cells`` are the figures and months as table cells."""

    unit: str
    href: str
    post: str
    holders: list[str]
    state: State
    cells: SafeString
    urged_on: dt.date | None
    urge_href: str
    what: str
    anchor: str


class StateCount(NamedTuple):
    """How many rows of a group stand so."""

    shape: str
    word: str
    tone: str
    number: int


class Group(NamedTuple):
    """Rows of one former district, or a stretch of a sorted board, with how they stand."""

    title: str
    rows: list[Shown]
    states: list[StateCount]
    is_open: bool


def filters_of(query: Mapping[str, str]) -> Filters:
    """Filters as asked for; what is not known filters nothing."""

    def known(name: str, values: Iterable[str]) -> str:
        return query.get(name, "") if query.get(name, "") in values else ""

    return Filters(
        district=query.get("district", "")[:TEXT_MAX].replace("\0", ""),
        kind=known("kind", KINDS),
        duty=known("duty", DutyHolder.values),
        problems=query.get("problems") == "1",
        sort=known("sort", SORTS),
    )


def year_of(text: str | None, fallback: int) -> int:
    """A year as typed, within those for which the portal plans."""
    year = int(text) if text and text.isascii() and text.isdigit() and len(text) == 4 else fallback
    return year if YEARS[0] <= year <= YEARS[1] else fallback


def asked(filters: Filters) -> dict[str, str]:
    """The filters as a query, without empty ones."""
    given = filters._asdict() | {"problems": "1" if filters.problems else ""}
    return {name: value for name, value in given.items() if value}


def choices(filters: Filters, districts: Sequence[str]) -> list[dict[str, Any]]:
    """The lists of the filter form."""
    everything: dict[str, Promise | str] = {"": gettext_lazy("all")}
    duties = {duty.value: capfirst(str(duty.label)) for duty in DutyHolder}
    lists: list[tuple[str, Any, Mapping[str, Any], str]] = [
        ("district", gettext_lazy("Former district"), {d: d for d in districts}, filters.district),
        ("kind", gettext_lazy("Kind of unit"), KINDS, filters.kind),
        ("duty", gettext_lazy("Post"), duties, filters.duty),
    ]
    found = [_list(name, label, everything | {**of}, value) for name, label, of, value in lists]
    return [*found, _list("sort", gettext_lazy("Order"), SORT_LABELS, filters.sort)]


def _list(name: str, label: Any, of: Mapping[str, Any], value: str) -> dict[str, Any]:
    options = [{"value": v, "label": words, "is_chosen": v == value} for v, words in of.items()]
    return {"name": name, "label": label, "options": options}


def groups(
    rows: Sequence[BoardRow], filters: Filters, *, year: int, is_open: bool = False
) -> list[Group]:
    """Rows by former district, urban ones first, the City's bodies last; of a sorted board in
    stretches of its order.

    A long board is folded, a line a group; of a sorted one the first stretch is open.
    """
    cells: dict[tuple[Any, ...], SafeString] = {}
    shown = [_shown(row, year, cells, is_first=is_first) for row, is_first in _firsts(rows)]
    opens = is_open or len(shown) <= OPEN_ROWS
    if filters.sort:
        parts = [shown[n : n + OPEN_ROWS] for n in range(0, len(shown), OPEN_ROWS)]
        starts = [1 + n * OPEN_ROWS for n in range(len(parts))]
        return [
            _group(_stretch(start, part), part, opens or start == 1)
            for start, part in zip(starts, parts, strict=True)
        ]
    return [_group(title, part, opens) for title, part in _districts(rows, shown)]


def _districts(
    rows: Sequence[BoardRow], shown: Sequence[Shown]
) -> Iterable[tuple[str, list[Shown]]]:
    by_unit: dict[int, list[Shown]] = {}
    for row, one in zip(rows, shown, strict=True):
        by_unit.setdefault(row.unit.pk, []).append(one)
    units = {row.unit.pk: row.unit for row in rows}
    for group in unit_groups(units.values()):
        part = [one for unit in group.units for one in by_unit[unit.pk]]
        yield group.district or _("Bodies of the City"), part


def _stretch(start: int, rows: Sequence[Shown]) -> str:
    last = start + len(rows) - 1
    return _("Places %(first)s to %(last)s") % {"first": start, "last": last}


def _group(title: str, rows: list[Shown], is_open: bool) -> Group:
    found = [row.state for row in rows]
    states = [
        StateCount(shape, str(word), tone, found.count(state))
        for state, (word, shape, tone) in STATES.items()
        if state in found
    ]
    return Group(title, rows, states, is_open)


def _firsts(rows: Iterable[BoardRow]) -> Iterable[tuple[BoardRow, bool]]:
    """Each row, and whether it is the first of its unit."""
    seen: set[int] = set()
    for row in rows:
        yield row, row.unit.pk not in seen
        seen.add(row.unit.pk)


def holders(line: QuotaLine) -> list[str]:
    """Who held the post, with dates where it was not one person all the month."""
    if line.is_whole:
        return [line.holders[0].person.full_name]
    spans = [(h.first, h.last, h.person.full_name) for h in line.holders]
    spans += [(gap.first, gap.last, _("vacant")) for gap in line.vacant]
    return [
        f"{name} ({first:%d/%m} – {last:%d/%m})" for first, last, name in sorted(spans, key=_begin)
    ]


def _begin(span: tuple[dt.date, dt.date, str]) -> tuple[dt.date, str]:
    return span[0], span[2]


def totals(rows: Sequence[BoardRow]) -> list[dict[str, Any]]:
    """What the board says in a few figures."""
    states = [row.state for row in rows]
    own_late = {row.unit.pk: row.own_late for row in rows}
    figures: list[tuple[Any, int, str]] = [
        (gettext_lazy("Duty holders"), len(rows), "neutral"),
        *((capfirst(str(STATES[s][0])), states.count(s), STATES[s][2]) for s in State),
        (gettext_lazy("Published late"), sum(row.sums.late for row in rows), "warning"),
        (gettext_lazy("Leader absent"), sum(row.sums.missed for row in rows), "danger"),
        (gettext_lazy("Late tasks of conclusions"), sum(own_late.values()), "danger"),
    ]
    return [
        {"label": label, "value": value, "tone": tone if value else "neutral"}
        for label, value, tone in figures
    ]


def desk_href(unit: Unit, month: dt.date) -> str:
    query = urlencode({"unit": unit.code, "month": f"{month:%Y-%m}"})
    return f"{reverse('receptions_staff:desk')}?{query}"


def _shown(
    row: BoardRow, year: int, cells: dict[tuple[Any, ...], SafeString], *, is_first: bool
) -> Shown:
    several = len(row.lines) > 1
    last = row.begun[-1] if row.begun else None
    code, sums = row.unit.code, row.sums
    lacks = row.state != State.FINE or sums.late or sums.missed or sums.unrecorded
    can_be_urged = lacks and not several and row.urged_on != row.on
    return Shown(
        row.unit.full_name,
        f"{_unit_href(code)}?year={year}",
        capfirst(post_label(row.unit, row.duty_holder)),
        [] if several or last is None else holders(last),
        row.state,
        _year_cells(row, cells) if several else _month_cells(row, cells),
        row.urged_on,
        reverse("receptions_staff:oversight_urge", args=[code]) if can_be_urged else "",
        "" if last is None else f"{row.duty_holder}|{last.month:%Y-%m}",
        f"u-{code}" if is_first else "",
    )


@lru_cache(maxsize=500)
def _unit_href(code: str) -> str:
    return reverse("receptions_staff:oversight_unit", args=[code])


def _month_cells(row: BoardRow, cells: dict[tuple[Any, ...], SafeString]) -> SafeString:
    """The figures, the state and the tasks; the same ones are made once."""
    key = (*row.sums, row.state, row.tasks, row.own_late)
    if key not in cells:
        sums, (word, shape, tone) = row.sums, STATES[row.state]
        days = (sums.required, sums.planned, sums.published, sums.held, sums.delegated)
        cells[key] = format_html(
            '{}<td><span class="month month--{}"><span aria-hidden="true">{}</span> {}</span></td>{}'
            '<td class="num">{}{}</td>',
            _numbers(*days, sums.missing),
            tone,
            shape,
            word,
            _numbers(sums.late, sums.missed, sums.unrecorded),
            " / ".join(map(str, row.tasks)),
            _own_late(row.own_late),
        )
    return cells[key]


def _own_late(count: int) -> SafeString:
    """What the unit itself must carry out and is late with."""
    if not count:
        return SafeString()
    words = _("late work of the unit: %(n)s") % {"n": count}
    return format_html('<br><span class="flag">{}</span>', words)


def _year_cells(row: BoardRow, cells: dict[tuple[Any, ...], SafeString]) -> SafeString:
    """A cell a month, and the sums of the year."""
    sums = row.sums
    key = ("sums", sums, row.tasks.late)
    if key not in cells:
        days = (f"{sums.held}/{sums.required}", sums.missing, sums.delegated)
        cells[key] = _numbers(*days, sums.late, sums.missed, row.tasks.late)
    months = [(_cell(line, row.on, cells),) for line in row.lines]
    return format_html("{}{}", format_html_join("", "{}", months), cells[key])


def _numbers(*values: object) -> SafeString:
    return format_html_join("", '<td class="num">{}</td>', [(value,) for value in values])


def _cell(
    line: QuotaLine | None, on: dt.date, cells: dict[tuple[Any, ...], SafeString]
) -> SafeString:
    """A month of a year; the same words are made once."""
    if line is None:
        key: tuple[Any, ...] = ()
    else:
        is_ahead = line.month > on
        done = line.tally.planned if is_ahead else line.tally.held
        key = (done, line.tally.required, is_ahead, line.outlook.state)
    if key not in cells:
        cells[key] = _cell_made(*key) if key else _cell_none()
    return cells[key]


def _cell_none() -> SafeString:
    return format_html(
        '<td class="month"><span aria-hidden="true">·</span>'
        '<span class="visually-hidden">{}</span></td>',
        _("nothing owed"),
    )


def _cell_made(done: int, required: int, is_ahead: bool, state: State) -> SafeString:
    word, shape, tone = STATES[state]
    if is_ahead:
        return format_html(
            '<td class="month month--ahead">{}/{}<span class="visually-hidden"> {}</span></td>',
            done,
            required,
            _("planned"),
        )
    return format_html(
        '<td class="month month--{}">{}/{} <span aria-hidden="true">{}</span>'
        '<span class="visually-hidden"> {}</span></td>',
        tone,
        done,
        required,
        shape,
        word,
    )


class MonthLine(NamedTuple):
    """A month of one duty with the words of its cells."""

    line: QuotaLine
    href: str
    holders: list[str]
    word: str
    tone: str


def duty_months(row: BoardRow) -> dict[str, Any]:
    """A duty of one unit with its months, for the unit's page."""
    months = [
        MonthLine(
            line,
            desk_href(line.unit, line.month),
            holders(line),
            str(STATES[line.outlook.state][0]) if line.month <= row.on else _("ahead"),
            STATES[line.outlook.state][2] if line.month <= row.on else "neutral",
        )
        for line in row.lines
        if line is not None
    ]
    post = capfirst(post_label(row.unit, row.duty_holder))
    return {"post": post, "duty": row.duty_holder, "months": months, "row": row}
