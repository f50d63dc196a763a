"""What every change of a signal, a rule or a project shares: lock, version, history, notices."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts.access import Access
from attachments.models import Attachment
from attachments.services import attachments_claim
from common.errors import InvalidInput, NotVisible, Stale, key_read
from common.history import HistoryEvent, NewEvent
from common.time import local_date, now
from early_warning.models import (
    LandProject,
    LandProjectEvent,
    Signal,
    SignalEvent,
    WarningRule,
    WarningRuleEvent,
)
from notifications.services import NewMessage, outbox_write

EVENTS: dict[type[Any], type[HistoryEvent]] = {
    Signal: SignalEvent,
    LandProject: LandProjectEvent,
    WarningRule: WarningRuleEvent,
}
Row = Signal | LandProject | WarningRule


@dataclass
class Step:
    """One change of a locked row: what goes into the history and the outbox."""

    row: Row
    access: Access
    action: str
    at: dt.datetime
    quiet: bool = False
    data: dict[str, Any] = field(default_factory=dict)
    messages: list[NewMessage] = field(default_factory=list)

    @property
    def on(self) -> dt.date:
        """The Hà Nội date of the change."""
        return local_date(self.at)

    def finish(self) -> None:
        """Save, append the event, write the notices."""
        self.row.save()
        data = {"version": self.row.version, **self.data}
        events = EVENTS[type(self.row)]
        events.append(NewEvent(self.row.pk, self.action, data, self.access.user_id, self.at))
        outbox_write(self.messages, at=self.at, suppress=self.quiet)


def step_begin(
    row: Row, access: Access, action: str, *, at: dt.datetime | None = None, quiet: bool = False
) -> Step:
    """The next version of a locked row. ``at``: UTC moment."""
    row.version += 1
    return Step(row, access, action, at or now(), quiet)


def signal_locked(access: Access, public_id: uuid.UUID | str) -> Signal:
    """The visible signal under its lock. Raises NotVisible."""
    rows = Signal.objects.visible_to(access).with_list_data()
    locked = rows.select_for_update(of=("self",), no_key=True)
    found = locked.filter(public_id=key_read(public_id)).first()
    if found is None:
        raise NotVisible
    return found


def project_locked(access: Access, public_id: uuid.UUID | str) -> LandProject:
    """The visible project under its lock. Raises NotVisible."""
    rows = LandProject.objects.visible_to(access)
    locked = rows.select_for_update(of=("self",), no_key=True)
    found = locked.filter(public_id=key_read(public_id)).first()
    if found is None:
        raise NotVisible
    return found


def version_check(row: Row, expected: int) -> None:
    """Raises Stale with the current version when the form was opened on another one."""
    if row.version != expected:
        raise Stale(
            _("Somebody else has changed this since you opened it. Nothing was lost."),
            extra={"version": row.version},
        )


def file_taken(public_id: str, *, field_name: str, at: dt.datetime) -> Attachment | None:
    """An upload that nobody has taken yet, or None where none was given. Raises InvalidInput
    under ``field_name``."""
    if not public_id:
        return None
    try:
        return attachments_claim(public_ids=[public_id], at=at)[0]
    except InvalidInput as error:
        raise InvalidInput(fields={field_name: error.fields["attachments"]}) from error
