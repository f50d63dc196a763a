"""Why somebody may be refused a reception, as data: Article 9 of the Law on Citizen Reception and
Article 4 of Decree 154/2026 (``data/refusal_grounds.csv``).

``is_verified`` no: the wording of the row was not held against the text of the decree, and
officers are told so. In writing (form 01/TCD) only in two cases (Article 4(2) and (3) of the
decree); in the others the receiver explains on the spot.
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


@cache
def grounds() -> Mapping[str, Ground]:
    """All grounds by code, in the order of the file."""
    with PATH.open(encoding="utf-8", newline="") as file:
        rows = [
            Ground(
                row["code"],
                row["text_vi"],
                row["article_vi"],
                _YES[row["written"]],
                _YES[row["verified"]],
            )
            for row in csv.DictReader(file)
        ]
    return {row.code: row for row in rows}
