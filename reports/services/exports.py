"""Taking a register of a unit away as a file is an event."""

import datetime as dt

from django.db import transaction

from accounts.access import Access
from common.history import NewEvent
from common.time import now
from communes.models import Unit
from receptions.models import RegisterEvent
from reports.registers import Book
from reports.selectors_registers import Asked, book_count

EXPORTED = "reports.register.exported"


@transaction.atomic
def book_exported(
    *, access: Access, asked: Asked, file_format: str, at: dt.datetime | None = None
) -> RegisterEvent:
    """Record who takes which part of a register away, with its number of rows, before it is sent:
    in the unit's chain, where 03/TCD stands too. Raises NotVisible for whoever does not read it."""
    rows = book_count(access, asked)
    # One chain a unit: its row is locked, as for every history.
    Unit.objects.select_for_update(no_key=True).get(pk=asked.unit.pk)
    data = {
        "book": asked.book.code,
        "rows": rows,
        "since": asked.since.isoformat(),
        "until": asked.until.isoformat(),
        "format": file_format,
        "kind": asked.kind,
        "field": asked.field,
        "state": asked.state,
    }
    event = NewEvent(asked.unit.pk, EXPORTED, data, access.actor_id, at or now())
    return RegisterEvent.append(event)


def book_exports(book: Book, unit: Unit, most: int) -> list[RegisterEvent]:
    """The newest downloads of one register, for those who read it."""
    rows = RegisterEvent.objects.filter(unit=unit, action=EXPORTED, data__book=book.code)
    return list(rows.select_related("actor").order_by("-sequence")[:most])
