"""Loading reference data from files: compare, write only what differs, say what changed."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import models

SHOWN = 5


@dataclass
class LoadReport:
    """What a load did, by kind of data. Loaders add to it; the command prints it."""

    added: dict[str, list[str]] = field(default_factory=dict)
    changed: dict[str, list[str]] = field(default_factory=dict)
    ended: dict[str, list[str]] = field(default_factory=dict)
    unchanged: Counter[str] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)

    def add(self, kind: str, codes: Iterable[str]) -> None:
        self.added.setdefault(kind, []).extend(codes)

    def change(self, kind: str, code: str, fields: Sequence[str]) -> None:
        self.changed.setdefault(kind, []).append(f"{code} ({', '.join(fields)})")

    def end(self, kind: str, codes: Iterable[str]) -> None:
        self.ended.setdefault(kind, []).extend(codes)

    def keep(self, kind: str, count: int = 1) -> None:
        self.unchanged[kind] += count

    def warn(self, text: str) -> None:
        self.warnings.append(text)

    @property
    def has_changes(self) -> bool:
        return any(any(part.values()) for part in (self.added, self.changed, self.ended))

    def lines(self) -> list[str]:
        """One line a kind with counts and the first few codes, then the warnings."""
        kinds = dict.fromkeys([*self.added, *self.changed, *self.ended, *self.unchanged])
        return [self._line(kind) for kind in kinds] + [f"warning: {w}" for w in self.warnings]

    def _line(self, kind: str) -> str:
        parts = [f"{self.unchanged[kind]} unchanged"] if self.unchanged[kind] else []
        for word in ("added", "changed", "ended"):
            codes = getattr(self, word).get(kind, [])
            if codes:
                more = " …" if len(codes) > SHOWN else ""
                parts.append(f"{len(codes)} {word}: {', '.join(codes[:SHOWN])}{more}")
        return f"{kind}: {'; '.join(parts) or 'nothing'}"


def csv_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a UTF-8 CSV file with a header line, values stripped."""
    with path.open(encoding="utf-8", newline="") as source:
        return [{k: (v or "").strip() for k, v in row.items()} for row in csv.DictReader(source)]


def rows_sync(
    model: type[models.Model],
    rows: Sequence[Mapping[str, Any]],
    *,
    key: str,
    kind: str,
    report: LoadReport,
) -> dict[str, Any]:
    """Insert and update ``rows`` (values already of the column's type) by their unique ``key``.

    Rows that are only in the database are left alone. Three queries at most. Returns every row of
    the file by its key.
    """
    manager = model._default_manager
    known = {getattr(o, key): o for o in manager.filter(**{f"{key}__in": [r[key] for r in rows]})}
    new = [model(**row) for row in rows if row[key] not in known]
    changed = _changed(known, rows, key, kind, report)
    if changed:
        names = sorted({name for row in rows for name in row} - {key})
        manager.bulk_update(changed, names, batch_size=500)
    report.add(kind, [str(getattr(o, key)) for o in manager.bulk_create(new)])
    report.keep(kind, len(known) - len(changed))
    return known | {getattr(o, key): o for o in new}


def _changed(
    known: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    key: str,
    kind: str,
    report: LoadReport,
) -> list[Any]:
    found = []
    for row in rows:
        old = known.get(row[key])
        names = [n for n, value in row.items() if old and getattr(old, n) != value]
        if names:
            for name in names:
                setattr(old, name, row[name])
            report.change(kind, str(row[key]), names)
            found.append(old)
    return found
