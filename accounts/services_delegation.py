"""Rights handed over to a colleague for a while, with a ground."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import Access, access_from
from accounts.enums import Role
from accounts.models import AccountEvent, Delegation, Membership, User
from accounts.roles import DELEGABLE, Permission
from accounts.selectors_watchers import told_of_delegation
from accounts.tell import News, tell
from common.errors import Conflict, InvalidInput, NotVisible, Text
from common.history import NewEvent
from common.time import local_date, now
from communes.models import Unit

LONGEST = dt.timedelta(days=366)


@dataclass(frozen=True)
class DelegationPlan:
    """Between two local dates, both included. ``holder``: a user name of the same unit."""

    holder: str
    permissions: Collection[str]
    valid_from: dt.date
    valid_to: dt.date
    ground: str


@transaction.atomic
def delegation_give(
    *, access: Access, unit: Unit, plan: DelegationPlan, at: dt.datetime | None = None
) -> Delegation:
    """Hand named rights in a unit to a colleague of it.

    Only who decides in the unit by position gives, and only what that position holds: rights that
    were received are not passed on. The holder and the superior are told. Raises NotVisible, InvalidInput on ``holder``,
    ``permissions``, ``valid_from``, ``valid_to`` or ``ground``.
    """
    moment = at or now()
    on = local_date(moment)
    own = rights_by_position(access.actor_id, unit.pk, on)
    if Permission.CASE_DECIDE not in own:
        raise NotVisible
    _check(plan, own, on)
    holder = _holder(access, unit, plan.holder, on)
    _lock(access.actor_id, holder.pk)
    row = Delegation.objects.create(
        giver_id=access.actor_id,
        holder=holder,
        unit=unit,
        permissions=sorted(plan.permissions),
        valid_from=plan.valid_from,
        valid_to=plan.valid_to,
        ground=plan.ground.strip(),
        given_at=moment,
    )
    _note(row, ("given", "received"), access.actor_id, moment)
    _tell(row)
    return row


@transaction.atomic
def delegation_revoke(
    *, access: Access, public_id: UUID, at: dt.datetime | None = None
) -> Delegation:
    """Take rights back before their time: the giver, whoever decides there by position, or an
    elevated administrator. Raises NotVisible, Conflict (over already)."""
    moment = at or now()
    on = local_date(moment)
    row = Delegation.objects.filter(public_id=public_id).first()
    if row is None or not _may_revoke(access, row, on):
        raise NotVisible
    _lock(row.giver_id, row.holder_id)
    open_rows = Delegation.objects.filter(pk=row.pk, revoked_at=None, valid_to__gte=on)
    if not open_rows.update(revoked_at=moment):
        raise Conflict(_("This is over already."))
    _note(row, ("revoked", "over"), access.actor_id, moment)
    return row


def rights_by_position(person: int, unit_id: int, on: dt.date) -> frozenset[Permission]:
    """What a person may hand over in a unit: what the own positions there hold. One query."""
    rows = Membership.objects.current(on).filter(user_id=person, unit_id=unit_id)
    held = list(rows.select_related("unit"))
    access = access_from(person, held)
    return frozenset(p for p in DELEGABLE if access.has(p, unit_id))


def _check(plan: DelegationPlan, own: frozenset[Permission], on: dt.date) -> None:
    wanted = set(plan.permissions)
    if not wanted or not wanted <= {permission.value for permission in own}:
        raise _no("permissions", _("Choose among the rights that you hold yourself."))
    if plan.valid_from < on:
        raise _no("valid_from", _("This day has passed already."))
    if plan.valid_to < plan.valid_from:
        raise _no("valid_to", _("The last day lies before the first."))
    if plan.valid_to - plan.valid_from > LONGEST:
        raise _no("valid_to", _("At most one year."))
    if len(plan.ground.strip()) < 5:
        raise _no("ground", _("Name the decision or the reason."))


def _holder(access: Access, unit: Unit, username: str, on: dt.date) -> User:
    """A colleague with a position in the unit; never an administrator, who sees no case."""
    found = Membership.objects.current(on).filter(
        user__username=username, user__is_active=True, unit=unit
    )
    holder = User.objects.filter(pk__in=found.values("user_id")).first()
    if holder is None or holder.pk == access.actor_id:
        raise _no("holder", _("Choose somebody else with a position in the same unit."))
    if Membership.objects.current(on).filter(user=holder, role=Role.ADMIN).exists():
        raise _no("holder", _("An administrator never gets rights over cases."))
    return holder


def _may_revoke(access: Access, row: Delegation, on: dt.date) -> bool:
    if row.giver_id == access.actor_id or access.has(Permission.ACCOUNT_KEEP):
        return True
    own = rights_by_position(access.actor_id, row.unit_id, on)
    return Permission.CASE_DECIDE in own


def _lock(*people: int) -> None:
    list(User.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk"))


def _no(field: str, text: Text) -> InvalidInput:
    return InvalidInput(fields={field: [text]})


def _tell(row: Delegation) -> None:
    """The colleague, and who decides at the superior: with which rights and until when."""
    params = {
        "unit": row.unit.full_name,
        "rights": row.permissions,
        "first_on": row.valid_from.isoformat(),
        "last_on": row.valid_to.isoformat(),
    }
    key = f"delegation:{row.public_id}"
    mine = params | {"href": reverse("powers:delegations")}
    tell(News(key, "delegation_received", people=[row.holder_id], params=mine))
    others = sorted(told_of_delegation(row.unit, row.giver_id, row.holder_id))
    tell(News(key, "delegation_given", people=others, params=params))


def _note(row: Delegation, words: tuple[str, str], by: int, at: dt.datetime) -> None:
    """Into the history of both."""
    data = {
        "delegation": str(row.public_id),
        "unit": row.unit.code,
        "permissions": row.permissions,
        "from": row.valid_from.isoformat(),
        "to": row.valid_to.isoformat(),
        "ground": row.ground,
    }
    AccountEvent.append_many(
        [
            NewEvent(person, f"accounts.delegation.{word}", data, by, at)
            for person, word in zip((row.giver_id, row.holder_id), words, strict=True)
        ]
    )
