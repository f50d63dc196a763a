"""When a message may go to a person: preferences, quiet hours, the daily digest. Pure."""

import datetime as dt
from dataclasses import dataclass, field

from common.time import HANOI, local_moment
from notifications.models import QUIET_FROM, QUIET_UNTIL, NoticeSettings
from notifications.topics import EmailMode, Importance, Topic

DIGEST_AT = dt.time(7, 30)  # Hà Nội


@dataclass(frozen=True)
class Wishes:
    """What a person wants, or the defaults of everybody who never said (citizens too)."""

    by_topic: dict[str, str] = field(default_factory=dict)
    quiet_from: dt.time = QUIET_FROM
    quiet_until: dt.time = QUIET_UNTIL

    @classmethod
    def of(cls, row: NoticeSettings) -> "Wishes":
        return cls(dict(row.by_topic), row.quiet_from, row.quiet_until)

    def mode(self, topic: Topic) -> EmailMode:
        """The wish for a topic; what the law wants told goes at once, whatever is stored."""
        if topic.is_legal:
            return EmailMode.NOW
        return EmailMode(self.by_topic.get(topic.code, topic.default_mode))


@dataclass(frozen=True)
class Verdict:
    """``is_off``: not at all. ``until``: not before this UTC moment, with ``digest_on`` together
    with the others of that local date. Neither: now."""

    is_off: bool = False
    until: dt.datetime | None = None
    digest_on: dt.date | None = None


NOW = Verdict()


def verdict(topic: Topic, wishes: Wishes, at: dt.datetime) -> Verdict:
    """What to do at a UTC moment with an e-mail on a topic."""
    mode = wishes.mode(topic)
    if mode is EmailMode.OFF:
        return Verdict(is_off=True)
    if mode is EmailMode.DIGEST:
        return _digest(wishes, at)
    if topic.importance is Importance.HIGH:
        return NOW
    until = quiet_end(wishes, at)
    return Verdict(until=until) if until else NOW


def quiet_end(wishes: Wishes, at: dt.datetime) -> dt.datetime | None:
    """The UTC moment when the quiet hours end that ``at`` lies in; None outside them."""
    local = at.astimezone(HANOI)
    start, end, clock = wishes.quiet_from, wishes.quiet_until, local.time()
    after, before = clock >= start, clock < end
    is_quiet = (after and before) if start <= end else (after or before)
    if not is_quiet:
        return None
    day = local.date() + dt.timedelta(days=int(clock >= end))
    return local_moment(day, end.hour, end.minute)


def _digest(wishes: Wishes, at: dt.datetime) -> Verdict:
    """The next digest: today's when it is still ahead, else tomorrow's; never in quiet hours."""
    local = at.astimezone(HANOI)
    day = local.date() + dt.timedelta(days=int(local.time() >= DIGEST_AT))
    moment = local_moment(day, DIGEST_AT.hour, DIGEST_AT.minute)
    return Verdict(until=quiet_end(wishes, moment) or moment, digest_on=day)
