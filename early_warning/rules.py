"""The rules of early warning: facts about a matter in, a match with its explanation out.

No Django here. Thresholds are data (``data/rules.csv``, changed by the City). A rule proposes;
what it is worth is judged by people, and counted.
"""

import datetime as dt
import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

# How many windows before the one looked at make the usual number of petitions.
BEFORE_WINDOWS = 3
WEEK = dt.timedelta(days=7)


def N_(text: str) -> str:  # noqa: N802 -- gettext's own name
    """Mark a message for translation; it is translated where it is shown."""
    return text


class Scope(StrEnum):
    """What a rule looks at: one case, a subject field in a unit, a stage of a land project."""

    CASE = "case"
    PLACE = "place"
    STAGE = "stage"


class Measure(StrEnum):
    """What is counted. Those of a case are measured by ``receptions.adhoc``, but for the last."""

    PEOPLE = "people"
    LETTERS = "letters"
    PROLONGED = "prolonged"
    DAYS_OVERDUE = "days_overdue"
    ESCALATED_OVERDUE = "escalated_overdue"
    TRAITS = "traits"
    OPEN_PETITIONS = "open_petitions"
    SENT_UP = "sent_up"
    RISE = "rise"
    AFTER_STAGE = "after_stage"


SCOPES: dict[Measure, Scope] = {
    Measure.PEOPLE: Scope.CASE,
    Measure.LETTERS: Scope.CASE,
    Measure.PROLONGED: Scope.CASE,
    Measure.DAYS_OVERDUE: Scope.CASE,
    Measure.ESCALATED_OVERDUE: Scope.CASE,
    Measure.TRAITS: Scope.CASE,
    Measure.OPEN_PETITIONS: Scope.PLACE,
    Measure.SENT_UP: Scope.PLACE,
    Measure.RISE: Scope.PLACE,
    Measure.AFTER_STAGE: Scope.STAGE,
}
# Measures that look at a span of days, and those that compare it with the time before.
WINDOWED = frozenset({Measure.OPEN_PETITIONS, Measure.SENT_UP, Measure.RISE, Measure.AFTER_STAGE})
COMPARED = frozenset({Measure.RISE, Measure.AFTER_STAGE})

SENTENCES: dict[Measure, str] = {
    Measure.PEOPLE: N_(
        "%(measured)s people stand behind one matter; the rule speaks from %(threshold)s on."
    ),
    Measure.LETTERS: N_(
        "%(measured)s letters are joined in one matter; the rule speaks from %(threshold)s on."
    ),
    Measure.PROLONGED: N_("Letters still come although the decision is legally final."),
    Measure.DAYS_OVERDUE: N_(
        "The limit passed %(measured)s days ago; the rule speaks from %(threshold)s days on."
    ),
    Measure.ESCALATED_OVERDUE: N_(
        "Overdue and put before a superior %(measured)s times; the rule speaks from %(threshold)s on."
    ),
    Measure.TRAITS: N_(
        "%(measured)s signs of a complex matter come together; the rule speaks from %(threshold)s on."
    ),
    Measure.OPEN_PETITIONS: N_(
        "%(measured)s petitions of the last %(window)s days are still open; the rule speaks from"
        " %(threshold)s on."
    ),
    Measure.SENT_UP: N_(
        "%(measured)s complaints about this unit went to the City within %(window)s days before the"
        " unit could settle them; the rule speaks from %(threshold)s on."
    ),
    Measure.RISE: N_(
        "%(measured)s petitions within %(window)s days; before that %(usual)s on average. The rule"
        " speaks from %(threshold)s on."
    ),
    Measure.AFTER_STAGE: N_(
        "%(measured)s petitions within %(window)s days after the stage; before it %(usual)s on"
        " average. The rule speaks from %(threshold)s on."
    ),
}


@dataclass(frozen=True)
class Rule:
    """``least``: from which value on it holds; ``step``: how much more is the next level.

    ``window``: calendar days looked at, 0 for what is looked at as it is now; ``factor``: percent
    of the usual number that must be reached, 0 where nothing is compared; ``fields``: codes of
    subject fields, empty for all.
    """

    code: str
    measure: Measure
    least: int
    step: int
    window: int = 0
    factor: int = 0
    fields: frozenset[str] = frozenset()

    @property
    def scope(self) -> Scope:
        return SCOPES[self.measure]

    def is_about(self, field_code: str) -> bool:
        return not self.fields or field_code in self.fields


@dataclass(frozen=True)
class CaseMatter:
    """An ordinary case as it is now; ``values`` by measure."""

    case: int
    unit: int
    field: str
    values: Mapping[str, int]


class Span(NamedTuple):
    """``petitions`` that came on a local date and were closed on another, or are open."""

    came_on: dt.date
    closed_on: dt.date | None = None
    petitions: int = 1


@dataclass(frozen=True)
class PlaceMatter:
    """Petitions in a subject field of a unit. ``sent_up``: local dates of complaints about the
    unit that went past it to the City, one entry a complaint."""

    unit: int
    field: str
    spans: Sequence[Span] = ()
    sent_up: Sequence[dt.date] = ()


@dataclass(frozen=True)
class StageMatter:
    """A finished stage of a land project and the local dates of the petitions linked to it.

    ``earlier``, ``later``: when the stages before and after it were done, in their order;
    ``places``: every unit of the project, of which ``unit`` has most petitions.
    """

    project: int
    stage: int
    unit: int
    done_on: dt.date
    came_on: Sequence[dt.date] = ()
    earlier: Sequence[dt.date] = ()
    later: Sequence[dt.date] = ()
    places: Sequence[int] = ()


Matter = CaseMatter | PlaceMatter | StageMatter


@dataclass(frozen=True)
class Match:
    """That a rule holds for a matter: what was measured against which threshold. ``level`` grows
    by one with every ``step`` above it. ``values`` fill the sentence of the measure."""

    rule: Rule
    matter: Matter
    measured: int
    threshold: int
    level: int
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Names the rule and the matter: the same match tomorrow is the same signal."""
        return f"{self.rule.code}:{matter_key(self.matter)}"


def matter_key(matter: Matter) -> str:
    """What identifies a matter, whichever rule looks at it."""
    if isinstance(matter, CaseMatter):
        return f"case:{matter.case}"
    if isinstance(matter, StageMatter):
        return f"stage:{matter.stage}"
    return f"place:{matter.unit}:{matter.field}"


def matches(rules: Iterable[Rule], matters: Iterable[Matter], on: dt.date) -> list[Match]:
    """Every rule that holds for a matter on a local date, in the order of rules and matters."""
    sorted_out: dict[Scope, list[Matter]] = {scope: [] for scope in Scope}
    for matter in matters:
        sorted_out[scope_of(matter)].append(matter)
    found = (match(rule, matter, on) for rule in rules for matter in sorted_out[rule.scope])
    return [one for one in found if one is not None]


def scope_of(matter: Matter) -> Scope:
    if isinstance(matter, CaseMatter):
        return Scope.CASE
    return Scope.PLACE if isinstance(matter, PlaceMatter) else Scope.STAGE


def match(rule: Rule, matter: Matter, on: dt.date) -> Match | None:
    """Whether a rule holds for one matter on a local date, and why."""
    if rule.scope != scope_of(matter):
        return None
    if not isinstance(matter, StageMatter) and not rule.is_about(matter.field):
        return None
    measured, usual = _measured(rule, matter, on)
    threshold = _threshold(rule, usual)
    if measured < threshold:
        return None
    values: dict[str, object] = {"measured": measured, "threshold": threshold}
    if rule.window:
        values["window"] = rule.window
    if usual is not None:
        values["usual"] = _plain(usual)
    return Match(rule, matter, measured, threshold, _level(rule, measured, threshold), values)


def _measured(rule: Rule, matter: Matter, on: dt.date) -> tuple[int, float | None]:
    """The value, and the usual one where the rule compares."""
    if isinstance(matter, CaseMatter):
        return matter.values.get(rule.measure.value, 0), None
    if isinstance(matter, StageMatter):
        return _after_stage(rule, matter, on)
    if rule.measure is Measure.SENT_UP:
        return _within(matter.sent_up, on, rule.window), None
    if rule.measure is Measure.OPEN_PETITIONS:
        return _open(matter.spans, on, rule.window), None
    return _rise(rule, matter, on)


def _threshold(rule: Rule, usual: float | None) -> int:
    if usual is None:
        return rule.least
    return max(rule.least, math.ceil(usual * rule.factor / 100))


def _level(rule: Rule, measured: int, threshold: int) -> int:
    return 1 + (measured - threshold) // max(rule.step, 1)


def _within(days: Iterable[dt.date], on: dt.date, window: int) -> int:
    """How many of the days lie in the window that ends with ``on``."""
    first = on - dt.timedelta(days=window - 1)
    return sum(first <= day <= on for day in days)


def _open(spans: Iterable[Span], on: dt.date, window: int) -> int:
    """Petitions of the window that were open at the end of ``on``."""
    first = on - dt.timedelta(days=window - 1)
    return sum(
        span.petitions
        for span in spans
        if first <= span.came_on <= on and (span.closed_on is None or span.closed_on > on)
    )


def _rise(rule: Rule, matter: PlaceMatter, on: dt.date) -> tuple[int, float]:
    first = on - dt.timedelta(days=rule.window - 1)
    start = first - dt.timedelta(days=BEFORE_WINDOWS * rule.window)
    now = sum(span.petitions for span in matter.spans if first <= span.came_on <= on)
    before = sum(span.petitions for span in matter.spans if start <= span.came_on < first)
    return now, before / BEFORE_WINDOWS


def _after_stage(rule: Rule, matter: StageMatter, on: dt.date) -> tuple[int, float]:
    """From the day of the stage on, for the window or until the next stage: a petition follows one
    stage. Held against the time before the stages that follow each other within a window: what
    one of them stirred up is not usual for the next."""
    ends = [on, matter.done_on + dt.timedelta(days=rule.window - 1)]
    ends += [day - dt.timedelta(days=1) for day in matter.later if day <= on]
    first = _run_start(matter, rule.window)
    start = first - dt.timedelta(days=BEFORE_WINDOWS * rule.window)
    now = sum(matter.done_on <= day <= min(ends) for day in matter.came_on)
    before = sum(start <= day < first for day in matter.came_on)
    return now, before / BEFORE_WINDOWS


def _run_start(matter: StageMatter, window: int) -> dt.date:
    """When the first of the stages was done that led to this one without a window in between."""
    first = matter.done_on
    for day in reversed(matter.earlier):
        if (first - day).days >= window:
            break
        first = day
    return first


def _plain(number: float) -> str:
    """One decimal with a comma, none where it is whole."""
    return f"{number:.1f}".rstrip("0").rstrip(".").replace(".", ",")


def trial(rule: Rule, matters: Collection[Matter], on: dt.date, *, days: int) -> list[Match]:
    """What a rule would have found within ``days`` before a local date: the highest match of
    every matter, looked at week by week. Of cases only what holds now is known."""
    points = [on]
    if rule.scope is not Scope.CASE:
        points = [on - WEEK * number for number in range(days // WEEK.days + 1)]
    best: dict[str, Match] = {}
    for point in points:
        for found in matches([rule], matters, point):
            known = best.get(found.key)
            if known is None or found.measured > known.measured:
                best[found.key] = found
    return sorted(best.values(), key=lambda one: (-one.measured, one.key))


def by_week(days: Iterable[dt.date], first: dt.date, last: dt.date) -> list[tuple[dt.date, int]]:
    """How many days fall in each week (its Monday) from ``first`` to ``last``, empty weeks too."""
    start = first - dt.timedelta(days=first.weekday())
    counted = Counter(day - dt.timedelta(days=day.weekday()) for day in days)
    weeks = (last - start).days // WEEK.days + 1
    return [(start + WEEK * number, counted[start + WEEK * number]) for number in range(weeks)]


class Score(NamedTuple):
    """What people made of the signals of a rule: true ones and false alarms."""

    true: int
    false: int

    @property
    def judged(self) -> int:
        return self.true + self.false


# Below so many judged signals a share says nothing.
JUDGED_MIN = 5


def precision(score: Score) -> int | None:
    """Percent of judged signals that were true; None while there are too few."""
    if score.judged < JUDGED_MIN:
        return None
    return round(100 * score.true / score.judged)
