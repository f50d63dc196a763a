"""What every change of an assignment shares: the lock, the version, the history, the notices."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import NotVisible, Stale, key_read
from common.history import NewEvent
from common.time import local_date, now
from directives.models import Assignment, AssignmentEvent, AssignmentPeriod
from directives.receivers import lead_of, position_of
from escalation.recipients import lead_position
from notifications.services import NewMessage, outbox_write

SAVED = (
    "state",
    "version",
    "due_on",
    "reported_at",
    "owner",
    "received_at",
    "received_by",
    "withdrawn_reason",
    "escalation_level",
    "periods_told",
    "periods_accepted",
)
BATCH = 500


@dataclass
class Step:
    """One change of a locked assignment: what goes into the history and the outbox."""

    assignment: Assignment
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

    def tell(self, template: str, *, extra: dict[str, Any] | None = None, **address: Any) -> None:
        """Queue a notice; its key is the change itself, its params name no person."""
        row = self.assignment
        key = f"assignment:{row.public_id}:{row.version}:{template}"
        params = notice_params(row) | (extra or {})
        self.messages.append(NewMessage(key=key, template=template, params=params, **address))

    def tell_unit(self, template: str, **extra: Any) -> None:
        """Tell the position in the unit that the task was given to."""
        row = self.assignment
        position = position_of(row.unit, row.addressee)
        self.tell(template, extra=extra, unit_id=row.unit_id, position=position)

    def tell_lead(self, template: str, **extra: Any) -> None:
        """Tell the body of the City in charge of the task."""
        lead = lead_of(self.assignment.task)
        if lead is not None:
            self.tell(template, extra=extra, unit_id=lead.pk, position=lead_position(lead))

    def finish(self) -> None:
        """Save, append the event, write the notices."""
        self.assignment.save(update_fields=SAVED)
        AssignmentEvent.append(self.event())
        outbox_write(self.messages, at=self.at, suppress=self.quiet)

    def event(self) -> NewEvent:
        """What the history says of the change."""
        data = {"version": self.assignment.version, **self.data}
        return NewEvent(self.assignment.pk, self.action, data, self.access.user_id, self.at)


def steps_finish(
    steps: Sequence[Step], fields: Sequence[str], at: dt.datetime, *, quiet: bool
) -> None:
    """Save ``fields`` of many changed assignments, append their events, write their notices; the
    number of queries does not depend on how many they are."""
    rows = [step.assignment for step in steps]
    Assignment.objects.bulk_update(rows, fields, batch_size=BATCH)
    AssignmentEvent.append_many([step.event() for step in steps])
    outbox_write([note for step in steps for note in step.messages], at=at, suppress=quiet)


def notice_params(row: Assignment) -> dict[str, Any]:
    """What a notice about an assignment says; no personal data."""
    return {
        "unit": row.unit.full_name,
        "directive": row.task.group.directive.number,
        "task": row.task.title,
        "id": str(row.public_id),
        "due_on": row.due_on.isoformat() if row.due_on else "",
    }


def assignment_locked(access: Access, public_id: uuid.UUID | str) -> Assignment:
    """The visible assignment under its lock; a malformed identifier is as good as a wrong one."""
    found = (
        Assignment.objects.visible_to(access)
        .with_list_data()
        .select_for_update(of=("self",), no_key=True)
        .filter(public_id=key_read(public_id))
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def period_locked(assignment: Assignment, public_id: uuid.UUID | str) -> AssignmentPeriod:
    """A period of a locked assignment. Raises NotVisible."""
    rows = assignment.periods.select_for_update(of=("self",), no_key=True)
    found = rows.filter(public_id=key_read(public_id)).first()
    if found is None:
        raise NotVisible
    found.assignment = assignment
    return found


def version_check(assignment: Assignment, expected: int) -> None:
    """Raises Stale with the current version when the form was opened on another one."""
    if assignment.version != expected:
        raise Stale(
            _("Somebody else has changed this task since you opened it. Nothing was lost."),
            extra={"version": assignment.version, "state": assignment.state},
        )


def step_begin(
    assignment: Assignment, access: Access, action: str, at: dt.datetime | None, quiet: bool
) -> Step:
    """The next version of a locked assignment. ``at``: UTC moment."""
    assignment.version += 1
    return Step(assignment, access, at or now(), action, quiet)
