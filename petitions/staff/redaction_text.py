"""Texts to be covered, as the page shows them: each place with its words around it."""

from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import InvalidInput
from petitions.redaction_rules import Span, What, around, pieces, proposals
from petitions.selectors_redaction import TEXT_LABELS

WHAT = {
    What.PHONE: gettext_lazy("phone number"),
    What.EMAIL: gettext_lazy("e-mail address"),
    What.IDENTITY: gettext_lazy("identity number"),
    What.BIRTH: gettext_lazy("date of birth"),
    What.ADDRESS: gettext_lazy("address"),
    What.ACCOUNT: gettext_lazy("bank account"),
    What.NAME: gettext_lazy("name of the writer"),
    What.PHRASE: gettext_lazy("word or phrase"),
}
FIELDS = {**TEXT_LABELS, "file": gettext_lazy("Text of the file")}


def text_view(
    name: str, text: str, stored: Sequence[Sequence[Any]], ticked: Collection[str] | None
) -> dict[str, Any]:
    """A text with its places. ``ticked``: values of the boxes of a form that was refused, else
    what is stored is ticked; what else looks like personal data is offered."""
    spans = [Span(int(one[0]), int(one[1]), str(one[2])) for one in stored]
    held = {(one.start, one.end) for one in spans}
    offered = [one for one in proposals(text) if not _inside(one, spans)]
    ticks = {_value(name, one) for one in spans} | set(ticked or ())
    return {
        "name": name,
        "label": FIELDS[name],
        "text": text,
        "pieces": pieces(text, spans),
        "places": [
            _place(name, text, one, is_ticked=_value(name, one) in ticks)
            for one in sorted([*spans, *(one for one in offered if one[:2] not in held)])
        ],
    }


def _inside(one: Span, spans: Sequence[Span]) -> bool:
    return any(other.start <= one.start and one.end <= other.end for other in spans)


def _place(name: str, text: str, span: Span, *, is_ticked: bool) -> dict[str, Any]:
    before, words, behind = around(text, span)
    return {
        "value": _value(name, span),
        "id": f"place-{name}-{span.start}-{span.end}",
        "what": WHAT.get(What(span.what), ""),
        "before": before,
        "words": words,
        "behind": behind,
        "is_ticked": is_ticked,
    }


def _value(name: str, span: Span) -> str:
    return f"{name}:{span.start}:{span.end}:{span.what}"


def spans_read(values: Sequence[str]) -> dict[str, list[Span]]:
    """The ticked boxes of a form, by text. Raises InvalidInput for what no page offers."""
    found: dict[str, list[Span]] = {}
    for value in values:
        name, _sep, rest = value.partition(":")
        parts = rest.split(":")
        if name not in FIELDS or len(parts) != 3 or parts[2] not in set(What):
            raise InvalidInput
        if not all(part.isascii() and part.isdecimal() and len(part) < 9 for part in parts[:2]):
            raise InvalidInput
        found.setdefault(name, []).append(Span(int(parts[0]), int(parts[1]), parts[2]))
    return found


def saved_words(places: int, missed: Sequence[int]) -> list[str]:
    """What saving did, without a word of the text."""
    said = [_("Saved: %(places)s places are covered.") % {"places": places}]
    if missed:
        lines = ", ".join(str(number) for number in missed)
        said.append(_("Found nowhere: line %(lines)s of what you typed.") % {"lines": lines})
    return said
