"""What planning adds to officers' pages: steps of a session, the desk, lines of drafts."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.roles import Permission
from common.errors import DomainError
from common.time import local_date, now, today
from communes.models import Unit
from receptions import policies, present, selectors_plan
from receptions.enums import AdHocTrigger, SessionKind, SessionMode, SessionStatus
from receptions.forms import VersionForm
from receptions.forms_plan import (
    MissForm,
    MissUndoForm,
    ReceiverForm,
    StandInForm,
    SuccessorForm,
    VisitorsMoveForm,
    place_of,
)
from receptions.models import EXPECTING, ReceptionSession
from receptions.posting import latest_posting_on
from receptions.selectors_adhoc import Proposed, ad_hoc_cases
from receptions.services.sessions import may_unpublish

AD_HOC_SHOWN = 5
ENDED = (SessionStatus.MISSED, SessionStatus.CANCELLED)


class DraftLine(NamedTuple):
    """A draft in the list of those to publish. ``latest``: the last day without a reason, None
    where days off are not known; ``needs``: why a reason is needed, "" when none is."""

    session: ReceptionSession
    key: str
    latest: dt.date | None
    needs: str
    is_ticked: bool


def draft_lines(drafts: list[ReceptionSession], ticked: set[str]) -> list[DraftLine]:
    """Drafts to publish; before anything was ticked those that need no reason are."""
    lines = []
    for session in drafts:
        latest = latest_or_none(local_date(session.starts_at))
        needs = _needs(session, latest)
        key = f"{session.public_id}:{session.version}"
        is_ticked = key in ticked if ticked else not needs
        lines.append(DraftLine(session, key, latest, needs, is_ticked))
    return lines


def latest_or_none(day: dt.date) -> dt.date | None:
    """The last day on which a session of ``day`` may be published without a reason."""
    try:
        return latest_posting_on(day)
    except DomainError:
        return None


def _needs(session: ReceptionSession, latest: dt.date | None) -> str:
    if latest is None:
        return _("The days off of that time are not known yet.")
    if session.kind == SessionKind.AD_HOC:
        return _("ad hoc: say why")
    return _("late: say why") if today() > latest else ""


def plan_steps(access: Access, session: ReceptionSession) -> dict[str, Any]:
    """The forms of planning that are possible now, and what is wrong with the session."""
    may_plan = policies.can_plan_sessions(access, session.unit_id) is None
    published = session.status == SessionStatus.PUBLISHED
    trouble = selectors_plan.trouble_of(session)
    may_change = may_plan and (
        session.status == SessionStatus.DRAFT or (published and session.ends_at > now())
    )
    can_hold = policies.can_hold_sessions(access, session.unit_id) is None
    missable = can_hold and published and session.starts_at <= now()
    undoable = may_plan and published and may_unpublish(session, now())
    kinds = ("holder", "stand_in")
    replaceable = bool(may_plan and trouble and trouble.kind in kinds and trouble.holder)
    return {
        "trouble": trouble,
        "change_href": _href("change", session) if may_change else "",
        "unpublish_form": _step(session, "unpublish", undoable),
        "miss_form": _step(session, "miss", missable, MissForm),
        "miss_undo_form": _step(
            session, "miss_undo", can_hold and session.status == SessionStatus.MISSED, MissUndoForm
        ),
        "hand_over_form": _step(session, "hand_over", replaceable),
        "successor_form": _successor_form(access, session, trouble),
        "stand_in_form": _receiver_form(session, StandInForm, may_change and published),
        "receiver_form": _receiver_form(
            session, ReceiverForm, can_hold and session.status == SessionStatus.HELD
        ),
        **_visitors(access, session),
    }


def proposed_time(trouble: selectors_plan.Trouble) -> dict[str, Any]:
    """The same hours on the next working day, for a session whose day became a day off."""
    if trouble.on is None:
        return {}
    session = trouble.session
    return {
        "day": trouble.on,
        "starts": present.clock_time(session.starts_at),
        "ends": present.clock_time(session.ends_at),
    }


def _step(session: ReceptionSession, name: str, shown: bool, form: Any = VersionForm) -> Any:
    return form(initial={"version": session.version}, auto_id=f"{name}_%s") if shown else None


def _receiver_form(
    session: ReceptionSession, form: type[StandInForm], shown: bool
) -> StandInForm | None:
    if not shown:
        return None
    people = selectors_plan.receivers_of(session)
    initial = {"version": session.version}
    return form(session=session, people=people, initial=initial, auto_id="stand_in_%s")


def _href(name: str, session: ReceptionSession) -> str:
    return reverse(f"receptions_staff:{name}", args=[session.public_id])


def _successor_form(
    access: Access, session: ReceptionSession, trouble: selectors_plan.Trouble | None
) -> SuccessorForm | None:
    if trouble is None or trouble.kind != "unit":
        return None
    if policies.can_rescue_sessions(access, session.unit_id) is not None:
        return None
    units = selectors_plan.units_standing(local_date(session.starts_at))
    initial = {"version": session.version, "place": place_of(session.unit)}
    return SuccessorForm(units=units, initial=initial, auto_id="successor_%s")


def _visitors(access: Access, session: ReceptionSession) -> dict[str, Any]:
    """The list of calls and, of a session that is not held, where its visitors can go."""
    if not policies.can_see_visitors(access, session.unit_id):
        return {"calls_count": 0, "move_form": None, "move_has_session": False}
    expecting = session.registrations.filter(status__in=EXPECTING)
    calls = selectors_plan.calls_count(session)
    movable = session.status in ENDED and expecting.exists()
    if not movable or policies.can_register_visitors(access, session.unit_id) is not None:
        return {"calls_count": calls, "move_form": None, "move_has_session": False}
    sessions = selectors_plan.sessions_open(session)
    form = VisitorsMoveForm(
        sessions=sessions, initial={"version": session.version}, auto_id="move_%s"
    )
    return {"calls_count": calls, "move_form": form, "move_has_session": bool(sessions)}


def plan_rows(session: ReceptionSession, *, sees_link: bool) -> list[tuple[str, str]]:
    """What planning knows of a session, label and value; the link only for the unit's people."""
    minutes = session.slot_minutes
    is_online = session.mode != SessionMode.PLACE
    return [
        (
            _("Where visitors are received"),
            capfirst(session.get_mode_display()) if is_online else "",
        ),
        (_("Meeting link"), session.meeting_link if sees_link else ""),
        (_("Minutes a visit"), str(minutes) if minutes else ""),
        (_("Who takes part"), session.participants),
        (
            _("What asks for an ad hoc reception"),
            capfirst(session.get_trigger_display()) if session.trigger else "",
        ),
        (_("Reason of the change"), session.change_reason),
        (_("Why the leader did not receive"), session.missed_reason),
    ]


def plan_desk(access: Access, unit: Unit | None) -> dict[str, Any]:
    """What the desk shows of planning: sessions in trouble, calls, cases for ad hoc receptions."""
    if unit is None:
        return {
            "troubles": selectors_plan.troubles_of_units_gone(access),
            "calls": [],
            "ad_hoc": [],
        }
    proposed = ad_hoc_cases(access, unit, AD_HOC_SHOWN + 1)
    troubles = selectors_plan.troubles_of(access, unit)
    if access.units(Permission.RECEPTION_PLAN):
        troubles += selectors_plan.troubles_of_units_gone(access, but=unit)
    return {
        "troubles": troubles,
        "calls": selectors_plan.calls_waiting(access, unit),
        "ad_hoc": proposed[:AD_HOC_SHOWN],
        "ad_hoc_more": len(proposed) > AD_HOC_SHOWN,
    }


def ad_hoc_initial(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What the plan form begins with: the day of the address, or a case that asks for a
    reception. Its content is public: the trigger alone, of every case alike, since a field
    left out would tell of a denunciation."""
    day = {"day": asked["day"][:10]} if asked.get("day") else {}
    trigger = asked.get("trigger", "")
    if trigger not in AdHocTrigger.values:
        return day
    content = _("Ad hoc reception: %(trigger)s.") % {"trigger": AdHocTrigger(trigger).label}
    return day | {"kind": SessionKind.AD_HOC, "trigger": trigger, "planned_content": content}


def ad_hoc_all(access: Access, unit: Unit) -> list[Proposed]:
    """The whole list for its own page."""
    return ad_hoc_cases(access, unit, 100)
