"""Reading reception days: for the public, for the unit, for the city."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from accounts.access import Access
from accounts.enums import Role
from accounts.models import Membership, User
from accounts.roles import Permission
from common.api import Keyset
from common.codes import code_clean, secret_clean, token_matches
from common.crypto import unseal
from common.errors import NotVisible
from common.time import HANOI, local_date, local_moment, now, today
from communes.enums import UnitKind
from communes.models import Unit
from petitions.models import Case
from receptions.enums import Level, SessionStatus
from receptions.models import (
    DutyQuota,
    ReceptionSession,
    Registration,
    SessionEvent,
    VisitRecord,
)
from receptions.policies import can_see_visitors, can_view_unit
from receptions.quotas import COUNTED_KINDS, DUTY_OF_ROLE, Day, Tally, next_month, rule_for, tally

CODE_PREFIX = "TD"
SECRET_PURPOSE = "registration-secret"  # noqa: S105 -- a name, no secret
TYPED_MAX = 200  # characters of a typed code or secret that are looked at
TASKS_SHOWN = 50
BY_TIME = Keyset("starts_at", "id")
# Weekly rules look a few days over the edges of a month.
EDGE = dt.timedelta(days=7)
CITY_UNITS = ("TU", "UBND")
_NO_CODE = "-"
_NO_SECRET = bytes(32)


class Window(NamedTuple):
    """Filters of the public list; moments in UTC, ``until`` excluded."""

    unit: str = ""
    leader: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None


def session_public_list(window: Window) -> QuerySet[ReceptionSession]:
    """Public sessions in a window, upcoming ones when it has no beginning."""
    rows = ReceptionSession.objects.public().with_list_data()
    return _narrowed(rows, window)


def session_announced_list(window: Window) -> QuerySet[ReceptionSession]:
    """Like ``session_public_list`` but with those called off after publication."""
    rows = ReceptionSession.objects.announced().with_list_data()
    return _narrowed(rows, window)


def _narrowed(rows: QuerySet[ReceptionSession], window: Window) -> QuerySet[ReceptionSession]:
    rows = rows.filter(starts_at__gte=window.since or now())
    if window.until is not None:
        rows = rows.filter(starts_at__lt=window.until)
    if window.unit:
        rows = rows.filter(unit__code=window.unit)
    if window.leader:
        name = window.leader
        rows = rows.filter(Q(leader__full_name=name) | Q(leader__username=name))
    return rows


def session_counts_by_day(window: Window) -> dict[dt.date, int]:
    """How many announced sessions each local date has; one query."""
    rows = _narrowed(ReceptionSession.objects.announced().order_by(), window)
    days = rows.annotate(day=TruncDate("starts_at", tzinfo=HANOI)).values("day")
    return {row["day"]: row["n"] for row in days.annotate(n=Count("id"))}


def session_get_public(public_id: uuid.UUID) -> ReceptionSession:
    """An announced session (also when called off since). Raises NotVisible."""
    session = (
        ReceptionSession.objects.announced().with_list_data().filter(public_id=public_id).first()
    )
    if session is None:
        raise NotVisible
    return session


def leaders_public(unit: str) -> list[str]:
    """Names of the leaders of a unit who have announced sessions from today on."""
    rows = ReceptionSession.objects.announced().filter(
        unit__code=unit, starts_at__gte=local_moment(today())
    )
    return list(
        rows.order_by("leader__full_name").values_list("leader__full_name", flat=True).distinct()
    )


def registration_track(code: str, secret: str) -> Registration | None:
    """The registration with this code when the secret fits, with its session.

    Unknown, malformed and wrong take the same steps: one query, one comparison.
    """
    known = code_clean(code[:TYPED_MAX], CODE_PREFIX) or _NO_CODE
    found = (
        Registration.objects.select_related("session__unit", "session__leader")
        .filter(code=known)
        .first()
    )
    stored = bytes(found.secret_hmac) if found is not None else _NO_SECRET
    fits = token_matches(stored, SECRET_PURPOSE, secret_clean(secret[:TYPED_MAX]))
    return found if fits else None


def registration_by_code(code: str) -> Registration | None:
    """The registration that a browser session may show, after it was made there."""
    return (
        Registration.objects.select_related("session__unit", "session__leader")
        .filter(code=code)
        .first()
    )


def session_get_for(access: Access, public_id: uuid.UUID) -> ReceptionSession:
    """The session when the person may see the unit's receptions. Raises NotVisible."""
    session = ReceptionSession.objects.with_list_data().filter(public_id=public_id).first()
    if session is None or not can_view_unit(access, session.unit_id):
        raise NotVisible
    return session


def session_month_for(access: Access, unit: Unit, month: dt.date) -> QuerySet[ReceptionSession]:
    """All sessions of a unit in a month, drafts and cancelled ones too."""
    rows = ReceptionSession.objects.with_list_data().filter(
        unit=unit,
        starts_at__gte=local_moment(month),
        starts_at__lt=local_moment(next_month(month)),
    )
    return rows if can_view_unit(access, unit.pk) else rows.none()


class Visitor(NamedTuple):
    """A registration as one person may see it: without the right, only a number."""

    registration: Registration
    person: dict[str, Any] | None
    topic: str
    case_code: str


def session_visitors(access: Access, session: ReceptionSession) -> list[Visitor]:
    """Who comes and about what, by queue number; two queries.

    Names and topics only for those who receive or register in the unit; a linked case only when
    the person sees the case, so that a protected denunciation is not given away here.
    """
    return _visitors(access, session, session.registrations.all())


def visitor_get(access: Access, session: ReceptionSession, code: str) -> Visitor:
    """One visitor of a session. Raises NotVisible."""
    found = _visitors(access, session, session.registrations.filter(code=code))
    if not found:
        raise NotVisible
    return found[0]


def _visitors(
    access: Access, session: ReceptionSession, wanted: QuerySet[Registration]
) -> list[Visitor]:
    rows = list(wanted.select_related("visit__responsible_unit"))
    if not can_see_visitors(access, session.unit_id):
        return [Visitor(row, None, "", "") for row in rows]
    linked = [row.case_id for row in rows if row.case_id]
    cases = Case.objects.visible_to(access).filter(pk__in=linked).values_list("pk", "code")
    codes = dict(cases) if linked else {}
    return [
        Visitor(row, person_open(row), row.topic, codes.get(row.case_id or 0, "")) for row in rows
    ]


def tasks_of_unit(access: Access, unit: Unit) -> list[VisitRecord]:
    """What conclusions of receptions, also those of other units, gave a unit to do, newest first.

    For those who receive or register in that unit (Article 12(2) of Decree 154/2026); nothing
    says who the visitor was.
    """
    if not can_see_visitors(access, unit.pk):
        return []
    rows = VisitRecord.objects.filter(responsible_unit=unit).order_by("-recorded_at", "-pk")
    return list(rows.select_related("registration__session__unit")[:TASKS_SHOWN])


def session_events(session: ReceptionSession) -> list[SessionEvent]:
    return list(SessionEvent.objects.filter(session=session).select_related("actor").order_by("pk"))


def seal_context(code: str) -> str:
    """What binds a sealed person to the registration."""
    return f"registration:{code}"


def person_open(row: Registration) -> dict[str, Any]:
    """Decrypt; callers have checked the right."""
    return unseal(row.key_version, bytes(row.box), context=seal_context(row.code))


def duties_of_unit(unit_id: int) -> list[tuple[User, str]]:
    """Who holds which reception duty in a unit today."""
    return [(m.user, DUTY_OF_ROLE[Role(m.role)].value) for m in _posts(Q(unit_id=unit_id))]


def people_of_unit(unit_id: int) -> QuerySet[User]:
    """Active people of a unit today, by name."""
    current = Membership.objects.current(today()).filter(unit_id=unit_id)
    return User.objects.filter(is_active=True, pk__in=current.values("user_id")).order_by(
        "full_name", "id"
    )


def units_viewed(access: Access) -> QuerySet[Unit]:
    """Units whose receptions a person may see."""
    rows = Unit.objects.in_force(today()).exclude(kind=UnitKind.CITY)
    if Permission.RECEPTION_VIEW in access.city:
        return rows
    return rows.filter(pk__in=access.units(Permission.RECEPTION_VIEW))


class QuotaLine(NamedTuple):
    """One duty of one unit in a month."""

    unit: Unit
    duty_holder: str
    person: User | None
    rule: DutyQuota
    tally: Tally


def quota_month(access: Access, month: dt.date, *, unit: Unit | None = None) -> list[QuotaLine]:
    """Every duty of the visible units in a month (its first day); four queries at most."""
    units = units_viewed(access)
    if unit is not None:
        units = units.filter(pk=unit.pk)
    by_id = {u.pk: u for u in units}
    rules = list(DutyQuota.objects.all())
    holders = {(m.unit_id, DUTY_OF_ROLE[Role(m.role)].value): m.user for m in _posts(_in(by_id))}
    days = _days(by_id, month)
    lines = []
    for unit_id, duty in _duties(by_id.values(), holders):
        seen = by_id[unit_id]
        rule = rule_for(rules, duty, _level(seen), month)
        if rule is not None:
            count = tally(rule, month, days.get((unit_id, duty), ()), today())
            lines.append(QuotaLine(seen, duty, holders.get((unit_id, duty)), rule, count))
    return lines


def _in(units: Iterable[int]) -> Q:
    return Q(unit_id__in=list(units))


def _posts(where: Q) -> QuerySet[Membership]:
    return (
        Membership.objects.current(today())
        .filter(where, role__in=[role.value for role in DUTY_OF_ROLE], user__is_active=True)
        .select_related("user")
        .order_by("-pk")
    )


def _duties(units: Iterable[Unit], holders: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """Communes owe both duties even while a post is vacant; other units what their heads owe."""
    owed = dict.fromkeys(sorted(holders))
    both = (Role.SECRETARY, Role.HEAD)
    for unit in units:
        if unit.is_commune_level:
            owed |= dict.fromkeys((unit.pk, DUTY_OF_ROLE[role].value) for role in both)
    order = {unit.pk: unit.code for unit in units}
    return sorted(owed, key=lambda pair: (order[pair[0]], pair[1]))


def _level(unit: Unit) -> str:
    if unit.is_commune_level:
        return Level.COMMUNE
    return Level.CITY if unit.code in CITY_UNITS else Level.ANY


def _days(units: Iterable[int], month: dt.date) -> dict[tuple[int, str], list[Day]]:
    rows = ReceptionSession.objects.filter(
        _in(units),
        starts_at__gte=local_moment(month - EDGE),
        starts_at__lt=local_moment(next_month(month) + EDGE),
        kind__in=COUNTED_KINDS,
        is_delegated=False,
    ).exclude(status=SessionStatus.CANCELLED)
    found: dict[tuple[int, str], list[Day]] = {}
    for unit_id, duty, starts_at, status in rows.values_list(
        "unit_id", "duty_holder", "starts_at", "status"
    ):
        found.setdefault((unit_id, duty), []).append(Day(local_date(starts_at), status))
    return found
