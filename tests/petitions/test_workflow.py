"""The table itself: no database."""

from hypothesis import given
from hypothesis import strategies as st

from accounts.roles import Permission
from petitions.enums import Kind
from petitions.workflow import (
    ALL_KINDS,
    CLOSED_STATUSES,
    STATUS_LABELS,
    TRANSITIONS,
    Action,
    Status,
    transition_find,
    transitions_from,
)

KINDS = sorted(ALL_KINDS)


def reachable(kind: str) -> set[str]:
    seen, todo = {Status.SUBMITTED.value}, [Status.SUBMITTED.value]
    while todo:
        for row in transitions_from(todo.pop(), kind):
            if row.target and row.target.value not in seen:
                seen.add(row.target.value)
                todo.append(row.target.value)
    return seen


def test_kinds_are_those_of_the_model() -> None:
    assert set(Kind.values) == ALL_KINDS


def test_every_status_has_a_label() -> None:
    assert [value for value, _label in STATUS_LABELS] == [status.value for status in Status]


def test_every_action_has_one_row_and_a_known_permission() -> None:
    assert sorted(row.action for row in TRANSITIONS) == sorted(Action)
    assert {row.permission for row in TRANSITIONS} <= {p.value for p in Permission}


def test_every_status_but_closed_ones_has_an_exit_for_each_kind_that_reaches_it() -> None:
    for kind in KINDS:
        for status in reachable(kind) - set(CLOSED_STATUSES):
            exits = [row for row in transitions_from(status, kind) if row.target is not None]
            assert exits, (kind, status)


def test_closed_is_reachable_for_every_kind() -> None:
    for kind in KINDS:
        assert Status.CLOSED.value in reachable(kind)


def test_no_dialogue_for_denunciations() -> None:
    assert Status.DIALOGUE.value not in reachable("denunciation")


def test_denunciations_are_never_guided_away() -> None:
    assert Status.GUIDED.value not in reachable("denunciation")


@given(st.sampled_from(list(Status)), st.sampled_from(list(Action)), st.sampled_from(KINDS))
def test_find_agrees_with_the_list(status: Status, action: Action, kind: str) -> None:
    row = transition_find(status.value, action.value, kind)
    assert (row in transitions_from(status.value, kind)) == (row is not None)


def test_unknown_action_is_no_transition() -> None:
    assert transition_find("submitted", "explode", "complaint") is None
