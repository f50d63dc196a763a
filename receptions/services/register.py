"""Taking the register of a unit away as a file is an event."""

import datetime as dt

from django.db import transaction

from accounts.access import Access
from common.history import NewEvent
from common.time import now
from communes.models import Unit
from receptions.models import RegisterEvent
from receptions.selectors_register import Asked, register_rows

EXPORTED = "receptions.register.exported"


def register_exported(
    *, access: Access, asked: Asked, file_format: str, at: dt.datetime | None = None
) -> RegisterEvent:
    """Record who takes which part of the register away, with its number of rows, before it is
    written. Raises NotVisible for whoever does not see the unit's visitors."""
    with transaction.atomic():
        # One chain a unit: its row is locked, as for every history.
        Unit.objects.select_for_update(no_key=True).get(pk=asked.unit.pk)
        data = {
            "rows": register_rows(access, asked).count(),
            "since": asked.since.isoformat(),
            "until": asked.until.isoformat(),
            "format": file_format,
            "kind": asked.kind,
            "leader": asked.leader,
            "outcome": asked.outcome,
        }
        event = NewEvent(asked.unit.pk, EXPORTED, data, access.actor_id, at or now())
        return RegisterEvent.append(event)


def exports_of(unit: Unit, most: int) -> list[RegisterEvent]:
    """The newest exports of this register of a unit, for those who see it; other registers of the
    unit stand in the same chain."""
    rows = RegisterEvent.objects.filter(unit=unit, action=EXPORTED).select_related("actor")
    return list(rows.order_by("-sequence")[:most])
