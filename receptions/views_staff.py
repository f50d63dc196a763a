"""Reception days for those who plan, register and receive."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import Access
from accounts.roles import Permission
from common.errors import NotVisible
from common.time import today
from communes.models import Unit
from communes.selectors import unit_by_code
from receptions import policies, present, selectors
from receptions.selectors_conclusions import does_tasks, tasks_open
from receptions.selectors_oversight import urgings_of
from receptions.selectors_quota import quota_month
from receptions.staff_plan import plan_desk
from receptions.views_steps import reception_access, session_page

CODE_MAX = 12
ALL_UNITS = "*"
TASKS_SHOWN = 50


@require_safe
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """A unit's month against its quota; for the city, the quota of every unit."""
    access = reception_access(request)
    month = present.month_of(request.GET.get("month")) or today().replace(day=1)
    unit = unit_asked(request, access)
    query = {"unit": unit.code if unit else ALL_UNITS}
    lines = quota_month(access, month, unit=unit)
    context: dict[str, Any] = {
        "unit": unit,
        "month": month,
        "units": selectors.units_viewed(access).order_by("name", "code"),
        "sees_city": Permission.RECEPTION_VIEW in access.city,
        "lines": lines,
        "lacking": sum(1 for line in lines if line.tally.missing),
        "may_oversee": policies.can_oversee(access),
        "does_tasks": does_tasks(access),
        **present.month_links(month, query),
    }
    if unit is not None:
        sessions = list(selectors.session_month_for(access, unit, month))
        context |= {
            "sessions": sessions,
            "tasks": tasks_open(access, unit, TASKS_SHOWN),
            # What the unit itself does: its people are looking at it.
            "on_paper": (),
            "urgings": urgings_of(unit, month, month),
            "today": today(),
            "grid": present.grid(month, present.entries_by_day(sessions, present.staff_entry)),
            "may_plan": policies.can_plan_sessions(access, unit.pk) is None,
            "sees_register": policies.can_see_visitors(access, unit.pk),
        }
    context |= plan_desk(access, unit)
    return render(request, "receptions/staff/desk.html", context)


def unit_asked(request: HttpRequest, access: Access) -> Unit | None:
    """The unit of the address, else the person's own; None, asked for with ``*`` by whoever sees
    all units, shows the city's board."""
    code = request.GET.get("unit", "")[:CODE_MAX]
    if code == ALL_UNITS and Permission.RECEPTION_VIEW in access.city:
        return None
    if code:
        unit = unit_by_code(code)
        if unit is None or not policies.can_view_unit(access, unit.pk):
            raise NotVisible
        return unit
    own = access.units(Permission.RECEPTION_PLAN) | access.units(Permission.RECEPTION_REGISTER)
    if not own and Permission.RECEPTION_VIEW in access.city:
        return None
    seen = own or access.units(Permission.RECEPTION_VIEW)
    return Unit.objects.filter(pk__in=seen - access.past).order_by("code").first()


@require_safe
@never_cache
def session(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Who comes, about what, and the steps that are possible now."""
    access = reception_access(request)
    return session_page(request, access, selectors.session_get_for(access, public_id))
