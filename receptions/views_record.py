"""The record of one visit: written, corrected, and as it stood before."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import Access
from common.forms import done
from common.time import local_date, now
from communes.selectors import unit_by_code
from receptions import selectors_day
from receptions.enums import RegistrationStatus, VisitOutcome
from receptions.forms_conclusions import units_choices
from receptions.forms_record import NO, UNKNOWN, YES, RecordForm, wall_time
from receptions.models import ReceptionSession, Registration, VisitRecord, VisitVersion
from receptions.online import is_on_line
from receptions.sealing import RECORDING, words_of
from receptions.selectors import representatives_beside, topic_clear
from receptions.services.visits import Visit, session_record
from receptions.staff import case_href
from receptions.views_day import desk_access
from receptions.views_steps import form_status

SAME_NAME = (
    "said", "outcome", "conclusion", "responsible_person", "due_on", "people", "content", "kind",
    "handled_before", "paper_number", "note", "version",
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@never_cache
def record(request: HttpRequest, public_id: uuid.UUID, code: str) -> HttpResponse:
    """What came of one visit; a correction keeps what it replaces."""
    access, found = desk_access(request, public_id)
    visitor = selectors_day.visitor_of_day(access, found, code)
    form = RecordForm(
        request.POST or None,
        units=units_choices(),
        session=found,
        is_online=is_on_line(visitor.registration),
        initial=_recorded(access, visitor.registration, found)
        | {"address": (visitor.person or {}).get("address", "")},
    )
    typed = request.method == "POST" and form.is_valid()
    if typed and _done(form, access, found, code):
        messages.success(request, _("The visit is recorded."))
        if _is_draft(form) and form.cleaned_data["attendance"] == RecordForm.RECEIVED:
            return redirect("receptions_staff:after", public_id, code)
        return redirect(_back(visitor.registration), public_id)
    context = {
        "form": form,
        "session": found,
        "visitor": visitor,
        "representatives": representatives_beside(visitor.person or {}),
        "visit": getattr(visitor.registration, "visit", None),
        "papers": selectors_day.papers_of(visitor.registration),
        "versions": [
            _shown(version, words)
            for version, words in selectors_day.versions_read(access, visitor.registration)
        ],
        "case_href": case_href(visitor.case_code),
    }
    return render(request, "receptions/staff/record.html", context, status=form_status(form))


def _is_draft(form: RecordForm) -> bool:
    """Whether the conclusion is left as a draft, to get more rows."""
    return "draft" in form.data


def _back(row: Registration) -> str:
    """Whoever was called came from the desk, where the next one waits."""
    was_called = row.status == RegistrationStatus.CALLED
    return "receptions_staff:day" if was_called else "receptions_staff:session"


def _recorded(access: Access, row: Registration, found: ReceptionSession) -> dict[str, Any]:
    """What is recorded already, for correction, in the words that the person reads; else what is
    known before."""
    visit: VisitRecord | None = getattr(row, "visit", None)
    if visit is None:
        own = found.unit.code if found.unit.is_commune_level else ""
        return {
            "responsible_unit": own,
            "people": row.people,
            "content": topic_clear(row),
            "began": wall_time(row.called_at),
            "ended": _now_on_day(found),
            "version": 0,
        }
    unit, sent_to = visit.responsible_unit, visit.sent_to
    competent = {True: YES, False: NO, None: UNKNOWN}[visit.is_competent]
    visit.registration = row
    words = words_of(access, visit)
    return {name: words.get(name, getattr(visit, name)) for name in SAME_NAME} | {
        "responsible_unit": unit.code if unit else "",
        "sent_to": sent_to.code if sent_to else "",
        "is_competent": competent,
        "began": wall_time(visit.began_at),
        "ended": wall_time(visit.ended_at),
        RECORDING: words.get(RECORDING, ""),
    }


def _now_on_day(found: ReceptionSession) -> dt.time | None:
    moment = now()
    is_day = local_date(moment) == local_date(found.starts_at)
    return wall_time(moment) if is_day else None


def _done(form: RecordForm, access: Access, found: ReceptionSession, code: str) -> bool:
    """Whether it is recorded; what the service said otherwise stands in the form."""
    visit = _visit(form) if form.cleaned_data["attendance"] == RecordForm.RECEIVED else None

    def record() -> None:
        session_record(access=access, session_id=found.public_id, code=code, visit=visit)

    return done(form, record)


def _visit(form: RecordForm) -> Visit:
    data = form.cleaned_data
    due_on: dt.date | None = data["due_on"]
    return Visit(
        said=data["said"],
        outcome=data["outcome"],
        issue=not _is_draft(form),
        conclusion=data["conclusion"],
        responsible_unit=unit_by_code(data["responsible_unit"]),
        responsible_person=data["responsible_person"],
        due_on=due_on,
        entry=form.entry(unit_by_code(data["sent_to"])),
        address=data["address"],
        version=data["version"],
        recording=data.get("recording", ""),
    )


def _shown(version: VisitVersion, kept: dict[str, Any]) -> dict[str, Any]:
    """An earlier version as the page shows it, with the words that the person reads."""
    return {
        "version": version.version,
        "by": version.recorded_by.full_name if version.recorded_by else "",
        "at": version.recorded_at,
        "content": kept["content"],
        "said": kept["said"],
        "outcome": VisitOutcome(kept["outcome"]).label,
        "conclusion": kept["conclusion"],
    }
