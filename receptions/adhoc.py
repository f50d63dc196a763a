"""Which cases ask for an ad hoc reception, by rules whose thresholds are data.

Rules: ``data/ad_hoc.csv`` (Article 18(3) of the Law on Citizen Reception, Regulation 11-QĐi/TW).
No database here. A rule proposes; whether to receive is for the leader.
"""

import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from petitions.enums import Flag
from petitions.flags import ComputedFlag, Facts, prolonged
from receptions.enums import AdHocTrigger

RULES = Path(__file__).resolve().parent / "data" / "ad_hoc.csv"
COMPLEX = {Flag.COMPLEX.value, Flag.VERY_COMPLEX.value}


class Rule(NamedTuple):
    """``least``: from which value of ``measure`` on the rule holds."""

    code: str
    trigger: AdHocTrigger
    measure: str
    least: int
    basis: str


@dataclass(frozen=True)
class CaseFacts:
    """What the rules look at. ``due_on``: the nearest running limit, None when nothing runs;
    ``escalation_level``: how many steps up the case was put; ``marks``: what the petitions' own
    rules look at."""

    people: int
    letters: int
    flags: frozenset[str]
    due_on: dt.date | None
    escalation_level: int
    marks: Facts


class Reason(NamedTuple):
    """Why a case asks for a reception."""

    trigger: AdHocTrigger
    words: str
    basis: str


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of the file, in its order."""
    with RULES.open(encoding="utf-8", newline="") as source:
        return tuple(
            Rule(
                raw["code"],
                AdHocTrigger(raw["trigger"]),
                raw["measure"],
                int(raw["least"]),
                raw["basis"],
            )
            for raw in csv.DictReader(source)
        )


def least_of(measure: str) -> int:
    """The threshold of a measure. Raises KeyError for one without a rule."""
    return {rule.measure: rule.least for rule in rules()}[measure]


def reasons(facts: CaseFacts, today: dt.date, known: Iterable[Rule] | None = None) -> list[Reason]:
    """Every rule that holds for a case on a local date, in words."""
    found = []
    for rule in rules() if known is None else known:
        value = measured(rule.measure, facts, today)
        if value >= rule.least:
            words = _words(rule.measure, value, facts)
            found.append(Reason(rule.trigger, words, rule.basis))
    return found


def measured(measure: str, facts: CaseFacts, today: dt.date) -> int:
    """The value of a measure on a local date. Raises KeyError for one that is not known."""
    overdue = (today - facts.due_on).days if facts.due_on and facts.due_on < today else 0
    values = {
        "people": facts.people,
        "letters": facts.letters,
        "complex": int(bool(COMPLEX & facts.flags)),
        "prolonged": int(prolonged(facts.marks) is not None),
        "days_overdue": overdue,
        "escalated_overdue": facts.escalation_level if overdue else 0,
    }
    return values[measure]


def _words(measure: str, value: int, facts: CaseFacts) -> str:
    if measure == "prolonged":
        mark = prolonged(facts.marks)
        return _(mark.reason) % mark.values if mark else str(ComputedFlag.PROLONGED)
    texts = {
        "people": _("%(n)s people on one matter."),
        "letters": _("%(n)s letters joined in one case."),
        "complex": _("Found to be complex in writing."),
        "days_overdue": ngettext("Overdue by %(n)s day.", "Overdue by %(n)s days.", value),
        "escalated_overdue": _("Overdue and put before a superior %(n)s times."),
    }
    return texts[measure] % {"n": value}
