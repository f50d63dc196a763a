"""Official papers as PDF: a typst template of ``templates/papers`` and the facts for it.

Facts travel as data, never as markup: hostile text prints as text. What our font lacks prints
as a box, never in another font.
"""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import typst

from common.glyphs import FONTS, printable
from common.time import now

ROOT = Path(__file__).resolve().parents[1] / "templates" / "papers"
# Tagged and kept readable for decades (ISO 19005-2)
STANDARD: Literal["a-2a"] = "a-2a"


def paper_pdf(name: str, facts: Mapping[str, Any], *, at: dt.datetime | None = None) -> bytes:
    """The paper ``templates/papers/NAME.typ`` filled with JSON facts; our font alone is embedded.

    Dates in ``facts`` are words already, in Hà Nội local time. ``at``: the UTC moment that the file
    says it was made at, by default now.
    """
    pdf = typst.compile(
        ROOT / f"{name}.typ",
        root=ROOT,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"facts": json.dumps(_printed(facts), ensure_ascii=False)},
        pdf_standards=[STANDARD],
        timestamp=int((at or now()).timestamp()),
    )
    return bytes(pdf)


def _printed(value: Any) -> Any:
    """The facts with every text in them made printable."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {name: _printed(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_printed(item) for item in value]
    return value
