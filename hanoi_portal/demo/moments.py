"""Moments of officers' work: working days, office hours of Hà Nội."""

import datetime as dt
import random

from common.time import HANOI, local_date
from deadlines.calendars import add_working_days, is_working_day

MORNING, EVENING = dt.time(8, 0), dt.time(16, 45)


def office_moment(rng: random.Random, day: dt.date, after: dt.datetime) -> dt.datetime:
    """A UTC moment in office hours on ``day``, but later than ``after`` (UTC moment)."""
    hour = rng.choice((8, 8, 9, 9, 10, 10, 11, 13, 14, 14, 15, 15, 16))
    clock = dt.time(hour, rng.randrange(45), rng.randrange(60))
    moment = dt.datetime.combine(day, clock, HANOI).astimezone(dt.UTC)
    return moment if moment > after else soon(rng, after)


def soon(rng: random.Random, after: dt.datetime, *, low: int = 4, high: int = 70) -> dt.datetime:
    """A few minutes later when that is still in office hours, else the next working morning."""
    moment = after + dt.timedelta(minutes=rng.randint(low, high), seconds=rng.randrange(60))
    local = moment.astimezone(HANOI)
    if is_working_day(local.date()) and MORNING <= local.time() <= EVENING:
        return moment
    day = local.date()
    if local.time() > MORNING or not is_working_day(day):
        day = add_working_days(day, 1)
    opening = dt.datetime.combine(day, MORNING, HANOI)
    return (opening + dt.timedelta(minutes=rng.randint(5, 150))).astimezone(dt.UTC)


def days_later(rng: random.Random, after: dt.datetime, low: int, high: int) -> dt.datetime:
    """Office hours of a working day ``low`` to ``high`` working days after a moment."""
    count = rng.randint(low, high)
    if count == 0:
        return soon(rng, after)
    return office_moment(rng, add_working_days(local_date(after), count), after)


def between(
    rng: random.Random, after: dt.datetime, due_on: dt.date, low: float, high: float
) -> dt.datetime:
    """Office hours of a working day at a share ``low`` to ``high`` of the way to a due date."""
    start = local_date(after)
    day = start + dt.timedelta(days=round((due_on - start).days * rng.uniform(low, high)))
    while not is_working_day(day) and day > start:
        day -= dt.timedelta(days=1)
    return office_moment(rng, day, after) if day > start else soon(rng, after)
