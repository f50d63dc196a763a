"""Dates of the law around one reception, counted by the rules of ``deadlines``."""

import datetime as dt
from typing import NamedTuple

from common.errors import DomainError
from deadlines.calendars import calendar_current
from deadlines.clock import compute
from deadlines.errors import fault_answers
from deadlines.rules import rule_get

REFUSAL = "TCD-REFUSE"
ONLINE_NOTICE = "TCD-ONLINE-NOT"
ONLINE_TEST = "TCD-ONLINE-TEST"


class LegalDate(NamedTuple):
    """The last local date of a limit, its working days (before the event when negative) and
    its article."""

    due_on: dt.date
    days: int
    basis: str


def legal_date(code: str, event: dt.date) -> LegalDate:
    """The limit of a rule around an event on a local date.

    Raises DomainError beyond the known calendar or outside the rule's validity.
    """
    rule = rule_get(code)
    with fault_answers():
        days = rule.limit(event)
        due_on = compute(days, rule.day_kind, rule.rolls, event, calendar_current()).due_on
    return LegalDate(due_on, int(days), rule.basis)


def legal_date_known(code: str, event: dt.date) -> LegalDate | None:
    """Like ``legal_date``; None when it cannot be counted."""
    try:
        return legal_date(code, event)
    except DomainError:
        return None
