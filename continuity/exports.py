"""The continuity board as a file: its rows without names of persons."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.access import Access
from communes.selectors import units_all
from continuity.presenters_board import board_line
from continuity.selectors_board import Found, gaps_kept
from directives.exports import Table, day_cell, day_stem


def board_table(access: Access, rows: Sequence[Found], on: dt.date) -> Table:
    """Rows of the board; ``on``: today, a local date."""
    head = [
        _("Unit code"),
        _("Unit"),
        _("Kind"),
        _("What is missing"),
        _("Since"),
        _("Who must act"),
        _("Urged on"),
    ]
    units = {unit.pk: unit for unit in units_all()}
    gaps = gaps_kept(rows)
    lines = (_cells(board_line(row, access, units, gaps, on)) for row in rows)
    return Table(f"lien-tuc-{day_stem()}", _("No interruption"), head, lines)


def _cells(line: dict[str, Any]) -> Sequence[str]:
    row: Found = line["row"]
    return (
        row.unit.code,
        row.unit.full_name,
        str(line["label"]),
        "" if "name" in row.facts else line["words"],
        day_cell(line["since"]),
        line["acts"],
        day_cell(line["urged_on"]),
    )
