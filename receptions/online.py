"""What an online reception needs and until when (Articles 23 and 24 of Decree 154/2026), and who
is let in. No writes.

A visitor whose matter is linked to a denunciation is never offered the video system: sound and
picture are kept, and a denouncer's identity is protected. Officers see what was chosen, as of any
visitor: a row that differed would tell of the case.
"""

import datetime as dt
from typing import NamedTuple

from common.time import HANOI, local_date, local_moment
from petitions.enums import Kind
from petitions.models import Case
from receptions.enums import OnlineStep, RegistrationStatus, SessionMode, SessionStatus
from receptions.limits import ONLINE_NOTICE, ONLINE_TEST, LegalDate, legal_date_known
from receptions.models import OnlineCheck, ReceptionSession, Registration

AHEAD = dt.timedelta(hours=1)
ONLINE_MODES = (SessionMode.ONLINE, SessionMode.BOTH)
RECORDING_BASIS = "Điều 24 Nghị định 154/2026/NĐ-CP"
_LET_IN = (RegistrationStatus.REGISTERED, RegistrationStatus.CALLED, RegistrationStatus.PARKED)


class OnlineLine(NamedTuple):
    """A step, the last moment for it (None when the calendar does not reach), its article, how
    the law counts (working days before the session; 0: by the hour), and who did it."""

    step: OnlineStep
    due_at: dt.datetime | None
    basis: str
    days: int
    check: OnlineCheck | None

    @property
    def label(self) -> str:
        return str(self.step.label)

    @property
    def due_words(self) -> str:
        """The last local day, or the hour where the law counts hours."""
        if self.due_at is None:
            return ""
        form = "%d/%m/%Y" if self.days else "%H:%M, %d/%m/%Y"
        return self.due_at.astimezone(HANOI).strftime(form)

    def is_late(self, at: dt.datetime) -> bool:
        """Whether the limit passed before the step was done."""
        done_at = self.check.done_at if self.check else at
        return self.due_at is not None and done_at > self.due_at


def is_online(session: ReceptionSession) -> bool:
    return session.mode in ONLINE_MODES


def online_lines(session: ReceptionSession, checks: list[OnlineCheck]) -> list[OnlineLine]:
    """The checklist of a session in the order of time."""
    done = {check.step: check for check in checks}
    day = local_date(session.starts_at)
    notice, test = (legal_date_known(code, day) for code in (ONLINE_NOTICE, ONLINE_TEST))
    basis = test.basis if test else ""
    return [
        _by_day(OnlineStep.NOTICE, notice, done),
        _by_day(OnlineStep.TEST, test, done),
        OnlineLine(
            OnlineStep.CONNECTED,
            session.starts_at - AHEAD,
            basis,
            0,
            done.get(OnlineStep.CONNECTED),
        ),
        OnlineLine(
            OnlineStep.RECORDING,
            session.ends_at,
            RECORDING_BASIS,
            0,
            done.get(OnlineStep.RECORDING),
        ),
    ]


def _by_day(step: OnlineStep, limit: LegalDate | None, done: dict[str, OnlineCheck]) -> OnlineLine:
    if limit is None:
        return OnlineLine(step, None, "", 0, done.get(step))
    # The whole last day counts.
    end = local_moment(limit.due_on + dt.timedelta(days=1)) - dt.timedelta(microseconds=1)
    return OnlineLine(step, end, limit.basis, abs(limit.days), done.get(step))


def is_on_line(row: Registration) -> bool:
    """Whether a visitor took part by the video system, so that sound and picture were recorded."""
    return row.is_online or row.session.mode == SessionMode.ONLINE


def may_be_online(case: Case | None) -> bool:
    """Whether a visitor with this matter may be offered the video system."""
    return case is None or case.kind != Kind.DENUNCIATION


def comes_online(row: Registration) -> bool:
    """Whether a visitor is let into the video system; for the visitor alone."""
    return row.is_online and may_be_online(row.case)


class WayIn(NamedTuple):
    """What a visitor who comes online is told: the last day of the notice and the day of the test
    (local dates, None where the calendar does not reach), and whether the notice of 5 working days
    cannot be kept for this visitor any more (Article 23(1) of Decree 154/2026)."""

    notice_on: dt.date | None
    test_on: dt.date | None
    is_short: bool


def way_in(row: Registration, at: dt.datetime) -> WayIn:
    """The dates around a visitor's online reception. The notice is short for whoever registered
    after its last day or was not told by then, and of a day that was announced too late for it."""
    day = local_date(row.session.starts_at)
    notice, test = (legal_date_known(code, day) for code in (ONLINE_NOTICE, ONLINE_TEST))
    begun_on = local_date(row.registered_at if row.invited_for == day else at)
    is_short = notice is not None and begun_on > notice.due_on
    return WayIn(
        notice.due_on if notice else None,
        test.due_on if test else None,
        is_short or bool(row.session.announced_late),
    )


def meeting_link_for(row: Registration, at: dt.datetime) -> str:
    """The link of the video system for a visitor, from one hour before until the end, or ""."""
    session = row.session
    if not (is_online(session) and comes_online(row) and row.status in _LET_IN):
        return ""
    is_on = session.status in (SessionStatus.PUBLISHED, SessionStatus.HELD)
    in_time = session.starts_at - AHEAD <= at < session.ends_at
    return session.meeting_link if is_on and in_time else ""
