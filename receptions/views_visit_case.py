"""Making a case of a visit, or joining it to one, in one step."""

import datetime as dt
import secrets
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import Access
from common.codes import secret_from_salt
from common.errors import DomainError, NotPermitted, NotVisible
from common.idempotency import once
from common.time import today
from deadlines.links import calculator_href
from petitions.models import Case
from receptions import policies, selectors
from receptions.clocks import is_sealed
from receptions.forms_visit_case import JoinForm, VisitCaseForm
from receptions.models import ReceptionSession, VisitRecord
from receptions.sealing import knows, words_of
from receptions.selectors_brief import Sheet, brief_sheets
from receptions.services.visit_case import visit_case_join, visit_case_make
from receptions.staff import case_href
from receptions.views_steps import reception_access

JOIN = "join"


@require_http_methods(["GET", "POST"])
@never_cache
def visit_case(request: HttpRequest, public_id: uuid.UUID, code: str) -> HttpResponse:
    """What the visit brought up as a case of its own, or as part of one."""
    access = reception_access(request)
    session = selectors.session_get_for(access, public_id)
    refusal = policies.can_record_visits(access, session.unit_id)
    if refusal is not None:
        raise NotPermitted(refusal)
    sheet = brief_sheets(access, session, code=code)[0]
    joins = request.method == "POST" and request.POST.get("do") == JOIN
    join = JoinForm(request.POST if joins else None, auto_id="join_%s")
    make = _make_form(request, access, sheet, is_sent=request.method == "POST" and not joins)
    answer = None
    if joins and join.is_valid():
        answer = _join(request, access, session, code, join)
    elif make is not None and make.is_bound and make.is_valid():
        answer = _make(request, access, session, code, make)
    return answer or _page(request, access, session, sheet, join, make)


def _make_form(
    request: HttpRequest, access: Access, sheet: Sheet, *, is_sent: bool
) -> VisitCaseForm | None:
    """Only what was heard becomes a petition; what became a denunciation is not typed again, but
    the same request once more gets its slip again."""
    row = sheet.registration
    visit: VisitRecord | None = getattr(row, "visit", None)
    if visit is None or (_is_known_sealed(access, visit) and not is_sent):
        return None
    data = request.POST if is_sent else None
    return VisitCaseForm(
        data, row=row, person=sheet.person or {}, case=sheet.case, words=words_of(access, visit)
    )


def _page(
    request: HttpRequest,
    access: Access,
    session: ReceptionSession,
    sheet: Sheet,
    join: JoinForm,
    make: VisitCaseForm | None,
) -> HttpResponse:
    bound = join.is_bound or (make is not None and make.is_bound)
    context: dict[str, Any] = {
        "session": session,
        "sheet": sheet,
        "row": sheet.registration,
        "join_form": join,
        # The page's title tells of an error in the form that was sent.
        "form": join if join.is_bound else make,
        "make_form": make,
        "done": _has_case(access, sheet),
        "key": request.POST.get("key", "")[:64] or secrets.token_hex(16),
        "linked_href": case_href(sheet.case.code) if sheet.case else "",
    }
    status = 422 if bound else 200
    return render(request, "receptions/staff/visit_case.html", context, status=status)


def _has_case(access: Access, sheet: Sheet) -> bool:
    """Whether the visit, or before it the registration, is tied to a case that the reader sees;
    which one is not said of a denunciation: the page names its visitor."""
    visit: VisitRecord | None = getattr(sheet.registration, "visit", None)
    if visit is not None and _is_known_sealed(access, visit):
        return True
    return sheet.case is not None and (visit is None or visit.case_id == sheet.case.pk)


def _is_known_sealed(access: Access, visit: VisitRecord) -> bool:
    return is_sealed(visit) and knows(access, visit)


def _join(
    request: HttpRequest, access: Access, session: ReceptionSession, code: str, form: JoinForm
) -> HttpResponse | None:
    try:
        case = visit_case_join(
            access=access,
            session_id=session.public_id,
            code=code,
            case_code=form.cleaned_data["case_code"],
        )
    except (NotVisible, NotPermitted):
        raise
    except DomainError as error:
        form.show_errors(error)
        return None
    messages.success(request, _("The visit belongs to case %(code)s now.") % {"code": case.code})
    return redirect("receptions_staff:brief_visit", session.public_id, code)


def _make(
    request: HttpRequest, access: Access, session: ReceptionSession, code: str, form: VisitCaseForm
) -> HttpResponse | None:
    """A double click gives one petition: the form carries the key of the request."""
    filing = form.filing()

    def work(salt: bytes) -> dict[str, Any]:
        made = visit_case_make(
            access=access, session_id=session.public_id, code=code, filing=filing, salt=salt
        )
        return made.answer

    key = request.POST.get("key", "")[:64] or secrets.token_hex(16)
    body = [str(session.public_id), code, form.cleaned_data]
    try:
        answer, salt = once(f"visit-case:{access.user_id}", key, body, work)
    except (NotVisible, NotPermitted):
        raise
    except DomainError as error:
        form.show_errors(error)
        return None
    context = _slip(access, answer, salt, filing.kind) | {
        "session": session,
        "is_kept_here": answer["unit"]["code"] == session.unit.code,
    }
    return render(request, "receptions/staff/visit_case_done.html", context, status=201)


def _slip(access: Access, answer: dict[str, Any], salt: bytes, kind: str) -> dict[str, Any]:
    """As the counter prints it; the secret is shown this once."""
    seen = Case.objects.visible_to(access).filter(code=answer["code"]).exists()
    due = [
        {**clock, "due_on": dt.date.fromisoformat(clock["due_on"])} for clock in answer["clocks"]
    ]
    return {
        "answer": answer,
        "due": due,
        "secret": secret_from_salt(salt),
        "nobody": False,
        "calculator_href": calculator_href(kind, today()),
        "case_href": case_href(answer["code"]) if seen else "",
    }
