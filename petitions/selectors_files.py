"""What lies in the files of several cases at once: dates and papers, never a text of a letter.

Callers have checked that the reader sees the cases. Seven queries, however many cases.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count

from common.time import local_date
from petitions.models import Case, CaseClock, CaseEvent, Forwarding, Letter, Outcome
from petitions.workflow import Action

PREFIX = "petitions.case."
A = Action
# Steps after which something is different for whoever sent the petition.
TURNS = (
    A.RECEIVE, A.ACCEPT, A.DECLINE, A.HOLD_DIALOGUE, A.SUSPEND, A.RESUME, A.EXTEND, A.TAKE_OVER,
    A.DECIDE, A.NOTIFY, A.WITHDRAW, A.TERMINATE, A.MARK_IN_FORCE, A.FINISH_ENFORCEMENT,
    A.RECORD_LAWSUIT, A.CLOSE,
)  # fmt: skip


@dataclass(frozen=True)
class Turn:
    """A step with its Hà Nội date; ``number`` is that of its paper, where it has one."""

    action: Action
    on: dt.date
    number: str


@dataclass
class CaseFile:
    """The dates and papers of one case, the oldest first."""

    case: Case
    clocks: list[CaseClock] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    hops: list[Forwarding] = field(default_factory=list)
    # Cases of others that follow this one as duplicates.
    duplicates: int = 0

    def turn(self, action: Action) -> Turn | None:
        """The last step of this name."""
        return next((turn for turn in reversed(self.turns) if turn.action == action), None)

    @property
    def people(self) -> int:
        """How many stand in the letter with the most people."""
        return max((letter.people for letter in self.letters), default=1)


def case_files(cases: Collection[Case]) -> dict[int, CaseFile]:
    """The files of cases by key."""
    files = {case.pk: CaseFile(case) for case in cases}
    if not files:
        return {}
    _add(files, "clocks", CaseClock.objects.select_related("clock").order_by("id"))
    issued = Outcome.objects.filter(issued_on__isnull=False).order_by("issued_on", "id")
    _add(files, "outcomes", issued)
    letters = Letter.objects.defer("content", "request", "contact_box").order_by("id")
    _add(files, "letters", letters)
    _add(files, "hops", Forwarding.objects.select_related("to_unit").order_by("id"))
    _add_turns(files)
    _count_duplicates(files)
    return files


def _add(files: dict[int, CaseFile], name: str, rows: Any) -> None:
    for row in rows.filter(case__in=list(files)):
        getattr(files[row.case_id], name).append(row)


def _add_turns(files: dict[int, CaseFile]) -> None:
    actions = [PREFIX + action for action in TURNS]
    rows = CaseEvent.objects.filter(case__in=list(files), action__in=actions)
    for event in rows.order_by("case_id", "sequence"):
        action = Action(event.action.removeprefix(PREFIX))
        turn = Turn(action, local_date(event.at), _number(event.data))
        files[event.case_id].turns.append(turn)


def _number(data: dict[str, Any]) -> str:
    return str(data.get("number") or data.get("register") or "")


def _count_duplicates(files: dict[int, CaseFile]) -> None:
    rows: Any = (
        Case.objects.filter(merged_into__in=list(files))
        .order_by()
        .values("merged_into")
        .annotate(n=Count("id"))
    )
    for row in rows:
        files[row["merged_into"]].duplicates = row["n"]
