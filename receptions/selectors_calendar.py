"""Reading the public calendar: what moved, counts by unit, the next session, the last change."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import CharField, Count, F, Max, Min, QuerySet, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from common.time import local_date, now
from communes.models import Unit
from receptions.enums import DutyHolder, SessionStatus
from receptions.models import MOVED, OF_SESSION, ReceptionSession, SessionEvent
from receptions.selectors import Window, session_announced_list, session_chosen, session_public_list

MOVED_SHOWN = 300  # more than a day off moves in all 126 units
# Posts in the addresses of pages and feeds; an address belongs to the post, whoever holds it.
POSTS = {
    "bi-thu": DutyHolder.PARTY_SECRETARY,
    "chu-tich": DutyHolder.PEOPLE_COMMITTEE_CHAIR,
    "thu-truong": DutyHolder.HEAD_OF_AGENCY,
    "thu-truong-don-vi-su-nghiep": DutyHolder.HEAD_OF_PUBLIC_SERVICE_UNIT,
}
POST_OF = {duty.value: post for post, duty in POSTS.items()}
OF_DRAFTS = ("receptions.session.planned", "receptions.session.replanned")
_COMMUNE_POSTS = (DutyHolder.PARTY_SECRETARY, DutyHolder.PEOPLE_COMMITTEE_CHAIR)


class UnitCount(NamedTuple):
    """Sessions of one unit in a window, and when the first begins (UTC)."""

    total: int
    first: dt.datetime


class Move(NamedTuple):
    """An announced session that left a local date."""

    session: ReceptionSession
    left_on: dt.date


def session_counts_by_unit(window: Window) -> dict[int, UnitCount]:
    """How many sessions are to be held, or were, by unit; one query."""
    rows = session_public_list(window).select_related(None).order_by()
    counted = rows.values("unit_id").annotate(n=Count("id"), first=Min("starts_at"))
    return {row["unit_id"]: UnitCount(row["n"], row["first"]) for row in counted}


def session_next(window: Window) -> ReceptionSession | None:
    """The first session still to be held that begins after the window, at the earliest now."""
    later = window._replace(since=max(window.until or now(), now()), until=None)
    rows = session_announced_list(later).filter(status=SessionStatus.PUBLISHED)
    return rows.order_by("starts_at", "id").first()


def sessions_upcoming(count: int, unit: str = "") -> list[ReceptionSession]:
    """The next announced sessions by beginning, also those that were called off; one query."""
    rows = session_announced_list(Window(unit=unit))
    return list(rows.order_by("starts_at", "id")[:count])


def _moves() -> QuerySet[Any]:
    """Moves of sessions that had been announced; a draft may move without a word."""
    return SessionEvent.objects.filter(
        action=MOVED, session__published_at__isnull=False, at__gte=F("session__published_at")
    ).annotate(left=KT("data__from"))


def moves_from(first: dt.date, until: dt.date, window: Window) -> list[Move]:
    """Sessions that were announced for a day from ``first`` to before ``until`` and moved to
    another day, by the day they left. The window's own times are not read."""
    rows = (
        _moves()
        .filter(left__gte=first.isoformat(), left__lt=until.isoformat())
        .filter(session__in=session_chosen(ReceptionSession.objects.announced(), window).order_by())
        .select_related("session__unit", "session__leader")
        .order_by("left", "session_id")
    )
    left = {
        (row.session_id, row.left): Move(row.session, dt.date.fromisoformat(row.left))
        for row in rows[: 2 * MOVED_SHOWN]
    }
    away = [move for move in left.values() if local_date(move.session.starts_at) != move.left_on]
    return away[:MOVED_SHOWN]


def former_days(sessions: Iterable[ReceptionSession]) -> dict[int, dt.date]:
    """For sessions that were moved to another day: the day that was announced last before.

    One query. Keys are those of the sessions.
    """
    by_id = {session.pk: session for session in sessions if session.move_reason}
    if not by_id:
        return {}
    rows = _moves().filter(session_id__in=list(by_id)).order_by("pk")
    found = {}
    for session_id, left in rows.values_list("session_id", "left"):
        day = dt.date.fromisoformat(left)
        if day != local_date(by_id[session_id].starts_at):
            found[session_id] = day
    return found


def sessions_changed_at(sessions: Iterable[ReceptionSession]) -> dict[int, dt.datetime]:
    """When each session changed last (UTC); registrations are no change of it. One query."""
    rows = SessionEvent.objects.filter(
        session_id__in=[session.pk for session in sessions], action__startswith=OF_SESSION
    )
    return dict(rows.order_by("pk").values_list("session_id", "at"))


def calendar_changed_at(window: Window) -> dt.datetime | None:
    """When any session of a choice changed last (UTC), whatever its day; drafts do not count
    before they are announced."""
    rows = SessionEvent.objects.filter(action__startswith=OF_SESSION).exclude(action__in=OF_DRAFTS)
    chosen = {"session__unit__code": window.unit, "session__duty_holder": window.duty_holder}
    rows = rows.filter(**{name: value for name, value in chosen.items() if value})
    return rows.order_by("-at").values_list("at", flat=True).first()


def calendar_mark(window: Window) -> tuple[int, int | None, str | None]:
    """Changes with every change of an announced session of a window; one query."""
    told = (
        session_announced_list(window)
        .order_by()
        .aggregate(
            count=Count("pk"),
            versions=Sum("version"),
            last=Max(Cast("public_id", CharField())),
        )
    )
    return told["count"], told["versions"], told["last"]


def post_exists(unit: Unit, duty_holder: str) -> bool:
    """Whether a page or feed of the post makes sense: wards and communes have both posts, other
    units those that ever announced a session."""
    if unit.is_commune_level and duty_holder in _COMMUNE_POSTS:
        return True
    rows = ReceptionSession.objects.announced().filter(unit=unit, duty_holder=duty_holder)
    return rows.exists()


def posts_of(unit: Unit) -> list[str]:
    """Duties of a unit that have a feed, in a fixed order; one query."""
    rows = ReceptionSession.objects.announced().filter(unit=unit).order_by()
    known = set(rows.values_list("duty_holder", flat=True).distinct())
    known |= set(_COMMUNE_POSTS) if unit.is_commune_level else set()
    return [duty for duty in DutyHolder.values if duty in known]
