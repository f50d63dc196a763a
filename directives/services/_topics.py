"""The subject fields of petitions that a task is about."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from directives.models import Task, TaskField
from petitions.models import SubjectField
from petitions.references import field_by_code


def topics_checked(codes: Sequence[str]) -> list[SubjectField]:
    """The fields by their codes, each once. Raises InvalidInput on ``subject_fields``."""
    found = [field_by_code(code) for code in dict.fromkeys(codes)]
    known = [field for field in found if field is not None]
    if len(known) != len(found):
        raise InvalidInput(fields={"subject_fields": [_("Choose values of the list.")]})
    return known


def topics_set(task: Task, fields: Sequence[SubjectField]) -> dict[str, Any]:
    """Set what a task is about; what changed, from and to, by code."""
    before = set(task.topics.values_list("field__code", flat=True))
    after = {field.code for field in fields}
    if before == after:
        return {}
    task.topics.exclude(field__code__in=after).delete()
    TaskField.objects.bulk_create(
        [TaskField(task=task, field=field) for field in fields if field.code not in before]
    )
    return {"subject_fields": [sorted(before), sorted(after)]}
