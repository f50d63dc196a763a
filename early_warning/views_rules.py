"""The rules with their thresholds and how often they were right; changing and trying them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Access
from common.errors import allow
from common.forms import done
from common.time import today
from common.ui import Crumb
from communes.selectors import unit_by_id
from early_warning import presenters as shown
from early_warning import selectors
from early_warning.forms import RuleForm
from early_warning.models import WarningRule
from early_warning.policies import may_change_rules, sees_signals
from early_warning.services import Trial, rule_change, rule_get, rule_try
from early_warning.services.rules import TRIED_DAYS
from early_warning.services.unowned import waits_of
from early_warning.views_access import rule_access
from petitions.models import SubjectField

UNITS_SHOWN = 10


@require_safe
@never_cache
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule, in the order of kinds, with its precision by quarter."""
    access = rule_access(request)
    quarters, judged = selectors.quarters_until(today()), selectors.scores(today())
    names = dict(SubjectField.objects.values_list("code", "label_vi"))
    context = {
        "rows": [shown.rule_line(rule, quarters, judged, names) for rule in selectors.rules_all()],
        "quarters": [quarter.words for quarter in quarters],
        "may_change": may_change_rules(access) is None,
        "crumbs": _crumbs(access, Crumb(_("Rules"))),
    }
    return render(request, "early_warning/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """One rule: what holds, what held before; for whoever may, a trial and a change."""
    access = rule_access(request)
    row = rule_get(code)
    if request.method != "POST":
        return _page(request, access, row, _form(row))
    allow(may_change_rules(access))
    form = _form(row, request.POST)
    if not form.is_valid():
        return _page(request, access, row, form, status=422)
    if request.POST.get("do") == "try":
        return _tried(request, access, row, form)
    return _kept(request, access, row, form)


def _tried(request: HttpRequest, access: Access, row: WarningRule, form: RuleForm) -> HttpResponse:
    found: list[Trial] = []
    if not done(
        form, lambda: found.append(rule_try(access=access, code=row.code, given=form.given))
    ):
        return _page(request, access, row, form, status=422)
    return _page(request, access, row, form, trial=found[0])


def _kept(request: HttpRequest, access: Access, row: WarningRule, form: RuleForm) -> HttpResponse:
    data = form.cleaned_data
    if not done(
        form,
        lambda: rule_change(
            access=access,
            code=row.code,
            version=data["version"],
            given=form.given,
            reason=data["reason"],
        ),
    ):
        return _page(request, access, row, form, status=422)
    messages.success(request, _("The thresholds were changed; the next run goes by them."))
    return redirect("early_warning_staff:rule", row.code)


def _form(row: WarningRule, data: Any = None) -> RuleForm:
    fields = [(field.code, field.label_vi) for field in SubjectField.objects.all()]
    return RuleForm(row, data, fields=fields)


def _page(
    request: HttpRequest,
    access: Access,
    row: WarningRule,
    form: RuleForm,
    *,
    trial: Trial | None = None,
    status: int = 200,
) -> HttpResponse:
    quarters = selectors.quarters_until(today())
    judged = selectors.scores(today())
    names = dict(SubjectField.objects.values_list("code", "label_vi"))
    why_not = may_change_rules(access)
    context = {
        "rule": row,
        "line": shown.rule_line(row, quarters, judged, names),
        "form": form,
        "may_change": why_not is None,
        "why_not": why_not,
        "waits": waits_of().get(row.code),
        "trial": trial,
        "tried_days": TRIED_DAYS,
        "trial_units": _trial_units(trial),
        "history": shown.history(selectors.rule_events(row)),
        "crumbs": _crumbs(
            access, Crumb(_("Rules"), reverse("early_warning_staff:rules")), Crumb(row.title)
        ),
    }
    return render(request, "early_warning/rule.html", context, status=status)


def _crumbs(access: Access, *more: Crumb) -> list[Crumb]:
    """Whoever keeps the rules alone does not come in by the list of signals."""
    return shown.crumbs(*more) if sees_signals(access) else list(more)


def _trial_units(trial: Trial | None) -> list[dict[str, Any]]:
    if trial is None:
        return []
    found = [(unit_by_id(pk), count) for pk, count in trial.units[:UNITS_SHOWN]]
    return [{"name": unit.full_name, "count": count} for unit, count in found if unit]
