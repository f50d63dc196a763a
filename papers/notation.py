"""The small notation of a paper's text, read into blocks. Pure.

A blank line ends a paragraph; lines that begin with ``- `` are a list; lines that begin and end
with ``|`` are a table whose first row is its head (``\\|`` is a bar inside a cell). Nothing else
has a meaning: blocks hold plain text.
"""

import re
from itertools import groupby
from typing import Any

Block = dict[str, Any]
COLUMNS_MAX = 8
FIRST_ARTICLE = "Điều 1."
_BAR = re.compile(r"(?<!\\)\|")
_PARAGRAPH, _LIST, _TABLE, _BLANK = "paragraph", "list", "table", ""


def blocks_of(text: str) -> list[Block]:
    """Paragraphs, lists and tables in their order. Columns beyond ``COLUMNS_MAX`` are joined to
    the last one; short rows are filled up."""
    found: list[Block] = []
    for kind, lines in groupby(text.replace("\r\n", "\n").split("\n"), key=_kind):
        held = [line.strip() for line in lines]
        if kind == _PARAGRAPH:
            found.append(paragraph(held))
        elif kind == _LIST:
            found.append({"kind": kind, "entries": [line[2:].strip() for line in held]})
        elif kind == _TABLE:
            found.append({"kind": kind, "rows": _rows(held)})
    return found


def paragraph(lines: list[str]) -> Block:
    """A block of these lines."""
    return {"kind": _PARAGRAPH, "lines": lines}


def articles_split(blocks: list[Block]) -> tuple[list[Block], list[Block]]:
    """What stands before the line that begins with "Điều 1.", and the articles from it on: none
    without such a line."""
    for place, block in enumerate(blocks):
        for number, line in enumerate(block.get("lines", [])):
            if line.startswith(FIRST_ARTICLE):
                above, below = block["lines"][:number], block["lines"][number:]
                before = [*blocks[:place], *([paragraph(above)] if above else [])]
                return before, [paragraph(below), *blocks[place + 1 :]]
    return blocks, []


def _kind(line: str) -> str:
    bare = line.strip()
    if not bare:
        return _BLANK
    if bare.startswith("- ") and bare != "-":
        return _LIST
    if len(bare) > 1 and bare.startswith("|") and bare.endswith("|"):
        return _TABLE
    return _PARAGRAPH


def _rows(lines: list[str]) -> list[list[str]]:
    rows = [_cells(line) for line in lines]
    width = max(len(row) for row in rows)
    return [row + [""] * (width - len(row)) for row in rows]


def _cells(line: str) -> list[str]:
    cells = [cell.strip().replace("\\|", "|") for cell in _BAR.split(line[1:-1])]
    return (
        [*cells[: COLUMNS_MAX - 1], " ".join(cells[COLUMNS_MAX - 1 :])][:COLUMNS_MAX]
        if (len(cells) > COLUMNS_MAX)
        else cells
    )
