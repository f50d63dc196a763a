"""Writing to the outbox. Sending is ``notifications.delivery``."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from common.crypto import seal, unseal
from common.db import rows_insert
from common.time import now
from notifications.models import MessageState, OutboxMessage

ADDRESS_CONTEXT = "citizen-address"
_COLUMNS = {
    "key": "text",
    "template": "text",
    "params": "jsonb",
    "recipient_id": "bigint",
    "unit_id": "bigint",
    "position": "text",
    "address_key_version": "int",
    "address_box": "bytea",
    "state": "text",
    "attempts": "int",
    "created_at": "timestamptz",
    "next_attempt_at": "timestamptz",
    "error": "text",
}


@dataclass(frozen=True)
class NewMessage:
    """A message to a user, to the holders of a position, or to a sealed citizen's address.

    ``key`` names the fact it tells: the same fact is told once. ``params`` hold no personal data.
    """

    key: str
    template: str
    params: dict[str, Any] = field(default_factory=dict)
    recipient_id: int | None = None
    unit_id: int | None = None
    position: str = ""
    address: tuple[int, bytes] | None = None


def outbox_write(
    messages: Sequence[NewMessage],
    *,
    at: dt.datetime | None = None,
    suppress: bool = False,
) -> None:
    """Add messages in the caller's transaction, one query; keys already there are left alone.

    ``suppress`` stores them as never to be sent (demo data of the past).
    """
    moment = at or now()
    state = MessageState.SUPPRESSED if suppress else MessageState.PENDING
    rows = [
        (
            message.key,
            message.template,
            message.params,
            message.recipient_id,
            message.unit_id,
            message.position,
            *(message.address or (None, None)),
            state.value,
            0,
            moment,
            moment,
            "",
        )
        for message in messages
    ]
    rows_insert(OutboxMessage._meta.db_table, _COLUMNS, rows, tail="ON CONFLICT (key) DO NOTHING")


def address_seal(email: str) -> tuple[int, bytes]:
    """A citizen's e-mail address as it is kept in letters and messages."""
    return seal({"email": email}, context=ADDRESS_CONTEXT)


def address_open(version: int, box: bytes | memoryview) -> str:
    return str(unseal(version, box, context=ADDRESS_CONTEXT)["email"])
