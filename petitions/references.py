"""Subject fields, resolved from memory; they change with a circular, not with a request."""

import time

from petitions.models import SubjectField

CACHE_SECONDS = 30
_cache: dict[str, SubjectField] = {}
_read_at = 0.0


def fields_all() -> list[SubjectField]:
    """Every subject field in the order of the list."""
    global _read_at
    if not _cache or time.monotonic() - _read_at > CACHE_SECONDS:
        _cache.clear()
        _cache.update({field.code: field for field in SubjectField.objects.all()})
        _read_at = time.monotonic()
    return list(_cache.values())


def field_by_code(code: str) -> SubjectField | None:
    fields_all()
    return _cache.get(code)


def field_cache_clear() -> None:
    """Forget what was read: after loading reference data, and between tests."""
    _cache.clear()
