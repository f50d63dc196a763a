"""Letters of citizens: natural, different from each other, the same for the same generator."""

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

from hanoi_portal.demo.facts import Facts
from hanoi_portal.demo.people import Person
from hanoi_portal.demo.phrasebook import choose, fill, frame, settle, situations
from hanoi_portal.demo.places import Place
from hanoi_portal.demo.projects import Project

SUBJECT_LIMIT = 200
ENOUGH_WORDS = 140
STORY_SECTIONS = ("subject", "details", "harm", "ask")


@dataclass(frozen=True)
class Respondent:
    """Whom a complaint or denunciation is about; ``position`` as the portal stores it."""

    name: str
    position: str


@dataclass(frozen=True)
class Letter:
    """What a citizen files. ``parts`` and ``facts`` let a neighbour tell the same again."""

    kind: str
    field: str
    subject: str
    content: str
    request: str
    respondent: Respondent | None
    parts: tuple[str, ...]
    subject_part: str
    request_part: str
    facts: Facts


def letter(
    rng: random.Random,
    *,
    kind: str,
    field: str,
    on: dt.date,
    place: Place,
    writer: Person,
    project: Project | None = None,
) -> Letter:
    """A letter of one kind about one field, written on a local date by ``writer``.

    Raises ``FileNotFoundError`` for an unknown field, ``IndexError`` for an unknown kind.
    """
    told = [one for one in situations(field) if kind in one["kinds"]]
    situation = _one_story(rng, rng.choice(_about(told, project)), project)
    facts = Facts(rng, on=on, place=place, project=project)
    facts.describe(writer)
    facts["nhan_don"] = _addressee(kind, facts)
    if "post" in situation:
        facts["chuc_vu"] = rng.choice(situation["post"])
    return _compose(
        kind,
        field,
        choose(rng, _about(situation["subject"], project)),
        tuple(_body(rng, kind, situation)),
        _request(rng, situation),
        _respondent(situation, facts),
        facts,
    )


def neighbour_letter(rng: random.Random, earlier: Letter, *, on: dt.date, writer: Person) -> Letter:
    """The same matter by another household: nearly the same words, its own plot and sums."""
    facts = earlier.facts.for_neighbour(rng, on=on, writer=writer)
    parts = (choose(rng, frame()["neighbour"]["any"]), *earlier.parts[1:])
    return _again(earlier, parts, facts)


def repeated_letter(rng: random.Random, earlier: Letter, *, on: dt.date) -> Letter:
    """The same person sends the same letter again because no answer came."""
    facts = Facts(rng, on=on, place=earlier.facts.place, project=earlier.facts.project)
    facts.update(earlier.facts)
    facts["ngay_truoc"] = f"{earlier.facts.on:%d/%m/%Y}"
    return _again(earlier, (*earlier.parts, choose(rng, frame()["repeat"]["any"])), facts)


def _about(options: list[Any], project: Project | None) -> list[Any]:
    """Options that name the project when there is one, all of them when none does."""
    naming = [option for option in options if "{du_an}" in str(option)] if project else []
    return naming or options


def _one_story(
    rng: random.Random, situation: dict[str, Any], project: Project | None
) -> dict[str, Any]:
    """A situation narrowed to one of its stories: parts marked for another one fall away."""
    mark, told = _marked(rng.choice(_about(situation["story"], project)))
    narrowed = dict(situation, told=told)
    for section in STORY_SECTIONS:
        parts = [_marked(part) for part in situation[section]]
        narrowed[section] = [text for of, text in parts if not (of and mark) or of == mark]
    return narrowed


def _marked(part: str) -> tuple[str, str]:
    """The mark of a part and its text: "@a Text" belongs to the stories marked "@a"."""
    if not part.startswith("@"):
        return "", part
    mark, text = part.split(" ", 1)
    return mark, text


def _addressee(kind: str, facts: Facts) -> str:
    office = facts["UBND"]
    return f"Chủ tịch {office}" if kind in ("complaint", "denunciation") else office


def _body(rng: random.Random, kind: str, situation: dict[str, Any]) -> list[str]:
    """Paragraphs: opening, story, details, what was tried, what it does to people, closing."""
    book = frame()
    details = [settle(rng, text) for text in _some(rng, situation["details"], 2, 4)]
    talks = [settle(rng, text) for text in rng.sample(book["before"]["talk"], 4)]
    before = talks[: rng.randint(1, 2)]
    papers = [settle(rng, text) for text in _some(rng, book["before"]["paper"], 0, 1)]
    harm = [settle(rng, text) for text in _some(rng, situation["harm"], 1, 2)]
    basis = choose(rng, book["basis"][kind])
    middle = [" ".join(details), " ".join(before + papers), " ".join(harm)]
    if rng.random() < 0.4:
        middle = [" ".join(details + harm), " ".join(before + papers)]
    body = [
        choose(rng, book["opening"][kind]),
        settle(rng, situation["told"]),
        *(paragraph for paragraph in middle if paragraph),
        " ".join(part for part in (basis, choose(rng, book["closing"]["any"])) if part),
    ]
    return _lengthen(body, talks[len(before) :])


def _lengthen(body: list[str], spare: list[str]) -> list[str]:
    """Put spare sentences before the closing until the letter is long enough."""
    for text in spare:
        if len(" ".join(body).split()) >= ENOUGH_WORDS:
            break
        body.insert(-1, text)
    return body


def _request(rng: random.Random, situation: dict[str, Any]) -> str:
    asked = sorted(_some(rng, situation["ask"], 2, 3), key=situation["ask"].index)
    if rng.random() < 0.5:
        return "\n".join(f"{number}. {text}" for number, text in enumerate(asked, start=1))
    return " ".join(asked)


def _some(rng: random.Random, options: list[str], low: int, high: int) -> list[str]:
    return rng.sample(options, min(len(options), rng.randint(low, high)))


def _respondent(situation: dict[str, Any], facts: Facts) -> Respondent | None:
    position = situation.get("respondent")
    if position is None:
        return None
    if position == "head":
        return Respondent(f"Chủ tịch {facts['UBND']}", "head")
    return Respondent(facts["can_bo"].split(" ", 1)[1], position)


def _compose(
    kind: str,
    field: str,
    subject_part: str,
    parts: tuple[str, ...],
    request_part: str,
    respondent: Respondent | None,
    facts: Facts,
) -> Letter:
    return Letter(
        kind=kind,
        field=field,
        subject=fill(subject_part, facts)[:SUBJECT_LIMIT].strip(),
        content="\n\n".join(fill(part, facts) for part in parts),
        request=fill(request_part, facts),
        respondent=respondent,
        parts=parts,
        subject_part=subject_part,
        request_part=request_part,
        facts=facts,
    )


def _again(earlier: Letter, parts: tuple[str, ...], facts: Facts) -> Letter:
    return _compose(
        earlier.kind,
        earlier.field,
        earlier.subject_part,
        parts,
        earlier.request_part,
        earlier.respondent,
        facts,
    )
