"""Urging a unit about reception days that are lacking and tasks of conclusions that are late."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from django.db import transaction
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.enums import Role
from common.errors import Conflict, DomainError, InvalidInput, allow
from common.history import NewEvent
from common.text import clean
from common.time import local_date, local_moment, now
from communes.models import Unit
from notifications.services import NewMessage, outbox_write
from petitions.receivers import head_of
from receptions.models import QuotaUrging, ReceptionSession, SessionEvent
from receptions.policies import can_urge
from receptions.quotas import roles_of
from receptions.selectors_oversight import tasks_late
from receptions.selectors_quota import Ledger

TEXT_MAX = 500
TASKS_URGED = "receptions.conclusion.urged"


def quota_urge(
    *,
    access: Access,
    unit: Unit,
    duty: str,
    month: dt.date,
    text: str = "",
    at: dt.datetime | None = None,
) -> QuotaUrging:
    """Urge a unit about a duty in a month (its first day); at most once a Hà Nội day.

    Told to the duty holder and the unit's Party secretary. Raises NotPermitted, InvalidInput,
    DomainError ``nothing_to_urge`` or Conflict ``urged_today``.
    """
    moment = at or now()
    allow(can_urge(access))
    words = clean(text)
    if len(words) > TEXT_MAX:
        message = _("At most %(most)s characters.") % {"most": TEXT_MAX}
        raise InvalidInput(fields={"text": [message]})
    with transaction.atomic():
        _lock(unit)
        _require_reason(unit, duty, month, local_date(moment))
        same = QuotaUrging.objects.filter(unit=unit, duty_holder=duty, month=month)
        if same.filter(at__gte=local_moment(local_date(moment))).exists():
            raise Conflict(_("The unit was urged about this today already."), code="urged_today")
        urging = QuotaUrging.objects.create(
            unit=unit, duty_holder=duty, month=month, text=words, by_id=access.actor_id, at=moment
        )
        roles = [*roles_of(unit.kind, duty), Role.SECRETARY]
        notice = NewMessage(
            key=f"quota-urging:{urging.pk}",
            template="quota_urged",
            params=_params(unit, month) | {"month": f"{month:%m/%Y}"},
            unit_id=unit.pk,
        )
        outbox_write(_to(notice, roles), at=moment)
    return urging


def conclusions_urge(*, access: Access, unit: Unit, at: dt.datetime | None = None) -> int:
    """Urge a unit about its late tasks from conclusions of receptions; at most once a Hà Nội day.

    An event stands in the history of every reception concerned. Returns the number of tasks.
    Raises NotPermitted, DomainError ``nothing_to_urge`` or Conflict ``urged_today``.
    """
    moment = at or now()
    on = local_date(moment)
    allow(can_urge(access))
    with transaction.atomic():
        _lock(unit)
        late = tasks_late(on).filter(unit=unit).values_list("notice__session_id", flat=True)
        sessions = list(late)
        if not sessions:
            raise DomainError(_("No task of this unit is late."), code="nothing_to_urge")
        _lock_sessions(sessions, unit, on)
        SessionEvent.append_many(
            [
                NewEvent(
                    session_id,
                    TASKS_URGED,
                    {"unit": unit.code, "tasks": sessions.count(session_id)},
                    access.user_id,
                    moment,
                )
                for session_id in sorted(set(sessions))
            ]
        )
        roles = [head_of(unit), Role.SECRETARY]
        notice = NewMessage(
            key=f"conclusions-urging:{unit.code}:{on}",
            template="conclusions_urged",
            params=_params(unit, on.replace(day=1)),
            unit_id=unit.pk,
        )
        outbox_write(_to(notice, roles), at=moment)
    return len(sessions)


def _lock(unit: Unit) -> None:
    """Urgings of one unit follow each other."""
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)


def _require_reason(unit: Unit, duty: str, month: dt.date, on: dt.date) -> None:
    ledger = Ledger.read(Unit.objects.filter(pk=unit.pk), month, month, on)
    lines = [line for line in ledger.lines(month) if line.duty_holder == duty]
    if not any(line.outlook.lacking or any(line.marks) for line in lines):
        message = _("Nothing is lacking in this month that the unit could be urged about.")
        raise DomainError(message, code="nothing_to_urge")


def _lock_sessions(ids: Iterable[int], unit: Unit, on: dt.date) -> None:
    """Lock the receptions for their history, in the order of everybody who locks several (by
    ``public_id``); refuse a second time on one day."""
    rows = ReceptionSession.objects.select_for_update(no_key=True).filter(pk__in=set(ids))
    list(rows.order_by("public_id").values_list("pk", flat=True))
    told = SessionEvent.objects.filter(
        session_id__in=set(ids),
        action=TASKS_URGED,
        at__gte=local_moment(on),
        data__unit=unit.code,
    )
    if told.exists():
        raise Conflict(_("The unit was urged about this today already."), code="urged_today")


def _to(message: NewMessage, roles: Iterable[str]) -> list[NewMessage]:
    """The message to each of the positions once."""
    names = dict.fromkeys(str(role) for role in roles)
    return [replace(message, position=name) for name in names]


def _params(unit: Unit, month: dt.date) -> dict[str, str]:
    query = urlencode({"unit": unit.code, "month": f"{month:%Y-%m}"})
    return {"unit": unit.full_name, "href": f"{reverse('receptions_staff:desk')}?{query}"}
