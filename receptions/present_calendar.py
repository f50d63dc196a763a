"""The public calendar as pages show it: what moved, the map, weeks and months, addresses."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.time import local_date, local_moment, month_after, today
from common.ui import CalendarEntry
from communes.enums import COMMUNE_LEVEL
from communes.hexmap import HexMap, HexUnit, hexmap_cells
from communes.models import Unit
from communes.shades import legend, level
from receptions.forms import YEARS
from receptions.posts import post_label
from receptions.present import clock_time, month_of
from receptions.selectors_calendar import POST_OF, Move, UnitCount

WEEK = dt.timedelta(days=7)


class Period(NamedTuple):
    """A month or a week (Monday first) of the map; ``until`` is excluded."""

    name: str
    value: str
    first: dt.date
    until: dt.date

    @property
    def is_week(self) -> bool:
        return self.name == "week"

    @property
    def last(self) -> dt.date:
        return self.until - dt.timedelta(days=1)

    @property
    def since_moment(self) -> dt.datetime:
        return local_moment(self.first)

    @property
    def until_moment(self) -> dt.datetime:
        return local_moment(self.until)


class MapRow(NamedTuple):
    """A unit in the table beside the map."""

    unit: Unit
    total: int
    first: dt.datetime | None
    href: str


class FeedLink(NamedTuple):
    """A feed: for the program that opens such links, and to copy."""

    label: str
    webcal: str
    address: str


def month_period(first: dt.date) -> Period:
    return Period("month", first.strftime("%Y-%m"), first, month_after(first))


def week_period(day: dt.date) -> Period:
    first = day - dt.timedelta(days=day.weekday())
    return Period("week", f"{first:%G-W%V}", first, first + WEEK)


def period_of(query: Mapping[str, str]) -> Period:
    """The asked week (``2026-W50``) or month (``2026-12``); this month for what is neither."""
    monday: dt.date | None
    try:
        monday = dt.date.fromisoformat(f"{query.get('week', '')}-1")
    except ValueError:
        monday = None
    if monday and YEARS[0] < monday.year < YEARS[1]:
        return week_period(monday)
    return month_period(month_of(query.get("month")) or today().replace(day=1))


def period_links(period: Period, query: Mapping[str, str]) -> dict[str, str]:
    """Addresses of the periods before and after, and of the month and week that lie here."""
    day = period.first - dt.timedelta(days=1)
    make = week_period if period.is_week else lambda one: month_period(one.replace(day=1))
    here = today() if period.first <= today() < period.until else period.first
    beside = {
        "previous_href": make(day),
        "next_href": make(period.until),
        "week_href": week_period(here),
        "month_href": month_period(here.replace(day=1)),
    }
    return {
        name: "?" + urlencode({**query, other.name: other.value}) for name, other in beside.items()
    }


def map_rows(
    units: Sequence[Unit],
    counts: Mapping[int, UnitCount],
    period: Period,
    query: Mapping[str, str],
) -> list[MapRow]:
    """Wards and communes in the order given, each with the way to its sessions of the period."""
    asked = {"date": period.first.isoformat()} if period.is_week else {"month": period.value}
    kept = {name: value for name, value in query.items() if name not in ("unit", "district")}
    rows = []
    for unit in units:
        if unit.kind in COMMUNE_LEVEL:
            found = counts.get(unit.pk)
            address = urlencode({**kept, "unit": unit.code, **asked})
            href = f"{reverse('receptions:calendar')}?{address}#list"
            total, first = found or (0, None)
            rows.append(MapRow(unit, total, first, href))
    return rows


def unit_map(rows: Sequence[MapRow]) -> HexMap:
    """The wards and communes shaded by their numbers of sessions."""
    top = max((row.total for row in rows), default=0)
    cells = [_cell(row, top) for row in rows if row.unit.grid_col is not None]
    return hexmap_cells(cells, legend(top))


def _cell(row: MapRow, top: int) -> HexUnit:
    words = ngettext("%(n)d session", "%(n)d sessions", row.total) % {"n": row.total}
    return HexUnit(
        code=row.unit.code,
        name=row.unit.name,
        kind=row.unit.kind,
        col=row.unit.grid_col or 0,
        row=row.unit.grid_row or 0,
        href=row.href,
        value=str(row.total),
        level=level(row.total, top),
        label=words,
    )


def moved_entries(moves: Sequence[Move]) -> dict[dt.date, list[CalendarEntry]]:
    """What stands on the days that sessions have left."""
    found: dict[dt.date, list[CalendarEntry]] = {}
    for move in moves:
        day = local_date(move.session.starts_at)
        entry = CalendarEntry(
            label=move.session.leader.full_name,
            href=reverse("receptions:session", args=[move.session.public_id]),
            note=_("moved to %(day)s, %(time)s")
            % {"day": f"{day:%d/%m/%Y}", "time": clock_time(move.session.starts_at)},
        )
        found.setdefault(move.left_on, []).append(entry)
    return found


def merged(
    *parts: Mapping[dt.date, list[CalendarEntry]],
) -> dict[dt.date, list[CalendarEntry]]:
    """Entries of several kinds on the same days."""
    days = sorted({day for part in parts for day in part})
    return {day: [entry for part in parts for entry in part.get(day, [])] for day in days}


def feed_links(unit: Unit | None, duties: Sequence[str] = ()) -> list[FeedLink]:
    """The feed of a unit, or of all, and those of its posts."""
    if unit is None:
        return [_feed(_("All units"), reverse("receptions:calendar_ics"))]
    paths = [(unit.full_name, reverse("receptions:unit_ics", args=[unit.code]))]
    for duty in duties:
        label = post_label(unit, duty)
        path = reverse("receptions:post_ics", args=[unit.code, POST_OF[duty]])
        paths.append((label[:1].upper() + label[1:], path))
    return [_feed(label, path) for label, path in paths]


def _feed(label: str, path: str) -> FeedLink:
    address = settings.PUBLIC_BASE_URL + path
    return FeedLink(label, f"webcal://{urlsplit(address).netloc}{path}", address)
