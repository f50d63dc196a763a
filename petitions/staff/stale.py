"""Two at one case: what the other one did, and what stands now against what was typed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.models import User
from common.ui import TimelineItem
from communes.selectors import unit_by_code
from petitions.models import Case, CaseEvent
from petitions.references import field_by_code
from petitions.selectors import case_events
from petitions.staff.forms import ActionForm
from petitions.staff.present import EVENTS_SHOWN, history_item
from petitions.workflow import ACTIONS, BY_ACTION, Action, status_label


def changes_since(access: Access, case: Case, version: int) -> list[TimelineItem]:
    """What was done to a case since its version ``version``, by whom, when and what it changed;
    no query when nothing was."""
    if version >= case.version:
        return []
    events = case_events(access, case).order_by("-sequence")[:EVENTS_SHOWN]
    later = [event for event in events if (event.data.get("version") or 0) > version]
    names = _names(later)
    return [replace(history_item(event, []), text=_words(event, names)) for event in later]


def typed_against_now(form: ActionForm, case: Case) -> list[dict[str, str]]:
    """Fields of a form that the case itself has, where what was chosen is not what stands now."""
    now = {"field": (case.field.code, case.field.label_vi)}
    if case.assignee:
        now["assignee"] = (case.assignee.username, case.assignee.full_name)
    found = []
    for name, (value, label) in now.items():
        typed = str(form.data.get(name, ""))
        if name in form.fields and typed and typed != value:
            chosen = str(dict(form.fields[name].choices).get(typed, "–"))  # type: ignore[attr-defined]
            found.append({"label": str(form[name].label), "typed": chosen, "now": label})
    return found


def _names(events: Sequence[CaseEvent]) -> dict[str, str]:
    """Names of the officers that the events speak of, in one query."""
    usernames = {event.data["assignee"] for event in events if event.data.get("assignee")}
    if not usernames:
        return {}
    people = User.objects.filter(username__in=usernames)
    return dict(people.values_list("username", "full_name"))


def _words(event: CaseEvent, names: dict[str, str]) -> str:
    """The moment of an event and every change that its data tell, in one line."""
    data = event.data
    moment = f"{timezone.localtime(event.at):%H:%M}"
    told = [_status(data), *(words(data) for words in _TOLD)]
    if data.get("assignee"):
        told.append(_("officer: %(name)s") % {"name": names.get(data["assignee"], "–")})
    return " · ".join([moment, *(words for words in told if words)])


def _status(data: dict[str, Any]) -> str:
    before, after = data.get("from"), data.get("to")
    if not before or not after or before == after:
        return ""
    states = {"before": _(status_label(before)), "after": _(status_label(after))}
    return _("state: %(before)s → %(after)s") % states


def _field(data: dict[str, Any]) -> str:
    field = field_by_code(data.get("field") or "")
    return _("subject field: %(field)s") % {"field": field.label_vi} if field else ""


def _proposal(data: dict[str, Any]) -> str:
    name = data.get("proposal")
    if name not in ACTIONS:
        return ""
    return _("proposal: %(step)s") % {"step": _(BY_ACTION[Action(name)].label)}


def _number(data: dict[str, Any]) -> str:
    number = data.get("number")
    return _("document number: %(number)s") % {"number": number} if number else ""


def _receiver(data: dict[str, Any]) -> str:
    unit = unit_by_code(data.get("to_unit") or "")
    return _("to: %(unit)s") % {"unit": unit.full_name} if unit else ""


_TOLD = (_field, _proposal, _number, _receiver)
