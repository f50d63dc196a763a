"""Planning pages: sessions, their publication and changes, the month, calls."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Access
from accounts.roles import Permission
from common.errors import DomainError, NotPermitted, Stale
from common.forms import done
from common.time import local_date
from communes.models import Unit
from communes.selectors import unit_by_code
from receptions import policies, selectors, selectors_plan
from receptions.enums import SessionStatus
from receptions.forms import CancelForm, PostponeForm, ReasonForm, VersionForm
from receptions.forms_plan import (
    ChangeForm,
    HoldForm,
    MissForm,
    MissUndoForm,
    PlanForm,
    PublishForm,
    ReceiverForm,
    StandInForm,
    SuccessorForm,
    VisitorsMoveForm,
    plan_initial,
)
from receptions.models import ReceptionSession
from receptions.services.changes import SessionChange, session_change
from receptions.services.handovers import session_hand_over, session_to_successor
from receptions.services.holding import session_hold
from receptions.services.misses import session_miss, session_miss_undo, visitors_move
from receptions.services.sessions import (
    session_cancel,
    session_plan,
    session_postpone,
    session_publish,
    session_replan,
    session_unpublish,
    sessions_publish,
)
from receptions.services.stand_ins import session_receiver_correct, session_stand_in
from receptions.services.tellings import visitor_told
from receptions.staff_plan import ad_hoc_initial, draft_lines
from receptions.views_steps import form_status, reception_access, session_page, session_step


def planning_unit(request: HttpRequest, access: Access) -> Unit:
    """The unit of the address in which the person may plan, else the first one.

    Raises NotPermitted.
    """
    own = access.standing(Permission.RECEPTION_PLAN)
    code = request.GET.get("unit", "")
    unit = unit_by_code(code) if code else Unit.objects.filter(pk__in=own).order_by("code").first()
    if unit is None or unit.pk not in own:
        raise NotPermitted(_("Your position does not include planning receptions of this unit."))
    return unit


@require_http_methods(["GET", "POST"])
@never_cache
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a session of the unit as a draft; the address may bring a day, or a live case that
    asks for an ad hoc reception."""
    access = reception_access(request)
    unit = planning_unit(request, access)
    form = _plan_form(request, unit, ad_hoc_initial(request.GET))
    if request.method == "POST" and form.is_valid():
        made: list[ReceptionSession] = []
        if done(form, lambda: made.append(_plan(access, unit, form))):
            messages.success(request, _("The session is planned. Publish it in time."))
            return redirect("receptions_staff:session", made[0].public_id)
    context = {"form": form, "unit": unit, "session": None}
    return render(request, "receptions/staff/plan.html", context, status=form_status(form))


def _plan(access: Access, unit: Unit, form: PlanForm) -> ReceptionSession:
    return session_plan(access=access, unit=unit, plan=form.plan())


def _plan_form(request: HttpRequest, unit: Unit, initial: dict[str, Any]) -> PlanForm:
    return PlanForm(
        request.POST or None,
        duties=selectors_plan.duties_plannable(unit.pk),
        people=list(selectors.people_of_unit(unit.pk)),
        unit=unit,
        by=request.user.get_username(),
        initial=initial,
    )


@require_http_methods(["GET", "POST"])
@never_cache
def change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change a draft in every respect, a published session with a reason."""
    access = reception_access(request)
    found = selectors.session_get_for(access, public_id)
    refusal = policies.can_plan_sessions(access, found.unit_id)
    if refusal is not None:
        raise NotPermitted(refusal)
    is_draft = found.status == SessionStatus.DRAFT
    form = _draft_form(request, found) if is_draft else _change_form(request, found)
    if request.method == "POST" and form.is_valid():
        act = _replan if is_draft else _change
        if done(form, lambda: act(access, found, form)):
            messages.success(request, _("Done."))
            return redirect("receptions_staff:session", public_id)
    context = {"form": form, "unit": found.unit, "session": found}
    template = "receptions/staff/plan.html" if is_draft else "receptions/staff/change.html"
    return render(request, template, context, status=form_status(form))


def _draft_form(request: HttpRequest, found: ReceptionSession) -> PlanForm:
    duties = selectors_plan.duties_plannable(found.unit_id)
    return _plan_form(request, found.unit, plan_initial(found, duties))


def _change_form(request: HttpRequest, found: ReceptionSession) -> ChangeForm:
    names = [name for name in ChangeForm.base_fields if name != "reason"]
    initial = {name: getattr(found, name) for name in names}
    return ChangeForm(request.POST or None, session=found, initial=initial)


def _replan(access: Access, found: ReceptionSession, form: Any) -> None:
    version = form.cleaned_data["version"] or found.version
    session_replan(access=access, public_id=found.public_id, version=version, plan=form.plan())


def _change(access: Access, found: ReceptionSession, form: Any) -> None:
    data = dict(form.cleaned_data)
    version, reason = data.pop("version"), data.pop("reason")
    wanted = SessionChange(**data)
    session_change(
        access=access, public_id=found.public_id, version=version, change=wanted, reason=reason
    )


@require_http_methods(["GET", "POST"])
@never_cache
def publish_many(request: HttpRequest) -> HttpResponse:
    """All coming drafts of the unit; those that are ticked are published in one step."""
    access = reception_access(request)
    unit = planning_unit(request, access)
    form = PublishForm(request.POST or None)
    status = 200
    if request.method == "POST":
        wanted = _ticked(request)
        found: list[ReceptionSession] = []
        if form.is_valid() and done(
            form, lambda: found.extend(_publish(access, wanted, form.cleaned_data["reason"]))
        ):
            count = len(found)
            words = ngettext("%(n)s session is published.", "%(n)s sessions are published.", count)
            messages.success(request, words % {"n": count})
            return redirect(f"{request.path}?unit={unit.code}")
        status = 422
    lines = draft_lines(
        selectors_plan.drafts_of(access, unit), set(request.POST.getlist("session"))
    )
    context = {"form": form, "unit": unit, "lines": lines}
    return render(request, "receptions/staff/publish_many.html", context, status=status)


def _publish(
    access: Access, wanted: list[tuple[uuid.UUID, int]], reason: str
) -> list[ReceptionSession]:
    return sessions_publish(access=access, wanted=wanted, reason=reason)


def _ticked(request: HttpRequest) -> list[tuple[uuid.UUID, int]]:
    """Ticked drafts as ``key:version``; what is neither is left out."""
    pairs = []
    for text in request.POST.getlist("session"):
        key, _colon, version = text.partition(":")
        try:
            pairs.append((uuid.UUID(key), int(version[:9])))
        except ValueError:
            continue
    return pairs


@require_POST
@never_cache
def publish(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="publish_%s")
    return session_step(request, public_id, "publish_form", form, session_publish)


@require_POST
@never_cache
def unpublish(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    form = VersionForm(request.POST, auto_id="unpublish_%s")
    return session_step(request, public_id, "unpublish_form", form, session_unpublish)


@require_POST
@never_cache
def cancel(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    form = CancelForm(request.POST, auto_id="cancel_%s")
    return session_step(request, public_id, "cancel_form", form, session_cancel)


@require_POST
@never_cache
def hold(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say that the session was held, and who received."""
    access = reception_access(request)
    found = selectors.session_get_for(access, public_id)
    people = selectors_plan.receivers_of(found)
    form = HoldForm(request.POST, people=people, auto_id="hold_%s")
    return session_step(
        request, public_id, "hold_form", form, session_hold, may=policies.can_hold_sessions
    )


@require_POST
@never_cache
def miss(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    form = MissForm(request.POST, auto_id="miss_%s")
    return session_step(
        request, public_id, "miss_form", form, session_miss, may=policies.can_hold_sessions
    )


@require_POST
@never_cache
def miss_undo(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    form = MissUndoForm(request.POST, auto_id="miss_undo_%s")
    return session_step(
        request,
        public_id,
        "miss_undo_form",
        form,
        session_miss_undo,
        may=policies.can_hold_sessions,
    )


@require_POST
@never_cache
def postpone(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Move a session; the message says what happened to visitors' times."""
    form = PostponeForm(request.POST, auto_id="postpone_%s")
    return session_step(
        request, public_id, "postpone_form", form, session_postpone, said=_moved_words
    )


def _moved_words(session: ReceptionSession) -> str:
    event = selectors.session_events(session)[-1]
    words = _("The session is moved; everybody registered keeps the number.")
    moved, lost = event.data.get("slots_moved", 0), event.data.get("slots_lost", 0)
    if moved:
        words += " " + _("%(n)s visitors' times moved by as much.") % {"n": moved}
    if lost:
        text = _("%(n)s visitors have no time any more: they come at the beginning.")
        words += " " + text % {"n": lost}
    return words


@require_POST
@never_cache
def visitors_on(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Move those registered for a missed or called-off session to another one."""
    access = reception_access(request)
    found = selectors.session_get_for(access, public_id)
    sessions = selectors_plan.sessions_open(found)
    form = VisitorsMoveForm(request.POST, sessions=sessions, auto_id="move_%s")
    return session_step(
        request,
        public_id,
        "move_form",
        form,
        visitors_move,
        may=policies.can_register_visitors,
        said=lambda rows: _visitors_words(found, rows),
    )


def _visitors_words(source: ReceptionSession, rows: list[Any]) -> str:
    count = len(rows)
    words = ngettext(
        "%(n)s registration is moved; it has to be told.",
        "%(n)s registrations are moved; they have to be told.",
        count,
    )
    words %= {"n": count}
    stayed = len(selectors.session_events(source)[-1].data.get("there_already", ()))
    if stayed:
        text = ngettext(
            "%(n)s visitor stands in that session already: that registration stays, the one of"
            " this session ends.",
            "%(n)s visitors stand in that session already: those registrations stay, the ones of"
            " this session end.",
            stayed,
        )
        words += " " + text % {"n": stayed}
    return words


@require_POST
@never_cache
def stand_in(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Name who receives a published session instead of its leader."""
    found = selectors.session_get_for(reception_access(request), public_id)
    people = selectors_plan.receivers_of(found)
    form = StandInForm(request.POST, session=found, people=people, auto_id="stand_in_%s")
    return session_step(request, public_id, "stand_in_form", form, session_stand_in)


@require_POST
@never_cache
def receiver(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Put right who received a session that was held."""
    found = selectors.session_get_for(reception_access(request), public_id)
    people = selectors_plan.receivers_of(found)
    form = ReceiverForm(request.POST, session=found, people=people, auto_id="stand_in_%s")
    return session_step(
        request,
        public_id,
        "receiver_form",
        form,
        session_receiver_correct,
        may=policies.can_hold_sessions,
    )


@require_POST
@never_cache
def hand_over(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    form = VersionForm(request.POST, auto_id="hand_over_%s")
    return session_step(request, public_id, "hand_over_form", form, session_hand_over)


@require_POST
@never_cache
def to_successor(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Move a session of a merged unit; whoever did it may not see the new unit's page."""
    access = reception_access(request)
    found = selectors.session_get_for(access, public_id)
    refusal = policies.can_rescue_sessions(access, found.unit_id)
    if refusal is not None:
        raise NotPermitted(refusal)
    units = selectors_plan.units_standing(local_date(found.starts_at))
    form = SuccessorForm(request.POST, units=units, auto_id="successor_%s")
    if form.is_valid() and done(form, lambda: _to_successor(access, public_id, form)):
        messages.success(request, _("Done."))
        return redirect("receptions_staff:desk")
    return session_page(request, access, found, successor_form=form)


def _to_successor(access: Access, public_id: uuid.UUID, form: SuccessorForm) -> None:
    values = form.values()
    unit = unit_by_code(values.pop("unit"))
    if unit is None:
        raise DomainError(_("There is no unit with this code."))
    session_to_successor(access=access, public_id=public_id, unit=unit, **values)


@require_safe
@never_cache
def calls(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Whom to call about a change, with name and telephone, to be ticked off."""
    access = reception_access(request)
    return _calls_page(request, access, selectors.session_get_for(access, public_id))


@require_POST
@never_cache
def called(request: HttpRequest, public_id: uuid.UUID, code: str) -> HttpResponse:
    """Tick one visitor off; a colleague may have been faster, or the day may have moved again."""
    access = reception_access(request)
    selectors.session_get_for(access, public_id)
    try:
        visitor_told(access=access, session_id=public_id, code=code, since=_since(request))
    except DomainError as error:
        if error.code not in ("wrong_state", Stale.code):
            raise
        messages.warning(request, str(error.message))
    return redirect("receptions_staff:calls", public_id)


def _since(request: HttpRequest) -> dt.datetime:
    """The moment of the change that was read; a broken one is that of no change."""
    try:
        return dt.datetime.fromisoformat(request.POST.get("since", ""))
    except ValueError:
        return dt.datetime.min.replace(tzinfo=dt.UTC)


def _calls_page(request: HttpRequest, access: Access, found: ReceptionSession) -> HttpResponse:
    refusal = policies.can_record_visits(access, found.unit_id)
    if refusal is not None:
        raise NotPermitted(refusal)
    rows = selectors_plan.calls_of(access, found)
    waiting = [row for row in rows if row.telling.told_at is None]
    context = {
        "session": found,
        "waiting": waiting,
        "told": [row for row in rows if row.telling.told_at is not None],
        "may_register": policies.can_register_visitors(access, found.unit_id) is None,
    }
    return render(request, "receptions/staff/calls.html", context)
