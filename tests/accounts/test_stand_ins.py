"""Who acts for whom: pure rules of absence, deputies, their deputies and loops."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.stand_ins import Away, Cover, Post, covers, positions_manned, stand_in

PEOPLE = st.integers(0, 6)
ABSENCES = st.dictionaries(PEOPLE, st.none() | PEOPLE)
MONDAY = dt.date(2026, 11, 30)
POSTS = st.lists(
    st.builds(
        Post,
        unit_id=st.integers(1, 2),
        role=st.sampled_from(["clerk", "head"]),
        user_id=PEOPLE,
        is_away=st.booleans(),
        deputy_id=st.none() | PEOPLE,
    ),
    unique_by=lambda post: (post.unit_id, post.role, post.user_id),
)


def day(number: int) -> dt.date:
    return MONDAY + dt.timedelta(days=number)


@pytest.mark.parametrize(
    ("absences", "expected"),
    [
        ({}, 1),
        ({1: 2}, 2),
        ({1: None}, None),
        ({1: 2, 2: 3}, 3),
        ({1: 2, 2: 3, 3: None}, None),
        ({1: 2, 2: 1}, None),
        ({1: 2, 2: 3, 3: 4, 4: 2}, None),
        ({1: 1}, None),
        ({2: 3}, 1),
    ],
)
def test_the_chain_of_deputies(absences: dict[int, int | None], expected: int | None) -> None:
    assert stand_in(1, absences) == expected


@given(person=PEOPLE, absences=ABSENCES)
def test_it_ends_and_never_in_somebody_absent(person: int, absences: dict[int, int | None]) -> None:
    acting = stand_in(person, absences)
    assert acting not in absences
    if person not in absences:
        assert acting == person


@given(ring=st.lists(PEOPLE, min_size=1, unique=True), others=ABSENCES)
def test_a_loop_of_any_length_ends_in_nobody(
    ring: list[int], others: dict[int, int | None]
) -> None:
    loop = dict(zip(ring, [*ring[1:], ring[0]], strict=True))
    for person in ring:
        assert stand_in(person, others | loop) is None


@given(posts=POSTS)
def test_a_position_is_manned_by_present_people_of_the_unit_once(posts: list[Post]) -> None:
    away = {(post.unit_id, post.user_id) for post in posts if post.is_away}
    members = {(post.unit_id, post.user_id) for post in posts}
    held = {(post.unit_id, post.role) for post in posts}
    manned = positions_manned(posts)
    assert manned.keys() <= held
    for (unit, _role), people in manned.items():
        assert people
        assert len(people) == len(set(people))
        for person in people:
            assert (unit, person) in members - away


def test_a_holder_who_is_there_keeps_the_position_beside_the_deputy_of_another() -> None:
    posts = [Post(1, "handler", 7, is_away=True, deputy_id=9), Post(1, "handler", 8)]
    assert positions_manned([*posts, Post(1, "clerk", 9)])[1, "handler"] == [9, 8]
    assert positions_manned([*posts, Post(1, "clerk", 8)])[1, "handler"] == [8]


def test_a_deputy_without_a_post_in_the_unit_does_not_stand_in() -> None:
    posts = [Post(1, "head", 7, is_away=True, deputy_id=9), Post(2, "head", 9)]
    assert positions_manned(posts) == {(2, "head"): [9]}


def test_days_are_told_apart_by_who_stands_in() -> None:
    aways = [Away(1, 2, day(0), day(9)), Away(2, 3, day(2), day(4)), Away(3, None, day(4), day(20))]
    assert covers(1, day(0), day(9), aways, {1, 2, 3}) == [
        Cover(day(0), day(1), 2),
        Cover(day(2), day(3), 3),
        Cover(day(4), day(4), None),
        Cover(day(5), day(9), 2),
    ]


def test_who_has_left_the_unit_covers_no_day() -> None:
    aways = [Away(1, 2, day(0), day(9))]
    assert covers(1, day(3), day(9), aways, {1, 3}) == [Cover(day(3), day(9), None)]


@given(
    aways=st.lists(
        st.builds(
            lambda person, deputy, first, length: Away(
                person, deputy, day(first), day(first + length)
            ),
            PEOPLE,
            st.none() | PEOPLE,
            st.integers(0, 12),
            st.integers(0, 12),
        ),
        unique_by=lambda away: away.person_id,
    )
)
def test_covers_say_for_each_day_what_the_chain_says(aways: list[Away]) -> None:
    found = covers(1, day(3), day(14), aways, range(7))
    assert found[0].from_on == day(3)
    assert found[-1].to_on == day(14)
    for before, after in pairwise(found):
        assert after.from_on == before.to_on + dt.timedelta(days=1)
        assert after.person_id != before.person_id
    for number in range(3, 15):
        absences = {
            away.person_id: away.deputy_id
            for away in aways
            if away.from_on <= day(number) <= away.to_on
        }
        (acting,) = [c.person_id for c in found if c.from_on <= day(number) <= c.to_on]
        assert acting == stand_in(1, absences)
