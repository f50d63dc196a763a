"""What whoever plans has to look after: months, drafts, calls, sessions in trouble."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate

from accounts.access import Access
from accounts.models import Absence, Membership, User
from accounts.roles import Permission
from common.errors import NotVisible
from common.time import HANOI, local_date, local_moment, month_after, now, today
from communes.enums import UnitKind
from communes.models import Unit
from deadlines.faults import CalendarMissing
from receptions.enums import SessionKind, SessionMode, SessionStatus
from receptions.holders import (
    absence_covers,
    duties_ahead,
    holders_among,
    may_receive,
    posts_between,
)
from receptions.models import EXPECTING, ReceptionSession, Registration, VisitorTelling
from receptions.policies import can_see_visitors, can_view_unit
from receptions.posting import day_off_words, working_day_from
from receptions.selectors import person_open, session_month_for

COMING = (SessionStatus.DRAFT, SessionStatus.PUBLISHED)
AHEAD = dt.timedelta(days=400)
# How long a session that has begun and was not recorded is looked after.
LOOKED_BACK = dt.timedelta(days=62)
TROUBLES_MAX = 100


class Trouble(NamedTuple):
    """A session that cannot be held as it is planned. ``kind``: ``unit`` (the unit is no more on
    that day), ``holder`` (the leader no longer holds the post), ``stand_in`` (who stands in no
    longer works in the unit), ``day_off`` (the day became a day off: ``on`` is the next working
    day where it is known) or ``away`` (an absence of the leader is recorded)."""

    session: ReceptionSession
    kind: str
    holder: User | None = None
    on: dt.date | None = None
    name: str = ""

    @property
    def holder_name(self) -> str:
        return self.holder.full_name if self.holder is not None else ""


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
        starts_at__lt=local_moment(month_after(month)),
    )
    if Permission.RECEPTION_VIEW in access.city:
        return rows
    return rows.filter(unit_id__in=access.units(Permission.RECEPTION_VIEW))


def leaders_of_month(access: Access, unit: Unit, month: dt.date) -> list[User]:
    """Who holds a reception duty in the unit in a month or receives there, by name."""
    last = month_after(month) - dt.timedelta(days=1)
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
    """Sessions of a unit, coming or begun and not held yet, that cannot be held as planned; four
    queries at most."""
    if not can_view_unit(access, unit.pk):
        return []
    rows = ReceptionSession.objects.with_list_data().filter(unit=unit)
    return _troubles(list(_unheld(rows, now())))[:TROUBLES_MAX]


def troubles_of_units_gone(access: Access, but: Unit | None = None) -> list[Trouble]:
    """Coming sessions of units that are no more on their day, of all units that the reader sees
    beside one."""
    rows = ReceptionSession.objects.with_list_data().filter(
        status__in=COMING, starts_at__gt=now(), unit__valid_to__isnull=False
    )
    if Permission.RECEPTION_VIEW not in access.city:
        rows = rows.filter(unit_id__in=access.units(Permission.RECEPTION_VIEW))
    if but is not None:
        rows = rows.exclude(unit=but)
    gone = rows.annotate(day=TruncDate("starts_at", tzinfo=HANOI)).filter(
        day__gt=F("unit__valid_to")
    )
    return [Trouble(row, "unit") for row in gone[:TROUBLES_MAX]]


def _unheld(rows: QuerySet[ReceptionSession], at: dt.datetime) -> QuerySet[ReceptionSession]:
    begun = Q(status=SessionStatus.PUBLISHED, starts_at__gt=at - LOOKED_BACK)
    return rows.filter(begun | Q(status__in=COMING, starts_at__gt=at))


def _troubles(rows: list[ReceptionSession]) -> list[Trouble]:
    """What is wrong with sessions of one unit, each once, the heaviest first."""
    if not rows:
        return []
    seen = _Seen(rows)
    found = (seen.trouble(row) for row in rows)
    return [trouble for trouble in found if trouble is not None]


class _Seen:
    """What the sessions of one unit are held against, read once."""

    def __init__(self, rows: list[ReceptionSession]) -> None:
        self.at = now()
        days = [local_date(row.starts_at) for row in rows]
        first, last = min(days), max(days)
        self.posts = posts_between(rows[0].unit_id, first, last)
        stand_ins = {row.leader_id for row in rows if row.is_delegated}
        self.members = list(_members(rows[0].unit_id, stand_ins)) if stand_ins else []
        leaders = {row.leader_id for row in rows}
        self.absences = list(Absence.objects.touching(first, last).filter(person__in=leaders))

    def trouble(self, row: ReceptionSession) -> Trouble | None:
        day, lies_ahead = local_date(row.starts_at), row.starts_at > self.at
        if lies_ahead and not row.unit.is_in_force(day):
            return Trouble(row, "unit")
        holders = list(holders_among(self.posts, row.duty_holder, day))
        holder = holders[0] if holders else None
        if row.is_delegated:
            if not self._works(row.leader_id, day):
                return Trouble(row, "stand_in", holder)
        elif row.leader not in holders and (lies_ahead or not self._held_then(row, day)):
            return Trouble(row, "holder", holder)
        return self._of_day(row, day) if lies_ahead else None

    def _of_day(self, row: ReceptionSession, day: dt.date) -> Trouble | None:
        name = "" if row.on_day_off else day_off_words(day)
        if name:
            return Trouble(row, "day_off", on=_working_from(day), name=name)
        if any(absence_covers(one, row.leader_id, day) for one in self.absences):
            return Trouble(row, "away")
        return None

    def _held_then(self, row: ReceptionSession, day: dt.date) -> bool:
        """Of a day past: whoever held the post then and left since."""
        today = local_date(self.at)
        return may_receive(row, row.leader_id, day, is_delegated=False, today=today)

    def _works(self, person_id: int, day: dt.date) -> bool:
        return any(
            member.user_id == person_id
            and member.valid_from <= day
            and (member.valid_to is None or day <= member.valid_to)
            for member in self.members
        )


def _members(unit_id: int, people: set[int]) -> QuerySet[Membership]:
    return Membership.objects.filter(unit_id=unit_id, user_id__in=people, user__is_active=True)


def _working_from(day: dt.date) -> dt.date | None:
    try:
        return working_day_from(day)
    except CalendarMissing:
        return None


def trouble_of(session: ReceptionSession) -> Trouble | None:
    """What is wrong with one session that is coming, or has begun and is not held yet."""
    begun = session.status == SessionStatus.PUBLISHED
    if not begun and (session.status not in COMING or session.starts_at <= now()):
        return None
    return next(iter(_troubles([session])), None)


def receivers_of(session: ReceptionSession) -> list[User]:
    """Who may have received: whoever worked in the unit on the day of a session, its leader
    first; also who left since."""
    day = local_date(session.starts_at)
    there = Membership.objects.current(day).filter(unit_id=session.unit_id)
    people = User.objects.filter(pk__in=there.values("user_id")).order_by("full_name", "pk")
    others = people.exclude(pk=session.leader_id)
    return [session.leader, *others]


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


def sessions_open(source: ReceptionSession) -> list[ReceptionSession]:
    """Coming published sessions of the unit that visitors of a session can be moved to: held at a
    place too where that one was, by invitation where that one was."""
    rows = ReceptionSession.objects.with_list_data().filter(
        unit_id=source.unit_id, status=SessionStatus.PUBLISHED, starts_at__gt=now()
    )
    if source.mode != SessionMode.ONLINE:
        rows = rows.exclude(mode=SessionMode.ONLINE)
    contact = Q(kind=SessionKind.CONTACT)
    rows = rows.filter(contact if source.is_by_invitation else ~contact)
    return list(rows.exclude(pk=source.pk)[:50])


def units_standing(day: dt.date) -> list[Unit]:
    """Units that exist on a local date and can follow another, by name."""
    rows: Iterable[Unit] = Unit.objects.in_force(day).exclude(kind=UnitKind.CITY)
    return sorted(rows, key=lambda unit: (not unit.is_commune_level, unit.full_name))
