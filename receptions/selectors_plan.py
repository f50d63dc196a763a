"""What whoever plans has to look after: months, drafts, calls, sessions in trouble."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet

from accounts.access import Access
from accounts.models import User
from accounts.roles import Permission
from common.errors import NotVisible
from common.time import local_date, local_moment, now, today
from communes.enums import UnitKind
from communes.models import Unit
from receptions.enums import SessionStatus
from receptions.holders import duties_ahead, holders_among, posts_between
from receptions.models import EXPECTING, ReceptionSession, Registration, VisitorTelling
from receptions.policies import can_see_visitors, can_view_unit
from receptions.quotas import next_month, owed_by
from receptions.selectors import person_open, session_month_for

COMING = (SessionStatus.DRAFT, SessionStatus.PUBLISHED)
AHEAD = dt.timedelta(days=400)
TROUBLES_MAX = 100


class Trouble(NamedTuple):
    """A coming session that cannot be held as it is planned. ``kind``: ``holder`` (the leader no
    longer holds the post) or ``unit`` (the unit is no more on that day)."""

    session: ReceptionSession
    kind: str
    holder: User | None


class Call(NamedTuple):
    """Somebody to be told. ``person`` and ``phone`` only for those who may see visitors."""

    registration: Registration
    telling: VisitorTelling
    name: str
    phone: str


def leader_month_for(access: Access, leader: User, month: dt.date) -> QuerySet[ReceptionSession]:
    """All sessions of a leader in a month, in every unit whose receptions the reader sees."""
    rows = ReceptionSession.objects.with_list_data().filter(
        leader=leader,
        starts_at__gte=local_moment(month),
        starts_at__lt=local_moment(next_month(month)),
    )
    if Permission.RECEPTION_VIEW in access.city:
        return rows
    return rows.filter(unit_id__in=access.units(Permission.RECEPTION_VIEW))


def leaders_of_month(access: Access, unit: Unit, month: dt.date) -> list[User]:
    """Who holds a reception duty in the unit in a month or receives there, by name."""
    last = next_month(month) - dt.timedelta(days=1)
    people = {post.user for post in posts_between(unit.pk, month, last)}
    people |= {session.leader for session in session_month_for(access, unit, month)}
    return sorted(people, key=lambda user: (user.full_name, user.pk))


def duties_plannable(unit_id: int) -> list[tuple[User, str]]:
    """Who holds which reception duty in a unit today or will within the year."""
    return duties_ahead(posts_between(unit_id, today(), today() + AHEAD))


def drafts_of(access: Access, unit: Unit) -> list[ReceptionSession]:
    """Coming drafts of a unit, by time."""
    rows = ReceptionSession.objects.with_list_data().filter(
        unit=unit, status=SessionStatus.DRAFT, starts_at__gt=now()
    )
    return list(rows) if can_view_unit(access, unit.pk) else []


def troubles_of(access: Access, unit: Unit) -> list[Trouble]:
    """Coming sessions of a unit whose leader no longer holds the post on their day, or whose unit
    does not exist any more on it; two queries."""
    if not can_view_unit(access, unit.pk):
        return []
    rows = ReceptionSession.objects.with_list_data().filter(
        unit=unit, status__in=COMING, starts_at__gt=now()
    )
    return _troubles(list(rows[:TROUBLES_MAX]))


def troubles_of_units_gone(access: Access) -> list[Trouble]:
    """Coming sessions of units that will be no more, of all units that the reader sees."""
    rows = ReceptionSession.objects.with_list_data().filter(
        status__in=COMING, starts_at__gt=now(), unit__valid_to__isnull=False
    )
    if Permission.RECEPTION_VIEW not in access.city:
        rows = rows.filter(unit_id__in=access.units(Permission.RECEPTION_VIEW))
    found = (Trouble(row, "unit", None) for row in rows[:TROUBLES_MAX] if _unit_gone(row))
    return list(found)


def _unit_gone(session: ReceptionSession) -> bool:
    last = session.unit.valid_to
    return last is not None and local_date(session.starts_at) > last


def _troubles(rows: list[ReceptionSession]) -> list[Trouble]:
    if not rows:
        return []
    days = [local_date(row.starts_at) for row in rows]
    posts = posts_between(rows[0].unit_id, min(days), max(days))
    found = []
    for row, day in zip(rows, days, strict=True):
        holders = list(holders_among(posts, row.duty_holder, day))
        if _unit_gone(row):
            found.append(Trouble(row, "unit", None))
        elif not row.is_delegated and row.leader not in holders:
            found.append(Trouble(row, "holder", holders[0] if holders else None))
    return found


def trouble_of(session: ReceptionSession) -> Trouble | None:
    """What is wrong with one coming session, if anything."""
    if session.status not in COMING or session.starts_at <= now():
        return None
    return next(iter(_troubles([session])), None)


def calls_waiting(access: Access, unit: Unit) -> list[tuple[ReceptionSession, int]]:
    """Sessions of a unit with how many of those registered must still be called; one query."""
    if not can_see_visitors(access, unit.pk):
        return []
    rows = ReceptionSession.objects.with_list_data().filter(unit=unit)
    waiting = Q(registrations__status__in=EXPECTING, registrations__tellings__told_at=None)
    waiting &= Q(registrations__tellings__isnull=False)
    counted = rows.filter(waiting).annotate(calls=Count("registrations", distinct=True))
    return [(row, row.calls) for row in counted.order_by("starts_at", "id")]  # type: ignore[attr-defined]


def calls_count(session: ReceptionSession) -> int:
    """How many of a session must still be called. Callers have checked the right to see visitors."""
    open_ones = VisitorTelling.objects.filter(registration__session=session, told_at=None)
    return open_ones.filter(registration__status__in=EXPECTING).count()


def call_waits(row: Registration) -> bool:
    """Whether a visitor stands on the list of calls."""
    return row.status in EXPECTING and row.tellings.filter(told_at=None).exists()


def calls_of(access: Access, session: ReceptionSession) -> list[Call]:
    """Whom to call about a session: those not told yet first, by number; two queries.

    Raises NotVisible for whoever may not see visitors.
    """
    if not can_see_visitors(access, session.unit_id):
        raise NotVisible
    rows = VisitorTelling.objects.filter(
        registration__session=session, registration__status__in=EXPECTING
    )
    rows = rows.select_related("registration", "told_by").order_by(
        F("told_at").asc(nulls_first=True), "registration__queue_number", "pk"
    )
    return [_call(row) for row in rows]


def _call(telling: VisitorTelling) -> Call:
    person: dict[str, Any] = person_open(telling.registration)
    name, phone = person.get("full_name", ""), person.get("phone", "")
    return Call(telling.registration, telling, name, phone)


def sessions_open(unit_id: int, but: uuid.UUID) -> list[ReceptionSession]:
    """Coming published sessions of a unit that visitors of another one can be moved to."""
    rows = ReceptionSession.objects.with_list_data().filter(
        unit_id=unit_id, status=SessionStatus.PUBLISHED, starts_at__gt=now()
    )
    return list(rows.exclude(public_id=but)[:50])


def units_standing(day: dt.date) -> list[Unit]:
    """Units that exist on a local date and can follow another, by name."""
    rows: Iterable[Unit] = Unit.objects.in_force(day).exclude(kind=UnitKind.CITY)
    return sorted(rows, key=lambda unit: (not unit.is_commune_level, unit.full_name))


def duties_owed(unit: Unit) -> list[str]:
    """Duties that a unit owes even while a post is vacant."""
    return [duty.value for duty in owed_by(unit.code, unit.kind, unit.line)]
