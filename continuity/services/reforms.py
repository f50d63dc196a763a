"""Preparing a reform of units, and the two people who decide it."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog
from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import Access
from accounts.enums import Role
from attachments.models import Attachment
from attachments.services import attachments_claim
from common.db import constraint_errors
from common.errors import Conflict, DomainError, InvalidInput, Stale, Text, allow
from common.text import clean, is_storable
from common.time import local_date, now
from communes.selectors import unit_by_code
from continuity import validators as v
from continuity.enums import ReformKind, ReformState, Side
from continuity.models import ReformUnit, UnitReform
from continuity.policies import may_approve, may_cancel, may_change, may_prepare
from continuity.selectors_board import OFFICE
from continuity.services._step import keep, reform_locked, tell
from continuity.services.carrying import carry_out
from continuity.services.preview import Preview, lines_ahead, preview
from directives.validators import text_checked
from petitions.receivers import desk_of

log = structlog.get_logger(__name__)
PLACES_MAX = 4000
_REFUSED: dict[str, Text] = {
    "reform_unit_one_at_a_time": gettext_lazy(
        "One of these units is in another reform that was submitted or approved."
    ),
}


@dataclass(frozen=True)
class ReformPlan:
    """What the decision says. ``sources``: codes; ``attachment``: an upload that nobody has taken
    yet, "" for none."""

    kind: str
    number: str
    decided_on: dt.date
    issuer: str
    effective_on: dt.date
    sources: Sequence[str]
    targets: Sequence[v.Target]
    attachment: str = ""


@transaction.atomic
def reform_draft(*, access: Access, plan: ReformPlan, at: dt.datetime | None = None) -> UnitReform:
    """Prepare a reform. Raises NotPermitted, InvalidInput on the fields of the plan."""
    moment = at or now()
    allow(may_prepare(access))
    reform = UnitReform(made_by_id=access.actor_id, made_at=moment, version=0)
    _plan_set(reform, plan, moment)
    keep(reform, "drafted", moment, access.actor_id, {"number": reform.number})
    _units_set(reform, plan, local_date(moment))
    return reform


@transaction.atomic
def reform_change(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    plan: ReformPlan,
    at: dt.datetime | None = None,
) -> UnitReform:
    """Correct a draft; what was chosen for units that it still names stays. Raises NotVisible,
    NotPermitted, Stale, InvalidInput."""
    moment = at or now()
    reform = reform_locked(access, public_id, version)
    allow(may_change(access, reform))
    _plan_set(reform, plan, moment)
    keep(reform, "changed", moment, access.actor_id, {"number": reform.number})
    _units_set(reform, plan, local_date(moment))
    return reform


@transaction.atomic
def reform_choose(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    posts: Mapping[str, str],
    places: Mapping[str, str],
    at: dt.datetime | None = None,
) -> UnitReform:
    """Say where posts and places go: ``posts`` by key of the preview's line (``unit:role`` or ""),
    ``places`` by code of a new unit. Raises NotVisible, NotPermitted, Stale, InvalidInput."""
    moment = at or now()
    reform = reform_locked(access, public_id, version)
    allow(may_change(access, reform))
    codes = set(reform.units.filter(side=Side.TO).values_list("code", flat=True))
    known = {line.key for line in lines_ahead(reform, moment)}
    for key, value in posts.items():
        code, _colon, role = value.partition(":")
        if key not in known or (value and (code not in codes or role not in Role.values)):
            raise InvalidInput(fields={key: [_("Choose one of the values of the list.")]})
    for code, words in places.items():
        if code not in codes or len(words) > PLACES_MAX or not is_storable(words):
            raise InvalidInput(fields={code: [_("Choose one of the values of the list.")]})
    reform.choices = {"posts": dict(posts), "places": {k: w.strip() for k, w in places.items()}}
    keep(reform, "chosen", moment, access.actor_id, {"posts": len(posts)})
    return reform


def reform_submit(
    *, access: Access, public_id: uuid.UUID | str, version: int, at: dt.datetime | None = None
) -> UnitReform:
    """Lay a draft before a second person; its units are held for it. Raises NotVisible,
    NotPermitted, Stale, DomainError ``blocked``, Conflict when another reform holds a unit."""
    moment = at or now()
    with constraint_errors(_REFUSED), transaction.atomic():
        reform = reform_locked(access, public_id, version)
        allow(may_change(access, reform))
        _check_again(reform, moment, preview(reform, moment))
        reform.state, reform.reason = ReformState.SUBMITTED, ""
        reform.submitted_by_id, reform.submitted_at = access.actor_id, moment
        reform.units.update(is_held=True)
        keep(reform, "submitted", moment, access.actor_id, {})
        _tell_office(reform, moment)
    return reform


@transaction.atomic
def reform_return(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    reason: str,
    at: dt.datetime | None = None,
) -> UnitReform:
    """Give it back to be prepared anew, with a reason. Raises NotVisible, NotPermitted, Stale,
    InvalidInput on ``reason``."""
    moment = at or now()
    reform = reform_locked(access, public_id, version)
    allow(may_approve(access, reform))
    reform.reason = text_checked("reason", reason, v.REASON_MAX)
    _release(reform, ReformState.DRAFT)
    keep(reform, "returned", moment, access.actor_id, {"reason": reform.reason})
    tell(reform, "reform_returned", moment, {"recipient_id": reform.made_by_id})
    return reform


def reform_approve(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    digest: str,
    at: dt.datetime | None = None,
) -> UnitReform:
    """Approve what was looked at (``digest`` of the preview); it is carried out at once when its
    day has come, else by the job on its day. Raises NotVisible, NotPermitted, Stale (also when
    people or problems changed since), DomainError ``blocked``, Conflict (also when others changed
    something of its units in the same moment)."""
    moment = at or now()
    try:
        with transaction.atomic():
            reform = reform_locked(access, public_id, version)
            allow(may_approve(access, reform))
            _approve(reform, digest, moment, access.actor_id)
    except (IntegrityError, OperationalError) as error:
        # What the locks do not hold: people, posts and sessions of the units go on meanwhile.
        log.exception("continuity.reform.fault", number=reform.number)
        words = _(
            "Something of these units was changed in the same moment. Nothing was carried out: look"
            " at the preview and approve again."
        )
        raise Conflict(words) from error
    return reform


def _approve(reform: UnitReform, digest: str, at: dt.datetime, by_id: int) -> None:
    seen = preview(reform, at)
    if seen.digest != digest:
        raise Stale(
            _("People or open questions changed since this preview: look at the new one."),
            extra={"version": reform.version, "state": reform.state},
        )
    _check_again(reform, at, seen)
    reform.state = ReformState.APPROVED
    reform.approved_by_id, reform.approved_at = by_id, at
    keep(reform, "approved", at, by_id, {})
    if reform.effective_on <= local_date(at):
        carry_out(reform, at, by_id, seen)


@transaction.atomic
def reform_cancel(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    reason: str,
    at: dt.datetime | None = None,
) -> UnitReform:
    """Cancel what was not carried out, with a reason. Raises NotVisible, NotPermitted, Stale,
    InvalidInput on ``reason``."""
    moment = at or now()
    reform = reform_locked(access, public_id, version)
    allow(may_cancel(access, reform))
    reform.reason = text_checked("reason", reason, v.REASON_MAX)
    _release(reform, ReformState.CANCELLED)
    keep(reform, "cancelled", moment, access.actor_id, {"reason": reform.reason})
    if access.actor_id != reform.made_by_id:
        tell(reform, "reform_returned", moment, {"recipient_id": reform.made_by_id})
    return reform


def _release(reform: UnitReform, state: ReformState) -> None:
    reform.state = state
    reform.submitted_by = reform.submitted_at = None
    reform.approved_by = reform.approved_at = None
    reform.blocked = ""
    reform.units.update(is_held=False)


def _plan_set(reform: UnitReform, plan: ReformPlan, at: dt.datetime) -> None:
    if plan.kind not in ReformKind.values:
        raise InvalidInput(fields={"kind": [_("Choose one of the values of the list.")]})
    v.dates_check(plan.decided_on, plan.effective_on, local_date(at))
    reform.kind = plan.kind
    reform.number = text_checked("number", plan.number, v.NUMBER_MAX)
    reform.issuer = text_checked("issuer", plan.issuer, v.ISSUER_MAX)
    reform.decided_on, reform.effective_on = plan.decided_on, plan.effective_on
    if plan.attachment:
        reform.attachment = _file(plan.attachment, at)


def _file(public_id: str, at: dt.datetime) -> Attachment:
    try:
        return attachments_claim(public_ids=[public_id], at=at)[0]
    except InvalidInput as error:
        message = error.fields["attachments"]
        raise InvalidInput(fields={"attachment": message}) from None


def _units_set(reform: UnitReform, plan: ReformPlan, on: dt.date) -> None:
    codes = [clean(code) for code in plan.sources]
    targets = [v.Target(clean(t.code), t.full_name) for t in plan.targets]
    sources = v.sources_checked(codes, on)
    wanted = v.targets_checked(plan.kind, sources, targets, on)
    reform.units.all().delete()
    rows = [
        ReformUnit(reform=reform, side=Side.FROM, position=number, unit=unit, code=unit.code,
                   kind=unit.kind, full_name=unit.full_name)
        for number, unit in enumerate(sources)
    ]  # fmt: skip
    rows += [
        ReformUnit(reform=reform, side=Side.TO, position=number, unit=one.unit, code=one.code,
                   kind=one.kind, full_name=one.full_name)
        for number, one in enumerate(wanted)
    ]  # fmt: skip
    ReformUnit.objects.bulk_create(rows)


def _check_again(reform: UnitReform, at: dt.datetime, seen: Preview) -> None:
    """Units as they are now, and nothing left to decide. Raises DomainError ``blocked``,
    InvalidInput."""
    rows = list(reform.units.all())
    sources = v.sources_checked([r.code for r in rows if r.side == Side.FROM], local_date(at))
    targets = [v.Target(r.code, r.full_name) for r in rows if r.side == Side.TO]
    v.targets_checked(reform.kind, sources, targets, local_date(at))
    if seen.is_blocked:
        raise DomainError(_("Decide the open questions of the preview first."), code="blocked")


def _tell_office(reform: UnitReform, at: dt.datetime) -> None:
    office = unit_by_code(OFFICE)
    if office is not None:
        tell(reform, "reform_waiting", at, {"unit_id": office.pk, "position": desk_of(office)})
