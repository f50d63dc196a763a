"""Writing rows by COPY, with primary keys taken in blocks and register numbers without gaps."""

from collections import defaultdict
from collections.abc import Sequence
from multiprocessing.synchronize import Lock
from typing import Any

from django.db import connection
from django.db.models import Model


class Rows:
    """Collects rows by table, each as column → value; ``write`` copies them in one order."""

    def __init__(self, models: Sequence[type[Model]]) -> None:
        self.models = models
        self._rows: dict[type[Model], list[tuple[Any, ...]]] = defaultdict(list)
        self._columns: dict[type[Model], tuple[str, ...]] = {}

    def add(self, model: type[Model], **values: Any) -> None:
        """One row; every row of a table names the same columns."""
        self._columns.setdefault(model, tuple(values))
        self._rows[model].append(tuple(values.values()))

    def write(self) -> None:
        """In the caller's transaction."""
        with connection.cursor() as cursor:
            for model in self.models:
                self._copy(cursor, model)

    def _copy(self, cursor: Any, model: type[Model]) -> None:
        if model not in self._rows:
            return
        columns = ", ".join(self._columns[model])
        with cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy:
            for row in self._rows[model]:
                copy.write_row(row)


class Ids:
    """Primary keys taken from the tables' sequences before the rows are written."""

    def __init__(self, wanted: dict[type[Model], int]) -> None:
        self._keys = {model: iter(_keys(model, count)) for model, count in wanted.items()}

    def take(self, model: type[Model]) -> int:
        """The next key of a table."""
        return next(self._keys[model])


def _keys(model: type[Model], count: int) -> list[int]:
    sql = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
    with connection.cursor() as cursor:
        # As an INSERT does: the lock before the keys, so that a daily root waits for both.
        cursor.execute(f"LOCK TABLE {model._meta.db_table} IN ROW EXCLUSIVE MODE")
        cursor.execute(sql, [model._meta.db_table, count])
        return [int(row[0]) for row in cursor.fetchall()]


class Numbers:
    """The last number of each unit's registers by year and book, shared by the processes that
    write."""

    def __init__(self, cells: Any, lock: Lock, places: dict[tuple[int, int, str], int]) -> None:
        self._cells, self._lock, self._places = cells, lock, places

    def take(self, unit_id: int, year: int, book: str) -> int:
        """The next number."""
        place = self._places[unit_id, year, book]
        with self._lock:
            self._cells[place] += 1
            return int(self._cells[place])

    def last(self) -> dict[tuple[int, int, str], int]:
        """The last number given, by unit, year and book, where any was."""
        return {key: self._cells[n] for key, n in self._places.items() if self._cells[n]}
