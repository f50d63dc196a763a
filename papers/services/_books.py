"""Transactions in which papers take their numbers and files are stored."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable

from attachments.models import Attachment
from attachments.services import attachment_forget
from common.db import lock_wait
from common.errors import Conflict
from papers.signing import BOOK_SECONDS


@contextmanager
def book_turn(kept: Sequence[Attachment]) -> Iterator[None]:
    """A transaction that waits ``BOOK_SECONDS`` for its turn. The stored bytes of ``kept``, filled
    meanwhile, go when it was not committed. Raises Conflict when the turn does not come."""
    committed: list[bool] = []
    try:
        with transaction.atomic():
            # What fails after the commit, in another hook, must not take the bytes away.
            transaction.on_commit(lambda: committed.append(True))
            lock_wait(BOOK_SECONDS)
            yield
    except BaseException as error:
        for attachment in () if committed else kept:
            attachment_forget(attachment)
        if isinstance(error.__cause__, LockNotAvailable):
            raise Conflict(_("Another paper is being issued at this moment. Try again.")) from error
        raise
