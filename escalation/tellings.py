"""Telling whoever keeps the portal."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from accounts.enums import Role
from accounts.models import Membership
from common.time import local_date
from notifications.services import NewMessage, outbox_write


def keepers_tell(messages: Sequence[NewMessage], *, at: dt.datetime) -> None:
    """Each message to the administrators of every unit that has some, in the caller's
    transaction. ``at``: UTC moment."""
    if not messages:
        return
    holders = Membership.objects.current(local_date(at)).filter(role=Role.ADMIN)
    units = sorted(set(holders.values_list("unit_id", flat=True)))
    outbox_write(
        [
            replace(
                message,
                key=f"{message.key}:{unit_id}",
                unit_id=unit_id,
                position=Role.ADMIN.value,
            )
            for message in messages
            for unit_id in units
        ],
        at=at,
    )
