"""Coordination programmes: entering, correcting, putting in force, ending, renewing."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import InvalidInput, NotVisible, allow, key_read
from common.text import fold
from common.time import local_date, now
from communes.models import Unit
from mobilisation import validators as v
from mobilisation.enums import ProgrammeState
from mobilisation.lists import parties
from mobilisation.models import Programme
from mobilisation.models.programme import PARTIES_LEAST
from mobilisation.policies import may_begin, may_change_programme, may_end, may_sign
from mobilisation.services._step import Step, applied, begun, changes, locked, version_check


@dataclass(frozen=True)
class ProgrammeRecord:
    """A programme as it stands on the paper. ``parties``: codes of the declared list, with
    ``other_parties`` (more in words, counted as one) at least two. Dates are local; number, day of
    signing and first day may be missing in a draft."""

    title: str
    parties: Sequence[str] = field(default_factory=list)
    other_parties: str = ""
    number: str = ""
    contents: str = ""
    signed_on: dt.date | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None


@transaction.atomic
def programme_create(
    *, access: Access, unit: Unit, record: ProgrammeRecord, at: dt.datetime | None = None
) -> Programme:
    """Enter a programme of a unit as a draft, seen in the unit alone. Raises NotPermitted,
    InvalidInput on the names of ``ProgrammeRecord``."""
    allow(may_begin(access, unit.pk))
    moment = at or now()
    row = Programme(unit=unit, by_id=access.actor_id, created_at=moment, **_checked(record))
    row.search_text = _words(row)
    row.save(force_insert=True)
    Step(row, access, moment, "programme.created", data={"title": row.title}).note()
    return row


@transaction.atomic
def programme_change(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    record: ProgrammeRecord,
    at: dt.datetime | None = None,
) -> Programme:
    """Correct the record; what changed, from and to, is in its history. Nothing to change makes no
    version. Raises NotVisible, NotPermitted, Stale, InvalidInput."""
    row = programme_locked(access, public_id)
    allow(may_change_programme(access, row))
    version_check(row, version)
    values = _checked(record, is_signed=row.state != ProgrammeState.DRAFT)
    changed = changes(row, values)
    if not changed:
        return row
    step = begun(row, access, "programme.changed", at)
    step.data["fields"] = changed
    applied(row, values)
    row.search_text = _words(row)
    step.finish()
    return row


@transaction.atomic
def programme_sign(
    *, access: Access, public_id: uuid.UUID | str, version: int, at: dt.datetime | None = None
) -> Programme:
    """Put a draft in force: it was signed by its parties. Raises NotVisible, NotPermitted, Stale,
    InvalidInput on what is still missing (number, day of signing, first day) or lies ahead."""
    row = programme_locked(access, public_id)
    allow(may_sign(access, row))
    version_check(row, version)
    _signed_checked(row, local_date(at or now()))
    step = begun(row, access, "programme.signed", at)
    row.state = ProgrammeState.IN_FORCE
    step.data["number"] = row.number
    step.finish()
    return row


@transaction.atomic
def programme_end(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    ended_on: dt.date,
    reason: str,
    at: dt.datetime | None = None,
) -> Programme:
    """End a programme before its time, on a local date up to today, with a reason. Raises
    NotVisible, NotPermitted, Stale, InvalidInput on ``ended_on`` and ``reason``."""
    row = programme_locked(access, public_id)
    allow(may_end(access, row))
    version_check(row, version)
    step = begun(row, access, "programme.ended", at)
    errors = v.Errors()
    words = errors.text("reason", reason, v.REASON_MAX, needed=True)
    if ended_on > step.on:
        errors["ended_on"] = [_("The date is in the future.")]
    elif row.valid_from and ended_on < row.valid_from:
        errors["ended_on"] = [_("The last day lies before the first.")]
    errors.refuse()
    row.state, row.ended_on, row.ended_reason = ProgrammeState.ENDED, ended_on, words
    step.data |= {"ended_on": ended_on.isoformat(), "reason": words}
    step.finish()
    return row


@transaction.atomic
def programme_renew(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    successor: uuid.UUID | str,
    at: dt.datetime | None = None,
) -> Programme:
    """Note that another programme of the same unit, in force, takes the place of this one; both
    show the link. Raises NotVisible, NotPermitted, Stale, InvalidInput on ``successor``."""
    row = programme_locked(access, public_id)
    allow(may_end(access, row))
    version_check(row, version)
    step = begun(row, access, "programme.renewed", at)
    row.renewed_by = _successor(access, row, successor)
    row.state = ProgrammeState.RENEWED
    step.data["successor"] = str(row.renewed_by.public_id)
    step.finish()
    return row


def programme_locked(access: Access, public_id: uuid.UUID | str) -> Programme:
    """The visible programme under its lock. Raises NotVisible."""
    return locked(Programme.objects.visible_to(access).select_related("unit"), public_id)


def _successor(access: Access, row: Programme, public_id: uuid.UUID | str) -> Programme:
    """Locked, so that two programmes never renew each other and none is taken twice."""
    wrong = InvalidInput(
        fields={"successor": [_("Choose a programme of the same unit that is in force.")]}
    )
    rows = Programme.objects.filter(unit_id=row.unit_id, state=ProgrammeState.IN_FORCE, renews=None)
    try:
        key = key_read(public_id)
    except NotVisible:
        raise wrong from None
    found = rows.exclude(pk=row.pk).filter(public_id=key).select_for_update(of=("self",)).first()
    if found is None:
        raise wrong
    return found


def _checked(record: ProgrammeRecord, *, is_signed: bool = False) -> dict[str, Any]:
    """The values of the record, cleaned. Raises InvalidInput naming every wrong one."""
    errors = v.Errors()
    values = asdict(record) | {
        "title": errors.text("title", record.title, v.TITLE_MAX, needed=True),
        "number": errors.text("number", record.number, v.NUMBER_MAX, needed=is_signed),
        "contents": errors.text("contents", record.contents, v.WORDS_MAX),
        "other_parties": errors.text("other_parties", record.other_parties, v.OTHERS_MAX),
        "parties": v.codes_checked(errors, "parties", record.parties, parties()),
    }
    if "parties" not in errors and _party_count(values) < PARTIES_LEAST:
        errors["parties"] = [_("A programme has at least two parties.")]
    _dates_checked(errors, record, is_signed=is_signed)
    errors.refuse()
    return values


def _party_count(values: dict[str, Any]) -> int:
    return len(values["parties"]) + bool(values["other_parties"])


def _dates_checked(errors: v.Errors, record: ProgrammeRecord, *, is_signed: bool) -> None:
    if is_signed:
        for name in ("signed_on", "valid_from"):
            if getattr(record, name) is None:
                errors[name] = [_("Please fill this in.")]
    if record.valid_until is None:
        return
    if record.valid_from is None:
        errors["valid_from"] = [_("Please fill this in.")]
    elif record.valid_until < record.valid_from:
        errors["valid_until"] = [_("The last day lies before the first.")]


def _signed_checked(row: Programme, on: dt.date) -> None:
    errors = v.Errors()
    for name in ("number", "signed_on", "valid_from"):
        if not getattr(row, name):
            errors[name] = [_("Fill this in before the programme is put in force.")]
    if row.signed_on and row.signed_on > on:
        errors["signed_on"] = [_("The date is in the future.")]
    errors.refuse()


def _words(row: Programme) -> str:
    names = [parties()[code] for code in row.parties]
    return fold(" ".join([row.number, row.title, *names, row.other_parties]))
