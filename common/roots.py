"""The daily root: one hash a day over everything that was appended, kept outside as well.

Whoever owns the database can rewrite a chain from end to end; nobody can rewrite a root that was
printed. A root goes over the events between two identifiers of each table. Identifiers are given
in order, but not committed in order: a root is made only when everybody who was writing to these
tables has finished (``_settled``), so that each event belongs to exactly one root.
"""

import datetime as dt
import hashlib
import json
import time
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from common.db import advisory_lease
from common.history import GENESIS, HistoryEvent, history_models
from common.merkle import Tree, leaf_hash
from common.models import HistoryRoot
from common.time import local_date, now

LEASE = "history.root"
CHUNK = 20_000
WAIT_SECONDS = 60.0
PAUSE_SECONDS = 0.05


class StillWriting(RuntimeError):
    """A transaction that writes history did not end in time; the next run tries again."""


def root_make(*, at: dt.datetime | None = None, wait: float = WAIT_SECONDS) -> HistoryRoot | None:
    """The root of yesterday (Hà Nội date) and of every day before it that has none.

    None when it is there already or another process makes it. A run that is killed leaves
    nothing. Raises StillWriting.
    """
    moment = at or now()
    day = local_date(moment) - dt.timedelta(days=1)
    with advisory_lease(LEASE) as is_mine:
        last = HistoryRoot.objects.order_by("-day").first()
        if not is_mine or (last is not None and last.day >= day):
            return None
        upto = _settled(wait)
        with transaction.atomic():
            return _append(last, day, moment, upto)


def _append(
    last: HistoryRoot | None, day: dt.date, moment: dt.datetime, upto: dict[str, int]
) -> HistoryRoot:
    before = last.tables if last else {}
    tables: dict[str, dict[str, Any]] = {}
    for model in history_models():
        table = model._meta.db_table
        after = int(before.get(table, {}).get("upto", 0))
        tree = tree_of(model, after, upto[table])
        tables[table] = {
            "after": after,
            "upto": max(after, upto[table]),
            "events": tree.size,
            "root": tree.root.hex(),
        }
    root = HistoryRoot(
        since=last.day + dt.timedelta(days=1) if last else day,
        day=day,
        made_at=moment.astimezone(dt.UTC),
        events=sum(entry["events"] for entry in tables.values()),
        tables=tables,
        previous=bytes(last.hash) if last else GENESIS,
    )
    root.hash = root_hash(root_line(root))
    root.save(force_insert=True)
    return root


def root_line(root: HistoryRoot) -> dict[str, Any]:
    """A root as it is exported: one JSON object a line."""
    return {
        "since": root.since.isoformat(),
        "day": root.day.isoformat(),
        "made_at": root.made_at.astimezone(dt.UTC).isoformat(),
        "events": root.events,
        "tables": root.tables,
        "previous": bytes(root.previous).hex(),
        "hash": bytes(root.hash).hex() if root.hash else "",
    }


def root_short(root: HistoryRoot) -> dict[str, Any]:
    """What is kept outside by people who may not know how much was recorded on a day: a single
    denunciation on a quiet day would show in a count. The hash holds the counts all the same."""
    line = root_line(root)
    return {name: line[name] for name in ("since", "day", "made_at", "previous", "hash")}


def root_hash(line: dict[str, Any]) -> bytes:
    """SHA-256 of the hash before and of everything the line says but its own hash."""
    said = {name: value for name, value in line.items() if name not in ("hash", "previous")}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(b"\x02" + bytes.fromhex(line["previous"]) + text.encode()).digest()


def leaf_of(table: str, subject: int, sequence: int, digest: bytes) -> bytes:
    return leaf_hash(f"{table}\n{subject}\n{sequence}\n".encode() + digest)


def leaves(model: type[HistoryEvent], after: int, upto: int) -> Iterator[tuple[int, bytes]]:
    """(identifier, leaf) of the events between two identifiers, in their order."""
    table = model._meta.db_table
    rows = (
        model._base_manager.filter(pk__gt=after, pk__lte=upto)
        .order_by("pk")
        .values_list("pk", f"{model.SUBJECT}_id", "sequence", "hash")
    )
    with transaction.atomic():  # else the cursor keeps a copy of all rows
        for pk, subject, sequence, digest in rows.iterator(chunk_size=CHUNK):
            yield pk, leaf_of(table, subject, sequence, bytes(digest))


def tree_of(model: type[HistoryEvent], after: int, upto: int) -> Tree:
    tree = Tree()
    for _pk, leaf in leaves(model, after, upto):
        tree.add(leaf)
    return tree


def _settled(wait: float) -> dict[str, int]:
    """The highest identifier of each table below which nothing can still appear.

    A statement takes its table's lock before it takes an identifier and keeps it to the end of
    its transaction. So whoever may still commit an identifier below those read first is among
    those who hold the lock afterwards; they are waited for, whoever comes later is not. Whoever
    takes identifiers beforehand takes the lock first (``hanoi_portal.demo.fast_rows``).
    """
    upto = {}
    for model in history_models():
        newest = model._base_manager.order_by("-pk").values_list("pk", flat=True).first()
        upto[model._meta.db_table] = newest or 0
    writers, end = _writers(), time.monotonic() + wait
    while writers & _writers():
        if time.monotonic() > end:
            raise StillWriting
        time.sleep(PAUSE_SECONDS)
    return upto


def _writers() -> set[str]:
    """Transactions of others that have written to a table of events and not ended."""
    tables = [model._meta.db_table for model in history_models()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND relation = ANY(%s::regclass[]) AND mode = 'RowExclusiveLock'"
            " AND granted AND pid IS DISTINCT FROM pg_backend_pid()",
            [tables],
        )
        return {row[0] for row in cursor.fetchall()}
