"""The daily digest: what can wait goes to a person in one mail a day."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import QuerySet

from common.db import advisory_lease
from common.time import local_date
from notifications.attempt import rows_break, rows_save, rows_send, suppress
from notifications.channels import Parcel
from notifications.models import MessageState, OutboxMessage
from notifications.quiet import Wishes, quiet_end
from notifications.rendering import Words, words_of
from notifications.run import Run
from notifications.selectors import NO_ADDRESS, wishes_by_person

TEMPLATE = "digest"
# More stand behind the link: a mail is read, not scrolled.
ITEMS_MAX = 100


def digests_deliver(run: Run, limit: int) -> None:
    """Send the digests that are due, of at most ``limit`` people. Raises Unreachable."""
    due = _due(run).values_list("recipient_id", "digest_on").distinct()
    for user_id, day in list(due.order_by("digest_on", "recipient_id")[: max(limit, 0)]):
        # Two runs at once must not tell halves of one digest.
        with advisory_lease(f"digest:{user_id}") as is_mine:
            if is_mine and user_id is not None and day is not None:
                _deliver(run, user_id, day)


def _due(run: Run) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(
        state=MessageState.PENDING,
        channel=run.name,
        digest_on__isnull=False,
        next_attempt_at__lte=run.at,
    )


def _deliver(run: Run, user_id: int, day: dt.date) -> None:
    """One person's digest of one day, in one transaction."""
    with transaction.atomic():
        rows = list(
            _due(run)
            .filter(recipient_id=user_id, digest_on=day)
            .order_by("created_at", "id")
            .select_for_update(no_key=True)
        )
        if rows:
            _work(run, user_id, rows)
            rows_save(rows)


def _work(run: Run, user_id: int, rows: Sequence[OutboxMessage]) -> None:
    until = quiet_end(wishes_by_person([user_id]).get(user_id, Wishes()), run.at)
    to = run.channel.addresses([user_id]).get(user_id, "")
    if until is not None:
        for row in rows:
            row.next_attempt_at = until
        run.result.count("deferred", len(rows))
    elif not to:
        for row in rows:
            suppress(run, row, NO_ADDRESS)
    else:
        items = _items(run, rows[:ITEMS_MAX])
        kept = [row for row in rows if row.state == MessageState.PENDING]
        if kept:
            rows_send(run, kept, lambda: _parcel(run, kept, items, to))


def _items(run: Run, rows: Sequence[OutboxMessage]) -> list[dict[str, Any]]:
    """What the messages say; one that cannot be said is dead by itself."""
    found = []
    for row in rows:
        try:
            words = words_of(row.template, row.params, on=local_date(row.created_at))
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:  # noqa: BLE001 -- logged, and the row says which
            rows_break(run, [row], error)
        else:
            found.append(digest_item(words))
    return found


def _parcel(
    run: Run, rows: Sequence[OutboxMessage], items: list[dict[str, Any]], to: str
) -> Parcel:
    params = {"items": items, "more": len(rows) - len(items)}
    words = words_of(TEMPLATE, params, on=local_date(run.at))
    return Parcel(_key(rows), to, words.subject, words.text, words.html, words.language)


def digest_item(words: Words) -> dict[str, Any]:
    """What one message says, with the pages it leads to."""
    lines = [" ".join(block.lines) for block in words.blocks if block.lines]
    links = [block for block in words.blocks if block.href]
    return {"subject": words.subject, "text": " ".join(lines), "links": links}


def _key(rows: Sequence[OutboxMessage]) -> str:
    """The same for the same messages, in whatever attempt."""
    told = hashlib.sha256(" ".join(str(row.pk) for row in rows).encode()).hexdigest()
    return f"digest {rows[0].recipient_key} {rows[0].digest_on} {told}"
