"""Absences as the people of a unit see them: their own, their colleagues', whom they stand in for."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from accounts.access import Access
from accounts.enums import Role
from accounts.models import Absence, Membership, User
from accounts.policies import can_record_absences_in
from accounts.stand_ins import Cover, Post, covers


class CoverShown(NamedTuple):
    """Between two local dates, both included, ``name`` stands in; "" is nobody."""

    from_on: dt.date
    to_on: dt.date
    name: str


@dataclass(frozen=True)
class AbsenceShown:
    """``otherwise``: the days ahead on which another than the named deputy stands in, or nobody."""

    absence: Absence
    has_begun: bool
    otherwise: list[CoverShown]


class Turn(NamedTuple):
    """The reader stands in for ``name`` between two local dates, both included."""

    from_on: dt.date
    to_on: dt.date
    name: str
    is_now: bool


class Colleague(NamedTuple):
    username: str
    label: str
    is_recorded: bool  # whether the reader records this person's absences


@dataclass(frozen=True)
class Office:
    """What a person needs to know of absences today: everything current or coming."""

    mine: list[AbsenceShown]
    others: list[AbsenceShown]
    turns: list[Turn]
    colleagues: list[Colleague]


def office_of(access: Access, on: dt.date) -> Office:
    """Absences around a person on a local date and later; three queries."""
    around = _Around(access, on)
    return Office(
        mine=[around.shown(row) for row in around.absences if row.person_id == access.user_id],
        others=[around.shown(row) for row in around.absences if around.is_recorded(row.person_id)],
        turns=sorted(turn for row in around.absences for turn in around.turns(row)),
        colleagues=list(map(around.colleague, around.people)),
    )


class _Around:
    """People of the reader's units with their posts and absences."""

    def __init__(self, access: Access, on: dt.date) -> None:
        self.access, self.on = access, on
        self.posts: dict[int, list[Post]] = {}
        for post in Membership.objects.filter(unit_id__in=access.unit_ids).posts(on):
            self.posts.setdefault(post.user_id, []).append(post)
        self.people = list(
            User.objects.filter(pk__in=self.posts).order_by("full_name", "id").only(*_NAMED)
        )
        self.names = {person.pk: person.full_name for person in self.people}
        self.absences = list(
            Absence.objects.filter(person__in=self.posts)
            .touching(on, dt.date.max)
            .select_related("person", "deputy", "recorded_by")
            .order_by("from_on", "id")
        )
        self.aways = [row.away for row in self.absences]

    def shown(self, row: Absence) -> AbsenceShown:
        otherwise = [
            CoverShown(cover.from_on, cover.to_on, self.names.get(cover.person_id or 0, ""))
            for cover in self._covers(row)
            if cover.person_id is None or cover.person_id != row.deputy_id
        ]
        return AbsenceShown(row, row.from_on <= self.on, otherwise)

    def turns(self, row: Absence) -> list[Turn]:
        return [
            Turn(cover.from_on, cover.to_on, row.person.full_name, cover.from_on <= self.on)
            for cover in self._covers(row)
            if cover.person_id == self.access.user_id
        ]

    def colleague(self, person: User) -> Colleague:
        roles = dict.fromkeys(str(Role(post.role).label) for post in self.posts[person.pk])
        label = f"{person.full_name} ({', '.join(roles)})"
        return Colleague(person.username, label, self.is_recorded(person.pk))

    def is_recorded(self, person: int) -> bool:
        """Whether it is a colleague whose absences the reader records."""
        is_own = person == self.access.user_id
        return not is_own and can_record_absences_in(self.access, self._units(person))

    def _covers(self, row: Absence) -> Sequence[Cover]:
        first = max(row.from_on, self.on)
        return covers(row.person_id, first, row.last_on, self.aways, self._members(row.person_id))

    def _members(self, person: int) -> set[int]:
        """Who may stand in for a person: everybody with a post in all of that person's units."""
        units = self._units(person)
        return {other for other in self.posts if units <= self._units(other)}

    def _units(self, person: int) -> frozenset[int]:
        return frozenset(post.unit_id for post in self.posts[person])


_NAMED = ("id", "username", "full_name")
