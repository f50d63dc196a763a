"""What every change in the registers shares: the lock, the version, the history, the notices."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from accounts.access import Access
from attachments.models import Attachment
from attachments.services import attachments_claim
from common.errors import InvalidInput, NotVisible, Stale, key_read
from common.history import NewEvent
from common.time import local_date, now
from mobilisation.models import ExemplarField
from notifications.services import NewMessage, outbox_write

Row = TypeVar("Row", bound=Model)
ROOM = "mobilisation"


@dataclass
class Step:
    """One change of a locked row: what goes into the history and the outbox."""

    row: Any
    access: Access
    at: dt.datetime
    action: str
    quiet: bool = False
    data: dict[str, Any] = field(default_factory=dict)
    messages: list[NewMessage] = field(default_factory=list)

    @property
    def on(self) -> dt.date:
        """The Hà Nội date of the change."""
        return local_date(self.at)

    def tell(self, template: str, params: dict[str, Any], **address: Any) -> None:
        """Queue a notice; its key is the change itself, its params name no person."""
        key = f"{self.row._meta.model_name}:{self.row.public_id}:{self.row.version}:{template}"
        self.messages.append(NewMessage(key=key, template=template, params=params, **address))

    def finish(self) -> None:
        """Save the row as its next version, append the event, write the notices."""
        self.row.save()
        self.note()
        outbox_write(self.messages, at=self.at, suppress=self.quiet)

    def note(self) -> None:
        """Append the event."""
        events = self.row.events.model
        data = {"version": self.row.version, **self.data}
        events.append(
            NewEvent(self.row.pk, f"{ROOM}.{self.action}", data, self.access.user_id, self.at)
        )


def begun(
    row: Any, access: Access, action: str, at: dt.datetime | None, quiet: bool = False
) -> Step:
    """The next version of a locked row. ``at``: UTC moment."""
    row.version += 1
    return Step(row, access, at or now(), action, quiet)


def locked(rows: QuerySet[Row], public_id: uuid.UUID | str) -> Row:
    """The row of ``rows`` (what the caller may see) under its lock. Raises NotVisible, also when
    the identifier is malformed."""
    found = rows.select_for_update(of=("self",), no_key=True).filter(public_id=key_read(public_id))
    row = found.first()
    if row is None:
        raise NotVisible
    return row


def version_check(row: Any, expected: int) -> None:
    """Raises Stale with the current version when the form was opened on another one."""
    if row.version != expected:
        state = {"state": row.state} if hasattr(row, "state") else {}
        raise Stale(
            _("Somebody else has changed this record since you opened it. Nothing was lost."),
            extra={"version": row.version, **state},
        )


def claimed(public_ids: Sequence[str], name: str, at: dt.datetime) -> list[Attachment]:
    """Uploads, taken. Raises InvalidInput on ``name``."""
    wanted = [str(public_id) for public_id in public_ids if public_id]
    if not wanted:
        return []
    try:
        return attachments_claim(public_ids=wanted, at=at)
    except InvalidInput as error:
        raise InvalidInput(fields={name: error.fields["attachments"]}) from error


def changes(row: Any, values: dict[str, Any]) -> dict[str, list[Any]]:
    """What differs between a row and its new values, from and to, as the history keeps it."""
    return {
        name: [plain(getattr(row, name)), plain(value)]
        for name, value in values.items()
        if getattr(row, name) != value
    }


def applied(row: Any, values: dict[str, Any]) -> None:
    """Give a row its new values."""
    for name, value in values.items():
        setattr(row, name, value)


def plain(value: Any) -> Any:
    """A value as the history keeps it: an entry of a list by its code."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.code if isinstance(value, ExemplarField) else value
