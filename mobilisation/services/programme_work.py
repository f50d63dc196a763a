"""Files and joint activities of coordination programmes."""

import datetime as dt
import uuid
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import DomainError, NotVisible, allow, key_read
from directives.validators import PEOPLE_MAX
from mobilisation import validators as v
from mobilisation.models import Programme, ProgrammeActivity, ProgrammeFile
from mobilisation.policies import may_change_programme, may_keep, may_record_activity
from mobilisation.services._step import Step, begun, claimed, version_check
from mobilisation.services.programmes import programme_locked


@dataclass(frozen=True)
class Activity:
    """What the parties did together: a local date up to today, where, how many people came, what
    was done; ``attachment``: the identifier of an upload, "" for none."""

    held_on: dt.date
    place: str
    people: int
    done: str
    attachment: str = ""


@transaction.atomic
def programme_file_add(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    attachment: str,
    at: dt.datetime | None = None,
) -> ProgrammeFile:
    """Add an upload. Raises NotVisible, NotPermitted, Stale, InvalidInput on ``attachment``."""
    row = programme_locked(access, public_id)
    allow(may_change_programme(access, row))
    version_check(row, version)
    step = begun(row, access, "programme.file_added", at)
    files = claimed([attachment], "attachment", step.at)
    made = ProgrammeFile.objects.create(
        programme=row, attachment=files[0], by_id=access.actor_id, at=step.at
    )
    step.data["file"] = str(files[0].public_id)
    step.finish()
    return made


@transaction.atomic
def programme_file_remove(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    file: uuid.UUID | str,
    at: dt.datetime | None = None,
) -> Programme:
    """No longer show a file; it is kept. Raises NotVisible, NotPermitted, Stale."""
    row = programme_locked(access, public_id)
    allow(may_change_programme(access, row))
    version_check(row, version)
    shown = row.files.filter(attachment__public_id=key_read(file), removed_at=None)
    found = shown.select_for_update(of=("self",)).first()
    if found is None:
        raise NotVisible
    step = begun(row, access, "programme.file_removed", at)
    found.removed_at = step.at
    found.save(update_fields=["removed_at"])
    step.data["file"] = str(file)
    step.finish()
    return row


@transaction.atomic
def activity_record(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    activity: Activity,
    at: dt.datetime | None = None,
) -> ProgrammeActivity:
    """Record what the parties did together. Raises NotVisible, NotPermitted, Stale, InvalidInput
    on the names of ``Activity``."""
    row = programme_locked(access, public_id)
    allow(may_record_activity(access, row))
    version_check(row, version)
    step = begun(row, access, "programme.activity_recorded", at)
    values = _checked(activity, row, step)
    files = claimed([activity.attachment], "attachment", step.at)
    made = ProgrammeActivity.objects.create(
        programme=row,
        attachment=files[0] if files else None,
        by_id=access.actor_id,
        at=step.at,
        **values,
    )
    step.data |= {
        "activity": str(made.public_id),
        "held_on": made.held_on.isoformat(),
        "people": made.people,
    }
    step.finish()
    return made


@transaction.atomic
def activity_withdraw(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    activity: uuid.UUID | str,
    reason: str,
    at: dt.datetime | None = None,
) -> ProgrammeActivity:
    """Take back an activity recorded by mistake, with a reason; it stays in the history.

    Raises NotVisible, NotPermitted, Stale, InvalidInput on ``reason``, DomainError ``wrong_state``
    (withdrawn already)."""
    row = programme_locked(access, public_id)
    allow(may_keep(access, row.unit_id))
    rows = row.activities.select_for_update(of=("self",))
    found = rows.filter(public_id=key_read(activity)).first()
    if found is None:
        raise NotVisible
    version_check(row, version)
    if found.withdrawn_at is not None:
        raise DomainError(_("This activity has already been withdrawn."), code="wrong_state")
    errors = v.Errors()
    words = errors.text("reason", reason, v.REASON_MAX, needed=True)
    errors.refuse()
    step = begun(row, access, "programme.activity_withdrawn", at)
    found.withdrawn_at, found.withdrawn_reason = step.at, words
    found.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    step.data |= {
        "activity": str(found.public_id),
        "held_on": found.held_on.isoformat(),
        "reason": words,
    }
    step.finish()
    return found


def _checked(activity: Activity, row: Programme, step: Step) -> dict[str, Any]:
    errors = v.Errors()
    values = asdict(activity) | {
        "place": errors.text("place", activity.place, v.PLACE_MAX, needed=True),
        "done": errors.text("done", activity.done, v.WORDS_MAX, needed=True),
    }
    values.pop("attachment")
    if not 1 <= activity.people <= PEOPLE_MAX:
        errors["people"] = [_("From 1 to %(most)s people.") % {"most": PEOPLE_MAX}]
    if activity.held_on > step.on:
        errors["held_on"] = [_("The date is in the future.")]
    elif row.valid_from and activity.held_on < row.valid_from:
        errors["held_on"] = [_("The programme was not in force yet.")]
    elif row.last_day and activity.held_on > row.last_day:
        errors["held_on"] = [_("The programme was not in force any more.")]
    errors.refuse()
    return values
