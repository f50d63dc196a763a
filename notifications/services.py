"""Writing to the outbox. Sending is ``notifications.delivery``."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from common.crypto import seal, unseal
from common.time import now
from notifications.models import MessageState, OutboxMessage

ADDRESS_CONTEXT = "citizen-address"


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
        OutboxMessage(
            key=m.key,
            template=m.template,
            params=m.params,
            recipient_id=m.recipient_id,
            unit_id=m.unit_id,
            position=m.position,
            address_key_version=m.address[0] if m.address else None,
            address_box=m.address[1] if m.address else None,
            state=state,
            created_at=moment,
            next_attempt_at=moment,
        )
        for m in messages
    ]
    if rows:
        OutboxMessage.objects.bulk_create(rows, ignore_conflicts=True)


def address_seal(email: str) -> tuple[int, bytes]:
    """A citizen's e-mail address as it is kept in letters and messages."""
    return seal({"email": email}, context=ADDRESS_CONTEXT)


def address_open(version: int, box: bytes) -> str:
    return str(unseal(version, box, context=ADDRESS_CONTEXT)["email"])
