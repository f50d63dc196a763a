"""Reading coordination programmes: the list, one with its files, activities and history."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.access import Access
from attachments.models import Attachment
from common.api import Keyset
from common.errors import NotVisible, key_read
from common.text import fold
from mobilisation.enums import ProgrammeState
from mobilisation.models import (
    Programme,
    ProgrammeActivity,
    ProgrammeEvent,
    ProgrammeFile,
)
from mobilisation.selectors import expired, runs_out, valid_on

PROGRAMME_ORDER = Keyset("-created_at", "-id")
EVENT_ORDER = Keyset("-sequence")
EXPIRED = "expired"


@dataclass(frozen=True)
class ProgrammeFilter:
    """Words, unit (code), party (code), state (one of the states, or ``expired``: in force by its
    state, its time run out), ``ends`` (``soon``: within 30 calendar days); "" for all."""

    q: str = ""
    unit: str = ""
    party: str = ""
    state: str = ""
    ends: str = ""


_STATES: dict[str, Callable[[dt.date], Q]] = {
    EXPIRED: expired,
    ProgrammeState.IN_FORCE.value: valid_on,
}


def programme_list(access: Access, chosen: ProgrammeFilter, on: dt.date) -> QuerySet[Programme]:
    """Visible programmes that fit, with their number of activities that count; ``on`` is today."""
    rows = Programme.objects.visible_to(access).select_related("unit")
    for word in fold(chosen.q).split():
        rows = rows.filter(search_text__contains=word)
    if chosen.unit:
        rows = rows.filter(unit__code=chosen.unit)
    if chosen.party:
        rows = rows.filter(parties__contains=[chosen.party])
    if chosen.state:
        named = _STATES.get(chosen.state)
        rows = rows.filter(named(on) if named else Q(state=chosen.state))
    if chosen.ends:
        rows = rows.filter(runs_out(on))
    counted = {"activity_count": Count("activities", filter=Q(activities__withdrawn_at=None))}
    return rows.annotate(**counted)


def programme_get_for(access: Access, public_id: uuid.UUID | str) -> Programme:
    """Raises NotVisible, also when the identifier is malformed."""
    rows = Programme.objects.visible_to(access).select_related("unit", "by", "renewed_by")
    found = rows.filter(public_id=key_read(public_id)).first()
    if found is None:
        raise NotVisible
    return found


def renewed_from(row: Programme) -> Programme | None:
    """The programme that this one renews."""
    return Programme.objects.filter(renewed_by=row).first()


def successors(access: Access, row: Programme) -> list[Programme]:
    """Programmes of the same unit that may take the place of this one, newest first."""
    rows = Programme.objects.visible_to(access).filter(
        unit_id=row.unit_id, state=ProgrammeState.IN_FORCE, renews=None
    )
    return list(rows.exclude(pk=row.pk).order_by("-created_at", "-pk"))


def programme_files(row: Programme) -> list[ProgrammeFile]:
    """Files that are shown, in the order in which they came."""
    return list(row.files.filter(removed_at=None).select_related("attachment"))


def activities_of(row: Programme) -> list[ProgrammeActivity]:
    """Joint activities, newest first, also those that were withdrawn."""
    return list(row.activities.select_related("attachment", "by"))


def programme_events(row: Programme) -> QuerySet[ProgrammeEvent]:
    return row.events.select_related("actor")


def programme_file_get(access: Access, public_id: uuid.UUID | str, file: uuid.UUID) -> Attachment:
    """A file of a programme or of one of its activities. Raises NotVisible."""
    row = programme_get_for(access, public_id)
    shown = row.files.filter(removed_at=None).values("attachment")
    done = row.activities.filter(withdrawn_at=None).values("attachment")
    rows = Attachment.objects.filter(Q(pk__in=shown) | Q(pk__in=done), public_id=file)
    found = rows.first()
    if found is None:
        raise NotVisible
    return found
