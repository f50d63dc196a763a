"""Telling whoever keeps the portal."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from accounts.models import Membership
from accounts.roles import Permission
from accounts.selectors import roles_with
from common.time import local_date
from notifications.services import NewMessage, outbox_write


def keepers_tell(messages: Sequence[NewMessage], *, at: dt.datetime) -> None:
    """Each message to every position that keeps the reference data, in the caller's transaction.
    ``at``: UTC moment."""
    if not messages:
        return
    held = Membership.objects.current(local_date(at)).filter(
        role__in=roles_with(Permission.REFERENCE_EDIT)
    )
    seats = sorted(set(held.values_list("unit_id", "role")))
    outbox_write(
        [
            replace(message, unit_id=unit_id, position=role)
            for message in messages
            for unit_id, role in seats
        ],
        at=at,
    )
