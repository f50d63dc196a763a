"""Writing to the outbox. Sending is ``notifications.delivery``."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from common.crypto import Box, is_vaulted, seal, seal_for_vault, unseal
from common.db import rows_insert
from common.errors import InvalidInput, NotVisible
from common.history import NewEvent
from common.time import now
from common.vault import vault_ask
from notifications import selectors
from notifications.models import (
    SECRET,
    MessageEvent,
    MessageState,
    NoticeRead,
    NoticeSettings,
    OutboxMessage,
    person_key,
    position_key,
)
from notifications.quiet import Wishes
from notifications.topics import STAFF_TOPICS, ChannelName, EmailMode, topic_of

log = structlog.get_logger(__name__)
ADDRESS_CONTEXT = "citizen-address"
# Longer than any transaction that writes notices may last.
READ_MARGIN = dt.timedelta(minutes=10)
RESENT = "notifications.message.sent_again"
_COLUMNS = {
    "event": "text",
    "recipient_key": "text",
    "channel": "text",
    "template": "text",
    "params": "jsonb",
    "language": "text",
    "recipient_id": "bigint",
    "unit_id": "bigint",
    "position": "text",
    "address_key_version": "int",
    "address_box": "bytea",
    "state": "text",
    "attempts": "int",
    "created_at": "timestamptz",
    "next_attempt_at": "timestamptz",
    "sent_at": "timestamptz",
    "error": "text",
    "answer": "text",
}
_ONCE = "ON CONFLICT (event, recipient_key, channel) DO NOTHING"


@dataclass(frozen=True)
class NewMessage:
    """A message to a user, to the holders of a position, or to a sealed citizen's address.

    ``key`` names the fact it tells: the same fact is told to the same recipient once. ``params``
    hold no personal data. ``language``: the citizen's, empty for the site's own.
    """

    key: str
    template: str
    params: dict[str, Any] = field(default_factory=dict)
    recipient_id: int | None = None
    unit_id: int | None = None
    position: str = ""
    address: tuple[int, bytes] | None = None
    language: str = ""
    is_secret: bool = False

    @property
    def recipient_key(self) -> str:
        """Raises ValueError for a message to nobody."""
        if self.recipient_id is not None:
            return person_key(self.recipient_id)
        if self.unit_id is not None and self.position:
            return position_key(self.unit_id, self.position)
        if self.address is not None:
            return f"a:{hashlib.sha256(self.address[1]).hexdigest()[:32]}"
        raise ValueError("a message needs a recipient")

    @property
    def channels(self) -> tuple[ChannelName, ...]:
        """Those of the topic; a sealed address has no account to show a notice in."""
        found = topic_of(self.template).channels
        if self.address is not None:
            return tuple(name for name in found if name is not ChannelName.APP)
        return found


def outbox_write(
    messages: Sequence[NewMessage],
    *,
    at: dt.datetime | None = None,
    suppress: bool = False,
) -> None:
    """Add messages in the caller's transaction, a row a channel, one query; what was told already
    is left alone. A notice in the portal is there at once, the others wait for the delivery.

    ``suppress``: nothing is ever sent (demo data of the past); the portal shows it all the same.
    """
    moment = at or now()
    rows = [row for message in messages for row in _rows(message, moment, suppress=suppress)]
    rows_insert(OutboxMessage._meta.db_table, _COLUMNS, rows, tail=_ONCE)


def _rows(message: NewMessage, moment: dt.datetime, *, suppress: bool) -> Iterator[tuple[Any, ...]]:
    for channel in message.channels:
        state = MessageState.SUPPRESSED if suppress else MessageState.PENDING
        if channel is ChannelName.APP:
            state = MessageState.SENT
        yield (
            message.key,
            message.recipient_key,
            channel.value,
            message.template,
            message.params | (SECRET if message.is_secret else {}),
            message.language,
            message.recipient_id,
            message.unit_id,
            message.position,
            *(message.address or (None, None)),
            state.value,
            0,
            moment,
            moment,
            moment if state is MessageState.SENT else None,
            "",
            "",
        )


_SPREAD = """
    INSERT INTO notifications_outboxmessage (event, recipient_key, channel, template, params,
        language, recipient_id, position, state, attempts, created_at, next_attempt_at, error, answer)
    SELECT row.event, 'u:' || given.user_id, row.channel, row.template, row.params, row.language,
        given.user_id, '', 'pending', 0, row.created_at, %(at)s, '', ''
    FROM unnest(%(rows)s::bigint[], %(users)s::bigint[]) AS given (row_id, user_id)
    JOIN notifications_outboxmessage row ON row.id = given.row_id
    ORDER BY row.event, given.user_id
    ON CONFLICT (event, recipient_key, channel) DO NOTHING
"""


def outbox_spread(pairs: Sequence[tuple[int, int]], at: dt.datetime) -> None:
    """Write messages to positions out to people: (message, person) identifiers, one query.

    Who is told the same fact in two positions gets one message.
    """
    if pairs:
        rows, users = zip(*pairs, strict=True)
        with connection.cursor() as cursor:
            cursor.execute(_SPREAD, {"at": at, "rows": list(rows), "users": list(users)})


@transaction.atomic
def notices_read(*, access: Access, tokens: Sequence[str] | None = None) -> None:
    """Mark notices as read by this person: those named, or all there are.

    Raises NotVisible for a token that is none of the person's notices.
    """
    moment = now()
    if tokens is None:
        # What is being written in this moment is older than its commit, and was not seen.
        NoticeSettings.objects.update_or_create(
            user_id=access.actor_id, defaults={"read_until": moment - READ_MARGIN}
        )
        wanted = selectors.unread_for(access)
    else:
        named = {selectors.message_id_of(token) for token in tokens}
        wanted = selectors.notices_for(access).filter(pk__in=named)
        if wanted.count() != len(named):
            raise NotVisible
    marks = [
        NoticeRead(user_id=access.actor_id, message_id=pk, at=moment)
        for pk in wanted.values_list("pk", flat=True)
    ]
    NoticeRead.objects.bulk_create(marks, ignore_conflicts=True, batch_size=1000)


@transaction.atomic
def notice_settings_save(*, access: Access, wishes: Wishes) -> None:
    """Keep how a person wants e-mails.

    Raises InvalidInput for an unknown topic or mode, and when a topic that the law wants told
    would be switched off or put off.
    """
    _wishes_check(wishes)
    NoticeSettings.objects.update_or_create(
        user_id=access.actor_id,
        defaults={
            "by_topic": dict(wishes.by_topic),
            "quiet_from": wishes.quiet_from,
            "quiet_until": wishes.quiet_until,
        },
    )


def _wishes_check(wishes: Wishes) -> None:
    topics = {topic.code: topic for topic in STAFF_TOPICS}
    for code, mode in wishes.by_topic.items():
        if code not in topics or mode not in EmailMode.values:
            raise InvalidInput(fields={code: [_("Choose one.")]})
        if topics[code].is_legal and mode != EmailMode.NOW:
            raise InvalidInput(
                fields={code: [_("The law wants this told: it cannot be switched off.")]}
            )


@transaction.atomic
def messages_resend(*, access: Access, tokens: Sequence[str]) -> int:
    """Send dead letters again, with the same identifier; returns how many were waiting for it.

    Recorded in the history of each message. Raises NotVisible, InvalidInput when none is named.
    """
    wanted = {selectors.message_id_of(token) for token in tokens}
    rows = [
        row
        for no_address in (False, True)
        for row in selectors.undelivered(access, no_address=no_address)
        .filter(pk__in=wanted)
        .select_for_update(of=("self",), no_key=True)
    ]
    if not wanted:
        raise InvalidInput(fields={"message": [_("Choose at least one message.")]})
    moment = now()
    MessageEvent.append_many(
        [NewEvent(row.pk, RESENT, {"error": row.error}, access.actor_id, moment) for row in rows]
    )
    OutboxMessage.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=MessageState.PENDING, attempts=0, next_attempt_at=moment, error=""
    )
    log.info("notifications.messages.sent_again", count=len(rows))
    return len(rows)


def address_seal(email: str, *, for_vault: bool = False) -> tuple[int, bytes]:
    """A citizen's e-mail address as it is kept in letters and messages; a denouncer's is sealed
    for the vault."""
    return (seal_for_vault if for_vault else seal)({"email": email}, context=ADDRESS_CONTEXT)


def address_unseal(version: int, box: Box) -> dict[str, Any]:
    """The sealed addresses of a box that is not the vault's. Raises KeyError, InvalidTag."""
    return unseal(version, box, context=ADDRESS_CONTEXT)


def address_box_open(row: OutboxMessage) -> dict[str, Any]:
    """The sealed addresses, by channel, of a message that waits to be sent.

    A denouncer's is opened by the vault, which sees for itself that the message waits. Raises
    KeyError, InvalidTag, VaultAway, VaultRefused.
    """
    assert row.address_key_version is not None
    assert row.address_box is not None
    if is_vaulted(row.address_key_version):
        return dict(vault_ask("address", message=row.pk)["data"])
    return address_unseal(row.address_key_version, row.address_box)
