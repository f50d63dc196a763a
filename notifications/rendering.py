"""The words of a message: a text template, its first line is the subject."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.utils import translation

from common.time import today
from notifications.texts import text_path

HTML = "notifications/mail.html"
FOOTER_MARK = "--"
_LINK = re.compile(r"^(?P<label>.+?): (?P<href>https?://\S+)$")
# Every template may name these; a message brings what it has.
EMPTY: dict[str, Any] = {
    "code": "",
    "unit": "",
    "due_on": None,
    "session_on": None,
    "year": "",
    "directive": "",
    "task": "",
    "id": "",
    "items": (),
    "more": 0,
    "href": "",
    "limit": "",
    "step": "",
    "level": 0,
    "basis": "",
    "nobody_found": False,
    "of": "",
    "kind": "",
    "month": "",
    "posts": 0,
    "due": 0,
    "cap": 0,
    "name": "",
    "number": "",
    "ground": "",
    "minutes": 0,
    "salt": "",
    "role": "",
    "rights": (),
    "first_on": None,
    "last_on": None,
    "wanted_on": None,
    "secret": False,
    "place": "",
    "time": "",
}


@dataclass(frozen=True)
class Block:
    """A paragraph, or a link that stands alone."""

    lines: tuple[str, ...] = ()
    label: str = ""
    href: str = ""


@dataclass(frozen=True)
class Words:
    subject: str
    text: str
    language: str

    @property
    def blocks(self) -> list[Block]:
        """What the message says, without its footer."""
        return list(_blocks(self._parts[0]))

    @property
    def footer(self) -> tuple[str, ...]:
        return tuple(self._parts[2].strip().splitlines())

    @property
    def html(self) -> str:
        """The same words as a mail in HTML: no image, no script, nothing from elsewhere."""
        return get_template(HTML).render({"words": self})

    @property
    def _parts(self) -> tuple[str, str, str]:
        return self.text.partition(f"\n{FOOTER_MARK}\n")


def words_of(
    template: str, params: dict[str, Any], *, on: dt.date | None = None, language: str = ""
) -> Words:
    """A message in a language (the site's own when none is given), in the version of the text
    that holds on a local date (today when none is given)."""
    language = language or settings.LANGUAGE_CODE
    with translation.override(language):
        text = get_template(text_path(template, on or today())).render(
            EMPTY | _values(params) | {"site": settings.PUBLIC_BASE_URL}
        )
    subject, _newline, body = text.strip().partition("\n")
    body = re.sub(r"\n\s*\n\s*\n", "\n\n", body.strip())
    return Words(subject.strip(), f"{body}\n", language)


def render(
    template: str, params: dict[str, Any], *, on: dt.date | None = None, language: str = ""
) -> tuple[str, str]:
    """Subject and plain body; see ``words_of``."""
    words = words_of(template, params, on=on, language=language)
    return words.subject, words.text


def _blocks(text: str) -> Sequence[Block]:
    found: list[Block] = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        plain: list[str] = []
        for line in paragraph.splitlines():
            match = _LINK.match(line.strip())
            if match is None:
                plain.append(line)
            else:
                found += _paragraph(plain)
                plain = []
                found.append(Block(label=match["label"], href=match["href"]))
        found += _paragraph(plain)
    return found


def _paragraph(lines: list[str]) -> list[Block]:
    return [Block(lines=tuple(lines))] if lines else []


def _values(params: dict[str, Any]) -> dict[str, Any]:
    """Params as stored in JSON; names ending in ``_on`` are dates."""
    return {
        name: dt.date.fromisoformat(value) if name.endswith("_on") and value else value
        for name, value in params.items()
    }
