"""Reception days for those who plan, register and receive."""

import datetime as dt
import secrets
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Access, access_of
from accounts.roles import Permission
from common.codes import secret_from_salt
from common.errors import Conflict, DomainError, NotPermitted, NotVisible, Stale, Text
from common.idempotency import once
from common.time import today
from communes.models import Unit
from communes.selectors import unit_by_code, unit_search
from receptions import policies, present, selectors
from receptions.forms import (
    CancelForm,
    PlanForm,
    PostponeForm,
    ReasonForm,
    RecordForm,
    RegistrationForm,
)
from receptions.models import ReceptionSession, Registration, VisitRecord
from receptions.services.registrations import registration_create_for
from receptions.services.sessions import (
    SessionPlan,
    session_cancel,
    session_hold,
    session_plan,
    session_postpone,
    session_publish,
)
from receptions.services.visits import Visit, session_record
from receptions.staff import case_href, session_context

CODE_MAX = 12


def reception_access(request: HttpRequest) -> Access:
    """The caller's access; people without any sight of receptions do not see these pages."""
    access = access_of(request.user)
    if not access.has(Permission.RECEPTION_VIEW):
        raise NotVisible
    return access


@require_safe
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """A unit's month against its quota; for the city, the quota of every unit."""
    access = reception_access(request)
    month = present.month_of(request.GET.get("month")) or today().replace(day=1)
    unit = _unit_asked(request, access)
    query = {"unit": unit.code} if unit else {}
    context: dict[str, Any] = {
        "unit": unit,
        "month": month,
        "units": selectors.units_viewed(access).order_by("name", "code"),
        "sees_city": Permission.RECEPTION_VIEW in access.city,
        "lines": selectors.quota_month(access, month, unit=unit),
        **present.month_links(month, query),
    }
    if unit is not None:
        sessions = list(selectors.session_month_for(access, unit, month))
        context |= {
            "sessions": sessions,
            "tasks": selectors.tasks_of_unit(access, unit),
            "tones": present.STATUS_TONES,
            "grid": present.grid(month, present.entries_by_day(sessions, present.staff_entry)),
            "may_plan": policies.can_plan_sessions(access, unit.pk) is None,
        }
    return render(request, "receptions/staff/desk.html", context)


def _unit_asked(request: HttpRequest, access: Access) -> Unit | None:
    """The unit of the address, else the person's own; None shows the city's board."""
    code = request.GET.get("unit", "")[:CODE_MAX]
    if code:
        unit = unit_by_code(code)
        if unit is None or not policies.can_view_unit(access, unit.pk):
            raise NotVisible
        return unit
    own = access.units(Permission.RECEPTION_PLAN) | access.units(Permission.RECEPTION_REGISTER)
    if not own and Permission.RECEPTION_VIEW in access.city:
        return None
    seen = own or access.units(Permission.RECEPTION_VIEW)
    return Unit.objects.filter(pk__in=seen).order_by("code").first()


@require_http_methods(["GET", "POST"])
@never_cache
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a session of the unit as a draft."""
    access = reception_access(request)
    unit = _planning_unit(request, access)
    form = PlanForm(
        request.POST or None,
        duties=selectors.duties_of_unit(unit.pk),
        people=list(selectors.people_of_unit(unit.pk)),
        unit=unit,
        by=request.user.get_username(),
    )
    if request.method == "POST" and form.is_valid():
        made: list[ReceptionSession] = []
        if _done(form, lambda: made.append(_plan(access, unit, form))):
            messages.success(request, _("The session is planned. Publish it in time."))
            return redirect("receptions_staff:session", made[0].public_id)
    context = {"form": form, "unit": unit}
    return render(request, "receptions/staff/plan.html", context)


def _planning_unit(request: HttpRequest, access: Access) -> Unit:
    units = Unit.objects.filter(pk__in=access.units(Permission.RECEPTION_PLAN)).order_by("code")
    code = request.GET.get("unit", "")[:CODE_MAX]
    unit = (units.filter(code=code) if code else units).first()
    if unit is None:
        raise NotPermitted(_("Your position does not include planning receptions of this unit."))
    return unit


def _plan(access: Access, unit: Unit, form: PlanForm) -> ReceptionSession:
    data = form.cleaned_data
    leader, duty = form.duties[data["duty"]]
    stand_in = form.people.get(data["delegate"])
    starts_at, ends_at = form.moments()
    wanted = SessionPlan(
        leader=stand_in or leader,
        duty_holder=duty,
        kind=data["kind"],
        starts_at=starts_at,
        ends_at=ends_at,
        place=data["place"],
        capacity=data["capacity"],
        planned_content=data["planned_content"],
        is_delegated=stand_in is not None and stand_in != leader,
    )
    return session_plan(access=access, unit=unit, plan=wanted)


@require_safe
@never_cache
def session(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Who comes, about what, and the steps that are possible now."""
    access = reception_access(request)
    return _page(request, access, selectors.session_get_for(access, public_id))


@require_POST
@never_cache
def publish(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="publish_%s")
    return _step(request, public_id, "publish_form", form, session_publish)


@require_POST
@never_cache
def cancel(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    form = CancelForm(request.POST, auto_id="cancel_%s")
    return _step(request, public_id, "cancel_form", form, session_cancel)


@require_POST
@never_cache
def hold(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="hold_%s")
    may = policies.can_hold_sessions
    return _step(request, public_id, "hold_form", form, session_hold, may=may, with_reason=False)


@require_POST
@never_cache
def postpone(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    form = PostponeForm(request.POST, auto_id="postpone_%s")

    def moved(**values: Any) -> ReceptionSession:
        starts_at, ends_at = form.moments()
        return session_postpone(starts_at=starts_at, ends_at=ends_at, **values)

    return _step(request, public_id, "postpone_form", form, moved)


def _step(
    request: HttpRequest,
    public_id: uuid.UUID,
    name: str,
    form: Any,
    service: Callable[..., ReceptionSession],
    *,
    may: Callable[[Access, int], Text | None] = policies.can_plan_sessions,
    with_reason: bool = True,
) -> HttpResponse:
    """Do one step of a session, or show its page again with the form as it was typed."""
    access = reception_access(request)
    found = selectors.session_get_for(access, public_id)
    refusal = may(access, found.unit_id)
    if refusal is not None:
        raise NotPermitted(refusal)
    if form.is_valid():
        values = {"access": access, "public_id": public_id, "version": form.cleaned_data["version"]}
        if with_reason:
            values["reason"] = form.cleaned_data["reason"]
        if _done(form, lambda: service(**values)):
            messages.success(request, _("Done."))
            return redirect("receptions_staff:session", public_id)
    return _page(request, access, found, **{name: form})


def _page(
    request: HttpRequest, access: Access, found: ReceptionSession, **bound: Any
) -> HttpResponse:
    context = session_context(access, found) | bound
    status = 422 if bound else 200
    return render(request, "receptions/staff/session.html", context, status=status)


def _done(form: Any, act: Callable[[], Any]) -> bool:
    """Whether the service did it; what it said otherwise stands in the form."""
    try:
        act()
    except (NotVisible, NotPermitted):
        raise
    except Stale as error:
        form.add_error(None, str(error.message))
        form.data = form.data.copy()
        form.data["version"] = error.extra["version"]
    except DomainError as error:
        if not error.fields:
            form.add_error(None, str(error.message))
        for name, texts in error.fields.items():
            shown = getattr(form, "service_field", _own_field(form))(name)
            for text in texts:
                form.add_error(shown, str(text))
    else:
        return True
    return False


def _own_field(form: Any) -> Callable[[str], str | None]:
    return lambda name: name if name in form.fields else None


@require_http_methods(["GET", "POST"])
@never_cache
def register(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Register somebody at the counter; the slip with the secret is printed once."""
    access = reception_access(request)
    found = selectors.session_get_for(access, public_id)
    refusal = policies.can_register_visitors(access, found.unit_id)
    if refusal is not None:
        raise NotPermitted(refusal)
    form = RegistrationForm(request.POST or None)
    key = request.POST.get("key", "")[:64] or secrets.token_hex(16)
    if request.method == "POST" and form.is_valid():
        answer = _try_register(access, found, form, key)
        if answer is not None:
            context = answer | {"session": found}
            return render(request, "receptions/staff/registered.html", context, status=201)
    context = {"form": form, "session": found, "key": key}
    return render(request, "receptions/staff/register.html", context)


def _try_register(
    access: Access, found: ReceptionSession, form: RegistrationForm, key: str
) -> dict[str, Any] | None:
    def work(salt: bytes) -> dict[str, Any]:
        return registration_create_for(
            access=access, session_id=found.public_id, salt=salt, **form.inputs()
        ).answer

    try:
        body = [str(found.public_id), form.cleaned_data]
        answer, salt = once(f"registration:{access.user_id}", key, body, work)
    except NotVisible:
        form.add_error("petition_code", _("There is no petition with this code and secret."))
    except Conflict as error:
        form.add_error(None, str(error.message))
    else:
        return {"answer": answer, "secret": secret_from_salt(salt)}
    return None


@require_http_methods(["GET", "POST"])
@never_cache
def record(request: HttpRequest, public_id: uuid.UUID, code: str) -> HttpResponse:
    """What came of one visit."""
    access = reception_access(request)
    found = selectors.session_get_for(access, public_id)
    refusal = policies.can_record_visits(access, found.unit_id)
    if refusal is not None:
        raise NotPermitted(refusal)
    visitor = selectors.visitor_get(access, found, code)
    units = [(unit.code, unit.full_name) for unit in unit_search() if unit.kind != "city"]
    form = RecordForm(
        request.POST or None, units=units, initial=_recorded(visitor.registration, found)
    )
    typed = request.method == "POST" and form.is_valid()
    if typed and _done(form, lambda: _record(access, found, code, form)):
        messages.success(request, _("The visit is recorded."))
        return redirect("receptions_staff:session", public_id)
    context = {
        "form": form,
        "session": found,
        "visitor": visitor,
        "case_href": case_href(visitor.case_code),
    }
    return render(request, "receptions/staff/record.html", context)


def _recorded(registration: Registration, found: ReceptionSession) -> dict[str, Any]:
    """What is recorded already, for correction."""
    visit: VisitRecord | None = getattr(registration, "visit", None)
    if visit is None:
        return {"responsible_unit": found.unit.code} if found.unit.is_commune_level else {}
    names = ("said", "outcome", "conclusion", "responsible_person", "due_on")
    values: dict[str, Any] = {name: getattr(visit, name) for name in names}
    unit = visit.responsible_unit
    return values | {"responsible_unit": unit.code if unit else ""}


def _record(access: Access, found: ReceptionSession, code: str, form: RecordForm) -> Registration:
    data = form.cleaned_data
    visit = None
    if data["attendance"] == RecordForm.RECEIVED:
        visit = _visit(data)
    return session_record(access=access, session_id=found.public_id, code=code, visit=visit)


def _visit(data: dict[str, Any]) -> Visit:
    due_on: dt.date | None = data["due_on"]
    return Visit(
        said=data["said"],
        outcome=data["outcome"],
        conclusion=data["conclusion"],
        responsible_unit=unit_by_code(data["responsible_unit"]),
        responsible_person=data["responsible_person"],
        due_on=due_on,
    )
