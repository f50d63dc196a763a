"""Steps of units on their tasks, and what must hold afterwards."""

from typing import Any

from common.history_check import table_check
from directives import invariants
from directives.models import (
    Assignment,
    AssignmentEvent,
)
from notifications.models import OutboxMessage
from tests.directives.giving import (
    all_told,
    later,
)
from tests.people import access_make


def told(template: str) -> list[tuple[str, str]]:
    return all_told(template, OutboxMessage.objects.filter(channel="app"))


def do(service: Any, row: Assignment, who: str, **values: Any) -> Any:
    """Call a service on the assignment as it is now."""
    version = Assignment.objects.get(pk=row.pk).version
    known = {"version": version, "at": later(1)} | values
    return service(access=access_make(who), public_id=row.public_id, **known)


def whole() -> None:
    """Every statement about directives holds."""
    checks = [getattr(invariants, name) for name in dir(invariants)]
    own = [check for check in checks if getattr(check, "__module__", "") == invariants.__name__]
    for check in own:
        if not check.__name__.startswith("_"):
            assert list(check()) == [], check.__name__
    assert list(table_check(AssignmentEvent)) == []
