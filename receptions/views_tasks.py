"""What conclusions of receptions gave units to do."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Access, access_of
from attachments.services import attachment_store
from attachments.views import attachment_response
from common.errors import NotPermitted, NotVisible, Text
from common.forms import done
from common.time import today
from common.ui import due_bar, page_href
from escalation.explain import clocks_explained
from receptions import policies
from receptions import selectors_conclusions as found
from receptions.forms_conclusions import TaskFilterForm, TaskForm
from receptions.models import ConclusionTask
from receptions.sealing import tasks_cover
from receptions.selectors_conclusions import BY_DUE, TAKEN, TaskFilter
from receptions.services.task_steps import TaskStep, step_refusal, steps_open, task_step

PAGE = 30
STEP_LABELS = {
    TaskStep.RECEIVE: gettext_lazy("Received: the unit begins"),
    TaskStep.REPORT: gettext_lazy("Report it done"),
    TaskStep.ASK: gettext_lazy("Ask for more time"),
    TaskStep.ACCEPT: gettext_lazy("Accept the report: done"),
    TaskStep.RETURN: gettext_lazy("Return the report"),
    TaskStep.EXTEND: gettext_lazy("Set a new date"),
    TaskStep.KEEP_DATE: gettext_lazy("Give no more time"),
    TaskStep.CANCEL: gettext_lazy("Need not be done any more"),
}
TONES = {
    "assigned": "info",
    "received": "progress",
    "reported": "warning",
    "returned": "danger",
    "done": "success",
    "cancelled": "neutral",
}


@require_safe
@never_cache
def tasks(request: HttpRequest) -> HttpResponse:
    """Tasks of a unit of either side, the most urgent first; every filter is in the address."""
    access = access_of(request.user)
    units = list(found.task_units(access))
    if not units:
        raise NotVisible
    query = request.GET.copy()
    query.setdefault("unit", units[0].code)
    query.setdefault("side", TAKEN)
    query.setdefault("state", "open")
    form = TaskFilterForm(query, units=[(unit.code, unit.full_name) for unit in units])
    form.full_clean()
    data = form.cleaned_data
    unit = next((unit for unit in units if unit.code == data.get("unit")), units[0])
    chosen = TaskFilter(
        data.get("side") or TAKEN, data.get("state", ""), bool(data.get("late", False))
    )
    rows, after, before = BY_DUE.page(
        found.tasks_of(access, unit, chosen), request.GET.get("cursor", ""), PAGE
    )
    context = {
        "form": form,
        "unit": unit,
        "tasks": tasks_cover(access, rows),
        "tones": TONES,
        "on_paper": found.units_on_paper({row.unit_id for row in rows}),
        "today": today(),
        "next_page": page_href(request, after),
        "previous_page": page_href(request, before),
    }
    return render(request, "receptions/staff/tasks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def task(request: HttpRequest, task_id: uuid.UUID) -> HttpResponse:
    """One task: its dates, what was reported, and the steps that are possible now."""
    access = access_of(request.user)
    row = found.task_get_for(access, task_id)
    bound: dict[TaskStep, TaskForm] = {}
    do = request.POST.get("do", "")
    if request.method == "POST" and do in STEP_LABELS:
        step = TaskStep(do)
        _permitted(step_refusal(access, row, step))
        on_paper = _on_paper(access, row)
        form = TaskForm(request.POST, request.FILES, step=step, on_paper=on_paper)
        if form.is_valid() and done(form, lambda: _step(access, task_id, step, form)):
            messages.success(request, _("Done."))
            return redirect("receptions_staff:task", task_id)
        bound[step] = form
        row = found.task_get_for(access, task_id)
    return _page(request, access, row, bound)


def _permitted(refusal: Text | None) -> None:
    if refusal is not None:
        raise NotPermitted(refusal)


def _step(access: Access, task_id: uuid.UUID, step: TaskStep, form: TaskForm) -> None:
    uploads = form.cleaned_data.get("uploads", ())
    stored = [attachment_store(stream=upload, name=upload.name) for upload in uploads]
    task_step(
        access=access,
        public_id=task_id,
        version=form.cleaned_data["version"],
        step=step,
        said=form.said([str(file.public_id) for file in stored]),
    )


@require_safe
@never_cache
def task_file(request: HttpRequest, task_id: uuid.UUID, file_id: uuid.UUID) -> FileResponse:
    """A file that a unit handed in with its report, for whoever sees the task."""
    return attachment_response(found.task_file_get(access_of(request.user), task_id, file_id))


def _page(
    request: HttpRequest, access: Access, row: ConclusionTask, bound: dict[TaskStep, TaskForm]
) -> HttpResponse:
    clocks = found.task_clocks(row)
    current = clocks[-1]
    steps = [step for step in TaskStep if step in {*steps_open(access, row), *bound}]
    context = {
        "task": row,
        "files": found.task_files(access, row),
        "notice": row.notice,
        "session": row.notice.session,
        "tone": TONES[row.state],
        "clock": current,
        "earlier": clocks[:-1],
        "bar": due_bar(
            started_on=current.started_on,
            due_on=current.due_on,
            today=today(),
            state=current.state,
        ),
        "explained": clocks_explained(clocks),
        "is_on_paper": found.is_on_paper(row),
        "steps": [
            (step, STEP_LABELS[step], bound.get(step) or _form(access, row, step)) for step in steps
        ],
        "form": next(iter(bound.values()), None),
        "sees_session": policies.can_see_visitors(access, row.notice.session.unit_id),
    }
    status = 422 if bound else 200
    return render(request, "receptions/staff/task.html", context, status=status)


def _on_paper(access: Access, row: ConclusionTask) -> bool:
    """Whether this person records the unit's steps from its papers."""
    return policies.can_do_tasks(access, row.unit_id) is not None


def _form(access: Access, row: ConclusionTask, step: TaskStep) -> TaskForm:
    initial: dict[str, Any] = {"version": row.version}
    if step is TaskStep.EXTEND:
        initial["until"] = row.asked_until
    return TaskForm(step=step, on_paper=_on_paper(access, row), initial=initial)
