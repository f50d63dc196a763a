"""What the board finds is told once, and may be urged once a day."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import Access
from common.db import advisory_lease
from common.errors import Conflict, NotPermitted, NotVisible
from common.history import NewEvent
from common.time import local_date, now
from communes.models import Unit
from communes.selectors import unit_by_code
from continuity.models import Gap, GapEvent
from continuity.policies import may_urge
from continuity.selectors_board import OFFICE, Found, gaps_found
from notifications.services import NewMessage, outbox_write
from petitions.receivers import desk_of, head_of

FOUND, URGED, GONE = "continuity.gap.found", "continuity.gap.urged", "continuity.gap.gone"
LEASE = "continuity.watch"
Key = tuple[int, str, str]


@transaction.atomic
def gap_urge(
    *, access: Access, unit: str, kind: str, key: str, at: dt.datetime | None = None
) -> Gap:
    """Urge whoever must act on a row of the board, once a day (local date). Raises NotPermitted,
    NotVisible when the row is no longer there, Conflict when it was urged today."""
    moment = at or now()
    refusal = may_urge(access)
    if refusal is not None:
        raise NotPermitted(refusal)
    rows = [
        row for row in gaps_found(moment) if (row.unit.code, row.kind, row.key) == (unit, kind, key)
    ]
    if not rows:
        raise NotVisible
    row, on = rows[0], local_date(moment)
    Gap.objects.get_or_create(unit=row.unit, kind=row.kind, key=row.key, defaults={"seen_on": on})
    gap = Gap.objects.select_for_update(no_key=True).get(unit=row.unit, kind=row.kind, key=row.key)
    if gap.urged_on == on:
        raise Conflict(_("This was urged today already."), code="urged_today")
    gap.urged_on, gap.gone_on = on, None
    gap.save(update_fields=["urged_on", "gone_on"])
    GapEvent.append(NewEvent(gap.pk, URGED, {"on": on.isoformat()}, access.actor_id, moment))
    if row.acts[0]:
        key = f"gap:{gap.public_id}:{on}"
        outbox_write([_message(key, "gap_urged", row.unit, row.acts)], at=moment)
    return gap


def gaps_watch(at: dt.datetime | None = None) -> int:
    """Keep what the board finds, tell the head of a unit and the Office of the City Party Committee
    once of what is new, close what is gone. Twice does it once; returns how many are new."""
    moment = at or now()
    with transaction.atomic(), advisory_lease(LEASE) as is_alone:
        return _watch(moment) if is_alone else 0


def _watch(at: dt.datetime) -> int:
    on = local_date(at)
    rows = {(row.unit.pk, row.kind.value, row.key): row for row in gaps_found(at)}
    known = {
        (gap.unit_id, gap.kind, gap.key): gap
        for gap in Gap.objects.select_for_update(no_key=True).order_by("pk")
    }
    _close([gap for key, gap in known.items() if key not in rows and gap.gone_on is None], on, at)
    back = [gap for key, gap in known.items() if key in rows and _is_new(gap)]
    for gap in back:
        gap.seen_on = on if gap.gone_on is not None else gap.seen_on
        gap.gone_on, gap.told_at = None, at
    Gap.objects.bulk_update(back, ["seen_on", "gone_on", "told_at"], batch_size=500)
    fresh = Gap.objects.bulk_create(
        Gap(unit=row.unit, kind=row.kind, key=row.key, seen_on=on, told_at=at)
        for key, row in rows.items()
        if key not in known
    )
    new = [*back, *fresh]
    GapEvent.append_many([NewEvent(gap.pk, FOUND, {"on": on.isoformat()}, at=at) for gap in new])
    _tell_new([rows[gap.unit_id, gap.kind, gap.key] for gap in new], on, at)
    return len(new)


def _is_new(gap: Gap) -> bool:
    return gap.told_at is None or gap.gone_on is not None


def _close(gaps: Sequence[Gap], on: dt.date, at: dt.datetime) -> None:
    for gap in gaps:
        gap.gone_on = max(on, gap.seen_on)
    Gap.objects.bulk_update(gaps, ["gone_on"], batch_size=500)
    GapEvent.append_many([NewEvent(gap.pk, GONE, {"on": on.isoformat()}, at=at) for gap in gaps])


def _tell_new(rows: Sequence[Found], on: dt.date, at: dt.datetime) -> None:
    """One notice a unit and day to its head, one a day to the Office, whatever their number."""
    units = list({row.unit.pk: row.unit for row in rows}.values())
    messages = [
        _message(f"gaps:{unit.code}:{on}", "gap_found", unit, (unit.pk, head_of(unit)))
        for unit in units
    ]
    office = unit_by_code(OFFICE)
    if units and office is not None:
        to = (office.pk, desk_of(office))
        messages.append(_message(f"gaps:{on}", "gap_found", units[0], to))
    outbox_write(messages, at=at)


def _message(key: str, template: str, unit: Unit, to: tuple[int, str]) -> NewMessage:
    params = {"unit": unit.full_name, "href": reverse("continuity_staff:board")}
    return NewMessage(key, template, params, unit_id=to[0], position=to[1])
