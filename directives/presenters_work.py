"""A task, its limits, periods and history, and the lists of tasks, as pages show them."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import Text
from common.time import day_words, local_date, today
from common.ui import DueBar, TimelineItem, due_bar
from deadlines.models import OPEN_STATES, Clock
from directives.enums import OWED, PeriodState, ReportKind
from directives.models import (
    Assignment,
    AssignmentEvent,
    AssignmentPeriod,
    ExtensionRequest,
    ProgressReport,
)
from directives.periods import Period
from directives.presenters import assignment_line, report_value
from directives.selectors_work import NEVER, names_of
from escalation.explain import clocks_explained
from escalation.words import step_words

PERIOD_TONES = {
    PeriodState.OPEN: "neutral",
    PeriodState.REPORTED: "info",
    PeriodState.ACCEPTED: "success",
    PeriodState.RETURNED: "warning",
}
# Events with a date from and to, in words.
MOVES: dict[str, Text] = {
    "directives.extension.granted": gettext_lazy("from %(old)s to %(new)s"),
    "directives.assignment.due_set": gettext_lazy("former date: %(old)s; new date: %(new)s"),
}
ACTIONS: dict[str, Text] = {
    "assignment.created": gettext_lazy("The task was given to the unit"),
    "assignment.unit_moved": gettext_lazy(
        "Units were reorganised: the task went on in the new unit"
    ),
    "assignment.received": gettext_lazy("The unit noted that it had received the task"),
    "assignment.owner_appointed": gettext_lazy("Said who sees to the task"),
    "assignment.reported": gettext_lazy("Reported"),
    "assignment.confirmed": gettext_lazy("Confirmed as done"),
    "assignment.returned": gettext_lazy("The report was returned"),
    "assignment.withdrawn": gettext_lazy("The task was withdrawn"),
    "assignment.reminded": gettext_lazy("Reminded of the limit"),
    "assignment.escalated": gettext_lazy("Reported higher up because it was late"),
    "assignment.answered": gettext_lazy("Answered what was reported higher up"),
    "assignment.urged": gettext_lazy("The City urged the unit"),
    "assignment.due_date_moved": gettext_lazy("The due date moved with days off"),
    "assignment.due_set": gettext_lazy("The City set the date of the task"),
    "period.opened": gettext_lazy("A period began"),
    "period.confirmed": gettext_lazy("The report of a period was accepted"),
    "period.returned": gettext_lazy("The report of a period was returned"),
    "period.reminded": gettext_lazy("Reminded of the report of a period"),
    "period.escalated": gettext_lazy("Reported higher up: the report of a period is late"),
    "period.answered": gettext_lazy("Answered about the report of a period"),
    "plan.recorded": gettext_lazy("The plan was recorded"),
    "study.recorded": gettext_lazy("A study session was recorded"),
    "study.withdrawn": gettext_lazy("A study session was withdrawn"),
    "extension.asked": gettext_lazy("Asked for more time"),
    "extension.granted": gettext_lazy("More time was given"),
    "extension.refused": gettext_lazy("More time was refused"),
}


def desk_line(assignment: Assignment, on: dt.date) -> dict[str, Any]:
    """A row of a unit's desk; ``assignment`` as ``desk_rows`` reads it, ``on`` is today."""
    due: dt.date = assignment.next_due
    return assignment_line(assignment) | {
        "directive": assignment.task.group.directive,
        "due_on": None if due == NEVER else due,
        "is_late": due < on,
        "asks_time": assignment.asks_time,
    }


def waiting_line(row: Assignment | AssignmentPeriod | ExtensionRequest) -> dict[str, Any]:
    """A row of what waits for the City: since when (UTC moment) and what is to be looked at;
    ``pick`` names a report with the version that is looked at."""
    if isinstance(row, Assignment):
        line = _waiting(row, row.reported_at, _("the whole task"), row.due_on)
        return line | {"pick": f"{row.public_id}:{row.version}"}
    if isinstance(row, AssignmentPeriod):
        words = Period(row.starts_on, row.ends_on).words
        line = _waiting(row.assignment, row.reported_at, words, row.due_on)
        pick = f"{row.assignment.public_id}:{row.assignment.version}:{row.public_id}"
        return line | {"pick": pick}
    wanted = _("until %(date)s: %(reason)s") % {
        "date": f"{row.wanted_on:%d/%m/%Y}",
        "reason": row.reason,
    }
    if row.period is None:
        return _waiting(row.assignment, row.at, wanted, row.assignment.due_on)
    period = Period(row.period.starts_on, row.period.ends_on).words
    return _waiting(row.assignment, row.at, f"{period}, {wanted}", row.period.due_on)


def extension_lines(extensions: Sequence[ExtensionRequest]) -> list[dict[str, Any]]:
    """Requests for more time with the period they are about, "" for the whole task."""
    return [
        {
            "request": row,
            "period": Period(row.period.starts_on, row.period.ends_on).words if row.period else "",
        }
        for row in extensions
    ]


def _waiting(
    assignment: Assignment, at: dt.datetime | None, what: str, due_on: dt.date | None
) -> dict[str, Any]:
    """``is_late``: it came after its date."""
    is_late = at is not None and due_on is not None and local_date(at) > due_on
    return {
        "assignment": assignment,
        "task": assignment.task,
        "directive": assignment.task.group.directive,
        "unit": assignment.unit,
        "href": reverse("directives_staff:assignment", args=[assignment.public_id]),
        "at": at,
        "what": what,
        "due_on": due_on,
        "is_late": is_late,
        "pick": "",
    }


def limit_lines(clocks: Sequence[Clock]) -> list[dict[str, Any]]:
    """The limits of a task with bar, words and ladder, those that run first."""
    on = today()
    lines = [
        {"clock": item.clock, "bar": _bar(item.clock, on), "explained": item}
        for item in clocks_explained(clocks)
    ]
    return sorted(lines, key=lambda line: line["clock"].state not in OPEN_STATES)


def _bar(clock: Clock, on: dt.date) -> DueBar:
    return due_bar(started_on=clock.started_on, due_on=clock.due_on, today=on, state=clock.state)


def period_lines(
    periods: Sequence[AssignmentPeriod], reports: Mapping[int, ProgressReport], indicator: str
) -> list[dict[str, Any]]:
    """Periods, newest first, with the newest report on each and its figure in words."""
    on = today()
    return [
        {
            "period": row,
            "words": Period(row.starts_on, row.ends_on).words,
            "tone": PERIOD_TONES[PeriodState(row.state)],
            "report": reports.get(row.pk),
            "value": _value(indicator, reports.get(row.pk)),
            "is_late": row.state in OWED and not row.assignment.is_over and row.due_on < on,
        }
        for row in reversed(periods)
    ]


def report_lines(assignment: Assignment, reports: Sequence[ProgressReport]) -> list[dict[str, Any]]:
    """Reports with what they are about and their figure in words, "" when none was given."""
    return [
        {
            "report": row,
            "about": _about(row),
            "value": _value(assignment.task.indicator, row),
            "files": [link.attachment for link in row.files.all()],
        }
        for row in reports
    ]


def _about(report: ProgressReport) -> str:
    words = capfirst(str(ReportKind(report.kind).label))
    if report.period is None:
        return words
    return f"{words} {Period(report.period.starts_on, report.period.ends_on).words}"


def _value(indicator: str, report: ProgressReport | None) -> str:
    return report_value(indicator, report.value) if report is not None and report.value else ""


def history_items(events: Sequence[AssignmentEvent]) -> list[TimelineItem]:
    """The history in words, newest first; one query for the names of people appointed."""
    owners = [event.data["owner"] for event in events if event.data.get("owner")]
    names = names_of(owners) if owners else {}
    return [
        TimelineItem(
            title=ACTIONS.get(_short(event), event.action),
            at=event.at,
            text="; ".join(_details(event, names)),
            actor=event.actor.full_name if event.actor else "",
        )
        for event in events
    ]


def _short(event: AssignmentEvent) -> str:
    return event.action.removeprefix("directives.")


def _details(event: AssignmentEvent, names: Mapping[str, str]) -> list[str]:
    """What an event says beside its name; states and keys are left to the page."""
    data = event.data
    said = [say(data[key]) for key, say in _SAID.items() if data.get(key)]
    if data.get("owner"):
        said.append(names.get(data["owner"], data["owner"]))
    if event.action in MOVES:
        days = {"old": _day_or_none(data["from"]), "new": _day_or_none(data["to"])}
        said.append(str(MOVES[event.action]) % days)
    if data.get("step"):
        said.append(step_words(data["step"]))
    return said


def _day_or_none(day: str) -> str:
    return day_words(day) if day else _("no date")


def _with(words: Text, shown: Callable[[Any], Any] = str) -> Callable[[Any], str]:
    return lambda value: str(words) % {"what": shown(value)}


_SAID: dict[str, Callable[[Any], str]] = {
    "closes": lambda _closes: _("the last period: the task is over"),
    "period": _with(gettext_lazy("period from %(what)s"), day_words),
    "due_on": _with(gettext_lazy("due by %(what)s"), day_words),
    "note": _with(gettext_lazy("note: %(what)s")),
    "wanted_on": _with(gettext_lazy("asked for until %(what)s"), day_words),
    "number": _with(gettext_lazy("number %(what)s")),
    "issued_on": _with(gettext_lazy("of %(what)s"), day_words),
    "held_on": _with(gettext_lazy("held on %(what)s"), day_words),
    "people": _with(gettext_lazy("people: %(what)s")),
    "files": _with(gettext_lazy("files: %(what)s")),
    "edition": _with(gettext_lazy("edition %(what)s")),
    "reason": _with(gettext_lazy("reason: %(what)s")),
}
