"""One task of one unit: what is asked, what was done, and every step that is possible now."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.access import Access
from accounts.roles import Permission
from attachments.views import attachment_response
from common.errors import DomainError, NotPermitted, NotVisible, Text
from common.time import today
from common.ui import Crumb
from directives import forms_steps as f
from directives import policies, selectors
from directives import selectors_work as work
from directives.enums import AssignmentState, PeriodState
from directives.evidence import evidence_of
from directives.models import Assignment, AssignmentPeriod, ProgressReport
from directives.periods import Period
from directives.presenters import assignment_line
from directives.presenters_behind import behind_line
from directives.presenters_figures import period_figures
from directives.presenters_work import (
    extension_lines,
    history_items,
    limit_lines,
    period_lines,
    report_lines,
)
from directives.receivers import lead_of
from directives.related import related_of
from directives.selectors_behind import behind_of
from directives.selectors_figures import assignment_figures
from directives.step_pages import APART, BUTTONS, FIRST, STEPS, StepPage
from directives.views_staff import directive_access, successors


@dataclass
class Looked:
    """A task as a person looks at it; everything is read once."""

    access: Access
    row: Assignment

    @cached_property
    def is_own(self) -> bool:
        return self.row.unit_id in self.access.units(Permission.DIRECTIVE_VIEW)

    @cached_property
    def periods(self) -> list[AssignmentPeriod]:
        return work.periods_of(self.row)

    @cached_property
    def extensions(self) -> list[Any]:
        return work.extensions_of(self.row)

    @cached_property
    def plan(self) -> Any:
        return selectors.plan_of(self.row) if self.row.task.is_plan else None

    @cached_property
    def given(self) -> f.Open:
        access, row = self.access, self.row
        owed = [p for p in self.periods if not policies.may_report_period(access, row, p)]
        sent = [p for p in self.periods if not policies.may_review_period(access, row, p)]
        return f.Open(
            assignment=row,
            reports_whole=not policies.may_report(access, row),
            reports_on=owed,
            moves_whole=not policies.may_ask_extension(access, row),
            answers_whole=not policies.may_review(access, row),
            answers_on=sent,
            people=[] if policies.may_appoint(access, row) else work.colleagues(row),
            plan=self.plan,
        )

    @cached_property
    def refusals(self) -> dict[str, Text | None]:
        """By step: why this person may not do it now, or None."""
        access, row, given = self.access, self.row, self.given
        found = {
            "receive": policies.may_receive(access, row),
            "owner": policies.may_appoint(access, row),
            "report": None if given.reports_on else policies.may_report(access, row),
            "plan": policies.may_record_plan(access, row),
            "study": policies.may_record_study(access, row),
            "extension": None if given.reports_on else policies.may_ask_extension(access, row),
            "review": None if given.answers_on else policies.may_review(access, row),
            "extension_answer": policies.may_answer_extension(access, row),
            "withdraw": policies.may_withdraw(access, row),
        }
        return found | {"study_withdraw": found["study"]}

    @cached_property
    def steps(self) -> list[str]:
        """The steps that make sense now, in the order of the page."""
        asked = work.extension_open(self.extensions) is not None
        senseless = {"extension": asked, "extension_answer": not asked}
        return [
            name for name in STEPS if self.refusals[name] is None and not senseless.get(name, False)
        ]


@require_GET
@never_cache
def assignment(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One task of one unit: what is asked, what was reported, and the next step."""
    access = directive_access(request)
    return _page(request, Looked(access, selectors.assignment_get_for(access, public_id)))


@require_POST
@never_cache
def step(request: HttpRequest, public_id: uuid.UUID, name: str) -> HttpResponse:
    """Do one step; on a refusal the page comes back as it was typed."""
    access = directive_access(request)
    looked = Looked(access, selectors.assignment_get_for(access, public_id))
    refusal = looked.refusals[name]
    if refusal is not None:
        raise NotPermitted(refusal)
    page = STEPS[name]
    form = page.form(looked.given, request.POST, request.FILES)
    if form.is_valid() and _sent(form, page, access, public_id):
        messages.success(request, str(page.done))
        return redirect("directives_staff:assignment", public_id)
    return _page(request, looked, **{name: form})


def _sent(form: f.VersionedForm, page: StepPage, access: Access, public_id: uuid.UUID) -> bool:
    """Whether the service did it; what it said otherwise stands in the form."""
    data = form.cleaned_data
    try:
        page.send(data, access=access, public_id=public_id, version=data["version"])
    except (NotPermitted, NotVisible):
        raise
    except DomainError as error:
        form.show_errors(error)
        return False
    return True


@require_safe
@never_cache
def file(request: HttpRequest, public_id: uuid.UUID, file_id: uuid.UUID) -> FileResponse:
    """A file of a report, of the plan or of a study session, for whoever sees the task."""
    return attachment_response(work.file_get_for(directive_access(request), public_id, file_id))


def _page(request: HttpRequest, looked: Looked, **bound: f.VersionedForm) -> HttpResponse:
    row = looked.row
    reports = work.reports_of(row)
    by_period = work.period_reports(reports)
    figures = _figures(looked, by_period)
    names = [name for name in STEPS if name in looked.steps or name in bound]
    forms = {name: bound.get(name) or STEPS[name].form(looked.given) for name in names}
    context = {
        "assignment": row,
        "directive": row.task.group.directive,
        "line": assignment_line(row),
        "lead": lead_of(row.task),
        "supporting": work.supporting_of(row),
        "plan": looked.plan,
        "editions": work.editions_of(looked.plan),
        "why_not": looked.refusals["report"],
        "is_done_here": looked.is_own and not any(name in forms for name in FIRST),
        "receive": forms.get("receive"),
        "study_withdraw": forms.get("study_withdraw"),
        "behind": _behind(looked) if "review" in forms else [],
        "steps": _blocks(forms),
        "today": today(),
        "related": related_of(looked.access, row, today()),
        "limits": limit_lines(work.clocks_of(row)),
        "periods": _with_values(
            period_lines(looked.periods, by_period, row.task.indicator), figures
        ),
        "figures": figures,
        **_reports(looked, reports, by_period),
        "studies": work.studies_of(row),
        "evidence": evidence_of(looked.access, row),
        "extensions": extension_lines(looked.extensions),
        "history": history_items(work.events_of(row)),
        "form": next(iter(bound.values()), None),
        "crumbs": _crumbs(row),
        "due_href": _due_href(looked),
        "successors": successors(looked.access, row.task.group.directive),
    }
    status = 422 if bound else 200
    return render(request, "directives/staff/assignment.html", context, status=status)


def _reports(
    looked: Looked, reports: Sequence[ProgressReport], by_period: Mapping[int, ProgressReport]
) -> dict[str, Any]:
    first = _read_first(looked, reports, by_period)
    rest = [one for one in reports if one not in first]
    return {
        "first_reports": report_lines(looked.row, first),
        "reports": report_lines(looked.row, rest),
    }


def _read_first(
    looked: Looked, reports: Sequence[ProgressReport], by_period: Mapping[int, ProgressReport]
) -> list[ProgressReport]:
    """Reports that wait for this person's answer, or that came back to the unit: what the form
    below them is about."""
    if "review" in looked.steps:
        whole, periods = looked.given.answers_whole, looked.given.answers_on
    else:
        whole = looked.row.state == AssignmentState.RETURNED
        periods = [one for one in looked.periods if one.state == PeriodState.RETURNED]
    found = [one for one in reports if one.period_id is None][: int(whole)]
    return found + [by_period[one.pk] for one in periods if one.pk in by_period]


def _due_href(looked: Looked) -> str:
    """Where the date of this task is set for this unit, "" for whoever may not."""
    row = looked.row
    directive = row.task.group.directive
    settled = row.task.is_periodic or row.task.withdrawn_at or row.is_done or row.is_over
    if settled or policies.may_set_due(looked.access, directive):
        return ""
    address = reverse("directives_staff:task_due", args=[directive.slug, row.task.code])
    return f"{address}?{urlencode({'unit': row.unit.code})}"


def _behind(looked: Looked) -> list[dict[str, Any]]:
    """What stands behind each report that may be answered now, the whole task's first."""
    given = looked.given
    about = [_("the whole task")] if given.answers_whole else []
    about += [Period(row.starts_on, row.ends_on).words for row in given.answers_on]
    whole = behind_of([looked.row] if given.answers_whole else [])
    found = [*whole, *behind_of(given.answers_on)]
    return [behind_line(one) | {"about": words} for words, one in zip(about, found, strict=True)]


def _figures(looked: Looked, by_period: Mapping[int, ProgressReport]) -> list[dict[str, Any]]:
    """What the reception calendar knows, of a task whose figure the portal counts."""
    row = looked.row
    if not row.task.is_counted:
        return []
    found = assignment_figures(row, looked.periods, by_period, today())
    return period_figures(found, row.unit, row.task.indicator)


def _with_values(
    periods: list[dict[str, Any]], figures: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Periods whose figure the portal counts show it before anybody confirms it, too."""
    for line, counted in zip(periods, figures, strict=False):
        line["value"] = line["value"] or counted["value"]
    return periods


def _blocks(forms: dict[str, f.VersionedForm]) -> list[dict[str, Any]]:
    """Forms in ``details``; what was sent, or is most likely meant, stands open."""
    shown = [name for name in forms if name not in APART]
    lacks_plan = "plan" in forms and not forms["plan"].initial.get("number")
    opened = {name for name in shown if name in FIRST or (name == "plan" and lacks_plan)}
    return [
        {
            "name": name,
            "form": forms[name],
            "label": STEPS[name].label,
            "button": BUTTONS[name],
            "is_open": name in opened or forms[name].is_bound,
            "is_main": name in FIRST,
            "url": f"directives_staff:{name}",
        }
        for name in shown
    ]


def _crumbs(row: Assignment) -> list[Crumb]:
    directive = row.task.group.directive
    at = [directive.slug]
    return [
        Crumb(_("Directives"), reverse("directives_staff:list")),
        Crumb(directive.number, reverse("directives_staff:detail", args=at)),
        Crumb(row.unit.full_name, reverse("directives_staff:unit", args=[*at, row.unit.code])),
        Crumb(row.task.title),
    ]
