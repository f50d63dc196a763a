"""What a field of an action may take in a case, with its label: one list for page and API."""

from django.utils.translation import gettext

from accounts.roles import Permission
from accounts.selectors import holders_of
from petitions.enums import RefusalGround
from petitions.guards import findings_for
from petitions.models import Case
from petitions.references import fields_all
from petitions.services.inputs import PROPOSALS
from petitions.workflow import BY_ACTION, Field, FieldType


def choices_for(field: Field, case: Case) -> list[tuple[str, str]]:
    """Value and label of each choice; empty for a field that is no choice."""
    if field.type is FieldType.OFFICER:
        officers = holders_of(Permission.CASE_HANDLE, case.unit_id)
        return [(person.username, person.full_name) for person in officers]
    if field.choices == "refusal_grounds":
        return [(value, str(label)) for value, label in RefusalGround.choices]
    if field.choices == "fields":
        return [(item.code, item.label_vi) for item in fields_all()]
    if field.choices == "findings":
        return [(item.value, str(item.label)) for item in findings_for(case)]
    if field.choices == "proposals":
        rows = [BY_ACTION[action] for action in PROPOSALS]
        return [(row.action.value, gettext(row.label)) for row in rows if case.kind in row.kinds]
    return []
