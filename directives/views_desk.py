"""What is asked of the person's unit, and what waits for the City's answer."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import Access
from common.api import PAGE_SIZE
from common.errors import NotVisible
from common.time import today
from common.ui import Crumb, page_href
from communes.models import Unit
from directives import selectors
from directives import selectors_work as work
from directives.forms_steps import DeskFilterForm
from directives.models import Assignment, Directive
from directives.presenters import successor_lines
from directives.presenters_work import desk_line
from directives.selectors_work import DeskFilter
from directives.views_staff import directive_access, export_query

# Tiles of the desk: the count, its name, its tone, the filter that shows it.
TILES: tuple[tuple[str, Any, str, dict[str, str]], ...] = (
    ("todo", gettext_lazy("To be done"), "neutral", {"state": "todo"}),
    ("new", gettext_lazy("Not received yet"), "info", {"state": "assigned"}),
    ("late", gettext_lazy("Late"), "danger", {"state": "todo", "due": "late"}),
    ("soon", gettext_lazy("Due within 7 days"), "warning", {"state": "todo", "due": "soon"}),
    ("mine", gettext_lazy("Mine"), "neutral", {"state": "todo", "mine": "on"}),
)

PARTS = {
    "": gettext_lazy("Asked of the unit itself"),
    "lead": gettext_lazy("Tasks the body is in charge of"),
    "support": gettext_lazy("Tasks the body supports"),
}


@require_safe
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """Tasks of the person's unit, the most urgent first; every filter is in the address."""
    access = directive_access(request)
    units = work.desk_units(access)
    if not units:
        raise NotVisible
    asked, on = desk_asked(request, access, units), today()
    unit, form, rows, chosen, part = asked
    found, after, before = work.DESK_ORDER.page(
        work.desk_filtered(rows, chosen, access, on), request.GET.get("cursor", ""), PAGE_SIZE
    )
    context = {
        "unit": unit,
        "form": form,
        "today": on,
        "part": part,
        "tabs": _tabs(unit, part, several=len(units) > 1),
        "tiles": _tiles(work.desk_counts(rows, access, on), _kept(unit, part, len(units) > 1)),
        "is_filtered": chosen != DeskFilter(work.TODO),
        "is_asked": rows.exists(),
        "rows": desk_lines(access, found, on),
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
        "crumbs": crumbs(_("Tasks given to the unit")),
        "export_query": export_query(request),
    }
    return render(request, "directives/staff/desk.html", context)


def desk_lines(access: Access, rows: Sequence[Assignment], on: dt.date) -> list[dict[str, Any]]:
    """Rows of the desk with what replaces their documents; one query where one was replaced."""
    directives = {row.task.group.directive for row in rows}
    replaced = selectors.successors_of(access, directives)
    return [
        desk_line(row, on)
        | {"successors": successor_lines(replaced.get(row.task.group.directive_id, []))}
        for row in rows
    ]


class DeskAsked(NamedTuple):
    """What of which unit is looked at: its form, everything asked of the unit (or of others on
    tasks that it carries, ``part``), the filters."""

    unit: Unit
    form: DeskFilterForm
    rows: QuerySet[Assignment]
    chosen: DeskFilter
    part: str


def desk_asked(request: HttpRequest, access: Access, units: list[Unit]) -> DeskAsked:
    """The unit of the address, else the first, with the filters of the address."""
    unit = next((unit for unit in units if unit.code == request.GET.get("unit")), units[0])
    asked = request.GET.get("part", _first_part(access, unit))
    part = asked if asked in work.CARRIED else ""
    form = _desk_form(request, units, work.desk_directives(access, unit, part))
    return DeskAsked(unit, form, work.desk_rows(access, unit, part), _chosen(form), part)


def _first_part(access: Access, unit: Unit) -> str:
    """What a body sees first: its own tasks, and if it has none those that it carries, to which
    notices lead it."""
    if unit.is_commune_level:
        return ""
    parts = (part for part in PARTS if work.desk_rows(access, unit, part).exists())
    return next(parts, "")


def _desk_form(
    request: HttpRequest, units: list[Unit], directives: list[Directive]
) -> DeskFilterForm:
    query = request.GET.copy()
    query.setdefault("state", work.TODO)
    query.setdefault("unit", units[0].code)
    form = DeskFilterForm(
        query, units=[(unit.code, unit.full_name) for unit in units], directives=named(directives)
    )
    form.full_clean()
    return form


def named(directives: list[Directive]) -> list[tuple[str, str]]:
    return [(row.slug, row.number) for row in directives]


def _chosen(form: DeskFilterForm) -> DeskFilter:
    """What was asked for; anything that is not a choice is left out."""
    data = form.cleaned_data
    return DeskFilter(
        state=data.get("state", work.TODO),
        directive=data.get("directive", ""),
        due=data.get("due", ""),
        mine=bool(data.get("mine")),
    )


def _kept(unit: Unit, part: str, several: bool) -> dict[str, str]:
    """What every link of the desk keeps."""
    own = not part and unit.is_commune_level
    return ({"unit": unit.code} if several else {}) | ({} if own else {"part": part})


def _tabs(unit: Unit, part: str, *, several: bool) -> list[dict[str, Any]]:
    """The unit's own tasks beside those that it carries for others; none where it carries none."""
    carried = work.carried_counts([unit.pk])
    if not any(carried.values()):
        return []
    return [
        {
            "label": label,
            "href": f"?{urlencode(_kept(unit, name, several))}",
            "is_current": name == part,
        }
        for name, label in PARTS.items()
        if not name or carried[name]
    ]


def _tiles(counts: dict[str, int], of: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "value": counts[name],
            "tone": tone,
            "href": f"?{urlencode(query | of)}",
        }
        for name, label, tone, query in TILES
    ]


def crumbs(here: str) -> list[Crumb]:
    return [Crumb(_("Directives"), reverse("directives_staff:list")), Crumb(here)]
