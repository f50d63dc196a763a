"""Reading places: the order of the queue, slots, the line of those who wait, what is due."""

import datetime as dt
import uuid
from typing import NamedTuple

from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.db.models.expressions import Combinable

from common.codes import token_hmac
from receptions.enums import RegistrationStatus, SessionStatus
from receptions.models import PlaceHold, PlaceReturn, ReceptionSession, Registration

HOLD_PURPOSE = "reception-hold"
# Somebody with one of these still comes.
LIVE = (
    RegistrationStatus.UNCONFIRMED,
    RegistrationStatus.REGISTERED,
    RegistrationStatus.WAITING,
)


def queue_order() -> list[Combinable | str]:
    """The one order of everybody who comes, for every list, screen and call: who has a place
    before who waits, those with priority first (Article 26 of Decree 154/2026), then by slot and
    number; who cancelled last.

    The linked case plays no part, so that the order tells of no denunciation.
    """
    rank = Case(
        When(status=RegistrationStatus.CANCELLED, then=Value(2)),
        When(status=RegistrationStatus.WAITING, then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    first = Case(When(priority=[], then=Value(1)), default=Value(0), output_field=IntegerField())
    return [rank, first, F("slot_at").asc(nulls_last=True), "queue_number"]


def slots_of(session: ReceptionSession) -> list[dt.datetime]:
    """UTC begins of the slots of a session, in order, one a place at most; none without slots."""
    if not session.slot_minutes:
        return []
    step = dt.timedelta(minutes=session.slot_minutes)
    fit = (session.ends_at - session.starts_at) // step
    return [session.starts_at + step * turn for turn in range(min(fit, session.capacity))]


def slots_free(
    session: ReceptionSession,
    *,
    but: Registration | None = None,
    after: dt.datetime | None = None,
) -> list[dt.datetime]:
    """Begins of the slots that nobody has (or only ``but`` has), in order, from a UTC moment on."""
    if not session.slot_minutes:
        return []
    taken = session.registrations.filter(has_place=True, slot_at__isnull=False)
    if but is not None:
        taken = taken.exclude(pk=but.pk)
    gone = set(taken.values_list("slot_at", flat=True))
    return [s for s in slots_of(session) if s not in gone and (after is None or s >= after)]


def place_in_line(row: Registration) -> int:
    """The place of somebody who waits, from 1; 0 for who does not wait."""
    if row.status != RegistrationStatus.WAITING:
        return 0
    waiting = Registration.objects.filter(
        session_id=row.session_id, status=RegistrationStatus.WAITING
    ).order_by(*queue_order())
    line = list(waiting.values_list("pk", flat=True))
    return line.index(row.pk) + 1 if row.pk in line else 0


def hold_shown(session: ReceptionSession, key: str, at: dt.datetime) -> PlaceHold | None:
    """The place that is held for a browser, while it is."""
    if not key:
        return None
    digest = token_hmac(HOLD_PURPOSE, key)
    return session.holds.filter(key_hmac=digest, until__gt=at).first()


def sessions_due(at: dt.datetime, most: int) -> list[uuid.UUID]:
    """Sessions where a hold ended, a place comes back or a code never came."""
    ids = set(PlaceHold.objects.filter(until__lte=at).values_list("session_id", flat=True)[:most])
    ids |= set(
        PlaceReturn.objects.filter(due_at__lte=at).values_list("session_id", flat=True)[:most]
    )
    ids |= set(
        Registration.objects.filter(
            status=RegistrationStatus.UNCONFIRMED, confirm_by__lte=at
        ).values_list("session_id", flat=True)[:most]
    )
    rows = ReceptionSession.objects.filter(pk__in=ids).order_by("pk")
    return list(rows.values_list("public_id", flat=True)[:most])


class LiveCount(NamedTuple):
    """Live registrations of one visitor: in one session, and in all."""

    here: int
    anywhere: int


def live_count(
    person: bytes, phone: bytes, session_id: uuid.UUID, at: dt.datetime, days: int
) -> LiveCount:
    """Registrations of a visitor, identity number and telephone together, that still stand: of
    sessions to come, made within ``days`` calendar days; one query."""
    rows = live_rows(at).filter(
        person_hmac=person,
        phone_hmac=phone,
        registered_at__gt=at - dt.timedelta(days=days),
    )
    found = list(rows.values_list("session__public_id", flat=True))
    return LiveCount(found.count(session_id), len(found))


def stands_elsewhere(row: Registration, at: dt.datetime) -> ReceptionSession | None:
    """The coming session of the same unit in which the visitor of an ended registration stands:
    why it was not moved there a second time. One query, none for a registration that stands."""
    over = row.session.status in (SessionStatus.MISSED, SessionStatus.CANCELLED)
    if row.status != RegistrationStatus.CANCELLED or not over or row.phone_hmac is None:
        return None
    same = live_rows(at).filter(person_hmac=row.person_hmac, phone_hmac=row.phone_hmac)
    other = same.filter(session__unit=row.session.unit_id).select_related("session").first()
    return other.session if other is not None else None


def live_rows(at: dt.datetime) -> QuerySet[Registration]:
    """Registrations of published sessions to come that still stand."""
    return Registration.objects.filter(
        status__in=LIVE, session__status=SessionStatus.PUBLISHED, session__starts_at__gt=at
    ).exclude(status=RegistrationStatus.UNCONFIRMED, confirm_by__lte=at)
