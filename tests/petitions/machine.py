"""Driving the workflow by machine: somebody with every right, and inputs for any action."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from accounts.access import Access
from accounts.roles import Permission
from common.time import local_date
from communes.models import Unit
from petitions.choices import choices_for
from petitions.models import Case
from petitions.workflow import Field, FieldType, Transition
from tests.people import person_make

Pick = Callable[[list[str]], str]


def everything() -> Access:
    """Every permission in every unit; member of a body that is never barred."""
    units = frozenset(Unit.objects.values_list("pk", flat=True))
    return Access(
        user_id=person_make("chair").pk,
        by_unit=dict.fromkeys(Permission, units),
        city=frozenset(Permission),
        unit_ids=frozenset({Unit.objects.get(code="VPTU").pk}),
    )


def inputs_for(
    row: Transition, case: Case, other: str, at: dt.datetime, pick: Pick
) -> dict[str, Any]:
    """Right inputs for the action; ``pick`` chooses from the values of a list."""
    return {item.name: _value(row, item, case, other, at, pick) for item in row.fields}


def _value(
    row: Transition, item: Field, case: Case, other: str, at: dt.datetime, pick: Pick
) -> Any:
    if item.name in ("main", "other"):
        return other
    if item.type is FieldType.BOOLEAN:
        return True
    if item.type is FieldType.DATE:
        return local_date(at).isoformat()
    if item.type in (FieldType.CHOICE, FieldType.OFFICER):
        values = [value for value, _label in choices_for(item, case, row.action)]
        return pick(values) if values else ""
    return "Nội dung thử"
