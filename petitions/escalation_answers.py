"""What people do about an escalation of a case: take it over, give it on, put it before others."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.models import User
from accounts.roles import Permission
from accounts.selectors import holders_of
from common.errors import DomainError, InvalidInput, NotPermitted, NotVisible
from common.text import storable
from common.time import now, today
from deadlines.calendars import calendar_current
from deadlines.clock import working_days_between
from deadlines.models import Clock
from escalation.drafts import draft_text
from escalation.enums import AnswerStep, Place
from escalation.models import Escalation
from escalation.raising import escalation_raise
from escalation.registry import Choice, Subject
from petitions.clocks import clocks_running
from petitions.models import Case
from petitions.policies import may_act
from petitions.services.actions import case_act
from petitions.workflow import Action, transition_find

# Steps with a page of their own.
_PAGES = {AnswerStep.EXTEND: Action.EXTEND, AnswerStep.TAKE_OVER: Action.TAKE_OVER}


def case_choices(access: Access, case: Case) -> list[Choice]:
    """What the person may do about a case besides answering, by the rules of the workflow."""
    found: list[Choice] = []
    if _may(access, case, Action.ASSIGN):
        officers = holders_of(Permission.CASE_HANDLE, case.unit_id)
        people = [(p.username, p.full_name) for p in officers if p.pk != case.assignee_id]
        if access.user_id in {p.pk for p in officers} and case.assignee_id != access.user_id:
            found.append(Choice(AnswerStep.TAKE_OVER))
        if people:
            found.append(Choice(AnswerStep.REASSIGN, officers=tuple(people)))
    for step, action in _PAGES.items():
        if _may(access, case, action):
            href = reverse("cases:action", args=[case.code, action.value])
            found.append(Choice(step, href=href))
    return found


def case_hand_over(
    *, access: Access, case: Case, step: AnswerStep, officer: str, at: dt.datetime
) -> None:
    """Assign a locked case to the person or to an officer. Raises what ``case_act`` raises;
    InvalidInput on ``officer``, NotPermitted where the step is not theirs."""
    if step is AnswerStep.TAKE_OVER:
        officer = User.objects.values_list("username", flat=True).get(pk=access.actor_id)
    try:
        case_act(
            access=access,
            code=case.code,
            action=Action.ASSIGN.value,
            version=case.version,
            inputs={"assignee": officer},
            at=at,
        )
    except InvalidInput as error:
        raise InvalidInput(fields={"officer": error.fields.get("assignee", [])}) from error


def urging_draft(case: Case) -> str:
    """The letter that lies ready for the sender of a case that is late where it went, or ""."""
    step = (
        Escalation.objects.select_related("clock__holder_unit", "unit")
        .filter(
            clock__case_clock__case__forwarded_by__case=case,
            step_code="forwarder_urges",
            unit=case.unit,
        )
        .order_by("-id")
        .first()
    )
    if step is None:
        return ""
    late_from, on = step.clock.due_on, today()
    days = working_days_between(late_from, on, calendar_current()) if late_from < on else 0
    return draft_text(step, Subject(pk=case.pk, code=case.code), days)


def raise_places(access: Access, case: Case) -> Sequence[Place]:
    """Where the person may put a case before somebody: whoever handles or takes in goes to the
    head of the unit, the head to the City, the City's people to whom they watch and above."""
    unit = case.unit_id
    if unit in access.units(Permission.CASE_DECIDE):
        return (Place.BOARD, Place.CHAIR)
    if unit in access.units(Permission.CASE_TRIAGE) or case.assignee_id == access.user_id:
        return (Place.HEAD,)
    if Permission.CASE_VIEW in access.city:
        return (Place.HEAD, Place.CHAIR, Place.INSPECTOR)
    return ()


def case_raise(
    *, access: Access, code: str, place: str, reason: str, at: dt.datetime | None = None
) -> Escalation:
    """Escalate a case by hand, on the limit that ends first. ``at``: UTC moment.

    Raises NotVisible, NotPermitted, InvalidInput on ``place`` or ``reason``, Conflict (waits
    there already), DomainError ``no_limit`` when no limit of the case is open.
    """
    moment = at or now()
    with transaction.atomic():
        case = _locked(access, code)
        places = raise_places(access, case)
        if not places:
            raise NotPermitted(_("Only who handles or oversees the case puts it before others."))
        if place not in places:
            raise InvalidInput(fields={"place": [_("Choose one of the places.")]})
        return escalation_raise(
            clock=_clock(case), place=Place(place), reason=reason, by_id=access.actor_id, at=moment
        )


def _locked(access: Access, code: str) -> Case:
    rows = Case.objects.visible_to(access).select_for_update(of=("self",), no_key=True)
    case = rows.select_related("unit").filter(code=storable(code)).first()
    if case is None:
        raise NotVisible
    return case


def _clock(case: Case) -> Clock:
    live = [link.clock for link in clocks_running(case)]
    if not live:
        raise DomainError(_("No time limit of this case is open."), code="no_limit", status=409)
    return min(live, key=lambda clock: (clock.due_on, clock.pk))


def _may(access: Access, case: Case, action: Action) -> bool:
    row = transition_find(case.status, action.value, case.kind)
    return row is not None and may_act(access, case, row) is None
