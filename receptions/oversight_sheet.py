"""The oversight board as a file."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from common.sheets import Sheet, Value
from receptions.posts import post_label
from receptions.present_oversight import COLUMNS, STATES, holders
from receptions.selectors_oversight import BoardRow


def sheet(rows: Sequence[BoardRow], months: Sequence[dt.date]) -> Sheet:
    """The board as a table: a row a duty, of a year with a column a month."""
    several = len(months) > 1
    head = [_("Unit code"), _("Unit"), _("Former district"), _("Post"), _("Person")]
    head += [str(label) for label in COLUMNS.values()]
    head += [_("State"), _("Tasks done"), _("Tasks running"), _("Tasks late")]
    head += [_("Late work of the unit"), _("Last urged")]
    head += [_("%(month)s held/minimum") % {"month": f"{m:%m/%Y}"} for m in months if several]
    name = f"{months[0]:%Y}" if several else f"{months[0]:%m-%Y}"
    title = _("Oversight %(period)s") % {"period": name}
    return Sheet(title, head, [_sheet_row(row, several=several) for row in rows])


def _sheet_row(row: BoardRow, *, several: bool) -> list[Value]:
    last = row.begun[-1] if row.begun else None
    cells: list[Value] = [
        row.unit.code,
        row.unit.full_name,
        row.unit.former_district,
        post_label(row.unit, row.duty_holder),
        "; ".join(holders(last)) if last else "",
        *row.sums,
        str(STATES[row.state][0]),
        *row.tasks,
        row.own_late,
        f"{row.urged_on:%d/%m/%Y}" if row.urged_on else "",
    ]
    if several:
        cells += [f"{one.tally.held}/{one.tally.required}" if one else "" for one in row.lines]
    return cells
