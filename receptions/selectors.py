"""Reading reception days: for the public, for the unit, for the city."""

import datetime as dt
import uuid
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.models import Membership, User
from accounts.roles import Permission
from common.api import Keyset
from common.codes import code_clean, secret_clean, token_hmac
from common.crypto import unseal
from common.errors import NotVisible
from common.time import HANOI, local_moment, month_after, now, today
from communes.enums import UnitKind
from communes.models import Unit
from petitions.enums import Kind
from petitions.models import Case
from receptions.enums import SessionMode
from receptions.models import (
    ReceptionSession,
    Registration,
    SessionEvent,
)
from receptions.policies import can_see_visitors, can_view_unit

CODE_PREFIX = "TD"
SECRET_PURPOSE = "registration-secret"  # noqa: S105 -- a name, no secret
TYPED_MAX = 200  # characters of a typed code or secret that are looked at
BY_TIME = Keyset("starts_at", "id")
_NO_CODE = "-"


class Window(NamedTuple):
    """Filters of the public list; moments in UTC, ``until`` excluded.

    ``mode`` asks how one can come: sessions at a place and online answer to either.
    """

    unit: str = ""
    leader: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    kind: str = ""
    duty_holder: str = ""
    mode: str = ""
    district: str = ""


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
    return session_chosen(rows, window)


def session_chosen(rows: QuerySet[ReceptionSession], window: Window) -> QuerySet[ReceptionSession]:
    """Sessions that fit everything a window asks for but its time."""
    equal = {
        "unit__code": window.unit,
        "unit__former_district": window.district,
        "kind": window.kind,
        "duty_holder": window.duty_holder,
    }
    rows = rows.filter(**{name: value for name, value in equal.items() if value})
    if window.mode:
        rows = rows.filter(mode__in={window.mode, SessionMode.BOTH})
    if window.leader:
        # By the name that is public, never by the one of the sign-in.
        rows = rows.filter(leader__full_name=window.leader)
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

    Unknown, malformed and wrong take the same steps: one HMAC, one query that finds nothing.
    """
    known = code_clean(code[:TYPED_MAX], CODE_PREFIX) or _NO_CODE
    digest = token_hmac(SECRET_PURPOSE, secret_clean(secret[:TYPED_MAX]))
    rows = Registration.objects.select_related("session__unit", "session__leader")
    return rows.filter(code=known, secret_hmac=digest).first()


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
        starts_at__lt=local_moment(month_after(month)),
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
    rests = ("case", "refusal", "visit__responsible_unit", "visit__sent_to", "visit__case")
    rows = list(wanted.select_related(*rests))
    for row in rows:
        row.session = session
    if not can_see_visitors(access, session.unit_id):
        return [Visitor(row, None, "", "") for row in rows]
    linked = [row.case_id for row in rows if row.case_id]
    # Beside the name, a denunciation's code would say who wrote it: no list shows it.
    seen = Case.objects.visible_to(access).exclude(kind=Kind.DENUNCIATION)
    cases = seen.filter(pk__in=linked).values_list("pk", "code")
    codes = dict(cases) if linked else {}
    return [
        Visitor(row, person_open(row), topic_shown(row), codes.get(row.case_id or 0, ""))
        for row in rows
    ]


def topic_clear(row: Registration) -> str:
    """The topic as everybody who receives may read it, "" where it is left to be said in person.

    Of a matter linked to a denunciation what the citizen typed is sealed with the person. A row
    from before that, which has no sealed topic, shows nothing either.
    """
    case = row.case
    if case is not None and case.kind == Kind.DENUNCIATION and topic_sealed(row) is None:
        return ""
    return row.topic


def topic_sealed(row: Registration) -> str | None:
    """What a denouncer typed; callers have checked the right. None: nothing was sealed."""
    topic: str | None = person_open(row).get("topic")
    return topic


def topic_shown(row: Registration) -> str:
    """The topic in lists and papers; the words in its place are those of everybody who left the
    field empty, so that they tell nothing of the case."""
    return topic_clear(row) or _("To be said in person")


def session_events(session: ReceptionSession) -> list[SessionEvent]:
    return list(SessionEvent.objects.filter(session=session).select_related("actor").order_by("pk"))


def seal_context(code: str) -> str:
    """What binds a sealed person to the registration."""
    return f"registration:{code}"


def person_open(row: Registration) -> dict[str, Any]:
    """Decrypt; callers have checked the right."""
    return unseal(row.key_version, bytes(row.box), context=seal_context(row.code))


def representatives_beside(person: dict[str, Any]) -> list[str]:
    """Who speaks for a delegation (Article 29 of the Law on Citizen Reception) beside the person
    who registered; callers have checked the right."""
    own = str(person.get("full_name", "")).casefold()
    return [name for name in person.get("representatives", ()) if name.casefold() != own]


def people_of_unit(unit_id: int) -> QuerySet[User]:
    """Active people of a unit today, by name."""
    current = Membership.objects.current(today()).filter(unit_id=unit_id)
    return User.objects.filter(is_active=True, pk__in=current.values("user_id")).order_by(
        "full_name", "id"
    )


def people_to_come(unit_id: int) -> QuerySet[User]:
    """Active people who hold a position in a unit today or later: a session may be planned for the
    day on which its leader takes office."""
    held = Membership.objects.filter(unit_id=unit_id).exclude(valid_to__lt=today())
    return User.objects.filter(is_active=True, pk__in=held.values("user_id"))


def units_viewed(access: Access) -> QuerySet[Unit]:
    """Units whose receptions a person may see."""
    rows = Unit.objects.in_force(today()).exclude(kind=UnitKind.CITY)
    if Permission.RECEPTION_VIEW in access.city:
        return rows
    return rows.filter(pk__in=access.units(Permission.RECEPTION_VIEW))
