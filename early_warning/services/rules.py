"""Changing the thresholds of a rule, and trying a change before it is kept."""

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import InvalidInput, NotVisible, allow
from common.history import NewEvent
from common.reference import LoadReport, csv_rows, rows_sync
from common.time import now, today
from directives.validators import text_checked
from early_warning.models import WarningRule, WarningRuleEvent
from early_warning.policies import may_change_rules
from early_warning.rules import COMPARED, WINDOWED, Match, Measure, Rule, trial
from early_warning.selectors_facts import matters_for
from early_warning.services._step import step_begin, version_check
from petitions.models import SubjectField
from receptions.adhoc import least_of

DATA = Path(__file__).resolve().parent.parent / "data" / "rules.csv"
LOADED, CHANGED = "early_warning.rule.loaded", "early_warning.rule.changed"
REASON_MAX = 500
TRIED_DAYS = 90
NUMBER_MAX = 10_000
# Cases below these values are not looked at by any rule: the others are not among those that an
# ad hoc reception asks for. A case is one of several letters from the second on.
FLOORS = {
    Measure.LETTERS: 2,
    Measure.PEOPLE: least_of(Measure.PEOPLE),
    Measure.DAYS_OVERDUE: least_of(Measure.DAYS_OVERDUE),
    Measure.ESCALATED_OVERDUE: least_of(Measure.ESCALATED_OVERDUE),
}


@dataclass(frozen=True)
class Thresholds:
    """What may be changed of a rule; ``window_days`` and ``factor`` (percent) only where the
    measure has them, ``fields``: codes of subject fields, none for all."""

    least: int
    step: int
    window_days: int = 0
    factor: int = 0
    fields: tuple[str, ...] = ()
    is_active: bool = True


@dataclass(frozen=True)
class Trial:
    """What thresholds would have found in the last ``TRIED_DAYS`` calendar days, and what those
    that hold now found; ``units``: keys of units with how many."""

    found: int
    before: int
    units: tuple[tuple[int, int], ...]
    is_now_only: bool


@transaction.atomic
def rule_change(
    *,
    access: Access,
    code: str,
    version: int,
    given: Thresholds,
    reason: str,
    at: dt.datetime | None = None,
) -> WarningRule:
    """Keep other thresholds; they hold from today (a local date), the next run goes by them.

    Raises NotVisible, NotPermitted, InvalidInput on the names of ``Thresholds`` and ``reason``,
    Stale.
    """
    rule = _locked(code)
    allow(may_change_rules(access))
    version_check(rule, version)
    said = text_checked("reason", reason, REASON_MAX)
    values = thresholds_checked(rule, given)
    step = step_begin(rule, access, CHANGED, at=at)
    changed = {
        name: [getattr(rule, name), value]
        for name, value in values.items()
        if getattr(rule, name) != value
    }
    if not changed:
        raise InvalidInput(_("Nothing was changed."), code="nothing_changed")
    for name, value in values.items():
        setattr(rule, name, value)
    rule.valid_from = step.on
    step.data |= {"fields": changed, "reason": said}
    step.finish()
    return rule


def rule_try(*, access: Access, code: str, given: Thresholds, on: dt.date | None = None) -> Trial:
    """What the thresholds would find, without keeping them; ``on``: a local date, today when none
    is given. Raises NotVisible, NotPermitted, InvalidInput as ``rule_change``."""
    rule = rule_get(code)
    allow(may_change_rules(access))
    values = thresholds_checked(rule, given)
    wanted = _pure(rule, values)
    day = on or today()
    matters = matters_for([wanted, rule.pure], day, back=TRIED_DAYS)
    found = trial(wanted, matters, day, days=TRIED_DAYS) if values["is_active"] else []
    before = trial(rule.pure, matters, day, days=TRIED_DAYS) if rule.is_active else []
    is_now_only = rule.measure not in WINDOWED
    return Trial(len(found), len(before), _by_unit(found), is_now_only)


def rule_get(code: str) -> WarningRule:
    """Raises NotVisible."""
    found = WarningRule.objects.filter(code=code).first()
    if found is None:
        raise NotVisible
    return found


def thresholds_checked(rule: WarningRule, given: Thresholds) -> dict[str, Any]:
    """The values of the rule's columns. Raises InvalidInput on the names of ``Thresholds``."""
    errors: dict[str, list[str]] = {}
    _range(errors, "least", given.least, FLOORS.get(Measure(rule.measure), 1), NUMBER_MAX)
    _range(errors, "step", given.step, 1, NUMBER_MAX)
    values: dict[str, Any] = {"least": given.least, "step": given.step}
    if rule.measure in WINDOWED:
        _range(errors, "window_days", given.window_days, 7, 365)
        values["window_days"] = given.window_days
    if rule.measure in COMPARED:
        _range(errors, "factor", given.factor, 100, 1000)
        values["factor"] = given.factor
    values["fields"] = sorted(set(given.fields))
    if unknown := _unknown(values["fields"]):
        errors["fields"] = [_("Unknown field: %(name)s.") % {"name": unknown[0][:40]}]
    if errors:
        raise InvalidInput(fields=errors)
    return values | {"is_active": given.is_active}


def _range(errors: dict[str, list[str]], name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        errors[name] = [_("A number from %(low)s to %(high)s.") % {"low": low, "high": high}]


def _unknown(codes: Collection[str]) -> list[str]:
    known = set(SubjectField.objects.filter(code__in=codes).values_list("code", flat=True))
    return sorted(set(codes) - known)


def _pure(rule: WarningRule, values: dict[str, Any]) -> Rule:
    return Rule(
        code=rule.code,
        measure=Measure(rule.measure),
        least=values["least"],
        step=values["step"],
        window=values.get("window_days", 0),
        factor=values.get("factor", 0),
        fields=frozenset(values["fields"]),
    )


def _by_unit(found: Collection[Match]) -> tuple[tuple[int, int], ...]:
    counted = Counter(match.matter.unit for match in found)
    return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def _locked(code: str) -> WarningRule:
    found = WarningRule.objects.select_for_update(no_key=True).filter(code=code).first()
    if found is None:
        raise NotVisible
    return found


@transaction.atomic
def rules_load(report: LoadReport) -> None:
    """Bring the rules to what the file says; one that a person has changed is that person's from
    then on. Nothing is ever deleted."""
    changed = WarningRuleEvent.objects.exclude(actor=None).values("rule_id")
    kept = set(WarningRule.objects.filter(pk__in=changed).values_list("code", flat=True))
    raws = [raw for raw in csv_rows(DATA) if raw["code"] not in kept]
    before = set(WarningRule.objects.values_list("code", flat=True))
    rows = [_row(raw) for raw in raws]
    rules = rows_sync(WarningRule, rows, key="code", kind="warning rules", report=report)
    WarningRuleEvent.append_many(
        [
            NewEvent(rule.pk, LOADED, {"least": rule.least, "step": rule.step}, at=now())
            for code, rule in rules.items()
            if code not in before
        ]
    )


def _row(raw: dict[str, str]) -> dict[str, Any]:
    return {
        "code": raw["code"],
        "position": int(raw["position"]),
        "kind": raw["kind"],
        "measure": raw["measure"],
        "title": raw["title_vi"],
        "basis": raw["basis"],
        "least": int(raw["least"]),
        "step": int(raw["step"]),
        "window_days": int(raw["window_days"]),
        "factor": int(raw["factor"]),
        "fields": sorted(raw["fields"].split()),
        "body": raw["body"],
        "valid_from": dt.date.fromisoformat(raw["valid_from"]),
    }
