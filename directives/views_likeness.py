"""Reports that read alike: the list, one group with its texts side by side, the answer to it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Access
from common.api import PAGE_SIZE
from common.errors import allow
from common.forms import done
from common.ui import Crumb, page_href
from communes.selectors import unit_by_code
from directives import selectors_likeness as found
from directives import services
from directives.enums import LikenessState
from directives.forms_overview import JustifyForm, LikenessFilterForm
from directives.models import ReportFingerprint, TextLikeness
from directives.periods import Period
from directives.policies import may_judge_likeness, may_see_likeness
from directives.selectors_overview import directives_asked
from directives.views_overview import overview_crumbs
from directives.views_register import page
from directives.views_staff import directive_access


def likeness_access(request: HttpRequest) -> Access:
    """The caller's access. Raises NotVisible, NotPermitted for people of a unit."""
    access = directive_access(request)
    allow(may_see_likeness(access))
    return access


@require_safe
@never_cache
def likenesses(request: HttpRequest) -> HttpResponse:
    """Groups of reports that read alike, the newest first."""
    access = likeness_access(request)
    query = request.GET.copy()
    query.setdefault("state", LikenessState.OPEN)
    form = LikenessFilterForm(query, directives=directives_asked(access))
    unit = unit_by_code(request.GET.get("unit", ""))
    chosen = form.chosen(unit.code if unit else "")
    rows, after, before = found.LIKENESS_ORDER.page(
        found.likenesses(access, chosen), request.GET.get("cursor", ""), PAGE_SIZE
    )
    names, places = found.units_named(rows), found.places_named(rows)
    context = {
        "form": form,
        "unit": unit,
        "is_filtered": bool(chosen.directive or chosen.unit or chosen.state != LikenessState.OPEN),
        "rows": [
            {"likeness": row, "names": names.get(row.pk, []), "places": places.get(row.pk)}
            for row in rows
        ],
        "everything_href": f"?{urlencode({'state': ''})}",
        "next_href": page_href(request, after),
        "previous_href": page_href(request, before),
        "crumbs": overview_crumbs(Crumb(_("Reports that read alike"))),
    }
    return render(request, "directives/staff/likenesses.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def likeness(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The texts side by side; why they read alike is said, or taken back."""
    access = likeness_access(request)
    row = found.likeness_get_for(access, public_id)
    form = JustifyForm(initial={"version": row.version})
    if request.method == "POST":
        allow(may_judge_likeness(access))
        form = JustifyForm(request.POST)
        if request.POST.get("do") == "reopen":
            form.fields["reason"].required = False
        if form.is_valid() and done(form, lambda: _act(access, request, row, form)):
            messages.success(request, _("What was said is kept."))
            return redirect("directives_staff:likeness", row.public_id)
        row = found.likeness_get_for(access, public_id)
    return page(request, "directives/staff/likeness.html", _context(access, row), form)


def _act(access: Access, request: HttpRequest, row: TextLikeness, form: JustifyForm) -> None:
    version = form.cleaned_data["version"]
    if request.POST.get("do") == "reopen":
        services.likeness_reopen(access=access, public_id=row.public_id, version=version)
        return
    reason = form.cleaned_data["reason"]
    services.likeness_justify(
        access=access, public_id=row.public_id, version=version, reason=reason
    )


def _context(access: Access, row: TextLikeness) -> dict[str, Any]:
    members = found.members_of(row)
    return {
        "likeness": row,
        "members": [_member(member, members[0], row) for member in members],
        "more": max(0, row.reports - len(members)),  # type: ignore[attr-defined]
        "places": found.places_named([row]).get(row.pk),
        "may_judge": may_judge_likeness(access) is None,
        "crumbs": overview_crumbs(
            Crumb(_("Reports that read alike"), reverse("directives_staff:likenesses")),
            Crumb(row.task.title),
        ),
    }


def _member(
    member: ReportFingerprint, first: ReportFingerprint, row: TextLikeness
) -> dict[str, Any]:
    report = member.report
    period = report.period
    return {
        "report": report,
        "unit": report.assignment.unit,
        "task": member.task if member.task_id != row.task_id else None,
        "period": Period(period.starts_on, period.ends_on).words if period else "",
        "is_same": member.digest == first.digest,
        "is_later": row.decided_at is not None and report.at > row.decided_at,
        "href": reverse("directives_staff:assignment", args=[report.assignment.public_id]),
    }
