"""What the cells of a file of assignments mean, and what is wrong with them. No query."""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from common.errors import InvalidInput
from common.sheet_reader import ReadCell, ReadTable
from common.text import clean, fold, is_storable
from communes.enums import UnitKind
from communes.models import Unit
from directives.enums import Addressee, ImportRowState
from directives.models import NOTE_MAX, Task
from directives.validators import due_checked

# How the columns are called on screens and in the file to fill in.
TITLES = {
    "task": _("Task code"),
    "title": _("Task"),
    "unit": _("Unit code"),
    "name": _("Unit name"),
    "addressee": _("Given to"),
    "due_on": _("Due date (column)"),
    "note": _("Note"),
}
# Column → its names, folded. A unit without a code is found by its name.
NAMES: dict[str, tuple[str, ...]] = {
    "task": ("ma nhiem vu", "nhiem vu (ma)", "task", "task code"),
    "unit": ("ma don vi", "ma phuong, xa", "unit code", "unit"),
    "name": ("don vi", "ten don vi", "phuong, xa", "unit name"),
    "addressee": ("giao cho", "doi tuong", "addressee"),
    "due_on": ("han hoan thanh", "han", "thoi han", "due date", "due on"),
    "note": ("ghi chu", "note"),
}
ADDRESSEES = {
    Addressee.PARTY_COMMITTEE: ("cap uy", "dang uy", "party_committee"),
    Addressee.AUTHORITY: ("chinh quyen", "ubnd", "uy ban nhan dan", "authority"),
    Addressee.FRONT: ("mat tran to quoc", "mttq", "mat tran", "front"),
}
CODE_DIGITS = 5
SHOWN_MAX = 200  # characters of a cell that the page shows
_VIETNAMESE = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(T00:00:00(\.0+)?)?", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(\.0+)?", re.ASCII)
_WHOLE = re.compile(r"(\d{1,5})(\.0+)?", re.ASCII)
_EPOCH, _EPOCH_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)

Fault = tuple[str, dict[str, Any]]


@dataclass
class Line:
    """A row of the file: what it means as far as that is clear, what is wrong by column."""

    number: int
    cells: dict[str, str]
    faults: dict[str, Fault] = field(default_factory=dict)
    task: Task | None = None
    unit: Unit | None = None
    addressee: str = ""
    due_on: dt.date | None = None
    note: str = ""
    is_existing: bool = False

    @property
    def state(self) -> ImportRowState:
        if self.faults:
            return ImportRowState.WRONG
        return ImportRowState.EXISTING if self.is_existing else ImportRowState.NEW


@dataclass(frozen=True)
class Known:
    """What a file may speak of: tasks that can be given, every unit, what units have already
    (task and unit keys); today and the end of the known calendar as Hà Nội dates."""

    tasks: Sequence[Task]
    units: Sequence[Unit]
    given: Collection[tuple[int, int]]
    on: dt.date
    last: dt.date


def columns_of(head: Sequence[str]) -> dict[str, int]:
    """Where each known column stands; the first of a name counts."""
    found: dict[str, int] = {}
    for at, title in enumerate(head):
        folded = fold(title[:SHOWN_MAX]).rstrip(" *:")
        for name, words in NAMES.items():
            if folded in words:
                found.setdefault(name, at)
    return found


def columns_missing(found: Collection[str]) -> list[str]:
    """Columns without which nothing can be given."""
    missing = [] if "task" in found else ["task"]
    return missing if {"unit", "name"} & set(found) else [*missing, "unit"]


class Reader:
    """Rows of one table, in order: what was read before decides what is a repetition."""

    def __init__(self, known: Known, table: ReadTable) -> None:
        self.known, self.table = known, table
        self.columns = columns_of(table.head)
        self.tasks = {task.code: task for task in known.tasks}
        self.codes = {unit.code: unit for unit in known.units}
        self.names = _names(known.units)
        self.seen: dict[tuple[int, int], int] = {}
        self.due: dict[dt.date, Fault | None] = {}

    def lines(self) -> Iterable[Line]:
        """Every row as it is meant."""
        return [self._line(number, cells) for number, cells in self.table.rows]

    def _line(self, number: int, cells: Sequence[ReadCell]) -> Line:
        asked = {
            name: cells[at] if at < len(cells) else ReadCell() for name, at in self.columns.items()
        }
        line = Line(number, {name: _shown(cell) for name, cell in asked.items()})
        for name, cell in asked.items():
            if fault := _unreadable(name, cell):
                line.faults[name] = fault
        self._task(line, asked)
        self._unit(line, asked)
        self._addressee(line, asked)
        self._due_on(line, asked)
        if "note" in asked and "note" not in line.faults:
            line.note = clean(asked["note"].text)
        self._once(line)
        return line

    def _task(self, line: Line, asked: dict[str, ReadCell]) -> None:
        code = asked["task"].text if "task" in asked else ""
        if "task" in line.faults:
            return
        line.task = self.tasks.get(code.strip().lower())
        if line.task is None:
            line.faults["task"] = ("unknown_task" if code else "empty", {})

    def _unit(self, line: Line, asked: dict[str, ReadCell]) -> None:
        if {"unit", "name"} & set(line.faults):
            return
        by_code, by_name = asked.get("unit", ReadCell()), asked.get("name", ReadCell())
        column = "unit" if "unit" in asked and not (by_name.text and not by_code.text) else "name"
        named = self.names.get(fold(by_name.text), []) if by_name.text else []
        found = self._by_code(by_code) if by_code.text else named
        if not (by_code.text or by_name.text):
            line.faults[column] = ("empty", {})
        elif not found:
            line.faults[column] = ("unknown_unit", {})
        elif len(found) > 1:
            line.faults[column] = ("several_units", {"codes": [unit.code for unit in found[:5]]})
        elif by_code.text and named and found[0] not in named:
            line.faults["name"] = ("other_name", {"name": found[0].full_name})
        elif fault := self._unit_fault(found[0]):
            line.faults[column] = fault
        else:
            line.unit = found[0]

    def _by_code(self, cell: ReadCell) -> list[Unit]:
        """By code, whose first zeros a spreadsheet program drops; a name in this column counts."""
        text = cell.text
        if cell.is_number and (whole := _WHOLE.fullmatch(text)):
            text = whole[1].zfill(CODE_DIGITS)
        found = self.codes.get(text) or self.codes.get(text.upper())
        if found is None and text.isascii() and text.isdecimal():
            found = self.codes.get(text.zfill(CODE_DIGITS))
        return [found] if found else self.names.get(fold(text), [])

    def _unit_fault(self, unit: Unit) -> Fault | None:
        if unit.kind == UnitKind.CITY:
            return ("unknown_unit", {})
        if unit.valid_to is not None and unit.valid_to < self.known.on:
            return ("ended_unit", {"date": unit.valid_to.isoformat()})
        if unit.valid_from > self.known.on:
            return ("future_unit", {"date": unit.valid_from.isoformat()})
        return None

    def _addressee(self, line: Line, asked: dict[str, ReadCell]) -> None:
        cell = asked.get("addressee")
        if cell is None or not cell.text or "addressee" in line.faults:
            return
        typed = fold(cell.text)
        found = [value for value, words in ADDRESSEES.items() if typed in words]
        if found:
            line.addressee = found[0].value
        else:
            names = [str(label) for label in Addressee.labels]
            line.faults["addressee"] = ("unknown_addressee", {"names": names})

    def _due_on(self, line: Line, asked: dict[str, ReadCell]) -> None:
        cell = asked.get("due_on", ReadCell())
        if "due_on" in line.faults:
            return
        if cell.text:
            try:
                line.due_on = date_of(cell, is_1904=self.table.is_1904)
            except ValueError:
                line.faults["due_on"] = ("not_a_date", {})
                return
        if line.task is not None and (fault := self._due_fault(line.task, line.due_on)):
            line.faults["due_on"] = fault

    def _due_fault(self, task: Task, typed: dt.date | None) -> Fault | None:
        """What is wrong with the date that would hold: the typed one, else the task's."""
        if task.is_periodic:
            return ("periodic", {}) if typed is not None else None
        day = typed or task.due_on
        if day is None:
            return None
        if day not in self.due:
            self.due[day] = self._day_fault(day)
        fault = self.due[day]
        if fault is None or typed is not None:
            return fault
        return ("task_date_passed", {"date": day.isoformat()})

    def _day_fault(self, day: dt.date) -> Fault | None:
        try:
            due_checked("due_on", day, self.known.on, self.known.last)
        except InvalidInput:
            code = "passed" if day < self.known.on else "beyond_calendar"
            return (code, {"date": self.known.last.isoformat()})
        return None

    def _once(self, line: Line) -> None:
        if line.task is None or line.unit is None:
            return
        key = (line.task.pk, line.unit.pk)
        if key in self.seen:
            line.faults.setdefault("task", ("repeated", {"row": self.seen[key]}))
        self.seen.setdefault(key, line.number)
        line.is_existing = key in self.known.given


def date_of(cell: ReadCell, *, is_1904: bool = False) -> dt.date:
    """A date as Vietnamese type it (day first), in ISO form, or the day number of a spreadsheet.
    Raises ValueError."""
    if found := _VIETNAMESE.fullmatch(cell.text):
        return dt.date(int(found[3]), int(found[2]), int(found[1]))
    if found := _ISO.fullmatch(cell.text):
        return dt.date(int(found[1]), int(found[2]), int(found[3]))
    if found := _SERIAL.fullmatch(cell.text):
        return (_EPOCH_1904 if is_1904 else _EPOCH) + dt.timedelta(days=int(found[1]))
    raise ValueError(cell.text)


def _names(units: Sequence[Unit]) -> dict[str, list[Unit]]:
    """Units by full and by short name, folded; one that ended gives way to one that did not."""
    found: dict[str, list[Unit]] = {}
    for unit in sorted(units, key=lambda one: one.valid_to is not None):
        for name in {fold(unit.full_name), fold(unit.name)}:
            others = found.setdefault(name, [])
            if unit.valid_to is None or not others:
                others.append(unit)
    return found


def _shown(cell: ReadCell) -> str:
    text = cell.text[:SHOWN_MAX]
    return text if is_storable(text) else ""


def _unreadable(name: str, cell: ReadCell) -> Fault | None:
    if cell.fault:
        return (cell.fault, {})
    if not is_storable(cell.text):
        return ("unreadable", {})
    most = NOTE_MAX if name == "note" else SHOWN_MAX
    return ("too_long", {"n": most}) if len(clean(cell.text)) > most else None
