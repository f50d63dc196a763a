"""Letters of the demo data: different from each other, of sane length, reproducible."""

import datetime as dt
import random
from itertools import combinations

import pytest

from hanoi_portal.demo import officers, people, phrasebook, texts
from hanoi_portal.demo.facts import Facts
from hanoi_portal.demo.places import Place
from hanoi_portal.demo.projects import PROJECTS

KINDS = ("complaint", "denunciation", "recommendation", "feedback")
PLACES = (
    Place("00004", "Phường Ba Đình", 65023),
    Place("09856", "Xã Dương Hòa", 58830),
    Place("00331", "Phường Hoàng Mai", 98502),
)
ON = dt.date(2026, 11, 3)


def _letter(index: int, *, seed: int = 1) -> texts.Letter:
    rng = random.Random(f"{seed}:{index}")
    place = rng.choice(PLACES)
    return texts.letter(
        rng,
        kind=KINDS[index % 4],
        field=phrasebook.fields()[index // 4 % 15],
        on=ON,
        place=place,
        writer=people.person(rng, place),
        project=rng.choice((None, rng.choice(PROJECTS))),
    )


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = text.split()
    return {tuple(words[start : start + 3]) for start in range(len(words) - 2)}


def _alike(one: str, other: str) -> float:
    first, second = _shingles(one), _shingles(other)
    return len(first & second) / len(first | second)


@pytest.fixture(scope="module")
def letters() -> list[texts.Letter]:
    return [_letter(index) for index in range(1000)]


def test_thousand_letters_are_all_different(letters: list[texts.Letter]) -> None:
    assert len({letter.content for letter in letters}) == 1000


def test_letters_are_little_alike(letters: list[texts.Letter]) -> None:
    pairs = list(combinations([letter.content for letter in letters[:240]], 2))
    scores = sorted(_alike(one, other) for one, other in pairs)
    assert scores[len(scores) // 2] < 0.05
    assert scores[int(len(scores) * 0.995)] < 0.4


def test_letters_keep_the_limits(letters: list[texts.Letter]) -> None:
    for letter in letters:
        assert 120 <= len(letter.content.split()) <= 400
        assert 10 <= len(letter.subject) <= texts.SUBJECT_LIMIT
        assert letter.request
        assert letter.content.count("\n\n") >= 3


def test_no_open_slot_or_mark_is_left(letters: list[texts.Letter]) -> None:
    for letter in letters:
        written = letter.subject + letter.content + letter.request
        assert not set("{}[]|@") & set(written)


def test_same_seed_same_letters() -> None:
    assert [_letter(index).content for index in range(50)] == [
        _letter(index).content for index in range(50)
    ]
    assert _letter(7).content != _letter(7, seed=2).content


def test_only_complaints_and_denunciations_name_somebody(letters: list[texts.Letter]) -> None:
    for letter in letters:
        assert (letter.respondent is not None) == (letter.kind in ("complaint", "denunciation"))


def test_denunciation_names_its_respondent(letters: list[texts.Letter]) -> None:
    for letter in letters:
        if letter.kind == "denunciation" and letter.respondent:
            assert letter.respondent.name in letter.content


def test_neighbour_tells_nearly_the_same_about_another_household() -> None:
    rng = random.Random(3)
    earlier = _letter(0)
    writer = people.person(rng, PLACES[0])
    again = texts.neighbour_letter(rng, earlier, on=ON, writer=writer)
    assert 0.4 < _alike(earlier.content, again.content) < 0.98
    assert earlier.facts["ho_ten"] not in again.content


def test_repeated_letter_is_nearly_the_same_words() -> None:
    again = texts.repeated_letter(random.Random(3), _letter(0), on=ON + dt.timedelta(days=30))
    assert _alike(_letter(0).content, again.content) > 0.8
    assert "03/11/2026" in again.content


@pytest.mark.parametrize("field", phrasebook.fields())
def test_every_story_has_parts_of_its_own(field: str) -> None:
    for situation in phrasebook.situations(field):
        for story in situation["story"]:
            narrowed = texts._one_story(random.Random(1), dict(situation, story=[story]), None)
            assert narrowed["subject"], story
            assert len(narrowed["details"]) >= 2, story
            assert narrowed["harm"], story
            assert narrowed["ask"], story


@pytest.mark.parametrize("kind", KINDS)
def test_officers_write_whole_sentences(kind: str) -> None:
    rng = random.Random(5)
    facts = Facts(rng, on=ON, place=PLACES[0])
    topic = officers.reception_topic(rng, facts)
    written = [
        officers.proposal(rng, kind, facts),
        officers.decision_summary(rng, kind, facts),
        officers.refusal(rng, kind, facts),
        officers.verification_note(rng, facts),
        officers.reception_outcome(rng, topic, facts),
        officers.reception_minutes(rng, facts),
        officers.conclusion_task(rng, topic, facts),
        officers.progress_report(rng, "1699-cv-tu-1-study", facts),
        officers.progress_report(rng, "another-directive", facts),
    ]
    for text in written:
        assert text[0].isupper()
        assert text.endswith(".")
        assert not set("{}[]|") & set(text)
    assert officers.plan_number(rng, facts).endswith("-KH/ĐU")
    assert officers.plan_title(rng, facts).startswith("Kế hoạch")
