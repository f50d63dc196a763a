"""Which clocks a reception starts. Arithmetic is in ``deadlines``."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q

from common.time import local_date
from deadlines import services as clocks
from deadlines.models import Clock
from escalation.ladders import plan_for
from petitions.enums import Kind
from petitions.models import Case
from petitions.receivers import desk_of
from receptions.enums import DutyHolder, VisitOutcome
from receptions.models import ConclusionNotice, ConclusionTask, ReceptionSession, VisitRecord
from receptions.quotas import PARTY_LINE

TASK_RULE = "TCD-KL"
# By whose reception it was: Article 28(1) of the Law on Citizen Reception, Regulation 11-QĐi/TW.
NOTICE_RULES = {True: "DANG-NOTICE", False: "TCD-NOTICE"}
# Answered at once, or told where to go: said on the spot, nothing is owed in writing.
OWED = (VisitOutcome.TAKEN_IN, VisitOutcome.FORWARDED, VisitOutcome.CONCLUSION)


def is_party(session: ReceptionSession) -> bool:
    """Whether the Party secretary received, or the head of a body of the Party: then Regulation
    11-QĐi/TW holds. The caller has joined the unit."""
    return session.duty_holder == DutyHolder.PARTY_SECRETARY or session.unit.line == PARTY_LINE


def task_clock(
    task: ConclusionTask, session: ReceptionSession, on: dt.date, visits: Iterable[VisitRecord]
) -> Clock:
    """The unsaved clock of a task from a Hà Nội date to the date that the leader set (Article
    25(2) of Decree 154/2026): that day itself, not moved off a day off.

    ``visits``: those that the notice answers. Whoever concluded stands on its ladder. Raises CalendarMissing beyond the known years.
    """
    return clocks.clock_build(
        rule_code=TASK_RULE,
        started_on=on,
        holder_unit=task.unit,
        holder_position=desk_of(task.unit),
        barred_units=_barred(task, session, visits),
        amount=max((task.due_on - on).days, 0),
        plan=plan_for,
        ladder="conclusion_party" if is_party(session) else "conclusion",
        told=clocks.Told(session.unit_id),
    )


def notice_clock(visit: VisitRecord, session: ReceptionSession) -> Clock:
    """The unsaved clock of the written notice: 10 working days from the session's Hà Nội date.

    No unit is barred and nothing differs when the visit was about a denunciation: what is told is
    that a visitor waits, and the unit that received does not know what is linked. Raises
    CalendarMissing beyond the known years.
    """
    party = is_party(session)
    return clocks.clock_build(
        rule_code=NOTICE_RULES[party],
        started_on=local_date(session.starts_at),
        holder_unit=session.unit,
        holder_position=desk_of(session.unit),
        plan=plan_for,
        ladder="visit_notice_party" if party else "visit_notice",
    )


def _barred(
    task: ConclusionTask, session: ReceptionSession, visits: Iterable[VisitRecord]
) -> list[int]:
    """The unit of a denounced person hears of nothing that follows from the denunciation (Article
    49 of the Law on Denunciations). Who concluded and who does the task know of it: were they
    passed over, their people would learn from the ladder that somebody denounced them."""
    know = (task.unit_id, session.unit_id)
    secret = [case for visit in visits for case in secret_cases(visit)]
    return sorted({pk for case in secret for pk in case.barred_units if pk not in know})


def visits_answered(notice: ConclusionNotice) -> list[VisitRecord]:
    """The visits that a notice answers: its own, or every one concluded on in the session."""
    rows = VisitRecord.objects.select_related("registration__case", "case").order_by("pk")
    if notice.visit_id is not None:
        return list(rows.filter(pk=notice.visit_id))
    concluded = Q(registration__session=notice.session_id, outcome=VisitOutcome.CONCLUSION)
    return list(rows.filter(concluded))


def secret_cases(visit: VisitRecord) -> list[Case]:
    """The denunciations to which a visit is tied: made of it, joined, or named by the visitor."""
    linked = (visit.case, visit.registration.case)
    return [case for case in linked if case is not None and case.kind == Kind.DENUNCIATION]


def is_secret(visit: VisitRecord) -> bool:
    """Whether the visit was about a denunciation: recorded as one, made one, or tied to one."""
    return visit.sealed_at is not None or bool(secret_cases(visit))


def is_sealed(visit: VisitRecord) -> bool:
    """Whether the visit became a denunciation: then the receiver knows of it, unlike of one that
    the visitor named."""
    return visit.case is not None and visit.case.kind == Kind.DENUNCIATION
