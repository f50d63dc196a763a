"""Urging a unit about tasks of directives that are late."""

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import Conflict, DomainError, allow
from common.history import NewEvent
from common.time import local_date, now
from communes.models import Unit
from directives.models import Assignment, AssignmentEvent
from directives.policies import may_urge
from directives.receivers import position_of
from directives.selectors_late import URGED, late_of_unit, urged_on
from notifications.services import NewMessage, outbox_write


@transaction.atomic
def unit_urge(*, access: Access, unit: Unit, at: dt.datetime | None = None) -> int:
    """Urge a unit about everything that is late, at most once a Hà Nội day; how many tasks.

    An event stands in the history of each of them; the positions that the tasks were given to are
    told once. Raises NotPermitted, DomainError ``nothing_to_urge`` or Conflict ``urged_today``.
    """
    allow(may_urge(access))
    moment = at or now()
    on = local_date(moment)
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)  # urgings follow each other
    if urged_on(unit, on):
        raise Conflict(_("The unit was urged about this today already."), code="urged_today")
    late = late_of_unit(access, unit, on)
    if not late:
        raise DomainError(_("No task of this unit is late."), code="nothing_to_urge")
    _lock(late)
    AssignmentEvent.append_many(
        [NewEvent(row.pk, URGED, {"tasks": len(late)}, access.user_id, moment) for row in late]
    )
    outbox_write(_told(unit, late, on), at=moment)
    return len(late)


def _lock(rows: list[Assignment]) -> None:
    """Lock the tasks for their history, in the order of everybody who locks several."""
    ids = [row.pk for row in rows]
    locked = Assignment.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids)
    list(locked.order_by("pk").values_list("pk", flat=True))


def _told(unit: Unit, late: list[Assignment], on: dt.date) -> list[NewMessage]:
    """One notice to each position that was given one of the tasks."""
    positions = dict.fromkeys(str(position_of(row.unit, row.addressee)) for row in late)
    query = urlencode({"state": "todo", "due": "late", "unit": unit.code})
    params = {
        "unit": unit.full_name,
        "href": f"{reverse('directives_staff:desk')}?{query}",
    }
    return [
        NewMessage(
            key=f"directives-urging:{unit.code}:{on}",
            template="directive_urged",
            params=params,
            unit_id=unit.pk,
            position=position,
        )
        for position in positions
    ]
