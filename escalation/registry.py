"""Who owns a clock. The sweep knows no case: apps above register what it must ask and tell.

Each owner is asked once per batch, never once per clock.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from django.db.models import Q

from accounts.access import Access
from escalation.enums import AnswerStep, StepKind


@dataclass(frozen=True, slots=True)
class Subject:
    """What a clock measures. ``pk`` is the owner's own key, ``code`` the public one.

    ``href`` is the page to show it on; a claim, which shows nothing, may leave it empty.
    """

    pk: int
    code: str
    href: str = ""
    # The person at work on it, told instead of everybody in the handler's position.
    handler_id: int | None = None
    # What the body that sent it on has of it: its own code and page.
    sender_code: str = ""
    sender_href: str = ""
    # Whether it may be named outside the bodies that handle it (a denunciation may not).
    is_secret: bool = False
    # What it is in notices: ``case``, ``task`` of a conclusion, ``visit`` that waits for its
    # written notice.
    of: str = "case"


@dataclass(frozen=True, slots=True)
class Claim:
    """Subjects by clock, locked; ``busy``: owned clocks whose subject somebody else holds now."""

    subjects: Mapping[int, Subject] = field(default_factory=dict)
    busy: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Taken:
    """A step of the ladder that was taken for a clock, once."""

    clock_id: int
    subject: Subject
    rule_code: str
    due_on: dt.date
    step: int
    step_code: str
    kind: StepKind
    level: int
    basis: str
    at: dt.datetime
    unit_code: str
    position: str
    nobody_found: bool
    # The petitioner is told which ways are open to him now.
    tells_citizen: bool = False
    round: int = 0
    # By whom it was raised by hand.
    by_id: int | None = None
    # Of the past: nothing is sent.
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """An escalation that the position it went to has answered."""

    clock_id: int
    step_code: str
    level: int
    unit_code: str
    position: str
    by_id: int
    at: dt.datetime
    # The subject's version the answer was written on, when the caller knows one.
    version: int | None
    answer_step: str = AnswerStep.ANSWER
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A step that a person may confirm with. ``officers``: (user name, name) to choose from;
    ``href``: the page on which the step is done, which confirms by being done."""

    step: AnswerStep
    officers: tuple[tuple[str, str], ...] = ()
    href: str = ""


class Owner(Protocol):
    def claim(self, clock_ids: Sequence[int]) -> Claim:
        """Lock the subjects of these clocks without waiting, in the caller's transaction."""

    def subjects(self, clock_ids: Sequence[int]) -> Mapping[int, Subject]:
        """The subjects of these clocks, to show them; nothing is locked."""

    def on_steps(self, batch: Sequence[Taken]) -> None:
        """Write history and level of claimed subjects, in the caller's transaction."""

    def on_answer(self, answered: Answered) -> None:
        """Write the answer into the history, in the caller's transaction."""

    def choices(self, access: Access, clock_id: int) -> Sequence[Choice]:
        """What a person may do about the subject besides answering; by its own policies."""

    def perform(
        self, access: Access, clock_id: int, step: AnswerStep, officer: str, at: dt.datetime
    ) -> None:
        """Take it over or give it to an officer, in the caller's transaction."""

    def narrow(self, kind: str, field_code: str) -> Q:
        """The clocks of subjects of a kind and a field, "" for any that may be counted."""

    def is_secret_kind(self, kind: str) -> bool:
        """Whether even the number of subjects of a kind may betray somebody."""

    def hidden(self, access: Access) -> Q:
        """Escalations to the person's positions of which the person must not know."""

    def kinds(self) -> Iterable[tuple[str, str]]:
        """Value and label of the kinds that a ladder may be for."""

    def fields(self) -> Iterable[tuple[str, str]]:
        """Code and label of the fields that a ladder may be for."""

    def hold(self, clock_id: int, version: int | None) -> bool:
        """Lock the subject of a clock, waiting; False when it is not this owner's.

        Raises Stale when the subject has another version than expected.
        """


_owners: dict[str, Owner] = {}


def register(name: str, owner: Owner) -> None:
    """Make an owner known; the same name replaces itself (apps start more than once in tests)."""
    _owners[name] = owner


def owners() -> list[Owner]:
    return list(_owners.values())


def owner_choices(access: Access, clock_id: int) -> list[Choice]:
    """What a person may do about the subject of a clock besides answering."""
    return [choice for owner in owners() for choice in owner.choices(access, clock_id)]


def narrowed(kind: str, field_code: str) -> Q:
    """The clocks of a kind and a field of any owner, "" for any."""
    found = Q()
    for owner in owners():
        found |= owner.narrow(kind, field_code)
    return found


def hidden_from(access: Access) -> Q:
    """Escalations of any owner of which a person must not know."""
    found = Q()
    for owner in owners():
        found |= owner.hidden(access)
    return found


def is_secret_kind(kind: str) -> bool:
    """Whether small numbers of a kind are not shown."""
    return any(owner.is_secret_kind(kind) for owner in owners())


def kinds() -> list[tuple[str, str]]:
    """The kinds of every owner's subjects."""
    return [kind for owner in owners() for kind in owner.kinds()]


def fields() -> list[tuple[str, str]]:
    """The fields of every owner's subjects."""
    return [item for owner in owners() for item in owner.fields()]


def subjects_of(clock_ids: Sequence[int]) -> dict[int, Subject]:
    """Subjects of clocks for screens, one query an owner, none without clocks."""
    found: dict[int, Subject] = {}
    if clock_ids:
        for owner in owners():
            found |= owner.subjects(clock_ids)
    return found
