"""Statements that must hold over live data, checked by ``manage.py check_data``.

An app adds its own in ``invariants.py``; each returns a line per broken row, naming it by public
code only.
"""

from collections.abc import Callable, Iterable

Check = Callable[[], Iterable[str]]
_checks: dict[str, Check] = {}


def invariant(name: str) -> Callable[[Check], Check]:
    """Decorator: register a check under a dotted name."""

    def add(check: Check) -> Check:
        _checks[name] = check
        return check

    return add


def invariants_broken() -> dict[str, list[str]]:
    """Broken statements with their rows, in the order of names."""
    found = {name: list(_checks[name]()) for name in sorted(_checks)}
    return {name: lines for name, lines in found.items() if lines}
