"""Rules on grassroots democracy: the table over the City, a unit, one kind, files."""

import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from attachments.views import attachment_response
from common.api import PAGE_SIZE
from common.errors import allow
from common.forms import done
from common.sheets import CSV_TYPE, XLSX_TYPE, Sheet, csv_bytes, xlsx_bytes
from common.time import today
from common.ui import Crumb, page_href
from communes.models import Unit
from directives.views_register import page
from directives.views_staff import directive_access
from mobilisation import selectors_rules as found
from mobilisation.enums import RuleState
from mobilisation.forms import RuleFilterForm, RuleForm
from mobilisation.lists import rule_kinds
from mobilisation.models import DemocracyRule
from mobilisation.policies import may_keep
from mobilisation.presenters import RULE_TONES, rule_line, share_lines
from mobilisation.selectors import communes_seen, sees_city
from mobilisation.selectors_rules import RuleFilter
from mobilisation.services import rule_record
from mobilisation.views_hub import crumbs_to, history_context, stored

WRITERS = {"csv": (csv_bytes, CSV_TYPE), "xlsx": (xlsx_bytes, XLSX_TYPE)}


@require_safe
@never_cache
def rules(request: HttpRequest) -> HttpResponse:
    """Units × kinds with the share of each kind; a person of one unit goes straight to it."""
    access = directive_access(request)
    if not sees_city(access):
        own = communes_seen(access)
        if len(own) == 1:
            return redirect("mobilisation_staff:rules_unit", own[0].code)
    form = RuleFilterForm(request.GET)
    chosen = RuleFilter(**form.search())
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
        "query": urlencode({name: value for name, value in vars(chosen).items() if value}),
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
        "crumbs": _crumbs(),
    }
    return render(request, "mobilisation/staff/rules.html", context)


@require_safe
@never_cache
def rules_export(request: HttpRequest) -> HttpResponse:
    """What the filters show as CSV or XLSX, a row a unit and kind."""
    access = directive_access(request)
    form = request.GET.get("dang", "")
    form = form if form in WRITERS else "csv"
    chosen = RuleFilter(**RuleFilterForm(request.GET).search())
    write, content_type = WRITERS[form]
    head = [
        _("Unit code"),
        _("Unit"),
        _("Kind of rules"),
        _("State"),
        _("Number and symbol"),
        _("Date of the rules"),
        _("Approved by"),
        _("Next review on"),
    ]
    rows = [list(_export_row(*row)) for row in found.rule_rows(access, chosen)]
    content = write(Sheet(_("Rules on grassroots democracy"), head, rows))
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="quy-che-dan-chu-{today()}.{form}"'
    return answer


def _export_row(unit: Unit, kind: str, row: DemocracyRule) -> Iterator[str]:
    yield from (unit.code, unit.full_name, rule_kinds()[kind].name)
    yield capfirst(str(row.get_state_display()))
    yield row.number
    yield f"{row.issued_on:%d/%m/%Y}" if row.issued_on else ""
    yield row.approved_by
    yield f"{row.review_on:%d/%m/%Y}" if row.review_on else ""


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
