"""The month of a unit or of a leader, and the cases that ask for an ad hoc reception."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import Access
from accounts.models import User
from common.errors import NotVisible
from common.time import today
from communes.models import Unit
from receptions import policies, present, selectors, selectors_plan
from receptions.quotas import LEADS_CITY
from receptions.selectors_quota import quota_month
from receptions.staff_plan import ad_hoc_all
from receptions.views_plan import planning_unit
from receptions.views_staff import unit_asked
from receptions.views_steps import reception_access

USERNAME_MAX = 150


@require_safe
@never_cache
def month(request: HttpRequest) -> HttpResponse:
    """Sessions of a month, of a unit or of one leader wherever the reader may see them, with the
    days that are owed."""
    access = reception_access(request)
    first = present.month_of(request.GET.get("month")) or today().replace(day=1)
    unit = unit_asked(request, access) or selectors.units_viewed(access).order_by("code").first()
    if unit is None:
        raise NotVisible
    leaders = selectors_plan.leaders_of_month(access, unit, first)
    leader = _leader_asked(request, leaders)
    sessions = list(_sessions(access, unit, leader, first))
    query = {"unit": unit.code} | ({"leader": leader.username} if leader else {})
    context: dict[str, Any] = {
        "unit": unit,
        "units": selectors.units_viewed(access).order_by("name", "code"),
        "leaders": leaders,
        "leader": leader,
        "month": first,
        "sessions": sessions,
        "lines": [
            line
            for line in quota_month(access, first, unit=unit)
            if leader is None or any(holder.person == leader for holder in line.holders)
        ],
        "grid": present.grid(first, present.entries_by_day(sessions, present.staff_entry)),
        "may_plan": policies.can_plan_sessions(access, unit.pk) is None,
        **present.month_links(first, query),
    }
    return render(request, "receptions/staff/month.html", context)


def _leader_asked(request: HttpRequest, leaders: list[User]) -> User | None:
    """One of the leaders of this unit and month; None shows the whole unit."""
    name = request.GET.get("leader", "")[:USERNAME_MAX]
    return next((leader for leader in leaders if name and leader.username == name), None)


def _sessions(access: Access, unit: Unit, leader: User | None, first: Any) -> Any:
    if leader is None:
        return selectors.session_month_for(access, unit, first)
    return selectors_plan.leader_month_for(access, leader, first)


@require_safe
@never_cache
def ad_hoc(request: HttpRequest) -> HttpResponse:
    """Live cases of the unit that ask for an ad hoc reception, each with why."""
    access = reception_access(request)
    unit = planning_unit(request, access)
    context = {
        "unit": unit,
        "ad_hoc": ad_hoc_all(access, unit),
        "whole_city": unit.code in LEADS_CITY,
    }
    return render(request, "receptions/staff/ad_hoc.html", context)
