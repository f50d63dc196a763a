"""Subject fields, resolved from memory; they change with a circular, not with a request."""

import time

from petitions.models import SubjectField

CACHE_SECONDS = 30


class _Memory:
    """Fields by code, and when they were read (monotonic seconds)."""

    fields: dict[str, SubjectField] = {}
    read_at = 0.0


def fields_all() -> list[SubjectField]:
    """Every subject field in the order of the list."""
    if not _Memory.fields or time.monotonic() - _Memory.read_at > CACHE_SECONDS:
        _Memory.fields = {field.code: field for field in SubjectField.objects.all()}
        _Memory.read_at = time.monotonic()
    return list(_Memory.fields.values())


def field_by_code(code: str) -> SubjectField | None:
    """The field with this code, or None."""
    fields_all()
    return _Memory.fields.get(code)


def field_cache_clear() -> None:
    """Forget what was read: after loading reference data, and between tests."""
    _Memory.fields = {}
