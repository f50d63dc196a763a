"""Small helpers around the database."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError

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
