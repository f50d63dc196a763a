"""What a reform of units moves, as the apps above are told of it. No query, no transaction."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.functional import Promise

from common.text import fold
from communes.models import Unit

Words = str | Promise


class Amount(NamedTuple):
    """So many of something move along. Denunciations are never among them."""

    what: Words
    number: int


class Problem(NamedTuple):
    """Something to decide before a reform (``is_blocking``), or to know of."""

    text: Words
    is_blocking: bool = True


class Post(NamedTuple):
    """Where a membership goes on: code of the unit and role, both "" when it ends."""

    unit: str = ""
    role: str = ""


@dataclass(frozen=True)
class UnitMove:
    """Everything of the ``sources`` goes on in the ``targets``, the first of which keeps the files
    and gets whatever nothing else says.

    ``on``: the first local date of the new order, ``at`` the UTC moment of the move. ``posts``:
    where memberships go on, by their keys. ``places``: folded names of places by the code of the
    target that gets what speaks of them. Looking ahead, targets may not be saved yet.
    """

    sources: Sequence[Unit]
    targets: Sequence[Unit]
    on: dt.date
    at: dt.datetime
    number: str
    by_id: int | None = None
    posts: Mapping[int, Post] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    places: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def main(self) -> Unit:
        return self.targets[0]

    @property
    def source_ids(self) -> list[int]:
        return [unit.pk for unit in self.sources]

    def target(self, code: str | None) -> Unit | None:
        """The target with that code."""
        return next((unit for unit in self.targets if unit.code == code), None)

    def target_of_person(self, user_id: int | None) -> Unit | None:
        """Where a person of the sources works from then on."""
        return self.target(self.people.get(user_id)) if user_id is not None else None

    def target_of(self, text: str, user_id: int | None = None) -> Unit:
        """Who gets a matter: by the places that its words name, else with the person who works on
        it, else the main one. ``text``: folded or not."""
        named = self.targets_named(text)
        return named[0] if named else self.target_of_person(user_id) or self.main

    def targets_named(self, text: str) -> list[Unit]:
        """Every target whose places the words name, in the order of the choices; none where there
        is only one. ``text``: folded or not."""
        if len(self.targets) < 2:
            return []
        words = f" {fold(text)} "
        codes = [
            code
            for code, names in self.places.items()
            if any(f" {name} " in words for name in names)
        ]
        return [unit for unit in map(self.target, codes) if unit is not None]
