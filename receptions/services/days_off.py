"""Sessions whose day became a day off after they were planned are told to who can move them."""

import datetime as dt

from django.db.models import Q
from django.db.models.functions import ExtractIsoWeekDay, TruncDate

from common.time import HANOI, local_date, now
from notifications.services import outbox_write
from receptions.models import ReceptionSession
from receptions.posting import SATURDAY, day_off_words, days_off, next_working_day
from receptions.selectors_plan import AHEAD, COMING
from receptions.services._change import Notes

BATCH = 1000


def days_off_tell(*, at: dt.datetime | None = None) -> int:
    """Tell the desk of the unit and the leader, once for each session and day, that a coming
    session lies on a day off that nobody meant. Returns how many sessions stand so.

    Runs any number of times: the key of the message says which day of which session. Visitors are
    told when the session is moved.
    """
    moment = at or now()
    notes = Notes("", moment)
    sessions = _sessions(moment)
    for session in sessions:
        day = local_date(session.starts_at)
        extra = {"name": day_off_words(day), "first_on": next_working_day(day).isoformat()}
        key = f"session:{session.public_id}:day_off:{day}"
        notes.tell(session, "session_day_off", key=key, extra=extra)
        notes.tell(session, "session_day_off", key=key, extra=extra, recipient_id=session.leader_id)
    outbox_write(notes.messages, at=moment)
    return len(sessions)


def _sessions(at: dt.datetime) -> list[ReceptionSession]:
    off = days_off(local_date(at), local_date(at + AHEAD))
    rows = (
        ReceptionSession.objects.with_list_data()
        .filter(status__in=COMING, starts_at__gt=at, starts_at__lt=at + AHEAD, on_day_off=False)
        .annotate(
            day=TruncDate("starts_at", tzinfo=HANOI),
            weekday=ExtractIsoWeekDay("starts_at", tzinfo=HANOI),
        )
        .filter(Q(day__in=list(off)) | Q(weekday__gt=SATURDAY))
        .order_by("starts_at", "pk")
    )
    return [row for row in rows[:BATCH] if day_off_words(local_date(row.starts_at))]
