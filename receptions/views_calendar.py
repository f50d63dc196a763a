"""The public calendar: months and lists, the map, one post. No account is needed."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.errors import NotVisible
from common.time import month_after
from common.ui import Crumb, MonthGrid, page_href
from communes.selectors import unit_by_code
from receptions import present, present_calendar, selectors
from receptions import selectors_calendar as calendars
from receptions.asked import Asked, calendar_asked, units_open
from receptions.forms_calendar import MORE
from receptions.posts import post_label
from receptions.selectors import BY_TIME, Window

PAGE = 20


@login_not_required
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """All units' receptions as a month and as a list; every filter is in the address."""
    asked = calendar_asked(request.GET.dict())
    moves = calendars.moves_from(asked.month, month_after(asked.month), asked.window)
    duties = calendars.posts_of(asked.unit) if asked.unit else []
    context = {
        "asked": asked,
        "form": asked.form,
        "unit": asked.unit,
        "query": asked.query,
        "grid": _month(asked, moves),
        "moves": moves,
        "feeds": present_calendar.feed_links(asked.unit, duties),
        "posts": _posts(asked, duties),
        "found": [(unit, _href(asked, unit=unit.code)) for unit in asked.found],
        "list_href": "",
        "map_href": _map_href(asked),
        **_list(request, asked.window),
        **present.month_links(asked.month, asked.query),
    }
    return render(request, "receptions/calendar.html", context)


def _list(request: HttpRequest, window: Window) -> dict[str, Any]:
    """A page of the list; of an empty one, the next session."""
    rows, after, before = BY_TIME.page(
        selectors.session_announced_list(window), request.GET.get("cursor", ""), PAGE
    )
    following = None if rows or window.until is None else calendars.session_next(window)
    return {
        "days": present.by_day(rows, calendars.former_days(rows)),
        "following": present.card(following) if following else None,
        "is_bounded": window.until is not None,
        "next_page": _on_list(page_href(request, after)),
        "previous_page": _on_list(page_href(request, before)),
    }


def _month(asked: Asked, moves: list[calendars.Move]) -> MonthGrid:
    """Sessions of one unit by name, of all units as a number a day."""
    whole = asked.whole_month
    if whole.unit:
        found = selectors.session_announced_list(whole)
        entries = present.entries_by_day(found, present.public_entry)
        gone = present_calendar.moved_entries(moves)
        return present.grid(asked.month, present_calendar.merged(entries, gone))
    counts = selectors.session_counts_by_day(whole)
    return present.grid(asked.month, present.count_entries(counts, asked.query))


def _href(asked: Asked, **changes: str) -> str:
    query = {**asked.query, **changes, "month": asked.month.strftime("%Y-%m")}
    return present.calendar_href(query)


def _map_href(asked: Asked) -> str:
    """The map of the same month with the filters that it knows."""
    kept = {name: value for name, value in asked.query.items() if name in MORE}
    query = urlencode({**kept, "month": asked.month.strftime("%Y-%m")})
    return f"{reverse('receptions:calendar_map')}?{query}"


def _posts(asked: Asked, duties: list[str]) -> list[tuple[str, str]]:
    if asked.unit is None:
        return []
    unit = asked.unit
    return [
        (post_label(unit, duty), reverse("receptions:post", args=[unit.code, post]))
        for duty, post in ((duty, calendars.POST_OF[duty]) for duty in duties)
    ]


def _on_list(href: str) -> str:
    """The list stands below the month."""
    return href and f"{href}#list"


@login_not_required
@require_safe
def calendar_map(request: HttpRequest) -> HttpResponse:
    """The 126 wards and communes with their numbers of sessions in a month or week, and the same
    as a table."""
    period = present_calendar.period_of(request.GET.dict())
    asked = calendar_asked({**request.GET.dict(), "unit": "", "q": "", "date": ""})
    window = asked.window._replace(since=period.since_moment, until=period.until_moment)
    counts = calendars.session_counts_by_unit(window)
    units = [unit for unit in units_open() if asked.window.district in ("", unit.former_district)]
    rows = present_calendar.map_rows(units, counts, period, asked.query)
    context = {
        "form": asked.form,
        "query": asked.query,
        "period": period,
        "rows": rows,
        "total": sum(row.total for row in rows),
        "without": sum(1 for row in rows if not row.total),
        "map": present_calendar.unit_map(rows),
        "map_href": "",
        "list_href": _list_href(asked, period),
        **present_calendar.period_links(period, asked.query),
    }
    return render(request, "receptions/calendar_map.html", context)


def _list_href(asked: Asked, period: present_calendar.Period) -> str:
    month = period.first.strftime("%Y-%m")
    return f"{reverse('receptions:calendar')}?{urlencode({**asked.query, 'month': month})}"


@login_not_required
@require_safe
def post(request: HttpRequest, code: str, post: str) -> HttpResponse:
    """The sessions of one post of a unit: who receives is public by name and post, nothing more
    of a person is (Article 24(2) of the Law on Citizen Reception)."""
    unit = unit_by_code(code)
    if unit is None or post not in calendars.POSTS:
        raise NotVisible
    duty = calendars.POSTS[post]
    if not calendars.post_exists(unit, duty):
        raise NotVisible
    title = _("%(post)s, %(unit)s") % {"post": duty.label, "unit": unit.full_name}
    crumbs = [
        Crumb(_("Reception schedule"), reverse("receptions:calendar")),
        Crumb(unit.full_name, present.calendar_href({"unit": code})),
        Crumb(duty.label),
    ]
    context = {
        "title": title[:1].upper() + title[1:],
        "unit": unit,
        "crumbs": crumbs,
        "feeds": present_calendar.feed_links(unit, [duty])[1:],
        **_list(request, Window(unit=unit.code, duty_holder=duty)),
    }
    return render(request, "receptions/post.html", context)
