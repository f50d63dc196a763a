"""Small helpers around the database."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models.expressions import RawSQL

from common.errors import Conflict, Text

# Below so many rows the table that COPY needs costs more than it saves.
COPY_FROM = 400


@contextmanager
def constraint_errors(messages: Mapping[str, Text]) -> Iterator[None]:
    """Turn a violated constraint, by its name, into a Conflict with a human message.

    Use it around a savepoint or a whole transaction: after a violation the transaction is lost.
    """
    try:
        yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if isinstance(name, str) and name in messages:
            raise Conflict(messages[name], code=name) from error
        raise


def rows_insert(
    table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]], *, tail: str = ""
) -> list[tuple[Any, ...]]:
    """Insert rows with one statement and one parameter, however many rows there are.

    ``columns`` maps names to PostgreSQL types, ``tail`` may be ``ON CONFLICT`` and ``RETURNING``;
    returns what ``RETURNING`` gives. Names and types come from code, values go as JSON: text,
    numbers, booleans, moments, bytes, UUIDs and, for ``jsonb``, what JSON can hold. Many rows go
    through ``COPY``, which takes half the time.
    """
    if not rows:
        return []
    if len(rows) >= COPY_FROM:
        return _rows_copy(table, columns, rows, tail)
    names = ", ".join(columns)
    typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    sql = f"""
        INSERT INTO {table} ({names})
        SELECT {names} FROM jsonb_to_recordset(%s::jsonb) AS given ({typed}) {tail}
    """  # noqa: S608
    records = [dict(zip(columns, row, strict=True)) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(records, default=_as_text, ensure_ascii=False)])
        return list(cursor.fetchall()) if "RETURNING" in tail else []


def _rows_copy(
    table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]], tail: str
) -> list[tuple[Any, ...]]:
    """The same by ``COPY`` into a table of this session, and one statement from there."""
    names = ", ".join(columns)
    typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    as_json = [kind == "jsonb" for kind in columns.values()]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE incoming ({typed})")
        with cursor.copy(f"COPY incoming ({names}) FROM STDIN") as copy:
            for row in rows:
                pairs = zip(row, as_json, strict=True)
                copy.write_row([json.dumps(v, default=_as_text) if js else v for v, js in pairs])
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming {tail}")  # noqa: S608
        found = list(cursor.fetchall()) if "RETURNING" in tail else []
        cursor.execute("DROP TABLE incoming")
    return found


def _as_text(value: Any) -> str:
    """A value that JSON has no form for, as PostgreSQL reads it."""
    if isinstance(value, bytes | memoryview):
        return "\\x" + bytes(value).hex()
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(type(value).__name__)


@contextmanager
def advisory_lease(name: str) -> Iterator[bool]:
    """Whether this connection is alone with ``name`` for the time of the block.

    Never waits. PostgreSQL gives the lease back when the connection ends, however it ends.
    """
    key = _lock_key(name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        is_mine = bool(cursor.fetchone()[0])
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def advisory_wait(name: str) -> None:
    """Wait until this transaction is alone with ``name``; it is until it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_lock_key(name)])


def lock_wait(seconds: int) -> None:
    """Let this transaction wait so long for a lock instead of what its process waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('lock_timeout', %(time)s, true),"
            " set_config('statement_timeout', %(more)s, true)",
            {"time": f"{seconds}s", "more": f"{2 * seconds}s"},
        )


def _lock_key(name: str) -> int:
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


class Among(RawSQL):
    """Many keys as one value, for ``pk__in``: writing a thousand placeholders takes longer than the
    database needs to find the rows."""

    def __init__(self, keys: Iterable[int]) -> None:
        super().__init__("SELECT unnest(%s::bigint[])", [list(keys)])
