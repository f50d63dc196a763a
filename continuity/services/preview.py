"""What a reform would move, what must be decided first, and who goes where."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from accounts.enums import Role
from accounts.models import Membership
from accounts.services_unit_moves import (
    people_amounts,
    people_move,
    people_problems,
    posts_held,
)
from common.text import fold
from common.time import local_date
from communes.models import Unit
from communes.moves import Amount, Post, Problem, UnitMove
from continuity.enums import ReformKind, Side
from continuity.models import UnitReform
from directives.services.unit_moves import (
    assignments_amounts,
    assignments_move,
    assignments_problems,
)
from early_warning.services.unit_moves import (
    warnings_amounts,
    warnings_move,
    warnings_problems,
)
from petitions.services.unit_moves import cases_amounts, cases_move, cases_problems
from receptions.services.unit_moves import (
    receptions_amounts,
    receptions_move,
    receptions_problems,
)


class Mover(NamedTuple):
    """What an app moves: amounts and problems beforehand, and the move itself, which returns what
    it did in numbers that tell of no denunciation."""

    amounts: Callable[[UnitMove], list[Amount]]
    problems: Callable[[UnitMove], list[Problem]]
    move: Callable[[UnitMove], dict[str, int]]


# In this order: people first, since sessions and petitions follow them. An app that holds something
# of a unit adds its row.
MOVERS: list[Mover] = [
    Mover(people_amounts, people_problems, people_move),
    Mover(cases_amounts, cases_problems, cases_move),
    Mover(receptions_amounts, receptions_problems, receptions_move),
    Mover(assignments_amounts, assignments_problems, assignments_move),
    Mover(warnings_amounts, warnings_problems, warnings_move),
]


class Line(NamedTuple):
    """A post of somebody, and where it goes; ``key`` names it in forms."""

    key: str
    membership: Membership
    post: Post

    @property
    def role_after(self) -> str:
        """The post afterwards in words."""
        return str(Role(self.post.role).label) if self.post.role else ""


@dataclass(frozen=True)
class Preview:
    """``digest``: changes with everything that was decided or must be, not with what comes in every
    day; whoever approves says which one was looked at."""

    lines: Sequence[Line]
    amounts: Sequence[Amount]
    problems: Sequence[Problem]
    digest: str

    @property
    def is_blocked(self) -> bool:
        return any(problem.is_blocking for problem in self.problems)


def lines_ahead(reform: UnitReform, at: dt.datetime) -> list[Line]:
    """Posts and where they go, without looking at what else moves; two queries, none where nothing
    does."""
    return [] if reform.kind == ReformKind.RENAME else move_build(reform, at, by_id=None)[1]


def preview(reform: UnitReform, at: dt.datetime) -> Preview:
    """Look ahead from a UTC moment; the number of queries does not depend on what moves."""
    if reform.kind == ReformKind.RENAME:
        return Preview([], [], [], _digest(reform, [], []))
    move, lines = move_build(reform, at, by_id=None)
    amounts = [amount for mover in MOVERS for amount in mover.amounts(move)]
    problems = [problem for mover in MOVERS for problem in mover.problems(move)]
    problems.sort(key=lambda problem: not problem.is_blocking)
    return Preview(lines, amounts, problems, _digest(reform, lines, problems))


def move_build(
    reform: UnitReform, at: dt.datetime, *, by_id: int | None
) -> tuple[UnitMove, list[Line]]:
    """What is moved as decided so far; two queries. Units that are new are not saved yet."""
    rows = list(reform.units.select_related("unit"))
    targets = [
        row.unit or Unit(code=row.code, kind=row.kind, full_name=row.full_name)
        for row in rows
        if row.side == Side.TO
    ]
    codes = {unit.code for unit in targets}
    sources = [row.unit for row in rows if row.side == Side.FROM and row.code not in codes]
    on = max(local_date(at), reform.effective_on)
    lines = _lines(reform, [s for s in sources if s is not None], targets, on)
    people = {line.membership.user_id: line.post.unit for line in reversed(lines) if line.post.unit}
    move = UnitMove(
        sources=[unit for unit in sources if unit is not None],
        targets=targets,
        on=on,
        at=at,
        number=reform.number,
        by_id=by_id,
        posts={line.membership.pk: line.post for line in lines},
        people=people,
        places=_places(reform),
    )
    return move, lines


def _lines(
    reform: UnitReform, sources: Sequence[Unit], targets: Sequence[Unit], on: dt.date
) -> list[Line]:
    units = [unit.pk for unit in (*sources, *targets) if unit.pk]
    rows = posts_held(units, on).select_related("unit", "user")
    codes = {unit.code for unit in targets}
    said = reform.choices.get("posts", {})
    found = []
    for row in rows.order_by("unit__code", "role", "user__full_name", "pk"):
        key = f"{row.unit.code}-{row.user.username}-{row.role}"
        own = row.unit.code if row.unit.code in codes else targets[0].code
        found.append(Line(key, row, post_read(said.get(key), codes, Post(own, row.role))))
    return found


def post_read(text: str | None, codes: set[str], default: Post) -> Post:
    """A choice as it is kept, ``unit:role`` or "" for a post that ends; the default where nothing
    usable was said."""
    if text is None:
        return default
    if text == "":
        return Post()
    code, _colon, role = text.partition(":")
    return Post(code, role) if code in codes and role in Role.values else default


def _places(reform: UnitReform) -> dict[str, list[str]]:
    said = reform.choices.get("places", {})
    return {
        code: [fold(line) for line in words.splitlines() if fold(line)]
        for code, words in said.items()
    }


def _digest(reform: UnitReform, lines: Sequence[Line], problems: Sequence[Problem]) -> str:
    body = [
        reform.version,
        [[line.key, *line.post] for line in lines],
        [str(problem.text) for problem in problems],
    ]
    return hashlib.sha256(json.dumps(body).encode()).hexdigest()[:32]
