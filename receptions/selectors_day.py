"""Reading the day of a session: the queue, the screen of the hall, refusals still owed."""

import datetime as dt
from typing import Any, NamedTuple

from accounts.access import Access
from common.codes import page_key, page_token
from common.errors import NotVisible
from common.time import local_date
from communes.models import Unit
from communes.selectors import unit_by_id
from receptions.enums import RegistrationStatus
from receptions.models import (
    GONE,
    SHOWN_PUBLICLY,
    OnlineCheck,
    ReceptionSession,
    Refusal,
    Registration,
    VisitPaper,
    VisitRecord,
    VisitVersion,
)
from receptions.moves import QUEUED, call_order
from receptions.policies import can_see_visitors
from receptions.sealed_papers import lines_covered, originals_covered
from receptions.sealing import (
    SEALED,
    concluded_sparsely,
    is_recorded_sealed,
    reads_words,
    said_sparsely,
)
from receptions.selectors import Visitor, session_visitors, visitor_get
from receptions.selectors_places import queue_order

SCREEN_CONTEXT = "reception-screen"
SHOWN_NEXT = 6
OWED_SHOWN = 50
S = RegistrationStatus
# No name, no matter: what places a number in the queue.
_ON_SCREEN = (
    "session_id", "queue_number", "status", "priority", "people", "slot_at", "has_place",
    "arrived_at", "called_at", "registered_at",
)  # fmt: skip
DONE = (S.RECEIVED, S.REFUSED, S.ABSENT)


class Queue(NamedTuple):
    """Visitors of a day: called now (latest first), still to come, put back, done with; apart from
    them who has not confirmed."""

    called: list[Visitor]
    waiting: list[Visitor]
    parked: list[Visitor]
    done: list[Visitor]
    # Hold a place only until their code is typed or its time is over: not visitors yet.
    unconfirmed: list[Visitor]
    next_number: int | None


def queue_of(access: Access, session: ReceptionSession) -> Queue:
    """The queue in the order in which it is called; three queries whatever its length.

    Names and matters only for those who receive or register in the unit.
    """
    known = {seen.registration.pk: seen for seen in session_visitors(access, session)}
    rows = _rows(session)
    order = call_order(rows)
    visitors = [known[row.pk]._replace(registration=row) for row in rows if row.pk in known]
    by_status = _by_status(visitors)
    called = sorted(by_status[S.CALLED], key=_called_at, reverse=True)
    return Queue(
        called,
        [seen for seen in visitors if seen.registration.status in QUEUED],
        by_status[S.PARKED],
        [seen for state in DONE for seen in by_status[state]],
        by_status[S.UNCONFIRMED],
        order[0].queue_number if order else None,
    )


def _rows(session: ReceptionSession) -> list[Registration]:
    rows = session.registrations.exclude(status=S.CANCELLED).order_by(*queue_order())
    return list(rows.select_related("case", "refusal", "visit"))


def _by_status(visitors: list[Visitor]) -> dict[str, list[Visitor]]:
    found: dict[str, list[Visitor]] = {state: [] for state in S.values}
    for seen in visitors:
        found[seen.registration.status].append(seen)
    return found


def _called_at(seen: Visitor) -> dt.datetime:
    return seen.registration.called_at or seen.registration.registered_at


class Screen(NamedTuple):
    """Numbers for the hall, and nothing else."""

    now: int | None
    also: list[int]
    next: list[int]
    parked: list[int]


def screen_of(session: ReceptionSession) -> Screen:
    """The number called last, others still inside, who comes next, who was put back; one query."""
    there = session.registrations.exclude(status__in=GONE).order_by(*queue_order())
    rows = list(there.only(*_ON_SCREEN))
    inside = [row for row in rows if row.status == S.CALLED]
    inside.sort(key=lambda row: row.called_at or row.registered_at, reverse=True)
    called = [row.queue_number for row in inside]
    return Screen(
        called[0] if called else None,
        called[1:],
        [row.queue_number for row in call_order(rows)[:SHOWN_NEXT]],
        sorted(row.queue_number for row in rows if row.status == S.PARKED),
    )


def screen_token(session: ReceptionSession) -> str:
    """What the address of a screen without sign-in ends with: unguessable, for one session."""
    return page_token(session.pk, context=SCREEN_CONTEXT)


def session_of_screen(token: str, at: dt.datetime) -> ReceptionSession:
    """The session of a screen, up to the end of its local date. Raises NotVisible."""
    key = page_key(token, context=SCREEN_CONTEXT)
    rows = ReceptionSession.objects.filter(pk=key, status__in=SHOWN_PUBLICLY)
    session = rows.select_related("unit").first()
    if session is None or local_date(session.starts_at) < local_date(at):
        raise NotVisible
    return session


def visitor_of_day(access: Access, session: ReceptionSession, code: str) -> Visitor:
    """One visitor with what the day added. Raises NotVisible."""
    seen = visitor_get(access, session, code)
    row = Registration.objects.select_related("case", "refusal__refused_by", "visit__case").get(
        pk=seen.registration.pk
    )
    row.session = session
    return seen._replace(registration=row)


def refusals_owed(access: Access, unit: Unit) -> list[Refusal]:
    """Refusals in writing that have not been sent, the most urgent first.

    For those who receive or register in the unit.
    """
    if not can_see_visitors(access, unit.pk):
        return []
    rows = Refusal.objects.filter(
        is_written=True, sent_on__isnull=True, registration__session__unit=unit
    )
    return list(
        rows.select_related("registration__session").order_by("written_by", "pk")[:OWED_SHOWN]
    )


def papers_of(registration: Registration) -> list[VisitPaper]:
    """Lines of the receipt with who took them, in order."""
    return list(registration.papers.select_related("taken_by").order_by("position"))


def papers_shown(access: Access, registration: Registration) -> list[VisitPaper]:
    """The same as the person reads them, not to be saved. The caller has joined the session."""
    lines = papers_of(registration)
    is_covered = originals_covered(access, getattr(registration, "visit", None))
    return lines_covered(lines) if is_covered else lines


def versions_of(registration: Registration) -> list[VisitVersion]:
    """Earlier versions of a visitor's record, the latest first."""
    rows = VisitVersion.objects.filter(visit__registration=registration)
    return list(rows.select_related("recorded_by").order_by("-version"))


def versions_read(
    access: Access, registration: Registration
) -> list[tuple[VisitVersion, dict[str, Any]]]:
    """Earlier versions of a visitor's record with what each held, as the person reads it: of a
    visit that went under seal since, in sparse words, for whoever knows of a recorded denunciation
    whole."""
    rows = versions_of(registration)
    if not rows:
        return []
    visit = registration.visit
    is_readable = visit.sealed_at is None or is_recorded_sealed(visit)
    reads = is_readable and reads_words(access, visit, registration.session)
    return [(row, _version_words(visit, row, reads=reads)) for row in rows]


def _version_words(visit: VisitRecord, version: VisitVersion, *, reads: bool) -> dict[str, Any]:
    kept = dict(version.kept)
    sealed: dict[str, Any] | None = kept.pop(SEALED, None)
    if reads:
        return kept | (sealed or {})
    # What is of a time under seal holds a sparse record already.
    if visit.sealed_at is None or sealed is not None:
        return kept
    unit = unit_by_id(kept["responsible_unit_id"])
    words = {"content": "", "said": said_sparsely(visit.registration_id), "conclusion": ""}
    if kept["conclusion"] and unit is not None:
        words["conclusion"] = concluded_sparsely(unit)
    return kept | words


def online_checks_of(session: ReceptionSession) -> list[OnlineCheck]:
    return list(session.online_checks.select_related("done_by"))
