"""The administrators' pages: what the ladder did, what keeps it back, what it is made of."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Access, access_of
from common.errors import InvalidInput, NotVisible, Text
from common.forms import PortalForm
from common.time import now
from common.ui import Crumb
from communes.selectors import unit_by_code, units_all
from deadlines.models import Clock
from escalation import registry
from escalation.enums import LadderGroup
from escalation.forms_keeping import LadderForm, ReleaseForm, ScopeForm, SwitchForm, ladder_words
from escalation.keeping import (
    keeper_check,
    ladder_confirm,
    ladder_end,
    ladder_make,
    ladder_try,
    stop_confirm,
    switch_end,
    switch_off,
)
from escalation.ladder import SHIPPED, Step
from escalation.ladders import steps_unpack
from escalation.models import Ladder, LadderSwitch, SweepRun, SweepStop
from escalation.words import PLACES, STEPS, reason_words, step_words

RUNS_SHOWN, SWITCHES_SHOWN = 30, 20


def _keeper(request: HttpRequest) -> Access:
    access = access_of(request.user)
    keeper_check(access)
    return access


def _home() -> list[Crumb]:
    return [Crumb(_("Ladder and sweep"), reverse("escalation:keeping"))]


@require_http_methods(["GET", "POST"])
@never_cache
def keeping(request: HttpRequest) -> HttpResponse:
    """Stops, switches, ladders and the latest runs; the form that switches off."""
    access = _keeper(request)
    units = sorted(units_all(), key=lambda unit: unit.full_name)
    form = SwitchForm(units, request.POST or None)
    if request.method == "POST" and form.is_valid() and _switched(access, form):
        messages.success(request, _("The ladder rests. What falls due meanwhile comes afterwards."))
        return redirect("escalation:keeping")
    switches = LadderSwitch.objects.select_related("unit", "made_by", "ended_by")
    stops = SweepStop.objects.select_related("unit", "confirmed_by")
    runs = SweepRun.objects.order_by("-started_at", "-id")
    own = list(Ladder.objects.select_related("made_by"))
    names = {code: ladder_words(code) for code in SHIPPED} | {row.code: row.name for row in own}
    context = {
        "form": form,
        "release": ReleaseForm(),
        "waiting": stops.filter(confirmed_at=None),
        "released": stops.exclude(confirmed_at=None)[:5],
        "switches": [(row, names.get(row.ladder, "")) for row in switches[:SWITCHES_SHOWN]],
        "now": now(),
        "own": own,
        "shipped": [_shipped(code) for code in SHIPPED],
        "runs": runs.exclude(examined=0, skipped={}, parked=0)[:RUNS_SHOWN],
        "latest": runs.first(),
        "parked": Clock.objects.filter(parked_at__isnull=False).count(),
    }
    return render(request, "escalation/keeping.html", context)


def _shipped(code: str) -> tuple[str, list[tuple[Step, Text, Text]]]:
    steps = [(step, STEPS[step.code], PLACES[step.to]) for step in SHIPPED[code]]
    return ladder_words(code), steps


def _switched(access: Access, form: SwitchForm) -> bool:
    data = form.cleaned_data
    return _kept(
        form,
        lambda: switch_off(
            access=access,
            unit=unit_by_code(data["unit"]) if data["unit"] else None,
            ladder=data["ladder"],
            reason=data["reason"],
            until=data["until"],
        ),
    )


def _kept(form: PortalForm, write: Any) -> bool:
    """Whether the service took it; its refusals stand at the fields."""
    try:
        write()
    except InvalidInput as error:
        form.show_errors(error)
        return False
    return True


@require_POST
@never_cache
def switch_on(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End a switch now."""
    switch_end(access=_keeper(request), public_id=public_id)
    messages.success(request, _("The ladder acts again; the next run takes what fell due."))
    return redirect("escalation:keeping")


@require_POST
@never_cache
def release(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Let the sweep go on."""
    access = _keeper(request)
    form = ReleaseForm(request.POST)
    if form.is_valid():
        stop_confirm(access=access, public_id=public_id, note=form.cleaned_data["note"])
        messages.success(request, _("The next run goes on."))
    else:
        messages.error(request, _("Say why it may go on."))
    return redirect("escalation:keeping")


@require_GET
@never_cache
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: what it did, and by reason what it did not, with examples."""
    _keeper(request)
    row = SweepRun.objects.filter(pk=pk).first()
    if row is None:
        raise NotVisible
    ids = [public_id for shown in row.examples.values() for public_id in shown]
    clocks = Clock.objects.select_related("holder_unit").in_bulk(ids, field_name="public_id")
    subjects = registry.subjects_of([clock.pk for clock in clocks.values()])
    secret = {pk for pk, subject in subjects.items() if subject.is_secret}
    by_id = {str(key): clock for key, clock in clocks.items() if clock.pk not in secret}
    reasons = [
        (
            reason_words(reason),
            count,
            [by_id[i] for i in row.examples.get(reason, ()) if i in by_id],
        )
        for reason, count in row.skipped.items()
    ]
    crumbs = [*_home(), Crumb(_("Run"))]
    return render(
        request, "escalation/run.html", {"run": row, "reasons": reasons, "crumbs": crumbs}
    )


@require_http_methods(["GET", "POST"])
@never_cache
def ladder_new(request: HttpRequest) -> HttpResponse:
    """First for which limits, then the days of its steps; kept as a draft that was tried."""
    access = _keeper(request)
    group, kind = request.GET.get("group", ""), request.GET.get("kind", "")
    kinds = list(registry.kinds())
    crumbs = [*_home(), Crumb(_("Set another ladder"))]
    if group not in LadderGroup.values or kind not in ("", *dict(kinds)):
        scope = ScopeForm(kinds, request.GET or None)
        return render(request, "escalation/ladder_new.html", {"form": scope, "crumbs": crumbs})
    form = LadderForm(group, kind, registry.fields(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        made: list[Ladder] = []
        if _kept(form, lambda: made.append(ladder_make(access=access, plan=form.plan()))):
            messages.info(request, _("Tried, not in force yet. Look at what it would do."))
            return redirect("escalation:ladder", made[0].public_id)
    words = [LadderGroup(group).label, dict(kinds).get(kind, _("all kinds"))]
    context = {"form": form, "scope": " · ".join(map(str, words)), "crumbs": crumbs}
    return render(request, "escalation/ladder_new.html", context)


@require_GET
@never_cache
def ladder(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A ladder of the City's own with its dry run."""
    _keeper(request)
    row = Ladder.objects.select_related("made_by", "confirmed_by").filter(public_id=public_id)
    found = row.first()
    if found is None:
        raise NotVisible
    counts = {item["code"]: item for item in (found.tried or {}).get("steps", ())}
    steps = [
        (step, step_words(step.code), PLACES[step.to], counts.get(step.code))
        for step in steps_unpack(found.steps)
    ]
    context = {
        "ladder": found,
        "steps": steps,
        "kind": dict(registry.kinds()).get(found.kind, ""),
        "field": dict(registry.fields()).get(found.field_code, ""),
        "crumbs": [*_home(), Crumb(found.name)],
    }
    return render(request, "escalation/ladder.html", context)


@require_POST
@never_cache
def ladder_change(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """``do``: try, confirm or end."""
    access, what = _keeper(request), request.POST.get("do")
    try:
        if what == "confirm":
            ladder_confirm(access=access, public_id=public_id)
            messages.success(request, _("It holds for limits that start from its first day."))
        elif what == "end":
            ladder_end(access=access, public_id=public_id)
            messages.success(request, _("It is ended. Running limits keep it."))
            return redirect("escalation:keeping")
        else:
            ladder_try(access=access, public_id=public_id)
    except InvalidInput as error:
        messages.error(request, " ".join(str(t) for texts in error.fields.values() for t in texts))
    return redirect("escalation:ladder", public_id)
