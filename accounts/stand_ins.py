"""Who acts for whom while people are absent. Pure: no Django, no clock.

People are keys, positions are (unit, role). A deputy may be absent too: then that person's own
deputy stands in, and so on.
"""

import datetime as dt
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

DAY = dt.timedelta(days=1)


class Post(NamedTuple):
    """A person in a position on some day; ``deputy_id`` counts only while ``is_away``. ``keeps``:
    units that are no more and whose files the unit keeps."""

    unit_id: int
    role: str
    user_id: int
    is_away: bool = False
    deputy_id: int | None = None
    keeps: tuple[int, ...] = ()


class Away(NamedTuple):
    """A person is absent between two local dates, both included."""

    person_id: int
    deputy_id: int | None
    from_on: dt.date
    to_on: dt.date


class Cover(NamedTuple):
    """Who stands in between two local dates, both included; None is nobody."""

    from_on: dt.date
    to_on: dt.date
    person_id: int | None


def stand_in(person: int, absences: Mapping[int, int | None]) -> int | None:
    """Who acts for a person, by deputies of absent people: the person who is there, or None.

    Deputies that lead back to somebody passed already end in nobody.
    """
    passed: set[int] = set()
    found: int | None = person
    while found is not None and found in absences:
        if found in passed:
            return None
        passed.add(found)
        found = absences[found]
    return found


def positions_manned(posts: Iterable[Post]) -> dict[tuple[int, str], list[int]]:
    """Who acts for each position: holders who are there and the deputies of those who are not.

    Only people with a post in the same unit stand in. Nobody is named twice for a position; a
    position without anybody is left out.
    """
    by_unit: dict[int, list[Post]] = {}
    for post in posts:
        by_unit.setdefault(post.unit_id, []).append(post)
    found: dict[tuple[int, str], list[int]] = {}
    for unit_id, inside in by_unit.items():
        absences = _absences(inside)
        for post in inside:
            acting = stand_in(post.user_id, absences)
            acting_now = found.get((unit_id, post.role), [])
            if acting is not None and acting not in acting_now:
                found[unit_id, post.role] = [*acting_now, acting]
    return found


def away_people(posts: Iterable[Post]) -> dict[int, int | None]:
    """The absent people among some posts, each with who acts for the person, or None."""
    known = list(posts)
    by_unit: dict[int, list[Post]] = {}
    for post in known:
        by_unit.setdefault(post.unit_id, []).append(post)
    found: dict[int, int | None] = {}
    for inside in by_unit.values():
        absences = _absences(inside)
        for person in absences:
            found[person] = found.get(person) or stand_in(person, absences)
    return found


def covers(
    person: int,
    first: dt.date,
    last: dt.date,
    aways: Sequence[Away],
    members: Container[int],
) -> list[Cover]:
    """Who stands in for a person over the days from ``first`` to ``last``, in stretches.

    ``members``: the people who may stand in. A day on which the person is there is covered by
    the person.
    """
    stretches = [
        Cover(start, end - DAY, _covering(person, start, aways, members))
        for start, end in pairwise(_cuts(first, last, aways))
    ]
    return list(_merged(stretches))


def _absences(inside: Sequence[Post]) -> dict[int, int | None]:
    members = {post.user_id for post in inside}
    return {
        post.user_id: post.deputy_id if post.deputy_id in members else None
        for post in inside
        if post.is_away
    }


def _cuts(first: dt.date, last: dt.date, aways: Sequence[Away]) -> list[dt.date]:
    """Days on which somebody goes or comes back, between the ends."""
    days = {day for away in aways for day in (away.from_on, away.to_on + DAY)}
    return [first, *sorted(day for day in days if first < day <= last), last + DAY]


def _covering(
    person: int, day: dt.date, aways: Sequence[Away], members: Container[int]
) -> int | None:
    absences = {
        away.person_id: away.deputy_id if away.deputy_id in members else None
        for away in aways
        if away.from_on <= day <= away.to_on
    }
    return stand_in(person, absences)


def _merged(stretches: Sequence[Cover]) -> Iterator[Cover]:
    for acting, group in groupby(stretches, key=lambda cover: cover.person_id):
        same = list(group)
        yield Cover(same[0].from_on, same[-1].to_on, acting)
