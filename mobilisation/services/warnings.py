"""Telling units which of their coordination programmes run out."""

import datetime as dt

from django.db import transaction

from common.time import local_date, now
from directives.enums import Addressee
from directives.receivers import position_of
from mobilisation.models import Programme
from mobilisation.selectors import runs_out
from notifications.services import NewMessage, outbox_write


@transaction.atomic
def programmes_warn(*, at: dt.datetime | None = None) -> int:
    """Tell the Party committee of each unit, once a programme and last day, what runs out within
    30 calendar days of a UTC moment; returns how many programmes run out.

    The outbox takes each fact once: it may run twice, late or not at all for days.
    """
    moment = at or now()
    rows = Programme.objects.filter(runs_out(local_date(moment))).select_related("unit")
    messages = [_message(row) for row in rows.order_by("pk")]
    outbox_write(messages, at=moment)
    return len(messages)


def _message(row: Programme) -> NewMessage:
    assert row.valid_until is not None
    last = row.valid_until.isoformat()
    return NewMessage(
        key=f"programme:{row.public_id}:{last}:programme_ends",
        template="programme_ends",
        params={"unit": row.unit.full_name, "id": str(row.public_id), "due_on": last},
        unit_id=row.unit_id,
        position=position_of(row.unit, Addressee.PARTY_COMMITTEE),
    )
