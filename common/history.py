"""History that is appended, never edited: a trigger forbids the edit, a hash chain proves it.

Each app has a concrete event table per subject (a case, a session, an assignment): the chain
runs per subject. The application's database role has no right to change these tables either.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple, Self

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.db import models

from common.db import rows_insert
from common.time import now

_COLUMNS = {
    "sequence": "int",
    "action": "text",
    "at": "timestamptz",
    "actor_id": "bigint",
    "data": "jsonb",
    "hash": "bytea",
}
GENESIS = b"\0" * 32


class NewEvent(NamedTuple):
    """One entry to append. ``data`` holds no personal data: history is read widely."""

    subject_id: int
    action: str
    data: dict[str, Any]
    actor_id: int | None = None
    at: dt.datetime | None = None


# Subject, sequence, action, moment, actor, data.
Body = tuple[int, int, str, dt.datetime, int | None, Any]


def link_digest(body: Body, previous: bytes) -> bytes:
    """The hash of an event behind the one with the hash ``previous``."""
    subject, sequence, action, at, actor, data = body
    plain = [subject, sequence, action, at.astimezone(dt.UTC).isoformat(), actor, data]
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(previous + text.encode()).digest()


class AppendOnly(models.Model):
    """Base of tables whose rows are never changed nor removed: a trigger refuses it, and the
    application's role has no right to it (``hanoi_portal.grants``)."""

    class Meta:
        abstract = True
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class HistoryEvent(AppendOnly):
    """Base of every event table; the subclass names its subject in ``SUBJECT``."""

    SUBJECT: ClassVar[str]

    sequence = models.PositiveIntegerField()
    action = models.CharField(max_length=80)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    data = models.JSONField(default=dict)
    hash = models.BinaryField(max_length=32)

    class Meta(AppendOnly.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.action} #{self.sequence}"

    @property
    def subject_id(self) -> int:
        return int(getattr(self, f"{self.SUBJECT}_id"))

    @classmethod
    def append(cls, new: NewEvent) -> Self:
        """Append one event. The caller holds the lock on the subject's row."""
        return cls.append_many([new])[0]

    @classmethod
    def append_many(cls, new: Sequence[NewEvent], *, fresh: bool = False) -> list[Self]:
        """Append events in the order given, two queries in all (one when subjects are ``fresh``).

        The caller holds the locks on the subjects' rows, else two chains could fork; the unique
        key (subject, sequence) refuses the fork.
        """
        heads = {} if fresh else cls._heads({n.subject_id for n in new})
        rows = []
        for item in new:
            sequence, previous = heads.get(item.subject_id, (0, GENESIS))
            row = cls.build(item, sequence + 1, previous)
            heads[item.subject_id] = (row.sequence, bytes(row.hash))
            rows.append(row)
        cls._insert(rows)
        return rows

    @classmethod
    def _insert(cls, rows: Sequence[Self]) -> None:
        """One statement with one parameter; the rows get no primary key."""
        rows_insert(
            cls._meta.db_table,
            {f"{cls.SUBJECT}_id": "bigint", **_COLUMNS},
            [
                (
                    row.subject_id,
                    row.sequence,
                    row.action,
                    row.at,
                    row.actor_id,
                    row.data,
                    row.hash,
                )
                for row in rows
            ],
        )

    @classmethod
    def _heads(cls, subjects: set[int]) -> dict[int, tuple[int, bytes]]:
        key = f"{cls.SUBJECT}_id"
        rows = (
            cls._base_manager.filter(**{f"{key}__in": subjects})
            .order_by(key, "-sequence")
            .distinct(key)
            .values_list(key, "sequence", "hash")
        )
        return {subject: (sequence, bytes(digest)) for subject, sequence, digest in rows}

    @classmethod
    def build(cls, new: NewEvent, sequence: int, previous: bytes) -> Self:
        """An unsaved event behind the one with the hash ``previous``; for bulk creation."""
        row = cls(
            **{f"{cls.SUBJECT}_id": new.subject_id},
            sequence=sequence,
            action=new.action,
            at=(new.at or now()).astimezone(dt.UTC),
            actor_id=new.actor_id,
            data=new.data,
        )
        row.hash = row._digest(previous)
        return row

    def _digest(self, previous: bytes) -> bytes:
        body = (self.subject_id, self.sequence, self.action, self.at, self.actor_id, self.data)
        return link_digest(body, previous)


def history_models() -> list[type[HistoryEvent]]:
    """Every table of events, in the order of their names."""
    found = [model for model in apps.get_models() if issubclass(model, HistoryEvent)]
    return sorted(found, key=lambda model: model._meta.db_table)
