"""What units report, and the answer to it."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import Access
from attachments.services import attachments_claim
from common.errors import InvalidInput, allow
from common.text import clean, fold
from common.time import local_date
from deadlines.calendars import calendar_current
from directives.clocks import (
    assignment_clocks_open,
    assignment_clocks_start,
    clocks_cancel,
    clocks_meet,
    due_after_return,
    level_now,
    period_clock_restart,
    period_clocks_open,
    periods_clocks_open,
)
from directives.enums import OPEN_WORK, REPORTABLE, AssignmentState, PeriodState, ReportKind
from directives.models import Assignment, AssignmentPeriod, ProgressReport, ReportFile
from directives.periods import Period
from directives.policies import may_report, may_report_period, may_review, may_review_period
from directives.receptions_figures import counted_of, window_of, with_value
from directives.selectors_behind import plan_is_missing
from directives.services._step import (
    Step,
    assignment_locked,
    period_locked,
    step_begin,
    version_check,
)
from directives.services.extensions import request_lapse
from directives.services.likeness import report_compare
from directives.validators import (
    FILES_MAX,
    REPORT_MAX,
    due_checked,
    text_checked,
    text_optional,
    value_checked,
)

Key = uuid.UUID | str


@dataclass(frozen=True)
class Report:
    """What a unit says. ``state`` is ``in_progress`` or ``reported_done`` (of a period always the
    first); ``value`` answers the task's indicator and stays empty where the portal counts it;
    ``files``: public identifiers of uploads that nobody has taken yet."""

    text: str
    state: str = AssignmentState.IN_PROGRESS
    value: str = ""
    difficulties: str = ""
    proposals: str = ""
    files: Sequence[str] = ()

    @property
    def is_done(self) -> bool:
        return self.state == AssignmentState.REPORTED_DONE


@transaction.atomic
def report_submit(
    *,
    access: Access,
    public_id: Key,
    version: int,
    report: Report,
    period: Key | None = None,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Assignment:
    """A unit reports on what it was asked: on the whole, or on a ``period`` that is owed.

    The clock of what was reported is met. Raises NotVisible, NotPermitted, InvalidInput on the
    names of ``Report`` or Stale (with the current version).
    """
    row = assignment_locked(access, public_id)
    asked = period_locked(row, period) if period is not None else None
    allow(may_report_period(access, row, asked) if asked else may_report(access, row))
    version_check(row, version)
    said = _checked(row, report, asked)
    step = step_begin(row, access, "directives.assignment.reported", at, quiet)
    step.data |= {"from": row.state, "to": said.state}
    _keep(step, said, asked)
    if asked is not None:
        _period_reported(step, asked)
    else:
        _whole_reported(step, done=said.is_done)
    step.tell_lead("directive_report")
    step.finish()
    return row


@transaction.atomic
def report_review(
    *,
    access: Access,
    public_id: Key,
    version: int,
    is_accepted: bool,
    text: str = "",
    period: Key | None = None,
    until: dt.date | None = None,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Assignment:
    """The issuer's side confirms what was reported as done (or the report of a ``period``), or
    returns it with a reason. Figures that the portal counts are confirmed when their days are over.

    What is returned is due on ``until`` (a Hà Nội date from today on), else after as many calendar
    days as were left when it was reported. Raises as ``report_submit``, also on ``until`` when
    nothing was left, and on ``is_accepted`` while what is counted goes on.
    """
    row = assignment_locked(access, public_id)
    asked = period_locked(row, period) if period is not None else None
    allow(may_review_period(access, row, asked) if asked else may_review(access, row))
    version_check(row, version)
    reason = clean(text) if is_accepted else text_checked("text", text, REPORT_MAX)
    name = "confirmed" if is_accepted else "returned"
    of = "period" if asked else "assignment"
    step = step_begin(row, access, f"directives.{of}.{name}", at, quiet)
    if is_accepted:
        _over_check(step, asked)
    if asked is not None:
        _period_judged(step, asked, until, is_accepted=is_accepted)
    else:
        _whole_judged(step, until, is_accepted=is_accepted)
    _answer(step, asked, reason[:REPORT_MAX], is_accepted=is_accepted)
    step.tell_unit(f"directive_{name}")
    step.finish()
    return row


def _checked(row: Assignment, given: Report, period: AssignmentPeriod | None) -> Report:
    if given.state not in REPORTABLE:
        raise InvalidInput(fields={"state": [_("Choose one of the values of the list.")]})
    if period is not None and given.is_done:
        raise InvalidInput(fields={"state": [_("A period is reported on, the task goes on.")]})
    if given.is_done and plan_is_missing(row):
        message = _("Record the plan of the unit first; the task is done when it is there.")
        raise InvalidInput(fields={"state": [message]})
    if row.task.is_counted and clean(given.value):
        message = _("The portal counts this figure from the reception calendar; leave it empty.")
        raise InvalidInput(fields={"value": [message]})
    if len(given.files) > FILES_MAX:
        message = _("At most %(n)d files.") % {"n": FILES_MAX}
        raise InvalidInput(fields={"attachments": [message]})
    return replace(
        given,
        text=text_checked("text", given.text, REPORT_MAX),
        value=value_checked(row.task.indicator, given.value),
        difficulties=text_optional("difficulties", given.difficulties, REPORT_MAX),
        proposals=text_optional("proposals", given.proposals, REPORT_MAX),
    )


def _keep(step: Step, said: Report, period: AssignmentPeriod | None) -> None:
    """Write the report and take its files."""
    whole = ReportKind.COMPLETION if said.is_done else ReportKind.PROGRESS
    report = ProgressReport.objects.create(
        assignment=step.assignment,
        period=period,
        kind=ReportKind.PERIOD if period is not None else whole,
        state=said.state,
        text=said.text,
        value=said.value,
        difficulties=said.difficulties,
        proposals=said.proposals,
        said_text=fold(f"{said.difficulties}\n{said.proposals}").strip(),
        by_id=step.access.actor_id,
        at=step.at,
    )
    report_compare(report, step.at)
    if said.files:
        taken = attachments_claim(public_ids=said.files, at=step.at)
        ReportFile.objects.bulk_create([ReportFile(report=report, attachment=f) for f in taken])
        step.data["files"] = len(taken)


def _whole_reported(step: Step, *, done: bool) -> None:
    row = step.assignment
    row.reported_at = step.at
    row.state = AssignmentState.REPORTED_DONE if done else AssignmentState.IN_PROGRESS
    if done:
        clocks_meet(assignment_clocks_open(row), step.on)
        request_lapse(row, step.at, period=None)
        row.escalation_level = level_now(row)


def _period_reported(step: Step, period: AssignmentPeriod) -> None:
    """The task itself is in progress with it, unless its completion lies with the city: then the
    moment at which that was reported stays, from which the time after a return is counted."""
    row = step.assignment
    step.data["period"] = period.starts_on.isoformat()
    if row.state != AssignmentState.REPORTED_DONE:
        row.reported_at = step.at
        row.state = AssignmentState.IN_PROGRESS
    step.data["to"] = row.state
    period.turn(PeriodState.REPORTED)
    period.reported_at = step.at
    period.save(update_fields=["state", "reported_at"])
    clocks_meet(period_clocks_open(period), step.on)
    request_lapse(row, step.at, period=period)
    row.escalation_level = level_now(row)


def _whole_judged(step: Step, until: dt.date | None, *, is_accepted: bool) -> None:
    row = step.assignment
    if is_accepted:
        _over(step)
        return
    row.state = AssignmentState.RETURNED
    assert row.reported_at is not None
    if row.due_on is not None or until is not None:
        row.due_on = _due_again(step, row.due_on or step.on, row.reported_at, until)
        step.data["due_on"] = row.due_on.isoformat()
        assignment_clocks_start([row], step.on)


def _over(step: Step) -> None:
    row = step.assignment
    row.state = AssignmentState.CONFIRMED
    clocks_cancel(periods_clocks_open(row), step.on)
    request_lapse(row, step.at)
    row.escalation_level = 0


def _close_with_last(step: Step) -> None:
    """A task with a rhythm is over when every period up to its last day was accepted; a report of
    completion that waits is answered first."""
    row, end = step.assignment, step.assignment.task.ends_on
    if end is None or row.state not in OPEN_WORK:
        return
    if row.periods.exclude(state=PeriodState.ACCEPTED).exists():
        return
    if row.periods.filter(ends_on__gte=end).exists():
        step.data["closes"] = True
        _over(step)


def _period_judged(
    step: Step, period: AssignmentPeriod, until: dt.date | None, *, is_accepted: bool
) -> None:
    step.data["period"] = period.starts_on.isoformat()
    period.turn(PeriodState.ACCEPTED if is_accepted else PeriodState.RETURNED)
    if not is_accepted:
        assert period.reported_at is not None
        period.due_on = _due_again(step, period.due_on, period.reported_at, until)
        if period.due_on < period.ends_on:
            message = _("The period lasts until %(day)s: give that day or a later one.")
            words = message % {"day": date_format(period.ends_on, "d/m/Y")}
            raise InvalidInput(fields={"until": [words]})
        step.data["due_on"] = period.due_on.isoformat()
    period.save(update_fields=["state", "due_on"])
    if is_accepted:
        _close_with_last(step)
    else:
        period_clock_restart(period, step.on)


def _due_again(
    step: Step, due_on: dt.date, reported_at: dt.datetime, until: dt.date | None
) -> dt.date:
    """The due date after a return. Raises InvalidInput on ``until``."""
    day = until or due_after_return(due_on, local_date(reported_at), step.on)
    if day is None:
        message = _("The time had run out before the report: give a new date.")
        raise InvalidInput(fields={"until": [message]})
    return due_checked("until", day, step.on, calendar_current().last)


def _over_check(step: Step, period: AssignmentPeriod | None) -> None:
    """What the portal counts is confirmed once its days are over: it would keep the figure of a
    part of them. Raises InvalidInput on ``is_accepted``."""
    row = step.assignment
    if row.task.is_counted and (last := _counted_over(row, period, step.on).ends_on) >= step.on:
        message = _(
            "The figure is counted up to %(day)s; it can be confirmed from the next day on."
        )
        words = message % {"day": date_format(last, "d/m/Y")}
        raise InvalidInput(fields={"is_accepted": [words]})


def _counted_over(row: Assignment, period: AssignmentPeriod | None, on: dt.date) -> Period:
    return Period(period.starts_on, period.ends_on) if period else window_of(row, on)


def _answer(step: Step, period: AssignmentPeriod | None, reason: str, *, is_accepted: bool) -> None:
    """The answer stands on the report that it is about; what is confirmed keeps the figures that
    the portal counts itself, as they are on this day."""
    kind = ReportKind.PERIOD if period is not None else ReportKind.COMPLETION
    rows = step.assignment.reports.filter(kind=kind, period=period)
    report = rows.order_by("-id")[0]
    report.review = reason
    report.reviewed_by_id, report.reviewed_at = step.access.user_id, step.at
    kept: list[str] = []
    if is_accepted and step.assignment.task.is_counted:
        _figures_keep(step, report, period)
        kept = ["value", "figures", "figures_on"]
    report.save(update_fields=["review", "reviewed_by", "reviewed_at", *kept])


def _figures_keep(step: Step, report: ProgressReport, period: AssignmentPeriod | None) -> None:
    row = step.assignment
    counted = counted_of(row, _counted_over(row, period, step.on), step.on)
    with_value(report, counted, row.task.indicator)
    step.data |= {"figure": report.value, "figures_on": step.on.isoformat()}
