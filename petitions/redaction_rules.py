"""What a redacted text is made of: places in a text, proposals by pattern, and the text without
them. Pure: no database, no request.

Article 56 of the Law on Denunciations: name, address, handwriting and other personal data of the
denouncer are taken out before letter and evidence are handed on.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

# Of one length whatever it stands for: the length of a name is a trace of it.
MARK = "[đã che]"
PHRASE_MIN = 2  # characters of a phrase that are letters or digits
CONTEXT = 40  # characters beside a place in the list


class What(StrEnum):
    PHONE = "phone"
    EMAIL = "email"
    IDENTITY = "identity"
    BIRTH = "birth"
    ADDRESS = "address"
    ACCOUNT = "account"
    NAME = "name"
    PHRASE = "phrase"


class Span(NamedTuple):
    """A place in a text: ``start`` up to, not including, ``end`` (characters)."""

    start: int
    end: int
    what: str = What.PHRASE


_GAP = r"[ .\-]?"
_UPPER = "A-ZÀ-ỸĐ0-9"
_NAME = rf"(?:\s+[{_UPPER}][\w/\-.]*){{1,6}}"
# Capital letters alone: between À and Ỹ small ones stand too, and "đảng viên" is no name.
_CAPITALS = "A-Z" + "".join(chr(c) for c in range(0xC0, 0x1EFA) if chr(c).isupper())
_WORD = rf"[{_CAPITALS}][\w\u0300-\u036f]*"
# The order is the order of trust: where two overlap, the first one names the place.
PATTERNS: tuple[tuple[What, re.Pattern[str]], ...] = (
    (What.EMAIL, re.compile(r"(?<![\w.+\-])[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63})+")),
    (
        What.ACCOUNT,
        re.compile(
            rf"(?i:\b(?:stk|số tài khoản|số tk|tài khoản(?: ngân hàng)?(?: số)?))\D{{0,12}}"
            rf"(?:\d{_GAP}){{5,18}}\d"
        ),
    ),
    (
        What.IDENTITY,
        re.compile(
            rf"(?i:\b(?:cccd|cmnd|căn cước(?: công dân)?|hộ chiếu|chứng minh(?: nhân dân)?"
            rf"|định danh)\b\D{{0,20}})?(?<!\d)(?:\d{_GAP}){{11}}\d(?!\d)"
            rf"|(?i:\b(?:cccd|cmnd|chứng minh(?: nhân dân)?|hộ chiếu)\b\D{{0,20}})[A-Z]?\d{{7,9}}"
        ),
    ),
    (
        What.BIRTH,
        re.compile(
            r"(?i:\b(?:sinh (?:ngày|năm)|ngày sinh|năm sinh|sn)\b)[^\d\n]{0,12}"
            r"\d{1,4}(?:\s*(?:[/.\-]|tháng|năm)\s*\d{1,4}){0,2}"
        ),
    ),
    (What.PHONE, re.compile(rf"(?<!\d)(?:\+?84{_GAP}|0)(?:\d{_GAP}){{8,9}}\d?(?!\d)")),
    (
        What.ADDRESS,
        re.compile(
            rf"(?i:\b(?:số nhà|số|nhà số|ngõ|ngách|hẻm|thôn|xóm|tổ dân phố|tổ|tdp|ấp|"
            rf"đội|đường|phố|căn hộ|phòng|tòa|chung cư))"
            rf"(?:\s+(?i:số\s+)?\d[\w/\-]*|{_NAME})"
            rf"(?:\s*,?\s*(?i:(?:ngõ|ngách|hẻm|thôn|xóm|tổ dân phố|tổ|đường|phố|phường|xã|"
            rf"quận|huyện|số))(?:\s+\d[\w/\-]*|{_NAME}))*"
        ),
    ),
    # Whoever writes, where the text says so: the name alone is covered (the group).
    (
        What.NAME,
        re.compile(
            rf"(?i:\b(?:tôi(?: có)? tên(?: là)?|tên tôi(?: là)?|tôi là|họ(?: và)? tên(?: tôi)?"
            rf"|ký tên|người (?:viết|làm|đứng|gửi|ký) đơn|người tố cáo|người viết))"
            rf"[\s:,.\-]{{1,12}}(?:\([^)\n]{{1,60}}\)[\s:,.]{{0,12}})?"
            rf"(?i:(?:là|ông|bà|anh|chị)[ \t:]+){{0,2}}({_WORD}(?:[ \t]+{_WORD}){{1,5}})"
        ),
    ),
)
# "Số 12/QĐ-UBND" and "số 12" alone name a document, not a house.
_DOCUMENT = re.compile(r"(?i:^số(?: nhà)?)\s+\d+(?:/[\w/\-.]*)?$")


def proposals(text: str) -> list[Span]:
    """Places that look like personal data, in their order, none over another."""
    found: list[Span] = []
    for what, pattern in PATTERNS:
        for hit in pattern.finditer(text):
            span = _trimmed(text, Span(*hit.span(hit.lastindex or 0), what))
            if not _is_document(text, span) and not any(_overlap(span, one) for one in found):
                found.append(span)
    return sorted(found)


def _is_document(text: str, span: Span) -> bool:
    words = text[span.start : span.end]
    return span.what == What.ADDRESS and bool(_DOCUMENT.match(words)) and "nhà" not in words


def _trimmed(text: str, span: Span) -> Span:
    words = text[span.start : span.end]
    return span._replace(end=span.start + len(words.rstrip(" .,;-\n")))


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def occurrences(text: str, phrase: str) -> list[Span]:
    """Every place of a phrase as whole words, without regard to case, accents and spaces between
    words; a number also where it is written in groups. [] for a phrase of one letter."""
    wanted = re.sub(r"\s+", " ", "".join(letter for letter, _at in _folded(phrase))).strip()
    if sum(letter.isalnum() for letter in wanted) < PHRASE_MIN:
        return []
    letters, places = _spread(text)
    if re.fullmatch(r"\+?[\d .\-]+", wanted):
        digits = [letter for letter in wanted if letter.isdigit()]
        body = r"[ .\-]?".join(digits)
    else:
        body = re.escape(wanted).replace(r"\ ", r"\s+")
    pattern = re.compile(rf"(?<!\w){body}(?!\w)")
    return [
        Span(places[hit.start()], _end(text, places[hit.end() - 1]))
        for hit in pattern.finditer(letters)
    ]


def _folded(text: str) -> Iterator[tuple[str, int]]:
    """The letters of ``common.text.fold``, each with its place in the text; spaces stay."""
    for place, letter in enumerate(text):
        plain = letter.lower().replace("đ", "d")
        for part in unicodedata.normalize("NFD", plain):
            if not unicodedata.combining(part):
                yield part, place


def _spread(text: str) -> tuple[str, list[int]]:
    pairs = list(_folded(text))
    return "".join(letter for letter, _at in pairs), [place for _letter, place in pairs]


def _end(text: str, last: int) -> int:
    """Behind the last letter and the accents that are written apart from it."""
    end = last + 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


def merged(spans: Iterable[Sequence[Any]]) -> list[tuple[int, int]]:
    """Places in order, those that touch or overlap as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted((one[0], one[1]) for one in spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def pieces(text: str, spans: Iterable[Sequence[Any]]) -> list[tuple[str, bool]]:
    """The text in pieces, covered (True, without its words) or not, for the preview."""
    found: list[tuple[str, bool]] = []
    at = 0
    for start, end in merged(spans):
        found += [(text[at:start], False)] if start > at else []
        found.append((MARK, True))
        at = end
    return [*found, (text[at:], False)] if at < len(text) else found


def covered(text: str, spans: Iterable[Sequence[Any]]) -> str:
    """The text with the mark where a place lay."""
    return "".join(words for words, _is_covered in pieces(text, spans))


def around(text: str, span: Span) -> tuple[str, str, str]:
    """What stands before a place, in it and behind it, on one line."""
    before = text[max(0, span.start - CONTEXT) : span.start]
    behind = text[span.end : span.end + CONTEXT]
    shown = before, text[span.start : span.end], behind
    return tuple(re.sub(r"\s+", " ", part) for part in shown)  # type: ignore[return-value]
