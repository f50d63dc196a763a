"""Small helpers around the database."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, connection

from common.errors import Conflict, Text


@contextmanager
def constraint_errors(messages: Mapping[str, Text]) -> Iterator[None]:
    """Turn a violated constraint, by its name, into a Conflict with a human message.

    Use it around a savepoint or a whole transaction: after a violation the transaction is lost.
    """
    try:
        yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if name in messages:
            raise Conflict(messages[name], code=name) from error
        raise


@contextmanager
def advisory_lease(name: str) -> Iterator[bool]:
    """Whether this connection is alone with ``name`` for the time of the block.

    Never waits. PostgreSQL gives the lease back when the connection ends, however it ends.
    """
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    key = int.from_bytes(digest, "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        is_mine = bool(cursor.fetchone()[0])
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
