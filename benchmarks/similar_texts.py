"""Letters to measure likeness on: invented ones, and near-duplicates that differ in known ways."""

import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path

from common.text import fold
from hanoi_portal.demo import texts
from hanoi_portal.demo.people import person
from hanoi_portal.demo.places import Place

FIELDS = sorted(p.stem for p in (Path(texts.__file__).parent / "phrases" / "letters").iterdir())
KINDS = ("complaint", "recommendation", "feedback")
PLACES = (
    Place("00004", "Phường Ba Đình", 65_000),
    Place("00008", "Phường Ngọc Hà", 90_000),
    Place("09556", "Phường Hà Đông", 120_000),
    Place("00376", "Xã Sóc Sơn", 70_000),
)
FIRST = dt.date(2025, 7, 1)
MORE = (
    "Kính mong quý cơ quan sớm xem xét và trả lời cho gia đình tôi được biết.",
    "Tôi gửi kèm theo đơn này bản chụp các giấy tờ có liên quan.",
    "Gia đình tôi đã nhiều lần lên phường hỏi nhưng chưa được trả lời thỏa đáng.",
    "Tôi xin cam đoan những điều trình bày trên đây là đúng sự thật.",
)


def letter_text(rng: random.Random) -> str:
    """Subject, content and request of an invented letter of a random kind, field and place."""
    while True:
        place, field, kind = rng.choice(PLACES), rng.choice(FIELDS), rng.choice(KINDS)
        on = FIRST + dt.timedelta(days=rng.randrange(480))
        try:
            made = texts.letter(
                rng, kind=kind, field=field, on=on, place=place, writer=person(rng, place)
            )
        except IndexError:  # the field knows no letter of this kind
            continue
        return f"{made.subject}\n{made.content}\n{made.request}"


def near_duplicate(rng: random.Random, text: str) -> str:
    """The text as somebody else types it: other numbers, and two to four other changes."""
    for change in (_numbers, *rng.sample(CHANGES, rng.randint(2, 4))):
        text = change(rng, text)
    return text


def _numbers(rng: random.Random, text: str) -> str:
    return "".join(str(rng.randrange(10)) if c.isdigit() else c for c in text)


def _swaps(rng: random.Random, text: str) -> str:
    """One pair of neighbouring words in thirty changes places."""
    words = text.split(" ")
    for _ in range(len(words) // 30):
        n = rng.randrange(len(words) - 1)
        words[n], words[n + 1] = words[n + 1], words[n]
    return " ".join(words)


def _typos(rng: random.Random, text: str) -> str:
    """One word in thirty loses a letter."""
    words = text.split(" ")
    for _ in range(len(words) // 30):
        n = rng.randrange(len(words))
        cut = rng.randrange(max(1, len(words[n])))
        words[n] = words[n][:cut] + words[n][cut + 1 :] or "x"
    return " ".join(words)


def _plain(rng: random.Random, text: str) -> str:
    return fold(text)


def _longer(rng: random.Random, text: str) -> str:
    return text + "\n" + " ".join(rng.sample(MORE, 2))


def _shorter(rng: random.Random, text: str) -> str:
    """One sentence is left out."""
    sentences = text.split(". ")
    if len(sentences) > 3:
        del sentences[rng.randrange(1, len(sentences) - 1)]
    return ". ".join(sentences)


def _paragraphs(rng: random.Random, text: str) -> str:
    """Paragraphs in another order."""
    parts = text.split("\n\n")
    rng.shuffle(parts)
    return "\n\n".join(parts)


CHANGES: tuple[Callable[[random.Random, str], str], ...] = (
    _swaps, _typos, _plain, _longer, _shorter, _paragraphs,
)  # fmt: skip
