"""Vendored files are what VENDOR.md says they are."""

import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(
    r"^\| (?P<file>\S+) \| (?P<package>\S+) \| (?P<version>[\d.]+) "
    r"\| (?P<licence>\S+) \| (?P<sha>[0-9a-f]{64}) \|$",
    re.MULTILINE,
)
CHECKED_SUFFIXES = {".css", ".js", ".woff2"}


def rows() -> dict[str, str]:
    text = (ROOT / "static/vendor/VENDOR.md").read_text(encoding="utf-8")
    return {match["file"]: match["sha"] for match in ROW.finditer(text)}


def test_every_vendored_file_has_its_published_checksum() -> None:
    for name, expected in rows().items():
        assert hashlib.sha256((ROOT / name).read_bytes()).hexdigest() == expected, name


def test_no_vendored_file_is_unlisted() -> None:
    folders = ("static/vendor", "static/fonts", "tests/vendor")
    present = {
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.suffix in CHECKED_SUFFIXES
    }
    assert present == set(rows())


def test_every_vendored_style_and_script_is_loaded_by_a_page() -> None:
    pages = "".join(path.read_text("utf-8") for path in (ROOT / "templates").rglob("*.html"))
    loaded = [name for name in rows() if name.startswith("static/vendor/")]
    assert [name for name in loaded if name.removeprefix("static/") not in pages] == []
