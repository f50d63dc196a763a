"""Rules on grassroots democracy: the table over the City, a unit, one kind, files."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from attachments.views import attachment_response
from common.api import PAGE_SIZE
from common.errors import allow
from common.forms import done
from common.time import today
from common.ui import Crumb, page_href
from communes.models import Unit
from directives.views_register import page
from directives.views_staff import directive_access, export_query
from mobilisation import selectors_rules as found
from mobilisation.enums import RuleState
from mobilisation.forms import RuleFilterForm, RuleForm
from mobilisation.lists import rule_kinds
from mobilisation.policies import may_keep
from mobilisation.presenters import RULE_TONES, rule_line, share_lines
from mobilisation.selectors import communes_seen, sees_city
from mobilisation.selectors_rules import RuleFilter
from mobilisation.services import rule_record
from mobilisation.views_hub import crumbs_to, history_context, stored


@require_safe
@never_cache
def rules(request: HttpRequest) -> HttpResponse:
    """Units × kinds with the share of each kind; a person of one unit goes straight to it."""
    access = directive_access(request)
    if not sees_city(access):
        own = communes_seen(access)
        if len(own) == 1:
            return redirect("mobilisation_staff:rules_unit", own[0].code)
    form, chosen = rules_asked(request)
    rows = found.rule_units(access, chosen)
    cursor = request.GET.get("cursor", "")
    shown, after, before = found.UNIT_ORDER.page(rows, cursor, PAGE_SIZE)
    kinds = [chosen.kind] if chosen.kind else list(rule_kinds())
    known = found.rules_of(shown)
    context = {
        "form": form,
        "is_filtered": chosen != RuleFilter(),
        "shares": share_lines(found.rule_shares(access)),
        "kinds": [rule_kinds()[kind] for kind in kinds],
        "rows": [rule_line(unit, known, kinds) for unit in shown],
        "export_query": export_query(request),
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
        "crumbs": _crumbs(),
    }
    return render(request, "mobilisation/staff/rules.html", context)


def rules_asked(request: HttpRequest) -> tuple[RuleFilterForm, RuleFilter]:
    """What the address asks for, for the list and its files."""
    form = RuleFilterForm(request.GET)
    return form, RuleFilter(**form.search())


@require_safe
@never_cache
def rules_unit(request: HttpRequest, code: str) -> HttpResponse:
    """Every kind of rules of one unit."""
    access = directive_access(request)
    unit = found.rule_unit_get(access, code)
    line = rule_line(unit, found.rules_of([unit]), list(rule_kinds()))
    crumbs = _crumbs(unit.full_name) if sees_city(access) else _crumbs()
    context = {"unit": unit, "line": line, "crumbs": crumbs, "today": today()}
    return render(request, "mobilisation/staff/rules_unit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def rule(request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
    """One kind of rules of a unit: where it stands, files of every version, history, the form."""
    access = directive_access(request)
    unit = found.rule_unit_get(access, code)
    row = found.rule_get(unit, kind)
    refusal = may_keep(access, unit.pk)
    form = None if refusal else RuleForm(request.POST or None, request.FILES or None, row=row)
    if request.method == "POST":
        allow(refusal)
        assert form is not None
        if form.is_valid() and done(form, lambda: _record(form, access, unit, kind)):
            messages.success(request, _("The state of the rules was recorded."))
            return redirect("mobilisation_staff:rule", code, kind)
        row = found.rule_get(unit, kind)
    context = {
        "unit": unit,
        "kind": rule_kinds()[kind],
        "rule": row,
        "tone": RULE_TONES[RuleState(row.state)],
        "form": form,
        "files": found.rule_files(row),
        "crumbs": _crumbs(_unit_crumb(unit), rule_kinds()[kind].name),
        **history_context(request, found.rule_events(row), found.EVENT_ORDER),
    }
    return page(request, "mobilisation/staff/rule.html", context, form)


@require_safe
@never_cache
def rule_file(request: HttpRequest, code: str, kind: str, file_id: uuid.UUID) -> FileResponse:
    """A file of one of the versions, for whoever sees the unit's rules."""
    unit = found.rule_unit_get(directive_access(request), code)
    return attachment_response(found.rule_file_get(unit, kind, file_id))


def _record(form: RuleForm, access: Any, unit: Unit, kind: str) -> None:
    data = form.cleaned_data
    rule_record(
        access=access,
        unit=unit,
        kind=kind,
        version=data["version"],
        record=form.record(stored(data["upload"])),
    )


def _unit_crumb(unit: Unit) -> Crumb:
    return Crumb(unit.full_name, reverse("mobilisation_staff:rules_unit", args=[unit.code]))


def _crumbs(*rest: str | Crumb) -> list[Crumb]:
    return crumbs_to("rules", _("Rules on grassroots democracy"), *rest)
