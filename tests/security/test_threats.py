"""The threat model names tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "SECURITY.md").read_text()
ROWS = [line for line in TEXT.splitlines() if line.startswith("| ") and "`tests/" in line]


def test_every_named_test_is_there() -> None:
    named = set(re.findall(r"`(tests/[^`]+)`", TEXT))
    assert len(named) > 15
    for path in named:
        place = ROOT / path
        assert list(place.glob("test_*.py")) if path.endswith("/") else place.is_file(), path


def test_every_kind_of_threat_has_rows_and_every_row_a_test() -> None:
    kinds = [re.sub(r"[*]", "", line.split("|")[1]).strip()[:1] for line in ROWS]
    assert set(kinds) == set("STRIDE")
    body = TEXT.split("| --- | --- | --- | --- |")[1]
    table = [line for line in body.splitlines() if line.startswith("| ")]
    assert table == ROWS
