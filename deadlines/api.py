"""``/api/v1/deadline-rules/``, ``deadlines/``, ``calendar/``: the law as data, open to anyone."""

import datetime as dt
import re
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import PublicView
from common.errors import InvalidInput
from common.filters import PASSIVE, only_known
from common.time import HANOI
from communes.selectors import unit_by_code
from deadlines.calendars import calendar_current
from deadlines.clock import SWAPPED_WORKING, Calendar, Suspension, compute, each_day
from deadlines.derivation import derivation_line, derivation_steps, off_reason
from deadlines.errors import CalendarMissing, fault_answers
from deadlines.hours import OFFICE, WorkingHours, hours_compute, hours_line
from deadlines.paging import sequence_answer
from deadlines.rules import Rule, load_rules, rule_get
from deadlines.words import rule_mark, rule_words

OBJECT = {200: OpenApiTypes.OBJECT}
PAGING = [OpenApiParameter("page_size", int), OpenApiParameter("cursor", str)]
SUSPENSIONS_MAX = 50
_TIME = re.compile(r"\d{2}:\d{2}", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class RuleList(PublicView):
    @extend_schema(responses=OBJECT, parameters=PAGING)
    def get(self, request: Request) -> Response:
        """The law's limits, one row a rule, in the order of the table.

        ``days`` is null when the law gives no number and negative when counted backwards;
        ``status`` is ``verified``, or ``memory`` when the text was not compared with the law yet.
        """
        _only(request.GET, set())
        return sequence_answer(
            request, list(load_rules().values()), lambda rule: rule.code, rule_json
        )


class CalendarList(PublicView):
    @extend_schema(
        responses=OBJECT,
        parameters=[
            OpenApiParameter("from", OpenApiTypes.DATE),
            OpenApiParameter("to", OpenApiTypes.DATE),
            *PAGING,
        ],
    )
    def get(self, request: Request) -> Response:
        """Every day of a range, working or off and why; the whole known calendar by default.

        A day outside the known years: 422 ``calendar_missing``.
        """
        _only(request.GET, {"from", "to"})
        with fault_answers():
            calendar = calendar_current()
        first = _date(request.GET, "from") or calendar.first
        last = _date(request.GET, "to") or calendar.last
        if last < first:
            raise InvalidInput(fields={"to": [_("The end lies before the beginning.")]})
        if first < calendar.first or last > calendar.last:
            raise CalendarMissing
        return sequence_answer(
            request,
            list(each_day(first, last)),
            lambda date: date.isoformat(),
            lambda date: _day_json(date, calendar),
        )


class DeadlineDetail(PublicView):
    @extend_schema(
        responses=OBJECT,
        parameters=[
            OpenApiParameter("rule", str, required=True),
            OpenApiParameter("start", str, required=True, description="A date, or with T10:00"),
            OpenApiParameter("unit", str, description="Code of the unit whose hours count"),
            OpenApiParameter("suspended", str, many=True, description="A/B, from A, before B"),
        ],
    )
    def get(self, request: Request) -> Response:
        """When a limit ends that starts with an event on ``start``, and why, day by day.

        ``suspended=A/B``, repeatable: from A inclusive to B exclusive is not counted. ``start``
        with a time (Hà Nội) gives rules in hours their ``due_at``, counted in the working hours
        of ``unit``; other rules count from the date alone. 422 ``no_fixed_limit``,
        ``not_in_force``, ``calendar_missing``.
        """
        _only(request.GET, {"rule", "start", "suspended", "unit"})
        _require(request.GET, "rule", "start")
        day, moment = _start(request.GET["start"].strip())
        office = _office(request.GET.get("unit", "").strip())
        suspensions = [_suspension(text) for text in _suspended(request.GET)]
        with fault_answers():
            rule = rule_get(request.GET["rule"].strip())
            answer = _deadline_json(rule, day, suspensions)
            return Response(answer | _hours_json(rule, moment, office))


def rule_json(rule: Rule) -> dict[str, Any]:
    """A rule as the API shows it."""
    return {
        "code": rule.code,
        "petition_type": rule.petition_type,
        "stage": rule.stage,
        "condition": rule.condition,
        "days": rule.days,
        "hours": rule.hours,
        "day_kind": rule.day_kind,
        "rolls": rule.rolls,
        "clock_starts": rule.clock_starts,
        "extension_of": rule.extension_of or None,
        "relation": rule.relation or None,
        "basis": rule.basis,
        "valid_from": rule.valid_from.isoformat() if rule.valid_from else None,
        "valid_to": rule.valid_to.isoformat() if rule.valid_to else None,
        "status": rule.status,
        "is_verified": not rule_mark(rule),
        "words": rule_words(rule),
    }


def _deadline_json(rule: Rule, start: dt.date, suspensions: list[Suspension]) -> dict[str, Any]:
    days = rule.limit(start)
    calendar = calendar_current()
    limit = compute(days, rule.day_kind, rule.rolls, start, calendar, suspensions)
    return {
        "rule": rule.code,
        "start": start.isoformat(),
        "legal_due_on": limit.legal_due_on.isoformat(),
        "due_on": limit.due_on.isoformat(),
        "days": days,
        "day_kind": rule.day_kind,
        "basis": rule.basis,
        "status": rule.status,
        "is_verified": not rule_mark(rule),
        "words": rule_words(rule),
        "suspended": [f"{begin}/{end}" for begin, end in limit.suspensions],
        "explanation": derivation_line(limit, calendar),
        "derivation": [
            {"date": s.date.isoformat(), "counted": s.counted, "code": s.code, "why": s.why}
            for s in derivation_steps(limit, calendar)
        ],
    }


def _hours_json(rule: Rule, start: dt.datetime | None, office: WorkingHours) -> dict[str, Any]:
    if rule.hours is None or start is None:
        return {"due_at": None, "hours": rule.hours, "hours_explanation": "", "counted_hours": []}
    limit = hours_compute(rule.hours, rule.day_kind, start, calendar_current(), office)
    return {
        "due_at": limit.due_at.replace(tzinfo=HANOI).isoformat(),
        "hours": rule.hours,
        "hours_explanation": hours_line(limit),
        "counted_hours": [
            {"from": span.begin.isoformat("T", "minutes"), "to": span.end.isoformat("T", "minutes")}
            for span in limit.spans
        ],
    }


def _start(text: str) -> tuple[dt.date, dt.datetime | None]:
    """The day of the event, and its Hà Nội wall-clock time when one was given."""
    day, separator, time = text.partition("T")
    if not separator:
        return _parsed(text, "start"), None
    wrong = InvalidInput(fields={"start": [_("Give a moment as YYYY-MM-DDTHH:MM, Hanoi time.")]})
    if not _TIME.fullmatch(time):
        raise wrong
    try:
        return _parsed(day, "start"), dt.datetime.fromisoformat(f"{day}T{time}")
    except ValueError:
        raise wrong from None


def _office(code: str) -> WorkingHours:
    if not code:
        return OFFICE
    unit = unit_by_code(code[:12])
    if unit is None:
        raise InvalidInput(fields={"unit": [_("There is no such unit.")]})
    return WorkingHours.parse(unit.working_hours)


def _day_json(date: dt.date, calendar: Calendar) -> dict[str, Any]:
    day = calendar.days.get(date)
    kind, reason = off_reason(date, calendar)
    if day is not None and day.kind == SWAPPED_WORKING:
        kind, reason = day.kind, day.name
    return {
        "date": date.isoformat(),
        "is_working": calendar.is_working(date),
        "kind": kind or "working",
        "reason": reason,
        "basis": day.basis if day else "",
        "status": day.status if day else "verified",
    }


def _only(query: QueryDict, known: set[str]) -> None:
    only_known(query, known | PASSIVE)


def _require(query: QueryDict, *names: str) -> None:
    missing = [name for name in names if not query.get(name, "").strip()]
    if missing:
        raise InvalidInput(fields={name: [_("This field is required.")] for name in missing})


def _date(query: QueryDict, name: str) -> dt.date | None:
    text = query.get(name, "").strip()
    return _parsed(text, name) if text else None


def _parsed(text: str, name: str) -> dt.date:
    wrong = InvalidInput(fields={name: [_("Give a date as YYYY-MM-DD.")]})
    if not _DATE.fullmatch(text):
        raise wrong
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise wrong from None


def _suspended(query: QueryDict) -> list[str]:
    given = query.getlist("suspended")
    if len(given) > SUSPENSIONS_MAX:
        message = _("At most %(count)s suspensions.") % {"count": SUSPENSIONS_MAX}
        raise InvalidInput(fields={"suspended": [message]})
    return given


def _suspension(text: str) -> Suspension:
    begin, slash, end = text.strip().partition("/")
    if not slash:
        raise InvalidInput(fields={"suspended": [_("Give two dates as YYYY-MM-DD/YYYY-MM-DD.")]})
    return _parsed(begin, "suspended"), _parsed(end, "suspended")
