"""Patterns of reception days, and the drafts that are made from them."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from common.db import constraint_errors
from common.errors import InvalidInput, NotVisible, Stale, allow
from common.text import clean
from common.time import local_date, now
from communes.models import Unit
from receptions.enums import DutyHolder, SessionKind, SessionMode
from receptions.models import ReceptionSession, SessionPattern
from receptions.policies import can_plan_sessions, can_view_unit
from receptions.selectors_patterns import Proposal, proposals
from receptions.services._change import Notes, keep
from receptions.services._plan import (
    CLASHES,
    CONTENT_MAX,
    PARTICIPANTS_MAX,
    PLACE_MAX,
    Errors,
    capacity_wrong,
    slots_wrong,
    text_wrong,
)

# An ad hoc reception has a reason of its own each time, and a dialogue its own people.
PATTERN_KINDS = (SessionKind.PERIODIC, SessionKind.REGULAR)
DAYS_MAX = 8
MADE_AT_ONCE = 60
LOOKED_AHEAD = dt.timedelta(days=400)
_TAKEN_OVER = (
    "unit", "duty_holder", "kind", "place", "mode", "capacity", "slot_minutes", "planned_content",
    "participants",
)  # fmt: skip


@dataclass(frozen=True)
class PatternPlan:
    """How days recur. ``days``: numbers of the month; or ``weekday``, 0 is Monday. Times are Hà
    Nội times; ``valid_to`` None: until it is ended."""

    duty_holder: str
    kind: str
    days: list[int]
    weekday: int | None
    starts: dt.time
    ends: dt.time
    mode: str
    place: str
    capacity: int
    slot_minutes: int | None
    participants: str
    planned_content: str
    valid_from: dt.date
    valid_to: dt.date | None = None


class Made(NamedTuple):
    """The drafts that were made, and the wished days that cannot be (any more), with why."""

    sessions: list[ReceptionSession]
    left: list[Proposal]


def pattern_create(*, access: Access, unit: Unit, plan: PatternPlan) -> SessionPattern:
    """Keep a pattern; it makes no session by itself. Raises NotPermitted, InvalidInput."""
    allow(can_plan_sessions(access, unit.pk))
    _check(plan)
    with transaction.atomic():
        return SessionPattern.objects.create(unit=unit, made_by_id=access.actor_id, **_fields(plan))


def pattern_change(
    *, access: Access, public_id: uuid.UUID, version: int, plan: PatternPlan
) -> SessionPattern:
    """Change a pattern; sessions that it made already stay as they are.

    Raises NotVisible, NotPermitted, Stale, InvalidInput.
    """
    with transaction.atomic():
        pattern = _locked(access, public_id, version)
        _check(plan)
        for name, value in _fields(plan).items():
            setattr(pattern, name, value)
        pattern.version += 1
        pattern.save()
    return pattern


def pattern_end(
    *, access: Access, public_id: uuid.UUID, version: int, last_on: dt.date
) -> SessionPattern:
    """Let a pattern name no day after a local date; sessions that it made stay."""
    with transaction.atomic():
        pattern = _locked(access, public_id, version)
        if last_on < pattern.valid_from:
            message = _("The pattern begins on %(day)s; its end cannot be earlier.")
            values = {"day": f"{pattern.valid_from:%d/%m/%Y}"}
            raise InvalidInput(fields={"valid_to": [message % values]})
        if pattern.valid_to is not None and last_on > pattern.valid_to:
            message = _("The pattern ends on %(day)s already; a new one is made for later days.")
            raise InvalidInput(
                fields={"valid_to": [message % {"day": f"{pattern.valid_to:%d/%m/%Y}"}]}
            )
        pattern.valid_to = last_on
        pattern.version += 1
        pattern.save(update_fields=["valid_to", "version"])
    return pattern


def pattern_make(
    *,
    access: Access,
    public_id: uuid.UUID,
    version: int,
    days: Collection[dt.date],
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> Made:
    """Make drafts of the wished ``days`` (as the pattern names them), in one transaction.

    What is planned already or clashes by now is left out and said; a second run makes nothing
    twice, two at the same time neither. Raises NotVisible, NotPermitted, Stale, InvalidInput, and
    Conflict ``session_leader_in_one_place`` when another session came in between: nothing is made
    then.
    """
    moment = at or now()
    if not 1 <= len(days) <= MADE_AT_ONCE:
        raise InvalidInput(fields={"days": [_("Choose at least one day.")]})
    with constraint_errors(CLASHES), transaction.atomic():
        pattern = _locked(access, public_id, version)
        found = _wished(pattern, set(days), moment)
        notes = Notes("receptions.session.planned", moment, access.user_id, quiet)
        made = [_draft(pattern, proposal, notes) for proposal in found if proposal.may_make]
        return Made(made, [proposal for proposal in found if not proposal.may_make])


def _wished(pattern: SessionPattern, days: set[dt.date], at: dt.datetime) -> list[Proposal]:
    last = max(days)
    if last - local_date(at) > LOOKED_AHEAD:
        raise InvalidInput(fields={"days": [_("Choose days of the next twelve months.")]})
    # From the beginning of the month: a named day before may move onto a wished one.
    first = (min(days) - dt.timedelta(days=31)).replace(day=1)
    found = [one for one in proposals(pattern, first, last, at=at) if one.named in days]
    if days - {one.named for one in found}:
        message = _("The pattern does not name this day, or it has passed.")
        raise InvalidInput(fields={"days": [message]})
    return found


def _draft(pattern: SessionPattern, proposal: Proposal, notes: Notes) -> ReceptionSession:
    values: dict[str, Any] = {name: getattr(pattern, name) for name in _TAKEN_OVER}
    values |= {
        "leader": proposal.holder,
        "starts_at": proposal.starts_at,
        "ends_at": proposal.ends_at,
        "pattern": pattern,
        "pattern_on": proposal.named,
    }
    session = ReceptionSession.objects.create(**values)
    day = local_date(session.starts_at).isoformat()
    data = {"on": day, "kind": pattern.kind, "pattern": str(pattern.public_id)}
    keep(session, Notes(notes.action, notes.at, notes.by_id, notes.quiet, data))
    return session


def _locked(access: Access, public_id: uuid.UUID, version: int) -> SessionPattern:
    pattern = (
        SessionPattern.objects.select_related("unit")
        .select_for_update(of=("self",), no_key=True)
        .filter(public_id=public_id)
        .first()
    )
    if pattern is None or not can_view_unit(access, pattern.unit_id):
        raise NotVisible
    allow(can_plan_sessions(access, pattern.unit_id))
    if pattern.version != version:
        raise Stale(
            _("Somebody else has changed this pattern since you opened it. Nothing was lost."),
            extra={"version": pattern.version},
        )
    return pattern


def _fields(plan: PatternPlan) -> dict[str, object]:
    texts = ("place", "participants", "planned_content")
    values = asdict(plan) | {name: clean(getattr(plan, name)) for name in texts}
    return values | {"days": sorted(set(plan.days))}


def _check(plan: PatternPlan) -> None:
    errors = _days_wrong(plan) | _words_wrong(plan) | capacity_wrong(plan.capacity)
    errors |= text_wrong("place", plan.place, PLACE_MAX)
    errors |= text_wrong("planned_content", plan.planned_content, CONTENT_MAX)
    errors |= text_wrong("participants", plan.participants, PARTICIPANTS_MAX, least=0)
    if plan.ends <= plan.starts:
        errors["ends"] = [_("The end must be after the beginning, on the same day.")]
    else:
        day = dt.date(2000, 1, 1)
        length = dt.datetime.combine(day, plan.ends) - dt.datetime.combine(day, plan.starts)
        errors |= slots_wrong(plan.slot_minutes, plan.capacity, length)
    if plan.valid_to is not None and plan.valid_to < plan.valid_from:
        errors["valid_to"] = [_("The end must not be before the beginning.")]
    if errors:
        raise InvalidInput(fields=errors)


def _days_wrong(plan: PatternPlan) -> Errors:
    if bool(plan.days) == (plan.weekday is not None):
        return {"days": [_("Give days of the month or a weekday, one of the two.")]}
    if len(plan.days) > DAYS_MAX or any(not 1 <= day <= 31 for day in plan.days):
        return {"days": [_("Give days of the month from 1 to 31, such as 10, 25.")]}
    if plan.weekday is not None and not 0 <= plan.weekday <= 6:
        return {"weekday": [_("Choose one of the values of the list.")]}
    return {}


def _words_wrong(plan: PatternPlan) -> Errors:
    unknown = [_("Choose one of the values of the list.")]
    errors: Errors = {}
    for name, value, known in (
        ("kind", plan.kind, [kind.value for kind in PATTERN_KINDS]),
        ("duty_holder", plan.duty_holder, DutyHolder.values),
        ("mode", plan.mode, SessionMode.values),
    ):
        if value not in known:
            errors[name] = unknown
    return errors
