"""Why somebody may be refused a reception, as data (``data/refusal_grounds.csv``): clauses 1 to 3
of Article 9 of the Law on Citizen Reception and the ten points of Article 4(1) of Decree 154/2026.

In writing (form 01/TCD) only in two of them: Article 9(3) and point h (Article 4(3) of the
decree); in the others the receiver explains on the spot (Article 4(2)). ``is_verified`` no: the
wording of the row was not held against the text, and officers are told so. ``is_retired``: no
longer a ground, kept for refusals recorded on it.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

PATH = Path(__file__).resolve().parent / "data" / "refusal_grounds.csv"
_YES = {"yes": True, "no": False}


class Ground(NamedTuple):
    """One row; text and article in Vietnamese, as printed."""

    code: str
    text: str
    article: str
    is_written: bool
    is_verified: bool
    is_retired: bool


@cache
def grounds() -> Mapping[str, Ground]:
    """All grounds by code, also retired ones, in the order of the file."""
    with PATH.open(encoding="utf-8", newline="") as file:
        rows = [
            Ground(
                row["code"],
                row["text_vi"],
                row["article_vi"],
                _YES[row["written"]],
                _YES[row["verified"]],
                _YES[row["retired"]],
            )
            for row in csv.DictReader(file)
        ]
    return {row.code: row for row in rows}


@cache
def grounds_open() -> Mapping[str, Ground]:
    """The grounds on which somebody may be refused now."""
    return {code: row for code, row in grounds().items() if not row.is_retired}
