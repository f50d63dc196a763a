"""What people do about a signal: appoint an owner, follow it, settle it, call it a false alarm."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.models import User
from common.errors import InvalidInput, allow
from directives.validators import text_checked, text_optional
from early_warning.enums import NoteKind, SignalState
from early_warning.models import Signal, SignalNote
from early_warning.notices import owner_appointed
from early_warning.policies import may_appoint, may_close, may_follow, may_reopen
from early_warning.selectors import owners_possible
from early_warning.services._step import Step, signal_locked, step_begin, version_check

NOTE_MAX = 4000
LOOK_MAX = 366  # calendar days ahead


@transaction.atomic
def signal_appoint(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    owner: str,
    next_look_on: dt.date,
    text: str = "",
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Signal:
    """Name who of the unit follows a signal (a user name) and when it is looked at next, a local
    date from today on; the person is told. Raises NotVisible, NotPermitted, InvalidInput under
    ``owner``, ``next_look_on``, ``text``, Stale."""
    row = signal_locked(access, public_id)
    allow(may_appoint(access, row))
    version_check(row, version)
    step = step_begin(row, access, "early_warning.signal.owner_appointed", at=at, quiet=quiet)
    said = text_optional("text", text, NOTE_MAX)
    row.owner = _owner(row, owner)
    row.state, row.next_look_on = SignalState.WATCHED, _ahead(next_look_on, step.on)
    step.data |= {"owner": row.owner.username, "next_look_on": next_look_on.isoformat()}
    if row.owner_id != access.user_id:
        step.messages.append(owner_appointed(row))
    _note(step, row, NoteKind.APPOINTED, said)
    step.finish()
    return row


@transaction.atomic
def signal_follow_up(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    text: str,
    next_look_on: dt.date,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Signal:
    """Write down what was done and when it is looked at next, a local date from today on. Raises
    NotVisible, NotPermitted, InvalidInput under ``text``, ``next_look_on``, Stale."""
    row = signal_locked(access, public_id)
    allow(may_follow(access, row))
    version_check(row, version)
    step = step_begin(row, access, "early_warning.signal.followed", at=at, quiet=quiet)
    said = text_checked("text", text, NOTE_MAX)
    row.next_look_on = _ahead(next_look_on, step.on)
    step.data["next_look_on"] = next_look_on.isoformat()
    _note(step, row, NoteKind.FOLLOW_UP, said)
    step.finish()
    return row


@transaction.atomic
def signal_close(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    is_true: bool,
    text: str,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Signal:
    """Close a signal: settled (it was true, with what came of it) or a false alarm (with why). It
    opens again when it grows a level. Raises NotVisible, NotPermitted, InvalidInput under
    ``text``, Stale."""
    row = signal_locked(access, public_id)
    allow(may_close(access, row))
    version_check(row, version)
    kind = NoteKind.SETTLED if is_true else NoteKind.FALSE_ALARM
    step = step_begin(row, access, f"early_warning.signal.{kind}", at=at, quiet=quiet)
    said = text_checked("text", text, NOTE_MAX)
    row.state = SignalState.SETTLED if is_true else SignalState.FALSE_ALARM
    row.closed_at, row.closed_level, row.next_look_on = step.at, row.level, None
    step.data |= {"level": row.level, "measured": row.measured}
    _note(step, row, kind, said)
    step.finish()
    return row


@transaction.atomic
def signal_reopen(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    text: str,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Signal:
    """Open a closed signal again, with why: it waits for an owner. Raises NotVisible,
    NotPermitted, InvalidInput under ``text``, Stale."""
    row = signal_locked(access, public_id)
    allow(may_reopen(access, row))
    version_check(row, version)
    step = step_begin(row, access, "early_warning.signal.reopened", at=at, quiet=quiet)
    said = text_checked("text", text, NOTE_MAX)
    row.state, row.owner = SignalState.OPEN, None
    row.closed_at, row.closed_level = None, 0
    _note(step, row, NoteKind.REOPENED, said)
    step.finish()
    return row


def _note(step: Step, row: Signal, kind: NoteKind, text: str) -> None:
    SignalNote.objects.create(
        signal=row,
        kind=kind,
        text=text,
        looked_on=step.on,
        next_look_on=row.next_look_on,
        by_id=step.access.actor_id,
        at=step.at,
    )


def _owner(row: Signal, username: str) -> User:
    for person in owners_possible(row):
        if person.username == username:
            return person
    raise InvalidInput(fields={"owner": [_("Choose somebody of the unit.")]})


def _ahead(day: dt.date, on: dt.date) -> dt.date:
    if day < on:
        raise InvalidInput(fields={"next_look_on": [_("The date has passed.")]})
    if (day - on).days > LOOK_MAX:
        raise InvalidInput(fields={"next_look_on": [_("At most a year ahead.")]})
    return day
