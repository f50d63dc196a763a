"""Sending the outbox: at least once, in small batches, whatever fails.

A message is marked after the provider took it. A crash between the two sends it again under the
same key (the Message-ID of a mail), by which the provider recognises the copy.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from cryptography.exceptions import InvalidTag
from django.db import transaction
from django.db.models import QuerySet

from accounts.selectors import position_holders, position_seers, role_sees
from common.time import local_date, now
from common.vault import VaultAway, VaultRefused
from notifications.attempt import rows_later, rows_save, rows_send, suppress
from notifications.channels import SENDING, Parcel, TryLater
from notifications.digest import digests_deliver
from notifications.models import MessageState, OutboxMessage, is_secret
from notifications.quiet import Verdict, Wishes, verdict
from notifications.rendering import words_of
from notifications.run import Delivery, Run, Unreachable
from notifications.selectors import NO_ADDRESS, TEMPORARY, wishes_by_person
from notifications.services import address_box_open, outbox_spread
from notifications.topics import topic_of

log = structlog.get_logger(__name__)
# Rows locked, and at most sent again, by one crash.
BATCH = 20
# Nobody in the position may know of it; unlike a missing address nothing is to be mended.
NOT_SEEN = "not_seen"
# Messages to positions written out at once.
SPREAD_BATCH = 200


@dataclass
class Batch:
    """Locked rows of one channel and what is known about their recipients."""

    run: Run
    rows: Sequence[OutboxMessage]
    wishes: dict[int, Wishes] = field(default_factory=dict)
    addresses: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        people = {row.recipient_id for row in self.rows if row.recipient_id is not None}
        if people:
            self.wishes = wishes_by_person(people)
            self.addresses = dict(self.run.channel.addresses(people))

    def address(self, row: OutboxMessage) -> str:
        """Where the message goes, or "". Raises TryLater when the vault is away."""
        if row.recipient_id is not None:
            return self.addresses.get(row.recipient_id, "")
        if row.address_box is None or row.address_key_version is None:
            return ""
        try:
            box = address_box_open(row)
        except VaultAway:
            raise TryLater(TEMPORARY) from None
        except (KeyError, InvalidTag, ValueError, VaultRefused) as error:
            log.warning("notifications.address.unreadable", error=type(error).__name__)
            return ""
        return self.run.channel.address_in(box)

    def verdict(self, row: OutboxMessage) -> Verdict:
        wishes = self.wishes.get(row.recipient_id or 0, Wishes())
        return verdict(topic_of(row.template), wishes, self.run.at)


def outbox_deliver(*, limit: int = 1000, at: dt.datetime | None = None) -> Delivery:
    """Send pending messages whose time has come (UTC moment), oldest first, about ``limit``.

    Safe in parallel: each run takes rows that no other holds. Stops with a channel when its
    provider cannot be reached: nothing is changed then, and the next run tries again.
    """
    result = Delivery()
    for name, make in SENDING.items():
        run = Run(name.value, make(), at or now(), result)
        try:
            _spread(run)
            taken = _single(run, limit)
            digests_deliver(run, limit - taken)
        except Unreachable:
            result.unreachable = True
        finally:
            run.close()
    log.info("notifications.outbox.delivered", **result.as_dict())
    return result


def _single(run: Run, limit: int) -> int:
    """Batch after batch of messages that go one by one; returns how many rows were taken."""
    taken = 0
    while taken < limit:
        count = _batch(run, min(BATCH, limit - taken))
        taken += count
        if not count:
            break
    return taken


def _batch(run: Run, size: int) -> int:
    """One batch in one transaction; what was done before the sending broke off is kept."""
    broken: Exception | None = None
    with transaction.atomic():
        rows = list(_due(run).filter(unit=None, digest_on=None)[:size])
        batch = Batch(run, rows)
        try:
            for row in rows:
                if not _put_off(batch, row):
                    _send(batch, row)
        except (SoftTimeLimitExceeded, Unreachable) as error:
            broken = error
        rows_save(rows)
    if broken is not None:
        raise broken
    return len(rows)


def _due(run: Run) -> QuerySet[OutboxMessage]:
    """Pending messages of the channel that no other run holds, oldest first, locked."""
    return (
        OutboxMessage.objects.filter(
            state=MessageState.PENDING, channel=run.name, next_attempt_at__lte=run.at
        )
        .order_by("next_attempt_at", "id")
        .select_for_update(skip_locked=True, no_key=True)
    )


def _spread(run: Run) -> None:
    """Write messages to positions out to whoever holds them now, before anything is sent."""
    while True:
        with transaction.atomic():
            rows = list(_due(run).filter(unit__isnull=False)[:SPREAD_BATCH])
            _spread_rows(run, rows)
            rows_save(rows)
        if not rows:
            return


def _spread_rows(run: Run, rows: Sequence[OutboxMessage]) -> None:
    pairs = _recipients(rows, local_date(run.at))
    outbox_spread(pairs, run.at)
    told = {pk for pk, _user in pairs}
    for row in rows:
        if row.pk in told:
            row.state, row.error = MessageState.SPREAD, ""
            run.result.count("spread")
        else:
            is_blind = is_secret(row) and not role_sees(row.position)
            suppress(run, row, NOT_SEEN if is_blind else NO_ADDRESS)


def _recipients(rows: Sequence[OutboxMessage], on: dt.date) -> list[tuple[int, int]]:
    """(message, person): whoever acts for the position; of a denunciation only who sees those."""
    pairs = []
    for secret, named in ((False, position_holders), (True, position_seers)):
        of_kind = [row for row in rows if is_secret(row) == secret]
        held = named({_place(row) for row in of_kind}, on) if of_kind else {}
        pairs += [(row.pk, user) for row in of_kind for user in held.get(_place(row), [])]
    return pairs


def _place(row: OutboxMessage) -> tuple[int, str]:
    return row.unit_id or 0, row.position


def _put_off(batch: Batch, row: OutboxMessage) -> bool:
    """Whether the recipient does not want it, or not now; the row says which."""
    found = batch.verdict(row)
    if found.is_off:
        suppress(batch.run, row, "not_wanted")
    elif found.until is not None:
        row.next_attempt_at, row.digest_on = found.until, found.digest_on
        batch.run.result.count("deferred")
    return found.is_off or found.until is not None


def _send(batch: Batch, row: OutboxMessage) -> None:
    """Send one message by itself. Raises Unreachable."""
    try:
        to = batch.address(row)
    except TryLater as error:
        rows_later(batch.run, [row], error)
        return
    if not to:
        suppress(batch.run, row, NO_ADDRESS)
        return
    rows_send(batch.run, [row], lambda: _parcel(row, to))


def _parcel(row: OutboxMessage, to: str) -> Parcel:
    words = words_of(row.template, row.params, on=local_date(row.created_at), language=row.language)
    return Parcel(row_key(row), to, words.subject, words.text, words.html, words.language)


def row_key(row: OutboxMessage) -> str:
    """What the provider recognises a second sending by."""
    return f"{row.event} {row.recipient_key} {row.channel}"
