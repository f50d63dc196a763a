"""What other registers hold that shows how far a task is: apps above tell it by name
(``register``), so that a task can show it without knowing who answers."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.access import Access
from common.errors import Text
from directives.models import Assignment


@dataclass(frozen=True)
class Evidence:
    """One line: what is there, as a person reads it (``3 programmes in force``), the address in the
    portal where it can be looked at, "" when there is none, and a remark on it."""

    label: Text
    url: str = ""
    note: Text = ""


# Only what the person may see; [] when the register has nothing to do with the task.
Teller = Callable[[Access, Assignment], list[Evidence]]
_tellers: dict[str, Teller] = {}


def register(name: str, teller: Teller) -> None:
    """Make a register known under ``name``; the same name again takes its place."""
    _tellers[name] = teller


def evidence_of(access: Access, assignment: Assignment) -> list[Evidence]:
    """What every register shows this person about a task, register by register in the order of
    their names. ``assignment`` comes with its unit, task, group and directive."""
    return [row for name in sorted(_tellers) for row in _tellers[name](access, assignment)]
