"""What a field of an action may take in a case, with its label: one list for page and API."""

from collections.abc import Callable

from django.utils.translation import gettext

from accounts.roles import Permission
from accounts.selectors import holders_of
from petitions.grounds import listed
from petitions.guards import findings_for
from petitions.issued_papers import issued_for
from petitions.models import Case
from petitions.receivers import receivers_for, units_by_name
from petitions.references import fields_all
from petitions.services.inputs import PROPOSALS
from petitions.workflow import BY_ACTION, PAPER, Action, Field, FieldType

Choices = list[tuple[str, str]]


def choices_for(field: Field, case: Case, action: Action) -> Choices:
    """Value and label of each choice in this action; empty for a field that is no choice."""
    if field.type is FieldType.OFFICER:
        officers = holders_of(Permission.CASE_HANDLE, case.unit_id)
        return [(person.username, person.full_name) for person in officers]
    if field.type is not FieldType.CHOICE:
        return []
    if field is PAPER:
        return [(paper.key, paper.label) for paper in issued_for(case, action)]
    values = listed(field.choices, case.kind)
    if values is not None:
        return [(item.value, str(item.label)) for item in values]
    return _CHOICES[field.choices](case)


def _proposals(case: Case) -> Choices:
    rows = [BY_ACTION[action] for action in PROPOSALS]
    return [(row.action.value, gettext(row.label)) for row in rows if case.kind in row.kinds]


_CHOICES: dict[str, Callable[[Case], Choices]] = {
    "fields": lambda case: [(item.code, item.label_vi) for item in fields_all()],
    "findings": lambda case: [(item.value, str(item.label)) for item in findings_for(case)],
    "proposals": _proposals,
    "units": lambda case: [(unit.code, unit.full_name) for unit in units_by_name()],
    "receivers": lambda case: [(unit.code, unit.full_name) for unit in receivers_for(case)],
}
