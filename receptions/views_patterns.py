"""Patterns of reception days: kept, looked at ahead, made into drafts, ended."""

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Access
from common.errors import Conflict, DomainError, NotPermitted, NotVisible
from common.forms import done
from common.time import month_after, today
from communes.models import Unit
from receptions import policies, selectors_patterns, selectors_plan
from receptions.forms_pattern import PatternEndForm, PatternForm, pattern_initial
from receptions.forms_plan import place_of
from receptions.models import SessionPattern
from receptions.quotas import owed_by
from receptions.selectors_patterns import Proposal
from receptions.services.patterns import (
    Made,
    pattern_change,
    pattern_create,
    pattern_end,
    pattern_make,
)
from receptions.views_plan import planning_unit
from receptions.views_steps import form_status, reception_access

MONTHS = (3, 6, 12)


@require_safe
@never_cache
def patterns(request: HttpRequest) -> HttpResponse:
    """The patterns of a unit."""
    access = reception_access(request)
    unit = planning_unit(request, access)
    rows = selectors_patterns.patterns_of(access, unit)
    context = {"unit": unit, "patterns": rows, "today": today()}
    return render(request, "receptions/staff/patterns.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def pattern_new(request: HttpRequest) -> HttpResponse:
    """Keep a pattern; its dates are looked at next."""
    access = reception_access(request)
    unit = planning_unit(request, access)
    initial = {"place": place_of(unit), "valid_from": today()}
    form = PatternForm(request.POST or None, duties=_duties(unit), unit=unit, initial=initial)
    if request.method == "POST" and form.is_valid():
        made: list[SessionPattern] = []
        act = pattern_create
        if done(form, lambda: made.append(act(access=access, unit=unit, plan=form.plan()))):
            messages.success(request, _("The pattern is kept. Choose the days to plan."))
            return redirect("receptions_staff:pattern", made[0].public_id)
    context = {"form": form, "unit": unit, "pattern": None}
    return render(request, "receptions/staff/pattern_form.html", context, status=form_status(form))


@require_http_methods(["GET", "POST"])
@never_cache
def pattern_edit(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    access = reception_access(request)
    found = _planned(access, public_id)
    duties = list(dict.fromkeys([*_duties(found.unit), found.duty_holder]))
    form = PatternForm(
        request.POST or None, duties=duties, unit=found.unit, initial=pattern_initial(found)
    )
    typed = request.method == "POST" and form.is_valid()
    if typed and done(form, lambda: _change(access, found, form)):
        messages.success(request, _("The pattern is changed; sessions made before stay."))
        return redirect("receptions_staff:pattern", public_id)
    context = {"form": form, "unit": found.unit, "pattern": found}
    return render(request, "receptions/staff/pattern_form.html", context, status=form_status(form))


def _change(access: Access, found: SessionPattern, form: PatternForm) -> None:
    version = form.cleaned_data["version"] or found.version
    pattern_change(access=access, public_id=found.public_id, version=version, plan=form.plan())


@require_http_methods(["GET", "POST"])
@never_cache
def pattern(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The dates that a pattern proposes; those that are ticked become drafts in one step."""
    access = reception_access(request)
    found = _planned(access, public_id)
    error = ""
    if request.method == "POST":
        error = _made(request, access, found)
        if not error:
            return redirect(request.get_full_path())
    return _pattern_page(request, access, found, error=error, status=422 if error else 200)


def _pattern_page(
    request: HttpRequest, access: Access, found: SessionPattern, *, status: int, **extra: Any
) -> HttpResponse:
    months = _months(request)
    last = _last_day(today(), months)
    context = {
        "pattern": found,
        "unit": found.unit,
        "months": months,
        "months_known": MONTHS,
        "proposals": _as_ticked(request, selectors_patterns.proposals(found, today(), last)),
        "sessions": selectors_patterns.pattern_sessions(found),
        "end_form": PatternEndForm(initial={"version": found.version}),
        "error": "",
        **extra,
    }
    return render(request, "receptions/staff/pattern.html", context, status=status)


def _as_ticked(request: HttpRequest, rows: list[Proposal]) -> list[Proposal]:
    """After a refusal the days stay ticked as they were."""
    ticked = set(request.POST.getlist("day"))
    if not ticked:
        return rows
    return [replace(row, is_wished=row.named.isoformat() in ticked) for row in rows]


def _made(request: HttpRequest, access: Access, found: SessionPattern) -> str:
    """Make drafts of the ticked days; returns what went wrong, "" when nothing did."""
    days = []
    for text in request.POST.getlist("day"):
        try:
            days.append(dt.date.fromisoformat(text))
        except ValueError:
            return _("Choose at least one day.")
    try:
        version = int(request.POST.get("version", "0")[:9])
        made = pattern_make(access=access, public_id=found.public_id, version=version, days=days)
    except (NotVisible, NotPermitted):
        raise
    except ValueError:
        return _("Choose at least one day.")
    except Conflict as error:
        return _("%(why)s Nothing was made; look at the days again.") % {"why": error.message}
    except DomainError as error:
        texts = [text for texts in error.fields.values() for text in texts]
        return str(texts[0] if texts else error.message)
    _tell(request, made)
    return ""


def _tell(request: HttpRequest, made: Made) -> None:
    count = len(made.sessions)
    if count:
        words = ngettext(
            "%(n)s draft is made. Publish it in time.",
            "%(n)s drafts are made. Publish them in time.",
            count,
        )
        messages.success(request, words % {"n": count})
    for proposal in made.left:
        why = " ".join(remark.words for remark in proposal.remarks)
        values = {"day": f"{proposal.named:%d/%m/%Y}", "why": why}
        messages.warning(request, _("%(day)s was left out: %(why)s") % values)


@require_POST
@never_cache
def pattern_stop(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """End a pattern; its sessions stay."""
    access = reception_access(request)
    found = _planned(access, public_id)
    form = PatternEndForm(request.POST, initial={})
    if form.is_valid() and done(form, lambda: _end(access, found, form)):
        messages.success(request, _("The pattern is ended; sessions made before stay."))
        return redirect("receptions_staff:pattern", public_id)
    return _pattern_page(request, access, found, status=422, end_form=form)


def _end(access: Access, found: SessionPattern, form: PatternEndForm) -> None:
    pattern_end(access=access, public_id=found.public_id, **form.values())


def _planned(access: Access, public_id: uuid.UUID) -> SessionPattern:
    """The pattern for somebody who plans in its unit. Raises NotVisible, NotPermitted."""
    found = selectors_patterns.pattern_get_for(access, public_id)
    refusal = policies.can_plan_sessions(access, found.unit_id)
    if refusal is not None:
        raise NotPermitted(refusal)
    return found


def _duties(unit: Unit) -> list[str]:
    """Duties that people of the unit hold or owe; also a vacant post can have a pattern."""
    held = [duty for _user, duty in selectors_plan.duties_plannable(unit.pk)]
    owed = [duty.value for duty in owed_by(unit.code, unit.kind, unit.line)]
    return list(dict.fromkeys([*owed, *held]))


def _months(request: HttpRequest) -> int:
    asked = request.GET.get("months", "")
    return int(asked) if asked in map(str, MONTHS) else MONTHS[0]


def _last_day(day: dt.date, months: int) -> dt.date:
    """The last day of the month that lies so many months ahead."""
    return month_after(day, months + 1) - dt.timedelta(days=1)
