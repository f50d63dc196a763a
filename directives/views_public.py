"""What anybody may know of the city's directives."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.time import today
from common.ui import Crumb
from directives import selectors
from directives.models import Directive
from directives.presenters_register import state_shown


@login_not_required
@require_safe
def public_list(request: HttpRequest) -> HttpResponse:
    """Published directives, newest first, with the share of units that have a plan."""
    directives = list(Directive.objects.published())
    shares = selectors.plan_shares(directives)
    rows = [
        {"directive": directive, "share": share, "standing": state_shown(directive, today())}
        for directive, share in zip(directives, shares, strict=True)
    ]
    return render(request, "directives/public_list.html", {"rows": rows})


@login_not_required
@require_safe
def public_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Number, date, subject, relations, groups of tasks, share of units with a plan."""
    directive = selectors.directive_get_public(slug)
    crumbs = [Crumb(_("Home"), "/"), Crumb(_("Directives"), reverse("directives:public_list"))]
    context = {
        "directive": directive,
        "standing": state_shown(directive, today()),
        "share": selectors.plan_shares([directive])[0],
        "groups": selectors.groups_public(directive),
        "relations": selectors.relations_public(directive),
        "crumbs": [*crumbs, Crumb(directive.number)],
    }
    return render(request, "directives/public_detail.html", context)
