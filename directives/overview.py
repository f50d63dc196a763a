"""What a cell of the overview says: how many were asked, how many are done, how many late. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Self

MONTHS_MAX = 36


@dataclass(slots=True)
class Cell:
    """``total`` things asked, ``done`` of them, ``late`` of them (past their date and owed).

    ``going_on``: those of the total that have a rhythm and are not over. They are never done as a
    whole; what counts of them are the reports of periods ``due`` so far (their date has passed, or
    accepted before it), and ``accepted`` of these.
    """

    total: int = 0
    done: int = 0
    late: int = 0
    going_on: int = 0
    due: int = 0
    accepted: int = 0

    @property
    def parts(self) -> int:
        """What the share done is of: tasks, and of those that go on the reports due so far."""
        return self.total - self.going_on + self.due

    @property
    def share_done(self) -> int:
        """Whole per cent, 0 without anything asked; 100 only when everything is done."""
        return share(self.done + self.accepted, self.parts)

    @property
    def share_late(self) -> int:
        """Whole per cent, at least 1 as soon as anything is late."""
        return 0 if not self.late else max(1, share(self.late, self.total))

    def add(self, other: Self) -> None:
        self.total += other.total
        self.done += other.done
        self.late += other.late
        self.going_on += other.going_on
        self.due += other.due
        self.accepted += other.accepted


def share(part: int, whole: int) -> int:
    """Whole per cent, rounded down, so that 99.6 is not everything."""
    return part * 100 // whole if whole else 0


def level(percent: int, total: int) -> int:
    """The shade of a share: 0 without anything asked, then five steps of 20 per cent each."""
    return min(5, 1 + percent // 20) if total else 0


def summed(cells: Iterable[Cell]) -> Cell:
    found = Cell()
    for one in cells:
        found.add(one)
    return found


class Told(NamedTuple):
    """Reports of periods: sent in time, sent late, owed past their date, not due yet."""

    on_time: int = 0
    late: int = 0
    missing: int = 0
    pending: int = 0

    @property
    def due(self) -> int:
        """Those whose date has passed or that were sent."""
        return self.on_time + self.late + self.missing

    def plus(self, other: "Told") -> "Told":
        return Told(*(a + b for a, b in zip(self, other, strict=True)))

    def shares(self) -> tuple[int, int, int]:
        """Whole per cent on time, late, missing, of what was due; together 100, or all 0."""
        if not self.due:
            return 0, 0, 0
        late, missing = share(self.late, self.due), share(self.missing, self.due)
        return 100 - late - missing, late, missing
