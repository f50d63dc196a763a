"""What pages show of receptions, here and in the apps below: ``{% load receptions %}``."""

from typing import Any

from django import template
from django.utils.dates import WEEKDAYS

from accounts.access import access_of
from common.time import local_date, now
from petitions.models import Case, Letter
from receptions.models import Registration
from receptions.online import comes_online, meeting_link_for, way_in
from receptions.progress import (
    progress_of,
    progress_of_letter,
    refusals_of_letter,
    refused_of,
)
from receptions.selectors_brief import heard_at_receptions, session_next_for

register = template.Library()


@register.filter
def weekday_name(number: int) -> str:
    """The name of a weekday; 0 is Monday."""
    return str(WEEKDAYS[number])


@register.inclusion_tag("receptions/_meeting.html")
def meeting(registration: Registration) -> dict[str, Any]:
    """``{% meeting registration %}``: the way into the online reception, in its time."""
    online = comes_online(registration)
    return {
        "link": meeting_link_for(registration, now()),
        "comes_online": online,
        "way": way_in(registration, now()) if online else None,
        "registration": registration,
    }


@register.inclusion_tag("receptions/staff/_heard.html", takes_context=True)
def heard_at_reception(context: template.Context, case: Case) -> dict[str, Any]:
    """The receptions at which a case was brought up, for whoever sees both."""
    access = access_of(context["request"].user)
    return {"heard": heard_at_receptions(access, case)}


@register.inclusion_tag("receptions/_progress.html", takes_context=True)
def visit_progress(
    context: dict[str, Any], registration: Registration, code: str, secret: str
) -> dict[str, Any]:
    """Of a registration that code and secret opened; both go along in the form for the paper."""
    return {
        "progress": progress_of(registration),
        "refused": refused_of(registration),
        "code": code,
        "secret": secret,
        "csrf_token": context.get("csrf_token", ""),
    }


@register.inclusion_tag("receptions/_progress_list.html")
def letter_visits(letter: Letter) -> dict[str, Any]:
    """Of the petitioner's own visits on the matter, and of those at which nobody received."""
    return {"visits": progress_of_letter(letter), "refusals": refusals_of_letter(letter)}


@register.inclusion_tag("receptions/staff/_next_reception.html", takes_context=True)
def next_reception(context: template.Context) -> dict[str, Any]:
    """The session that comes next for whoever is signed in, with the way to its brief. One query,
    none for those who do not receive or register."""
    moment = now()
    session = session_next_for(access_of(context["request"].user), moment)
    is_today = session is not None and local_date(session.starts_at) == local_date(moment)
    return {"session": session, "is_today": is_today}
