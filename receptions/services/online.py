"""What is done before an online reception, and reminding of it."""

import datetime as dt
import uuid
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import Access
from common.db import constraint_errors
from common.errors import DomainError, InvalidInput, allow
from common.text import clean
from common.time import local_date, now
from notifications.services import outbox_write
from receptions.enums import OnlineStep, SessionStatus
from receptions.models import OnlineCheck, ReceptionSession
from receptions.online import ONLINE_MODES, OnlineLine, is_online, online_lines
from receptions.policies import can_record_visits
from receptions.services._change import Notes, keep, session_for_change
from receptions.services.day import wrong_state
from receptions.services.online_telling import online_tell

NOTE_MAX = 300
TWICE = {"online_check_once": gettext_lazy("This step is noted already.")}
# How long before the end of a limit the desk is reminded; the limits are whole days.
NOTICE_AHEAD = dt.timedelta(days=2)
HOUR_AHEAD = dt.timedelta(hours=1)
# A connection is not made, and nothing recorded, before the day itself.
ON_THE_DAY = (OnlineStep.CONNECTED, OnlineStep.RECORDING)
HORIZON = dt.timedelta(days=30)
BATCH = 500


def online_step_note(
    *,
    access: Access,
    session_id: uuid.UUID,
    step: str,
    note: str = "",
    at: dt.datetime | None = None,
    quiet: bool = False,
) -> OnlineCheck:
    """Note that a step of an online reception was done, by whom and when, once.

    Articles 23 and 24 of Decree 154/2026. A step after its limit is recorded as late. With the
    notice, visitors who come online are told as well. Raises
    NotVisible, NotPermitted, InvalidInput, Conflict ``online_check_once``, DomainError
    ``too_early`` or ``wrong_state``.
    """
    moment = at or now()
    with constraint_errors(TWICE), transaction.atomic():
        session = session_for_change(access, session_id)
        allow(can_record_visits(access, session.unit_id))
        _check(session, step, note, moment)
        check = OnlineCheck.objects.create(
            session=session,
            step=step,
            note=clean(note),
            done_by_id=access.actor_id,
            done_at=moment,
        )
        notes = Notes("receptions.online.done", moment, access.user_id, quiet)
        late = next(x for x in online_lines(session, [check]) if x.step == step).is_late(moment)
        notes.data = {"step": step, "late": late}
        keep(session, notes)
        if step == OnlineStep.NOTICE and session.is_coming(moment):
            online_tell(session, moment, access.user_id, quiet=quiet)
    return check


def online_remind(*, at: dt.datetime | None = None) -> int:
    """Remind desks of steps whose limit is near or passed, each once for each date of a session.

    Runs any number of times: the key of the message says which step of which day. Returns how
    many steps stand open.
    """
    moment = at or now()
    sessions = (
        ReceptionSession.objects.select_related("unit")
        .prefetch_related("online_checks")
        .filter(
            status=SessionStatus.PUBLISHED,
            mode__in=ONLINE_MODES,
            ends_at__gt=moment,
            starts_at__lt=moment + HORIZON,
        )
        .order_by("starts_at", "pk")[:BATCH]
    )
    notes = Notes("", moment)
    for session in sessions:
        for line in online_lines(session, list(session.online_checks.all())):
            if _is_near(session, line, moment):
                key = f"online:{session.public_id}:{session.starts_at:%Y%m%d%H%M}:{line.step}"
                notes.tell(session, "online_step_due", key=key)
                told = notes.messages[-1]
                notes.messages[-1] = replace(told, params=told.params | {"step": line.step.value})
    outbox_write(notes.messages, at=moment)
    return len(notes.messages)


def _is_near(session: ReceptionSession, line: OnlineLine, at: dt.datetime) -> bool:
    if line.check is not None or line.due_at is None:
        return False
    if line.step == OnlineStep.RECORDING:
        return at >= session.starts_at
    return at >= line.due_at - (NOTICE_AHEAD if line.days else HOUR_AHEAD)


def _check(session: ReceptionSession, step: str, note: str, at: dt.datetime) -> None:
    if step not in OnlineStep.values:
        raise InvalidInput(fields={"step": [_("Choose one of the values of the list.")]})
    if len(clean(note)) > NOTE_MAX:
        message = _("At most %(most)s characters.") % {"most": NOTE_MAX}
        raise InvalidInput(fields={"note": [message]})
    if not is_online(session) or session.status not in (
        SessionStatus.PUBLISHED, SessionStatus.HELD,
    ):  # fmt: skip
        raise wrong_state()
    if step in ON_THE_DAY and local_date(at) < local_date(session.starts_at):
        raise DomainError(_("The day of the session has not come yet."), code="too_early")
