"""The public calculator: what was sent, when, to whom, and every date ahead of it."""

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.errors import DomainError
from common.time import today
from deadlines import documents, sentences
from deadlines.calendars import calendar_current
from deadlines.clock import Calendar
from deadlines.derivation import derivation_line, derivation_steps
from deadlines.errors import CalendarMissing, fault_answers
from deadlines.forecast import Certainty, Forecast, Milestone, forecast
from deadlines.forms import CalculatorForm
from deadlines.words import INTERNAL, rule_mark, rule_words

_FIELDS = set(CalculatorForm.base_fields)


@login_not_required
@require_safe
def calculator(request: HttpRequest) -> HttpResponse:
    """The question and, once it is asked well, the answer below it. No script is needed."""
    asked = bool(_FIELDS & set(request.GET))
    form = CalculatorForm(request.GET if asked else None, initial={"date": today()})
    found = _answer(form) if asked else None
    context: dict[str, Any] = {"form": form, "found": found}
    if found:
        query = request.GET.urlencode()
        context |= {
            "items": _items(found, calendar_current()),
            "rows": _rows(form),
            "ics_href": f"{reverse('deadlines:calculator_ics')}?{query}",
        }
    return render(request, "deadlines/calculator.html", context)


@login_not_required
@require_safe
def calculator_ics(request: HttpRequest) -> HttpResponse:
    """The same dates for a calendar program; a bad question goes back to the page."""
    found = _answer(CalculatorForm(request.GET))
    if found is None:
        query = request.GET.urlencode() or "kind="
        return redirect(f"{reverse('deadlines:calculator')}?{query}")
    response = HttpResponse(documents.forecast_ics(found), content_type="text/calendar")
    response["Content-Disposition"] = 'attachment; filename="thoi-han.ics"'
    return response


def _answer(form: CalculatorForm) -> Forecast | None:
    """The dates, or None with the reason on the form."""
    if not form.is_valid():
        return None
    try:
        with fault_answers():
            return forecast(form.question(), calendar_current())
    except CalendarMissing:
        form.add_error("date", _calendar_words())
    except DomainError as error:
        form.add_error("date", str(error.message))
    return None


def _calendar_words() -> str:
    calendar = calendar_current()
    return _("The days off are known from %(first)s to %(last)s only. Enter a day between.") % {
        "first": _shown(calendar.first),
        "last": _shown(calendar.last),
    }


def _rows(form: CalculatorForm) -> list[tuple[str, str]]:
    """What was asked, as a printed page must say it."""
    data = form.cleaned_data
    rows = [(_("Sent"), _choice(form, "kind")), (_("Received on"), _shown(data["date"]))]
    rows.append((_("To whom?"), _choice(form, "to")))
    if data["remote"]:
        rows.append((_("Place"), _("remote and hard to travel to")))
    if data["level"] not in ("", "normal"):
        rows.append((_("Complexity"), _choice(form, "level")))
    return rows


def _choice(form: CalculatorForm, name: str) -> str:
    choices = dict(form.fields[name].choices)  # type: ignore[attr-defined]
    return str(choices[form.cleaned_data[name] or form.fields[name].initial])


def _items(found: Forecast, calendar: Calendar) -> list[dict[str, Any]]:
    """The dates with their place in time; the next one is the first that is sure to come."""
    items = [_item(milestone, found, calendar) for milestone in found.milestones]
    for item in items:
        item["state"] = "done" if item["due_on"] and item["due_on"] < today() else "next"
    for item in items:
        if item["state"] == "next" and item["due_on"] and not item["is_possible"]:
            item["state"] = "current"
            break
    return items


def _item(milestone: Milestone, found: Forecast, calendar: Calendar) -> dict[str, Any]:
    limit, rule = milestone.limit, milestone.rule
    internal = milestone.certainty is Certainty.INTERNAL
    return {
        "due_on": milestone.due_on,
        "title": sentences.title(milestone.key),
        "is_possible": milestone.certainty is Certainty.POSSIBLE,
        "certainty": sentences.certainty(milestone.certainty),
        "if_missed": sentences.if_missed(found.question.kind, milestone.key),
        "basis": rule.basis,
        "words": rule_words(rule),
        "mark": INTERNAL if internal else rule_mark(rule),
        "line": derivation_line(limit, calendar) if limit else "",
        "steps": derivation_steps(limit, calendar) if limit else [],
    }


def _shown(date: dt.date) -> str:
    return f"{date:%d/%m/%Y}"
