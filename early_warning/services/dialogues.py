"""Dialogues held about a land project."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import Access
from common.db import constraint_errors
from common.errors import DomainError, InvalidInput, NotVisible, key_read
from common.time import local_date
from directives.validators import past_checked, people_checked, text_checked
from early_warning.models import LandProject, ProjectDialogue
from early_warning.selectors_projects import dialogue_sessions
from early_warning.services._step import file_taken, step_begin
from early_warning.services.projects import project_opened
from receptions.models import ReceptionSession

CONTENT_MAX = 4000
RECORDED = "early_warning.project.dialogue_recorded"
WITHDRAWN = "early_warning.project.dialogue_withdrawn"
ONCE = {"project_dialogue_session_once": gettext_lazy("This session is recorded already.")}


@dataclass(frozen=True)
class DialogueRecord:
    """``session``: identifier of a dialogue in the calendar of receptions, whose date it is, or
    "" with ``held_on``, a local date, not in the future."""

    people: int
    content: str
    held_on: dt.date | None = None
    session: str = ""
    attachment: str = ""


@transaction.atomic
def dialogue_record(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    given: DialogueRecord,
    at: dt.datetime | None = None,
) -> ProjectDialogue:
    """Record a dialogue. Raises NotVisible, NotPermitted, InvalidInput on the names of
    ``DialogueRecord``, Stale, Conflict (the session is recorded already)."""
    row = project_opened(access, public_id, version)
    session = _session(row, given.session)
    held_on = local_date(session.starts_at) if session else _held_on(given.held_on)
    people = people_checked("people", given.people)
    content = text_checked("content", given.content, CONTENT_MAX)
    step = step_begin(row, access, RECORDED, at=at)
    with constraint_errors(ONCE), transaction.atomic():
        found = ProjectDialogue.objects.create(
            project=row,
            session=session,
            held_on=held_on,
            people=people,
            content=content,
            attachment=file_taken(given.attachment, field_name="attachment", at=step.at),
            by_id=access.actor_id,
            at=step.at,
        )
    step.data |= {"held_on": held_on.isoformat(), "people": people}
    step.finish()
    return found


@transaction.atomic
def dialogue_withdraw(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    dialogue: uuid.UUID | str,
    at: dt.datetime | None = None,
) -> LandProject:
    """Take back a dialogue that was recorded by mistake. Raises NotVisible, NotPermitted, Stale,
    DomainError ``wrong_state`` (withdrawn already)."""
    row = project_opened(access, public_id, version)
    found = (
        row.dialogues.select_for_update(no_key=True).filter(public_id=key_read(dialogue)).first()
    )
    if found is None:
        raise NotVisible
    if found.withdrawn_at is not None:
        raise DomainError(_("This dialogue has already been withdrawn."), code="wrong_state")
    step = step_begin(row, access, WITHDRAWN, at=at)
    found.withdrawn_at = step.at
    found.save(update_fields=["withdrawn_at"])
    step.data["held_on"] = found.held_on.isoformat()
    step.finish()
    return row


def _held_on(day: dt.date | None) -> dt.date:
    if day is None:
        raise InvalidInput(fields={"held_on": [_("Please fill this in.")]})
    return past_checked("held_on", day)


def _session(row: LandProject, public_id: str) -> ReceptionSession | None:
    if not public_id:
        return None
    for session in dialogue_sessions(row):
        if str(session.public_id) == public_id:
            return session
    raise InvalidInput(fields={"session": [_("Choose one of the values of the list.")]})
