"""What came of a visit: the limit of the written notice, the minutes and their sign-off."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Access
from common.errors import NotPermitted, NotVisible
from common.forms import PortalForm, done
from common.time import today
from common.ui import due_bar
from deadlines.models import OPEN_STATES
from escalation.explain import clocks_explained
from escalation.positions import to_positions
from papers.models import IssuedFile
from receptions import policies, selectors
from receptions import selectors_conclusions as found
from receptions.clocks import OWED, is_sealed
from receptions.conclusion_papers import misnamed, visit_notice_pdf
from receptions.enums import SessionStatus
from receptions.forms_conclusions import (
    AddendumForm,
    MinutesForm,
    SignForm,
    VisitorSignForm,
)
from receptions.forms_day import NoticeVoidForm, SentForm, VersionForm
from receptions.kept_files import minutes_kept, visit_notice_kept
from receptions.models import Minutes, ReceptionSession, VisitClock, VisitRecord
from receptions.paper_subjects import (
    is_void,
    notices_void,
    visit_notice_issued,
    visit_notices_voided,
)
from receptions.sealed_papers import originals_covered
from receptions.sealing import knows
from receptions.selectors_papers import papers_voided
from receptions.services.minutes import (
    minutes_addendum_add,
    minutes_draft_text,
    minutes_printed,
    minutes_save,
    minutes_shown,
    minutes_sign,
    minutes_visitor_sign,
)
from receptions.services.visit_notices import (
    visit_notice_issue,
    visit_notice_send,
    visit_notice_void,
)
from receptions.views_steps import pdf, reception_access


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def after(request: HttpRequest, public_id: uuid.UUID, code: str) -> HttpResponse:
    """What a visit led to and what is still owed; POST issues the written notice, says that it was
    sent, or declares it void.

    Whoever a late notice was put before sees outcome and limit, not who came about what.
    """
    access = reception_access(request)
    session = selectors.session_get_for(access, public_id)
    visit = found.visit_get(session, code)
    detailed = policies.can_see_visitors(access, session.unit_id)
    if not detailed and not _was_told(access, visit):
        raise NotPermitted(policies.can_record_visits(access, session.unit_id))
    issued = visit_notice_issued(visit)
    step = request.POST.get("step", "")
    forms = _notice_forms(request, visit, step, issued[1] if issued else None)
    form = forms.get(step)
    if form is not None and form.is_valid():
        given = {"access": access, "session_id": public_id, "code": code, **form.cleaned_data}
        if step != "issue":
            given.pop("version")  # the number says which paper was looked at
        if done(form, lambda: _STEPS[step](**given)):
            messages.success(request, _("Done."))
            return redirect("receptions_staff:after", public_id, code)
    context = _after(access, session, visit, detailed=detailed)
    context |= _paper(access, session, visit, issued, detailed=detailed)
    context |= {f"{name}_form": form for name, form in forms.items()}
    status = 422 if request.method == "POST" else 200
    return render(request, "receptions/staff/after.html", context, status=status)


_STEPS: dict[str, Callable[..., Any]] = {
    "issue": visit_notice_issue,
    "send": visit_notice_send,
    "void": visit_notice_void,
}


def _notice_forms(
    request: HttpRequest, visit: VisitRecord, step: str, issued: IssuedFile | None
) -> dict[str, VersionForm]:
    """The forms of the written notice, the one that was sent bound."""
    start = {"version": visit.version, "sent_on": today()}
    start |= {"number": issued.shown_number} if issued else {}

    def given(name: str) -> dict[str, Any]:
        data = request.POST if name == step else None
        return {"data": data, "initial": start, "auto_id": f"{name}_%s"}

    return {
        "issue": VersionForm(**given("issue")),
        "send": SentForm(**given("send"), is_issued=issued is not None),
        "void": NoticeVoidForm(**given("void")),
    }


def _paper(
    access: Access,
    session: ReceptionSession,
    visit: VisitRecord,
    issued: tuple[VisitClock, IssuedFile] | None,
    *,
    detailed: bool,
) -> dict[str, Any]:
    """The written notice in force, those declared void, and what may be done about it."""
    link = found.visit_clock_of(visit)
    return {
        "issued": issued[1] if issued and detailed else None,
        "voided": papers_voided(session, visit_notices_voided(visit)) if detailed else [],
        "is_done": not detailed or link is None or link.clock.state not in OPEN_STATES,
        "may_issue": policies.can_issue_papers(access, session.unit_id) is None,
        "may_print": detailed and (issued is not None or _is_offered(visit, link)),
    }


def _is_offered(visit: VisitRecord, link: VisitClock | None) -> bool:
    """The paper of a limit that runs, or that was met by one made elsewhere; no other can get a
    number."""
    if link is None or visit.outcome not in OWED:
        return False
    return link.clock.state in OPEN_STATES or (link.sent_on is not None and not is_void(link))


@require_safe
@never_cache
def after_paper(request: HttpRequest, public_id: uuid.UUID, code: str) -> HttpResponse:
    """The written notice to the visitor on paper: as it was issued, before that a draft."""
    access = reception_access(request)
    session, visit = found.visit_for_papers(access, public_id, code)
    body = visit_notice_kept(access, visit)
    if body is None:
        link = found.visit_clock_of(visit)
        if not _is_offered(visit, link):
            raise NotVisible
        body = visit_notice_pdf(session, visit, link)
    return pdf(body, "thong-bao-ket-qua-tiep-cong-dan.pdf")


def _was_told(access: Access, visit: VisitRecord) -> bool:
    return to_positions(access).filter(clock__visit_clock__visit=visit).exists()


def _after(
    access: Access, session: ReceptionSession, visit: VisitRecord, *, detailed: bool
) -> dict[str, Any]:
    link = found.visit_clock_of(visit)
    visitor = selectors.visitor_get(access, session, visit.registration.code)
    knows_it = visit.sealed_at is not None and knows(access, visit)
    notices = found.notices_of(access, session, visit) if detailed else []
    return {
        "session": session,
        "visit": visit,
        "detailed": detailed,
        # Whoever knows of a denunciation writes no minutes, and of its case no notices.
        "papers": detailed and not (knows_it and is_sealed(visit)),
        "may_minute": not knows_it,
        "may_read_minutes": knows_it and detailed and not originals_covered(access, visit),
        "visitor": visitor,
        "limit": _limit(link) if link else None,
        "minutes": Minutes.objects.filter(visit=visit).first() if detailed else None,
        "notices": notices,
        "misnamed": misnamed(session, notices),
        "void_notices": notices_void(notices),
        "is_petition": visit.case is not None and not is_sealed(visit),
        "may_draft": detailed and session.status in (SessionStatus.PUBLISHED, SessionStatus.HELD),
    }


def _limit(link: VisitClock) -> dict[str, Any]:
    clock = link.clock
    return {
        "link": link,
        "clock": clock,
        "bar": due_bar(
            started_on=clock.started_on, due_on=clock.due_on, today=today(), state=clock.state
        ),
        "explained": clocks_explained([clock])[0],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def minutes(request: HttpRequest, public_id: uuid.UUID, code: str) -> HttpResponse:
    """The minutes of a visit: written, signed off by both sides, corrected beside."""
    access = reception_access(request)
    session, visit = found.visit_for_minutes(access, public_id, code)
    written, addenda = minutes_shown(visit)
    forms = _forms(visit, written)
    if policies.can_sign_minutes(access, session.unit_id, visit.recorded_by_id) is not None:
        forms.pop("sign", None)
    do = request.POST.get("do", "")
    if request.method == "POST" and do in _ACTS:
        form_class, service = _ACTS[do]
        form = form_class(request.POST, auto_id=f"{do}_%s")
        forms[do] = form
        if form.is_valid():
            given = {"access": access, "session_id": public_id, "code": code, **form.cleaned_data}
            if done(form, lambda: service(**given)):
                messages.success(request, _("Done."))
                return redirect("receptions_staff:minutes", public_id, code)
    context = {
        "session": session,
        "visit": visit,
        "minutes": written,
        "addenda": addenda,
        "forms": forms,
        "form": forms.get(do),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "receptions/staff/minutes.html", context, status=status)


_ACTS: dict[str, tuple[type[PortalForm], Callable[..., Any]]] = {
    "save": (MinutesForm, minutes_save),
    "sign": (SignForm, minutes_sign),
    "visitor": (VisitorSignForm, minutes_visitor_sign),
    "addendum": (AddendumForm, minutes_addendum_add),
}


def _forms(visit: VisitRecord, written: Minutes | None) -> dict[str, PortalForm]:
    """The forms that are possible now, by what they do."""
    if written is None:
        initial = {"text": minutes_draft_text(visit), "version": 0}
        return {"save": MinutesForm(initial=initial, auto_id="save_%s")}
    if written.is_signed:
        return {"addendum": AddendumForm(auto_id="addendum_%s")}
    version = {"version": written.version}
    found_forms: dict[str, PortalForm] = {
        "save": MinutesForm(initial={"text": written.text, **version}, auto_id="save_%s")
    }
    if written.receiver_signed_at is None:
        found_forms["sign"] = SignForm(initial=version, auto_id="sign_%s")
    if not written.visitor_signed:
        found_forms["visitor"] = VisitorSignForm(initial=version, auto_id="visitor_%s")
    return found_forms


@require_safe
@never_cache
def minutes_file(request: HttpRequest, public_id: uuid.UUID, code: str) -> HttpResponse:
    """The minutes on paper, marked as a draft until both sides have signed."""
    access = reception_access(request)
    _session, visit = found.visit_for_papers(access, public_id, code)
    body = minutes_kept(access, visit)
    if body is None:
        found.minutes_refuse(access, visit)
        body = minutes_printed(visit)
    return pdf(body, "bien-ban-tiep-cong-dan.pdf")
