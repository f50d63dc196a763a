"""What people read addresses nobody as "bạn", "quý vị" or "đồng chí": ông/bà, or nobody at all.

No form in use prescribes one of these words. Letters of the demo are written by others, yet none
of them needs one either.
"""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

from hanoi_portal.catalogs import BASE, SOURCES, catalog_path

ADDRESS = re.compile(r"(?<!\w)(?:bạn|quý vị|đồng chí)(?!\w)", re.IGNORECASE)
READ = {".html", ".txt", ".csv", ".json", ".typ", ".py", ".js", ".svg", ".webmanifest"}
PLACES = (*SOURCES, "static/js", "static/img")


def _addressed(text: str) -> list[str]:
    words = " ".join(unicodedata.normalize("NFC", text).split())
    return [f"…{words[max(0, m.start() - 40) : m.end() + 20]}…" for m in ADDRESS.finditer(words)]


def _files() -> Iterator[Path]:
    for place in PLACES:
        yield from (p for p in sorted((BASE / place).rglob("*")) if p.suffix in READ)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Bạn muốn tìm đơn vị nào?", 1),
        ("Kính gửi quý\n vị và đồng chí", 2),
        (unicodedata.normalize("NFD", "nội dung bạn nhập"), 1),
        ("ban hành, bàn giao, bản án, đồng chính, vị trí quý một", 0),
    ],
)
def test_the_words_are_found(text: str, count: int) -> None:
    assert len(_addressed(text)) == count


def test_the_vietnamese_catalogue_addresses_nobody_so() -> None:
    found = [
        (entry.msgid, hit)
        for entry in polib.pofile(str(catalog_path("vi")))
        if not entry.obsolete
        for text in (entry.msgstr, *entry.msgstr_plural.values())
        for hit in _addressed(text)
    ]
    assert found == []


def test_no_template_text_or_data_file_addresses_anybody_so() -> None:
    files = list(_files())
    assert {path.suffix for path in files} >= {".html", ".txt", ".csv", ".typ", ".py", ".js"}
    found = [
        (str(path.relative_to(BASE)), hit)
        for path in files
        for hit in _addressed(path.read_text(encoding="utf-8"))
    ]
    assert found == []
