"""Conclusion notices: drafted without a script, looked at, issued."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Access, access_of
from common.errors import DomainError, NotPermitted, NotVisible, Stale
from common.time import local_date, today
from deadlines.calendars import add_working_days, is_working_day
from receptions import policies, selectors
from receptions import selectors_conclusions as found
from receptions.conclusion_papers import misnamed, notice_pdf
from receptions.enums import SessionStatus
from receptions.forms_conclusions import (
    NoticeForm,
    RowForm,
    notice_typed,
    row_forms,
    rows_moved,
    rows_typed,
    task_units_choices,
)
from receptions.kept_files import notice_kept
from receptions.models import ConclusionNotice, ReceptionSession
from receptions.paper_subjects import notices_void
from receptions.sealing import notice_cover
from receptions.services.conclusions import (
    notice_change,
    notice_discard,
    notice_draft,
    notice_issue,
)
from receptions.services.notice_text import ROWS_MAX, NoticeText
from receptions.views_steps import pdf, reception_access

CODE_MAX = 20
# Proposed for a new row, in working days from today; the leader says the day.
USUAL_DAYS = 10
Save = Callable[[NoticeText, int], ConclusionNotice]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def notice_new(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A new notice of a session, of one visit (``?so=CODE``), or one that replaces another
    (``?thay=ID``)."""
    access = reception_access(request)
    session = selectors.session_get_for(access, public_id)
    refusal = policies.can_record_visits(access, session.unit_id)
    if refusal is not None:
        raise NotPermitted(refusal)
    code = request.GET.get("so", "")[:CODE_MAX]
    old = _replaced(access, request.GET.get("thay", ""))
    visit = found.visit_get(session, code) if code else None
    found.notice_refuse(access, old.visit if old else visit)

    def save(text: NoticeText, _version: int) -> ConclusionNotice:
        replaces = old.public_id if old else None
        return notice_draft(
            access=access, session_id=public_id, text=text, code=code, replaces=replaces
        )

    start = _start(access, session, old)
    context = {"session": session, "visit": visit, "replaces": old, "notice": None}
    return _edit(request, context, start, save)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def notice_edit(request: HttpRequest, notice_id: uuid.UUID) -> HttpResponse:
    """Write a draft anew."""
    access, notice = _draft(request, notice_id)
    rows = [
        {
            "what": task.what,
            "unit": task.unit.code,
            "person": task.person,
            "due_on": task.due_on,
            "is_internal": task.is_internal,
        }
        for task in notice_cover(access, notice)
    ]
    start = (
        {"opening": notice.opening, "recipients": notice.recipients, "version": notice.version},
        rows,
    )

    def save(text: NoticeText, version: int) -> ConclusionNotice:
        return notice_change(access=access, public_id=notice_id, version=version, text=text)

    context = {
        "session": notice.session,
        "visit": notice.visit,
        "replaces": notice.replaces,
        "notice": notice,
    }
    return _edit(request, context, start, save)


def _edit(
    request: HttpRequest,
    context: dict[str, Any],
    start: tuple[dict[str, Any], list[dict[str, Any]]],
    save: Save,
) -> HttpResponse:
    """The page with its rows; every button sends what was typed, only ``save`` writes it."""
    units = task_units_choices()
    do = request.POST.get("do", "")
    status = 200
    form, rows = NoticeForm(initial=start[0]), row_forms(start[1], units)
    if request.method == "POST" and do == "save":
        form, rows = _bound(request.POST, units)
        saved = _saved(form, rows, save)
        if saved is not None:
            messages.success(request, _("The draft is kept. Look at it before you issue it."))
            return redirect("receptions_staff:notice", saved.public_id)
        status = 422
    elif request.method == "POST":
        form = NoticeForm(initial=_typed(request.POST))
        rows = row_forms(rows_moved(rows_typed(request.POST), do), units)
    page = context | {"form": form, "rows": rows, "is_full": len(rows) >= ROWS_MAX}
    return render(request, "receptions/staff/notice_edit.html", page, status=status)


def _typed(data: QueryDict) -> dict[str, str]:
    return {name: data.get(name, "") for name in ("opening", "recipients", "version")}


def _bound(data: QueryDict, units: Any) -> tuple[NoticeForm, list[RowForm]]:
    count = len(rows_typed(data))
    rows = [RowForm(data, units=units, prefix=f"r{place}") for place in range(count)]
    return NoticeForm(data), rows


def _saved(form: NoticeForm, rows: list[RowForm], save: Save) -> ConclusionNotice | None:
    """The draft, or None with what was wrong beside its field."""
    checked = [form.is_valid(), *(row.is_valid() for row in rows)]
    if not all(checked):
        if checked[0]:
            form.add_error(None, _("Something is missing in a row below."))
        return None
    try:
        return save(notice_typed(form, rows), form.cleaned_data["version"])
    except (NotVisible, NotPermitted):
        raise
    except Stale as error:
        form.show_errors(error)
    except DomainError as error:
        _show(error, form, rows)
    return None


def _show(error: DomainError, form: NoticeForm, rows: list[RowForm]) -> None:
    if not error.fields:
        form.add_error(None, str(error.message))
    for key, texts in error.fields.items():
        place, _line, name = key.removeprefix("row").partition("_")
        own = place.isdigit() and name in RowForm.base_fields
        target: Any = rows[int(place)] if own else form
        for text in texts:
            shown = name if own else key if key in form.fields else None
            target.add_error(shown, str(text))


def _start(
    access: Access, session: ReceptionSession, old: ConclusionNotice | None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A new notice begins with one empty row, one that replaces another with its open rows."""
    due = max(add_working_days(today(), USUAL_DAYS), local_date(session.starts_at))
    if old is None:
        return {"version": 0}, [{"unit": session.unit.code, "due_on": due}]
    rows: list[dict[str, Any]] = [
        {
            "what": task.what,
            "unit": task.unit.code,
            "person": task.person,
            "due_on": max(task.due_on, today()),
            "is_internal": task.is_internal,
        }
        for task in notice_cover(access, old)
        if not task.is_over
    ]
    return {"opening": old.opening, "recipients": old.recipients, "version": 0}, rows or [{}]


def _replaced(access: Access, typed: str) -> ConclusionNotice | None:
    if not typed:
        return None
    try:
        public_id = uuid.UUID(typed)
    except ValueError:
        raise NotVisible from None
    return found.notice_get_for(access, public_id)


@require_safe
@never_cache
def notice(request: HttpRequest, notice_id: uuid.UUID) -> HttpResponse:
    """A notice as it will be or was printed, with the state of its rows and the next step."""
    access = access_of(request.user)
    row = found.notice_get_for(access, notice_id)
    return _page(request, access, row)


def _page(
    request: HttpRequest, access: Access, row: ConclusionNotice, error: str = ""
) -> HttpResponse:
    own = policies.can_see_visitors(access, row.session.unit_id)
    tasks = notice_cover(access, row)
    context = {
        "notice": row,
        "session": row.session,
        "tasks": tasks,
        "hints": [_hint(task.due_on) for task in tasks if not row.is_issued],
        "own": own,
        "may_issue": own and policies.can_conclude(access, row.session.unit_id) is None,
        "is_misnamed": own and row.pk in misnamed(row.session, [row]),
        "void_reason": notices_void([row]).get(row.pk, ""),
        "is_held": row.session.status == SessionStatus.HELD,
        "replaced_by": getattr(row, "replaced_by", None),
        "seen_tasks": {task.pk for task in tasks if found.can_see_task(access, task)},
        "error": error,
    }
    status = 422 if error else 200
    return render(request, "receptions/staff/notice.html", context, status=status)


def _hint(due_on: Any) -> str:
    """What to think of about a date: nobody works on a day off."""
    if is_working_day(due_on):
        return ""
    following = add_working_days(due_on, 1)
    return _("%(date)s is a day off; the next working day is %(next)s.") % {
        "date": f"{due_on:%d/%m/%Y}",
        "next": f"{following:%d/%m/%Y}",
    }


@require_POST
@never_cache
def issue(request: HttpRequest, notice_id: uuid.UUID) -> HttpResponse:
    """Give the notice its number: from then on it does not change."""
    return _act(request, notice_id, _issued)


def _issued(request: HttpRequest, access: Access, row: ConclusionNotice) -> HttpResponse:
    done = notice_issue(access=access, public_id=row.public_id, version=_version(request))
    message = _("Notice %(number)s is issued; the units were told.")
    messages.success(request, message % {"number": done.shown_number})
    return redirect("receptions_staff:notice", row.public_id)


@require_POST
@never_cache
def discard(request: HttpRequest, notice_id: uuid.UUID) -> HttpResponse:
    """Throw a draft away."""
    return _act(request, notice_id, _discarded)


def _discarded(request: HttpRequest, access: Access, row: ConclusionNotice) -> HttpResponse:
    notice_discard(access=access, public_id=row.public_id, version=_version(request))
    messages.success(request, _("The draft was thrown away."))
    return redirect("receptions_staff:session", row.session.public_id)


def _act(
    request: HttpRequest,
    notice_id: uuid.UUID,
    act: Callable[[HttpRequest, Access, ConclusionNotice], HttpResponse],
) -> HttpResponse:
    access = reception_access(request)
    row = found.notice_get_for(access, notice_id)
    try:
        return act(request, access, row)
    except (NotVisible, NotPermitted):
        raise
    except DomainError as error:
        told = [str(text) for texts in error.fields.values() for text in texts]
        row = found.notice_get_for(access, notice_id)
        return _page(request, access, row, " ".join(told) or str(error.message))


def _version(request: HttpRequest) -> int:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isdecimal() else 0


def _draft(request: HttpRequest, notice_id: uuid.UUID) -> tuple[Access, ConclusionNotice]:
    access = reception_access(request)
    row = found.notice_get_for(access, notice_id)
    refusal = policies.can_record_visits(access, row.session.unit_id)
    if refusal is not None:
        raise NotPermitted(refusal)
    if row.is_issued:
        raise NotPermitted(_("This notice is issued. A mistake is put right by a new one."))
    return access, row


@require_safe
@never_cache
def notice_file(request: HttpRequest, notice_id: uuid.UUID) -> HttpResponse:
    """The notice on paper."""
    access = access_of(request.user)
    row = found.notice_get_for(access, notice_id)
    body = notice_kept(access, row)
    if body is None:
        body = notice_pdf(row, notice_cover(access, row))
    return pdf(body, f"thong-bao-ket-luan-{row.number or 'du-thao'}.pdf")
