"""Reading units. Units change a few times a year: codes are resolved from memory."""

import time
from collections.abc import Iterable

from communes.models import Unit

CACHE_SECONDS = 30
_cache: dict[str, Unit] = {}
_read_at = 0.0


def unit_by_code(code: str) -> Unit | None:
    """The unit with that code, or None; read from the database at most every 30 seconds."""
    return _units().get(code)


def unit_by_id(pk: int) -> Unit | None:
    return next((unit for unit in _units().values() if unit.pk == pk), None)


def units_by_code(codes: Iterable[str]) -> dict[str, Unit]:
    known = _units()
    return {code: known[code] for code in codes if code in known}


def unit_cache_clear() -> None:
    """Forget what was read: after loading reference data, and between tests."""
    global _read_at
    _read_at = 0.0
    _cache.clear()


def unit_json(unit: Unit) -> dict[str, str]:
    """A unit as every answer of the API shows it."""
    return {
        "code": unit.code,
        "kind": unit.kind,
        "name": unit.full_name,
        "slug": unit.slug,
        "former_district": unit.former_district,
    }


def _units() -> dict[str, Unit]:
    global _read_at
    if not _cache or time.monotonic() - _read_at > CACHE_SECONDS:
        _cache.update({unit.code: unit for unit in Unit.objects.all()})
        _read_at = time.monotonic()
    return _cache
