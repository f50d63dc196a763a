"""From a drawn case to what is filed: the letter, the people, the way it came in."""

import datetime as dt
import hashlib
import random
from dataclasses import dataclass, replace
from typing import Any

from common.time import local_date
from hanoi_portal.demo.people import Person, person
from hanoi_portal.demo.places import Place
from hanoi_portal.demo.spread import Draw, Spread
from hanoi_portal.demo.texts import Letter, letter, neighbour_letter, repeated_letter
from petitions.enums import Channel, Kind
from petitions.services.intake import Filing

BOARD = "BTCD"
# Where denounced people work who have left the unit they are denounced for.
FORMER_POSTS = ("SNV", "SNNMT", "SXD", "CATP")
PAPER_SHARE = {"complaint": 0.55, "denunciation": 0.6, "recommendation": 0.25, "feedback": 0.1}
COLLECTIVE_SHARE = 0.14
COUPLE_SHARE = 0.09
REPEAT_AFTER = (25, 60)
NEIGHBOUR_AFTER = (0, 25)


@dataclass(frozen=True)
class Planned:
    """A petition ready to be filed."""

    draw: Draw
    letter: Letter
    filing: Filing
    channel: str
    is_signed: bool
    salt: bytes


class Filings:
    """All petitions of a seed, in memory; petition ``index`` is the same whatever the count."""

    def __init__(self, spread: Spread, count: int) -> None:
        self.spread = spread
        self.draws = [spread.draw(index) for index in range(count)]
        self._roots = self._find_roots()

    def salt(self, index: int) -> bytes:
        """The salt of a petition's secret: tells whether it was filed already."""
        return hashlib.sha256(f"demo:{self.spread.seed}:{index}".encode()).digest()[:16]

    def draw(self, index: int) -> Draw:
        """A draw with what it takes over from the letter it follows."""
        drawn = self.draws[index]
        root = self._roots.get(index)
        if root is None:
            return drawn if drawn.story == "own" else replace(drawn, story="own")
        first = self.draws[root]
        low, high = NEIGHBOUR_AFTER if drawn.story == "neighbour" else REPEAT_AFTER
        rng = self.spread.rng(index, "after")
        later = first.sent_at + dt.timedelta(
            days=rng.randint(low, high), minutes=rng.randint(9, 600)
        )
        return replace(
            drawn,
            kind=first.kind,
            field=first.field,
            place=first.place,
            project=first.project,
            sent_at=min(later, self.spread.now - dt.timedelta(minutes=rng.randint(20, 400))),
        )

    def plan(self, index: int) -> Planned:
        draw = self.draw(index)
        rng = self.spread.rng(index, "filing")
        told, writer = self._told(index, draw)
        channel = self._channel(rng, draw)
        unit, respondent = _addressee(rng, draw, told, channel)
        filing = Filing(
            kind=draw.kind,
            subject=told.subject,
            content=told.content,
            request=told.request,
            field=draw.field,
            unit=unit,
            petitioners=_petitioners(rng, draw, writer),
            respondent=respondent,
        )
        is_signed = channel != Channel.ONLINE
        return Planned(draw, told, filing, channel, is_signed, self.salt(index))

    def _find_roots(self) -> dict[int, int]:
        """Which earlier letter each neighbour's or repeated letter follows."""
        roots: dict[int, int] = {}
        by_project: dict[str, int] = {}
        last_own: int | None = None
        for draw in self.draws:
            slug = draw.project.slug if draw.project else ""
            if draw.story == "neighbour" and slug in by_project:
                roots[draw.index] = by_project[slug]
            elif draw.story == "repeat" and last_own is not None and self._is_old(last_own):
                roots[draw.index] = last_own
            elif draw.story == "own":
                last_own = draw.index
                if slug and draw.kind != Kind.DENUNCIATION:
                    by_project.setdefault(slug, draw.index)
        return roots

    def _is_old(self, index: int) -> bool:
        age = self.spread.now - self.draws[index].sent_at
        return age > dt.timedelta(days=REPEAT_AFTER[1] + 1)

    def _told(self, index: int, draw: Draw) -> tuple[Letter, Person]:
        on = local_date(draw.sent_at)
        rng = self.spread.rng(index, "letter")
        root = self._roots.get(index)
        if root is None:
            writer = person(rng, draw.place)
            return _letter(rng, draw, on, writer), writer
        earlier, first_writer = self._told(root, self.draw(root))
        if draw.story == "repeat":
            return repeated_letter(rng, earlier, on=on), first_writer
        writer = person(rng, draw.place, neighbourhood=first_writer.neighbourhood)
        return neighbour_letter(rng, earlier, on=on, writer=writer), writer

    def _channel(self, rng: random.Random, draw: Draw) -> str:
        if rng.random() > PAPER_SHARE[draw.kind]:
            return Channel.ONLINE.value
        return (Channel.RECEPTION if rng.random() < 0.25 else Channel.PAPER).value


def _letter(rng: random.Random, draw: Draw, on: dt.date, writer: Person) -> Letter:
    return letter(
        rng,
        kind=draw.kind,
        field=draw.field,
        on=on,
        place=draw.place,
        writer=writer,
        project=draw.project,
    )


def _addressee(
    rng: random.Random, draw: Draw, told: Letter, channel: str
) -> tuple[str, dict[str, Any] | None]:
    """The addressed unit and whom it is about.

    Denunciations: many name somebody now in another body and stay with the unit, some go to the
    reception board, some name the unit or no unit and are taken in by a neutral body.
    """
    code = draw.place.code
    if told.respondent is None:
        return code, None
    respondent = {"name": told.respondent.name, "position": told.respondent.position}
    if draw.kind == Kind.COMPLAINT:
        return code, respondent | {"unit": code}
    chance = rng.random()
    if chance < 0.2:
        return BOARD, respondent | {"unit": code}
    if chance < 0.4 and channel == Channel.ONLINE:
        return code, respondent | {"unit": code}
    if chance < 0.5:
        return code, respondent
    return code, respondent | {"unit": rng.choice(FORMER_POSTS)}


def _petitioners(rng: random.Random, draw: Draw, writer: Person) -> list[dict[str, Any]]:
    count = 1
    if draw.project and draw.kind != Kind.DENUNCIATION and rng.random() < COLLECTIVE_SHARE:
        count = rng.randint(5, 14)
    elif rng.random() < COUPLE_SHARE:
        count = 2
    others = [person(rng, draw.place) for _ in range(count - 1)]
    return [petitioner(one, representative=one is writer) for one in (writer, *others)]


def petitioner(one: Person, *, representative: bool) -> dict[str, Any]:
    """A person as the intake service takes it."""
    return {
        "full_name": one.full_name,
        "identity_number": one.identity_number,
        "address": one.address,
        "phone": one.phone,
        "email": one.email,
        "representative": representative,
    }


def holder_code(planned: Planned) -> str:
    """Which body takes the petition in: the board when the unit itself may be denounced."""
    filing = planned.filing
    about = (filing.respondent or {}).get("unit")
    is_own = filing.kind == Kind.DENUNCIATION and about in (None, filing.unit)
    return BOARD if is_own else filing.unit


def place_of(code: str, full_name: str, population: int | None) -> Place:
    """A unit as the texts know it."""
    return Place(code, full_name, population or 0)
