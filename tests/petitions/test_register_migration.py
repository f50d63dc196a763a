"""One book of letters becomes two, with letters in it, and one again."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from petitions.invariants import register_is_gapless
from petitions.models import Letter, RegisterCounter
from tests.migrating import migrate_app, whole_again
from tests.people import Story

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE, AFTER = "0015_letter_contact", "0016_register_of_denunciations"
ABOUT = {"name": "Ông Thử", "unit": "00008"}
KINDS = ("complaint", "denunciation", "complaint", "denunciation", "complaint")


def migrate(name: str) -> None:
    migrate_app("petitions", name)


@pytest.fixture
def _whole_again() -> Iterator[None]:
    """Whatever happens, the next test finds the schema of today, with the guards of its histories."""
    yield
    whole_again("petitions")


def registered(story: Callable[..., Story], *kinds: str) -> list[Letter]:
    letters = []
    for kind in kinds:
        tale = story(kind=kind, **({"respondent": ABOUT} if kind == "denunciation" else {}))
        tale.do("clerk", "receive", is_signed=True)
        letters.append(tale.case.letters.get())
    return letters


def as_one_book(letters: list[Letter]) -> None:
    """As they were numbered before: 1 to n in one book, whatever their kind."""
    for number, letter in enumerate(letters, 1):
        Letter.objects.filter(pk=letter.pk).update(register_number=100 + number)
    for number, letter in enumerate(letters, 1):
        Letter.objects.filter(pk=letter.pk).update(register_number=number)
    RegisterCounter.objects.update(last=len(letters))
    migrate(BEFORE)
    assert counters() == {"letters": len(letters)}


def counters() -> dict[str, int]:
    return dict(RegisterCounter.objects.values_list("book", "last"))


@pytest.mark.usefixtures("reference_data", "_whole_again")
def test_numbers_stay_and_both_books_go_on_without_a_gap(story: Callable[..., Story]) -> None:
    letters = registered(story, *KINDS)
    as_one_book(letters)
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=letters[1].pk).update(register_number=1)
    migrate(AFTER)
    assert numbers(letters) == [1, 2, 3, 4, 5]
    assert counters() == {
        "letters": 5, "denunciations": 5, "letters:shared": 5, "denunciations:shared": 5,
    }  # fmt: skip
    assert list(register_is_gapless()) == []
    later = registered(story, "complaint", "denunciation")
    assert numbers(later) == [6, 6]
    assert list(register_is_gapless()) == []
    hole = later[0]
    Letter.objects.filter(pk=hole.pk).update(register_number=7)
    assert list(register_is_gapless()) != []


@pytest.mark.usefixtures("reference_data", "_whole_again")
def test_where_no_denunciation_was_the_new_book_begins_with_one(
    story: Callable[..., Story],
) -> None:
    """And has no gap from there on."""
    letters = registered(story, "complaint", "complaint")
    as_one_book(letters)
    migrate(AFTER)
    assert counters() == {"letters": 2, "letters:shared": 2}
    (first, second) = registered(story, "denunciation", "denunciation")
    assert numbers([first, second]) == [1, 2]
    assert list(register_is_gapless()) == []
    Letter.objects.filter(pk=second.pk).update(register_number=3)
    assert list(register_is_gapless()) != []


@pytest.mark.usefixtures("reference_data", "_whole_again")
def test_back_and_forth_again_changes_no_number(story: Callable[..., Story]) -> None:
    letters = registered(story, *KINDS)
    as_one_book(letters)
    for _turn in range(2):
        migrate(AFTER)
        migrate(BEFORE)
    migrate(AFTER)
    assert numbers(letters) == [1, 2, 3, 4, 5]
    assert list(register_is_gapless()) == []


def numbers(letters: list[Letter]) -> list[Any]:
    found = dict(Letter.objects.values_list("pk", "register_number"))
    return [found[letter.pk] for letter in letters]


@pytest.mark.usefixtures("reference_data", "_whole_again")
def test_a_number_that_both_books_gave_keeps_them_apart(story: Callable[..., Story]) -> None:
    """Nothing is changed, nothing half done: both rules of the database are still there."""
    letters = registered(story, "complaint", "denunciation")
    with pytest.raises(DatabaseError, match="same register numbers"):
        migrate(BEFORE)
    assert numbers(letters) == [1, 1]
    assert counters() == {"letters": 1, "denunciations": 1}
    for letter in registered(story, "complaint", "denunciation"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Letter.objects.filter(pk=letter.pk).update(register_number=1)
