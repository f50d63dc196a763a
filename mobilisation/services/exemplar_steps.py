"""The way of a model: registered, recognised or not, published, withdrawn, given up."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import InvalidInput
from directives.enums import Addressee
from directives.receivers import position_of
from directives.validators import REASON_MAX, past_checked, text_checked
from mobilisation.enums_models import ExemplarState
from mobilisation.models import Exemplar, Recognition
from mobilisation.policies_models import (
    levels_open,
    may_drop,
    may_publish,
    may_recognise,
    may_refuse,
    may_register,
    may_unpublish,
)
from mobilisation.services._exemplar import ExemplarStep, exemplar_begin
from mobilisation.services._step import claimed, plain

Key = uuid.UUID | str
NUMBER_MAX, DECIDED_BY_MAX = 60, 160


@dataclass(frozen=True)
class Decision:
    """A decision of recognition as on the paper. ``decided_on``: local date up to today;
    ``attachment``: an upload that nobody has taken yet, or ""."""

    level: str
    number: str
    decided_on: dt.date
    decided_by: str
    attachment: str = ""


@transaction.atomic
def exemplar_register(
    *,
    access: Access,
    public_id: Key,
    version: int,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Exemplar:
    """Register a model; the unit's Party secretary is told that it waits, and of a copy the unit
    that it comes from. Raises NotVisible, NotPermitted, Stale."""
    step = exemplar_begin(
        access, public_id, version, "registered", may_register, at=at, quiet=quiet
    )
    row = step.row
    row.state, row.reason = ExemplarState.REGISTERED, ""
    row.registered_at, row.registered_by_id = step.at, access.actor_id
    step.inform("exemplar_registered", **_party(row))
    if row.source_id is not None:
        source = Exemplar.objects.select_related("unit").get(pk=row.source_id)
        step.inform("exemplar_copied", **_party(source))
    step.finish()
    return step.row


@transaction.atomic
def exemplar_recognise(
    *,
    access: Access,
    public_id: Key,
    version: int,
    decision: Decision,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Exemplar:
    """Record a decision of recognition; a model that its unit recognised may later be recognised by
    the City, too. Whoever registered it is told.

    Raises NotVisible, NotPermitted, Stale, InvalidInput on the names of ``Decision``."""
    step = exemplar_begin(
        access, public_id, version, "recognised", may_recognise, at=at, quiet=quiet
    )
    row = step.row
    if decision.level not in levels_open(access, row):
        message = _("A decision of this level cannot be recorded now.")
        raise InvalidInput(fields={"level": [message]})
    _recognition(step, decision)
    row.level = decision.level
    if row.state == ExemplarState.REGISTERED:
        row.state = ExemplarState.RECOGNISED
    step.inform("exemplar_answered", recipient_id=row.registered_by_id)
    step.finish()
    return step.row


@transaction.atomic
def exemplar_refuse(
    *,
    access: Access,
    public_id: Key,
    version: int,
    reason: str,
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Exemplar:
    """Say that a registered model is not recognised, and why; the unit may work on it and register
    it again. Raises NotVisible, NotPermitted, Stale, InvalidInput on ``reason``."""
    step = exemplar_begin(access, public_id, version, "refused", may_refuse, at=at, quiet=quiet)
    _end(step, ExemplarState.REFUSED, reason)
    step.inform("exemplar_answered", recipient_id=step.row.registered_by_id)
    step.finish()
    return step.row


@transaction.atomic
def exemplar_publish(
    *,
    access: Access,
    public_id: Key,
    version: int,
    people_agreed: bool,
    at: dt.datetime | None = None,
) -> Exemplar:
    """Show a recognised model on the public pages. ``people_agreed``: the people shown in texts and
    pictures agreed, which is kept with whoever says so.

    Raises NotVisible, NotPermitted, Stale, InvalidInput on ``people_agreed``."""
    step = exemplar_begin(access, public_id, version, "published", may_publish, at=at)
    if not people_agreed:
        message = _("Without the consent of the people shown nothing is published.")
        raise InvalidInput(fields={"people_agreed": [message]})
    row = step.row
    row.state, row.reason = ExemplarState.PUBLISHED, ""
    row.published_at = row.people_agreed_at = step.at
    step.data["people_agreed"] = True
    step.finish()
    return step.row


@transaction.atomic
def exemplar_unpublish(
    *, access: Access, public_id: Key, version: int, reason: str, at: dt.datetime | None = None
) -> Exemplar:
    """Take a model off the public pages at once, with a reason; its recognition stays. Raises
    NotVisible, NotPermitted, Stale, InvalidInput on ``reason``."""
    step = exemplar_begin(access, public_id, version, "unpublished", may_unpublish, at=at)
    _end(step, ExemplarState.UNPUBLISHED, reason)
    step.finish()
    return step.row


@transaction.atomic
def exemplar_drop(
    *, access: Access, public_id: Key, version: int, reason: str, at: dt.datetime | None = None
) -> Exemplar:
    """Give a model up that no decision stands behind; it stays in the unit's register. Raises
    NotVisible, NotPermitted, Stale, InvalidInput on ``reason``."""
    step = exemplar_begin(access, public_id, version, "dropped", may_drop, at=at)
    _end(step, ExemplarState.DROPPED, reason)
    step.finish()
    return step.row


def _end(step: ExemplarStep, state: ExemplarState, reason: str) -> None:
    step.row.reason = step.data["reason"] = text_checked("reason", reason, REASON_MAX)
    step.row.state = state


def _recognition(step: ExemplarStep, decision: Decision) -> None:
    values = {
        "level": decision.level,
        "number": text_checked("number", decision.number, NUMBER_MAX),
        "decided_on": past_checked("decided_on", decision.decided_on),
        "decided_by": text_checked("decided_by", decision.decided_by, DECIDED_BY_MAX),
    }
    row = Recognition(exemplar=step.row, by_id=step.access.actor_id, at=step.at, **values)
    if decision.attachment:
        row.attachment = claimed([decision.attachment], "attachment", step.at)[0]
    row.save()
    step.data |= {name: plain(value) for name, value in values.items()}


def _party(row: Exemplar) -> dict[str, Any]:
    """The position that speaks for the unit's Party committee."""
    position = position_of(row.unit, Addressee.PARTY_COMMITTEE)
    return {"unit_id": row.unit_id, "position": position}
