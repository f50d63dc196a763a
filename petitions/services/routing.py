"""Rules by which new cases find their officer: kept by the head, tried before they are kept."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.models import User
from accounts.roles import Permission
from accounts.selectors import holders_of
from common.errors import InvalidInput, NotPermitted, NotVisible
from common.text import clean, fold
from common.time import now
from petitions.enums import Kind
from petitions.models import Case, RoutingRule
from petitions.references import field_by_code

TRIED = 200  # newest cases of the unit that a rule is tried on
RULES_MAX = 50


@dataclass(frozen=True)
class Conditions:
    """What a new rule asks for, and who gets what fits."""

    assignee: str
    kind: str = ""
    field: str = ""
    words: str = ""


@dataclass(frozen=True)
class Trial:
    """What a rule would have done with past cases: how many fit, how many of those an earlier
    rule takes, some of their subjects."""

    fits: int
    taken_before: int
    of: int
    examples: list[str]


def rule_fits(rule: RoutingRule, case: Case) -> bool:
    """Whether all conditions of a rule hold for a case."""
    if rule.kind and rule.kind != case.kind:
        return False
    if rule.field_id is not None and rule.field_id != case.field_id:
        return False
    return all(word in case.search_text for word in fold(rule.words).split())


def rule_first(rules: Sequence[RoutingRule], case: Case) -> RoutingRule | None:
    """The first rule that fits, in the order of the list."""
    return next((rule for rule in rules if rule_fits(rule, case)), None)


def officer_for(case: Case) -> User | None:
    """Who gets a case that is taken in: by the unit's rules, when that person still handles cases
    there and is not barred from this one. Two queries at most."""
    rules = list(RoutingRule.objects.filter(unit_id=case.unit_id).select_related("assignee"))
    rule = rule_first(rules, case)
    if rule is None:
        return None
    officers = holders_of(Permission.CASE_HANDLE, case.unit_id).filter(pk=rule.assignee_id)
    if case.barred_units:
        officers = officers.exclude(memberships__unit_id__in=case.barred_units)
    return officers.first()


def rule_try(*, access: Access, conditions: Conditions) -> Trial:
    """Try a rule on the newest cases of the unit without keeping it. Raises InvalidInput,
    NotPermitted."""
    rule = _built(access, conditions)
    rules = list(RoutingRule.objects.filter(unit_id=rule.unit_id))
    past = Case.objects.visible_to(access).filter(unit_id=rule.unit_id)
    cases = list(past.order_by("-submitted_at", "-id")[:TRIED])
    fitting = [case for case in cases if rule_fits(rule, case)]
    before = Counter(rule_first(rules, case) is not None for case in fitting)
    return Trial(len(fitting), before[True], len(cases), [case.subject for case in fitting[:5]])


def rule_add(*, access: Access, conditions: Conditions) -> RoutingRule:
    """Keep a rule behind the others of the unit. Raises InvalidInput, NotPermitted."""
    rule = _built(access, conditions)
    with transaction.atomic():
        rows = RoutingRule.objects.select_for_update().filter(unit_id=rule.unit_id)
        count = len(rows)
        if count >= RULES_MAX:
            raise InvalidInput(fields={"words": [_("At most 50 rules: remove one first.")]})
        last = rows.aggregate(last=Max("position"))["last"] or 0
        rule.position = last + 1
        rule.save()
    return rule


def rule_remove(*, access: Access, pk: int) -> None:
    """Remove a rule of the own unit. Raises NotVisible."""
    _own(access, pk).delete()


def rule_raise(*, access: Access, pk: int) -> None:
    """Let a rule be asked before the one above it. Raises NotVisible."""
    with transaction.atomic():
        rule = _own(access, pk)
        above = (
            RoutingRule.objects.select_for_update()
            .filter(unit_id=rule.unit_id, position__lt=rule.position)
            .order_by("-position")
            .first()
        )
        if above is not None:
            above.position, rule.position = rule.position, above.position
            above.save(update_fields=["position"])
            rule.save(update_fields=["position"])


def routing_unit(access: Access) -> int:
    """The unit whose rules this person keeps. Raises NotPermitted."""
    units = access.standing(Permission.CASE_DECIDE)
    if len(units) != 1:
        raise NotPermitted
    return next(iter(units))


def _own(access: Access, pk: int) -> RoutingRule:
    rule = RoutingRule.objects.filter(unit_id=routing_unit(access), pk=pk).first()
    if rule is None:
        raise NotVisible
    return rule


def _built(access: Access, given: Conditions) -> RoutingRule:
    unit_id, errors = routing_unit(access), {}
    field = field_by_code(given.field) if given.field else None
    officer = holders_of(Permission.CASE_HANDLE, unit_id).filter(username=given.assignee).first()
    words = clean(given.words)
    if given.field and field is None:
        errors["field"] = [_("There is no subject field with this code.")]
    if given.kind and given.kind not in Kind.values:
        errors["kind"] = [_("Choose one of the values of the list.")]
    if officer is None:
        errors["assignee"] = [_("Choose an officer of the unit.")]
    if len(words) > 120:
        errors["words"] = [_("At most 120 characters.")]
    if not (given.kind or given.field or words):
        errors["words"] = [_("Set at least one condition.")]
    if errors or officer is None:
        raise InvalidInput(fields=errors)
    return RoutingRule(
        unit_id=unit_id,
        kind=given.kind,
        field=field,
        words=words,
        assignee=officer,
        by_id=access.actor_id,
        at=now(),
    )
