"""What the portal itself lacks is told to whoever keeps it: missing days off."""

import datetime as dt

from django.db import transaction

from common.time import local_date
from deadlines.alarms import AlarmKind, CalendarAlarm, calendar_alarms
from deadlines.calendars import calendar_rows
from escalation.tellings import keepers_tell
from notifications.services import NewMessage


@transaction.atomic
def calendar_alarm_send(*, at: dt.datetime) -> list[CalendarAlarm]:
    """Tell the administrators what is wrong with the days off at a UTC moment.

    A missing Tết is told once a day until it is there, a Tết without its official notice once.
    The key of the message makes a second run harmless.
    """
    on = local_date(at)
    alarms = calendar_alarms(on, calendar_rows())
    keepers_tell(
        [
            NewMessage(
                key=f"calendar:{alarm.kind}:{alarm.year}:{_turn(alarm, on)}",
                template=f"calendar_{alarm.kind}",
                params={"year": alarm.year},
            )
            for alarm in alarms
        ],
        at=at,
    )
    return alarms


def _turn(alarm: CalendarAlarm, on: dt.date) -> str:
    return on.isoformat() if alarm.kind is AlarmKind.MISSING else "once"
