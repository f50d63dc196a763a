"""The list of signals and one of them, with every step that is possible now."""

import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Access
from accounts.roles import Permission
from common.api import PAGE_SIZE
from common.errors import Text, allow
from common.forms import done
from common.time import now, today
from common.ui import Crumb, page_href
from directives.views_staff import export_query
from early_warning import forms as f
from early_warning import policies, selectors
from early_warning import presenters as shown
from early_warning.models import Signal
from early_warning.selectors import SignalFilter
from early_warning.services import (
    signal_appoint,
    signal_close,
    signal_follow_up,
    signal_reopen,
)
from early_warning.views_access import signal_access

CASES_SHOWN = 20
# Tiles: the count, its name, its tone, the filter that shows it.
TILES: tuple[tuple[str, Text, str, dict[str, str]], ...] = (
    ("open", gettext_lazy("New"), "danger", {"state": "open"}),
    ("watched", gettext_lazy("Being followed"), "warning", {"state": "watched"}),
    ("late", gettext_lazy("Look has passed"), "danger", {"state": "watched", "late": "1"}),
    ("mine", gettext_lazy("Followed by me"), "neutral", {"state": "live", "mine": "1"}),
)


@require_safe
@never_cache
def signals(request: HttpRequest) -> HttpResponse:
    """Signals by unit, kind, state and age, newest first; for the City also on the map."""
    access = signal_access(request)
    on = today()
    form, chosen = signals_asked(request, access)
    rows = selectors.signals_filtered(access, chosen, on, now())
    found, after, before = selectors.LIST_ORDER.page(rows, request.GET.get("cursor", ""), PAGE_SIZE)
    counts = selectors.signal_counts(access, on)
    sees_city = Permission.OVERVIEW_VIEW in access.city
    by_unit = selectors.live_by_unit(access) if sees_city else []
    context = {
        "form": form,
        "today": on,
        "tiles": [
            {"label": label, "value": counts[name], "tone": tone, "href": f"?{urlencode(query)}"}
            for name, label, tone, query in TILES
        ],
        "map": shown.signal_map(by_unit) if any(row.live for row in by_unit) else None,
        "by_unit": sorted((row for row in by_unit if row.live), key=lambda row: -row.live),
        "is_filtered": chosen != SignalFilter(),
        "rows": [shown.signal_line(row, on) for row in found],
        "export_query": export_query(request),
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
        "crumbs": [Crumb(_("Early warning"))],
    }
    return render(request, "early_warning/signals.html", context)


def signals_asked(request: HttpRequest, access: Access) -> tuple[f.SignalFilterForm, SignalFilter]:
    """The filters of the list as they were asked for."""
    units = selectors.signal_units(access)
    query = request.GET.copy()
    query.setdefault("state", selectors.LIVE_STATES)
    form = f.SignalFilterForm(query, units=[(unit.code, unit.full_name) for unit in units])
    form.full_clean()
    return form, _chosen(form, request)


def _chosen(form: f.SignalFilterForm, request: HttpRequest) -> SignalFilter:
    """What was asked for; anything that is not a choice is left out."""
    data = form.cleaned_data
    return SignalFilter(
        state=data.get("state", selectors.LIVE_STATES),
        kind=data.get("kind", ""),
        unit=data.get("unit", ""),
        age=int(data.get("age") or 0),
        mine=request.GET.get("mine") == "1",
        late=request.GET.get("late") == "1",
    )


class StepPage(NamedTuple):
    """A step of the page: its form, its service, what is said afterwards, its name."""

    form: type[f.VersionedForm]
    send: Callable[..., Any]
    done: Text
    label: Text
    refusal: Callable[[Access, Signal], Text | None]


STEPS: dict[str, StepPage] = {
    "follow": StepPage(
        f.FollowForm,
        lambda data, **key: signal_follow_up(
            text=data["text"], next_look_on=data["next_look_on"], **key
        ),
        gettext_lazy("The follow-up was written down."),
        gettext_lazy("Write down a follow-up"),
        policies.may_follow,
    ),
    "appoint": StepPage(
        f.AppointForm,
        lambda data, **key: signal_appoint(
            owner=data["owner"], next_look_on=data["next_look_on"], text=data["text"], **key
        ),
        gettext_lazy("It is recorded who follows the signal."),
        gettext_lazy("Appoint who follows it"),
        policies.may_appoint,
    ),
    "close": StepPage(
        f.CloseForm,
        lambda data, **key: signal_close(
            is_true=data["is_true"] == "yes", text=data["text"], **key
        ),
        gettext_lazy("The signal was closed."),
        gettext_lazy("Close the signal"),
        policies.may_close,
    ),
    "reopen": StepPage(
        f.ReopenForm,
        lambda data, **key: signal_reopen(text=data["text"], **key),
        gettext_lazy("The signal was opened again."),
        gettext_lazy("Open the signal again"),
        policies.may_reopen,
    ),
}


@require_safe
@never_cache
def signal(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One signal: why, where, who follows it, what was done."""
    access = signal_access(request)
    return _page(request, access, selectors.signal_get_for(access, public_id))


@require_POST
@never_cache
def step(request: HttpRequest, public_id: uuid.UUID, name: str) -> HttpResponse:
    """Do one step; on a refusal the page comes back as it was typed."""
    access = signal_access(request)
    row = selectors.signal_get_for(access, public_id)
    page = STEPS[name]
    allow(page.refusal(access, row))
    form = _form(name, row, request.POST)
    if form.is_valid() and done(form, lambda: _send(form, page, access, public_id)):
        messages.success(request, str(page.done))
        return redirect("early_warning_staff:signal", public_id)
    return _page(request, access, row, **{name: form})


def _form(name: str, row: Signal, data: Any = None) -> f.VersionedForm:
    form = STEPS[name].form(row.version, data)
    if isinstance(form, f.AppointForm):
        form.people(selectors.owners_possible(row))
    return form


def _send(form: f.VersionedForm, page: StepPage, access: Access, public_id: uuid.UUID) -> None:
    data = form.cleaned_data
    page.send(data, access=access, public_id=public_id, version=data["version"])


def _page(
    request: HttpRequest, access: Access, row: Signal, **bound: f.VersionedForm
) -> HttpResponse:
    on = today()
    names = [
        name for name, page in STEPS.items() if name in bound or page.refusal(access, row) is None
    ]
    cases, has_more = selectors.cases_of(access, row, CASES_SHOWN)
    context = {
        "signal": row,
        "line": shown.signal_line(row, on),
        "threshold": shown.threshold_words(row.rule),
        "today": on,
        "steps": [
            {
                "name": name,
                "label": STEPS[name].label,
                "form": bound.get(name) or _form(name, row),
                "url": f"early_warning_staff:{name}",
                "is_open": name in bound or place == 0,
            }
            for place, name in enumerate(names)
        ],
        "why_not": policies.may_lead(access, row),
        "notes": selectors.notes_of(row),
        "cases": cases,
        "has_more": has_more,
        "sees_cases": access.has(Permission.CASE_VIEW, row.unit_id),
        "history": shown.history(selectors.events_of(row)),
        "form": next(iter(bound.values()), None),
        "crumbs": shown.crumbs(Crumb(row.rule.title)),
    }
    status = 422 if bound else 200
    return render(request, "early_warning/signal.html", context, status=status)
