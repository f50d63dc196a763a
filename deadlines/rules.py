"""The law's limits as data (``rules.csv``) and the choice among them. No Django.

A new law is new rows: a rule that ends gets its ``valid_to``, its successor another code and
``valid_from``. ``chosen_for`` lists what a row is the answer to, as ``kind:instance:condition``
(``*`` for any instance).
"""

import csv
import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from deadlines.faults import ExtensionRefused, NoFixedLimit, NotInForce, RuleTableWrong, RuleUnknown

PATH = Path(__file__).with_name("rules.csv")
CALENDAR_DAYS = "calendar"
WORKING_DAYS = "working"
DAY_KINDS = (CALENDAR_DAYS, WORKING_DAYS)
# How a rule builds on ``extension_of``: the longer limit stands in its place, starts at its end,
# or is a next step with a start of its own.
REPLACES, ADDS = "replaces", "adds"
RELATIONS = (REPLACES, ADDS, "follows")
STATUSES = ("verified", "memory")
KINDS = ("complaint", "denunciation", "recommendation", "feedback")
NORMAL = "normal"
# A condition without a rule of its own falls back to these, in order.
_MILDER = {
    NORMAL: (),
    "complex": (NORMAL,),
    "very_complex": ("complex", NORMAL),
    "several_places": (NORMAL,),
    "remote": (NORMAL,),
    "remote_complex": ("remote", NORMAL),
    "remote_very_complex": ("remote_complex", "remote", NORMAL),
}
_FIRST_DAY = dt.date.min
_LAST_DAY = dt.date.max


class Use(NamedTuple):
    """One question a rule answers; ``instance`` 0 means any."""

    kind: str
    instance: int
    condition: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. ``days`` is None when the law gives no number, negative when counted backwards
    from the event, a fraction for hours of an 8-hour working day. ``hours``: the same limit where
    the text counts hours (``deadlines.hours``), working hours or, of calendar days, any hours."""

    code: str
    petition_type: str
    stage: str
    uses: tuple[Use, ...]
    condition: str
    days: int | float | None
    hours: int | float | None
    day_kind: str
    rolls: bool
    clock_starts: str
    extension_of: str
    relation: str
    basis: str
    basis_short: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    status: str

    @property
    def version(self) -> str:
        """A fingerprint of everything in the row that moves a date or names its basis."""
        parts = (
            self.code, self.days, self.day_kind, self.rolls, self.clock_starts, self.extension_of,
            self.relation, self.basis, self.valid_from, self.valid_to,
            *([self.hours] if self.hours else []),
        )  # fmt: skip
        return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:12]

    @property
    def told(self) -> str:
        """The article with its validity, as a refusal names it."""
        bounds = (("từ", self.valid_from), ("đến", self.valid_to))
        return f"{self.basis} ({' '.join(f'{w} {d:%d/%m/%Y}' for w, d in bounds if d)})"

    def in_force(self, on: dt.date) -> bool:
        return (self.valid_from or _FIRST_DAY) <= on <= (self.valid_to or _LAST_DAY)

    def limit(self, on: dt.date) -> int | float:
        """The number of days of a clock that starts on ``on``.

        Raises NoFixedLimit when the law gives none, NotInForce outside the rule's validity.
        """
        if self.days is None:
            raise NoFixedLimit(self.code, self.basis)
        if not self.in_force(on):
            raise NotInForce(f"{self.code}: {on}", self.told)
        return self.days


@cache
def load_rules() -> Mapping[str, Rule]:
    """All rules by code, in the order of the file. Raises RuleTableWrong naming the row."""
    with PATH.open(encoding="utf-8", newline="") as file:
        return rules_check([_rule(row) for row in csv.DictReader(file)])


def rule_get(code: str) -> Rule:
    """The rule with that code. Raises RuleUnknown."""
    try:
        return load_rules()[code]
    except KeyError:
        raise RuleUnknown(code) from None


def rule_choose(
    kind: str, stage: str, on: dt.date, *, instance: int = 1, condition: str = NORMAL
) -> Rule:
    """The rule for a stage of a petition, by the date that starts the clock.

    A condition without a rule of its own falls back to the milder one: a complex denunciation has
    the normal limit until it is extended by a decision (Article 30 of the Law on Denunciations).
    The acceptance of a complaint received before 2026-07-01 keeps the old limit. Raises
    RuleUnknown when the table has no such stage, NotInForce when it has none for that date.
    """
    table = _choices()
    found = [
        rule
        for wanted in (condition, *_MILDER.get(condition, (NORMAL,)))
        for rule in table.get((kind, stage, instance, wanted), ())
    ]
    if not found or condition not in {*_MILDER, *(key[3] for key in table)}:
        raise RuleUnknown(f"{kind}/{stage}/{instance}/{condition}")
    for rule in found:
        if rule.in_force(on):
            return rule
    told = "; ".join(dict.fromkeys(rule.told for rule in found))
    raise NotInForce(f"{kind}/{stage}/{instance}/{condition}: {on}", told)


def extension_choose(applied: str, kind: str, condition: str) -> Rule:
    """The rule that lengthens the limit of the rule ``applied`` last, by its ``relation``.

    ``condition``: ``complex`` or ``very_complex`` (two criteria or more, Article 3 of Decree
    31/2019). Raises ExtensionRefused naming the article when the law allows none (any more).
    """
    follows = [rule for rule in load_rules().values() if rule.extension_of == applied]
    for rule in follows:
        for use in rule.uses:
            if use.kind == kind and use.condition.removeprefix("remote_") == condition:
                return rule
    basis = rule_get(applied).basis
    raise ExtensionRefused(f"{applied}: {condition}", basis)


@cache
def _choices() -> dict[tuple[str, str, int, str], list[Rule]]:
    table: dict[tuple[str, str, int, str], list[Rule]] = {}
    for rule in load_rules().values():
        for key in () if rule.relation == ADDS else _keys(rule):
            table.setdefault(key, []).append(rule)
    return table


def _keys(rule: Rule) -> Iterator[tuple[str, str, int, str]]:
    for use in rule.uses:
        for instance in (use.instance,) if use.instance else (1, 2):
            yield use.kind, rule.stage, instance, use.condition


def rules_check(rules: Iterable[Rule]) -> dict[str, Rule]:
    """The rules by code. Raises RuleTableWrong at the first row that cannot be right."""
    table: dict[str, Rule] = {}
    for rule in rules:
        if rule.code in table:
            raise RuleTableWrong(f"{rule.code}: twice")
        table[rule.code] = rule
    for rule in table.values():
        for reason in _faults(rule, table):
            raise RuleTableWrong(f"{rule.code}: {reason}")
    _check_choices(table.values())
    return table


def _faults(rule: Rule, table: Mapping[str, Rule]) -> Iterator[str]:
    if not rule.code or not rule.basis or not rule.condition:
        yield "code, condition or basis is empty"
    if rule.day_kind not in DAY_KINDS:
        yield f"unknown kind of day {rule.day_kind!r}"
    if rule.status not in STATUSES:
        yield f"unknown status {rule.status!r}"
    if rule.valid_from and rule.valid_to and rule.valid_to < rule.valid_from:
        yield "ends before it begins"
    yield from _number_faults(rule)
    if bool(rule.relation) != bool(rule.extension_of) or (
        rule.relation and (rule.relation not in RELATIONS or rule.extension_of not in table)
    ):
        yield "builds on nothing known"
    if any(use.kind not in KINDS for use in rule.uses):
        yield "chosen for an unknown kind"


def _number_faults(rule: Rule) -> Iterator[str]:
    if isinstance(rule.days, float) and rule.day_kind != WORKING_DAYS:
        yield "fractions are of working days"
    if rule.hours is not None and (rule.hours <= 0 or not rule.days):
        yield "hours without days"


def _check_choices(rules: Iterable[Rule]) -> None:
    seen: dict[tuple[str, str, int, str], list[Rule]] = {}
    for rule in rules:
        for key in () if rule.relation == ADDS else _keys(rule):
            for other in seen.setdefault(key, []):
                if _overlap(rule, other):
                    raise RuleTableWrong(f"{rule.code}: as much chosen as {other.code}")
            seen[key].append(rule)


def _overlap(one: Rule, other: Rule) -> bool:
    start = max(one.valid_from or _FIRST_DAY, other.valid_from or _FIRST_DAY)
    return start <= min(one.valid_to or _LAST_DAY, other.valid_to or _LAST_DAY)


def _rule(row: Mapping[str, str]) -> Rule:
    try:
        return Rule(
            code=row["code"],
            petition_type=row["petition_type"],
            stage=row["stage"],
            uses=tuple(_use(text) for text in row["chosen_for"].split()),
            condition=row["condition_vi"],
            days=_number(row["days"]),
            hours=_number(row["hours"]),
            day_kind=row["day_kind"],
            rolls={"yes": True, "no": False}[row["rolls"]],
            clock_starts=row["clock_starts"],
            extension_of=row["extension_of"],
            relation=row["relation"],
            basis=row["basis_vi"],
            basis_short=row["basis"],
            valid_from=_date(row["valid_from"]),
            valid_to=_date(row["valid_to"]),
            status=row["status"],
        )
    except (KeyError, ValueError) as error:
        raise RuleTableWrong(f"{row.get('code')}: {error}") from error


def _use(text: str) -> Use:
    kind, instance, condition = text.split(":")
    return Use(kind, 0 if instance == "*" else int(instance), condition)


def _number(text: str) -> int | float | None:
    if not text:
        return None
    value = float(text)
    return int(value) if value.is_integer() else value


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
