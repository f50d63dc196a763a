"""Patterns of reception days and the dates they propose."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.models import Absence, Membership, User
from common.errors import NotVisible
from common.time import local_date, local_moment, now
from communes.models import Unit
from deadlines.faults import CalendarMissing
from receptions.enums import SessionStatus
from receptions.holders import absence_covers, holder_among, posts_between
from receptions.models import STANDING, ReceptionSession, SessionPattern
from receptions.policies import can_view_unit
from receptions.posting import day_off_words, latest_posting_on, working_day_from
from receptions.recurrence import Named, days_named

# How far a named day may move over days off; the longest, Tết, has nine in a row.
MOVE_MAX = dt.timedelta(days=16)
MADE_SHOWN = 60


@dataclass(frozen=True)
class Remark:
    """What to know about a proposed date, and the session it is about."""

    words: str
    tone: str = "warning"
    session: ReceptionSession | None = None

    @property
    def label(self) -> str:
        """The weight of the remark in a word or two."""
        labels = {"danger": _("not possible"), "warning": _("note"), "info": _("left out")}
        return labels[self.tone]


@dataclass(frozen=True)
class Proposal:
    """A day of a pattern. ``named``: the day by the pattern; ``on``: the working day on which it
    would be held, None when days off are not known; ``holder`` None: the post is vacant.

    ``may_make``: nothing forbids it; ``is_wished``: nothing speaks against it either.
    """

    named: dt.date
    on: dt.date | None
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    holder: User | None = None
    why: str = ""
    remarks: list[Remark] = field(default_factory=list)
    may_make: bool = True
    is_wished: bool = True

    def refused(self, *remarks: Remark) -> "Proposal":
        found = [*self.remarks, *remarks]
        return replace(self, remarks=found, may_make=False, is_wished=False)

    def doubted(self, *remarks: Remark) -> "Proposal":
        return replace(self, remarks=[*self.remarks, *remarks], is_wished=False)


def patterns_of(access: Access, unit: Unit) -> QuerySet[SessionPattern]:
    """Patterns of a unit, those that have ended last, each with how many sessions it made."""
    rows = SessionPattern.objects.select_related("unit").filter(unit=unit)
    counted = rows.order_by("-valid_to", "duty_holder", "id").annotate(
        made=Count("sessions", filter=~Q(sessions__status=SessionStatus.CANCELLED))
    )
    return counted if can_view_unit(access, unit.pk) else counted.none()


def pattern_get_for(access: Access, public_id: uuid.UUID) -> SessionPattern:
    """The pattern when the person may see the unit's receptions. Raises NotVisible."""
    found = SessionPattern.objects.select_related("unit").filter(public_id=public_id).first()
    if found is None or not can_view_unit(access, found.unit_id):
        raise NotVisible
    return found


def pattern_sessions(pattern: SessionPattern) -> list[ReceptionSession]:
    """The newest sessions that a pattern made."""
    rows = pattern.sessions.with_list_data().order_by("-starts_at", "-id")
    return list(rows[:MADE_SHOWN])


def proposals(
    pattern: SessionPattern, first: dt.date, last: dt.date, *, at: dt.datetime | None = None
) -> list[Proposal]:
    """The days that a pattern names from ``first`` to ``last`` (local dates) and that lie ahead;
    four queries, however many days."""
    moment = at or now()
    reach = last + MOVE_MAX
    posts = posts_between(pattern.unit_id, first, reach)
    people = {post.user_id for post in posts}
    rows = _sessions_near(pattern, people, first, reach)
    away = Absence.objects.touching(first, reach).filter(person__in=people)
    known = _Known(pattern, posts, rows, moment, list(away))
    found = (known.proposal(named) for named in days_named(pattern, first, last))
    return [proposal for proposal in found if proposal is not None]


def _sessions_near(
    pattern: SessionPattern, people: Iterable[int], first: dt.date, last: dt.date
) -> list[ReceptionSession]:
    near = Q(starts_at__gte=local_moment(first), starts_at__lt=local_moment(last))
    mine = Q(unit_id=pattern.unit_id, duty_holder=pattern.duty_holder)
    standing = near & (mine | Q(leader_id__in=list(people))) & Q(status__in=STANDING)
    made = Q(pattern=pattern, pattern_on__range=(first, last))
    return list(ReceptionSession.objects.with_list_data().filter(standing | made))


class _Known:
    """What the proposals of one pattern are held against, read once."""

    def __init__(
        self,
        pattern: SessionPattern,
        posts: Sequence[Membership],
        rows: Sequence[ReceptionSession],
        at: dt.datetime,
        away: Sequence[Absence] = (),
    ) -> None:
        self.pattern, self.posts, self.at, self.away = pattern, posts, at, away
        self.standing = [row for row in rows if row.status in STANDING]
        mine = [row for row in rows if row.pattern_id == pattern.pk]
        self.made = {row.pattern_on: row for row in mine if row.status in STANDING}
        self.gone = {row.pattern_on: row for row in mine if row.status not in STANDING}
        self.taken: dict[dt.date, dt.date] = {}

    def proposal(self, named: Named) -> Proposal | None:
        """None for what has passed."""
        try:
            on = working_day_from(named.on)
            latest = latest_posting_on(on)
        except CalendarMissing:
            return _unknown(named)
        begins, ends = (
            local_moment(on, time.hour, time.minute)
            for time in (self.pattern.starts, self.pattern.ends)
        )
        if begins <= self.at:
            return None
        holder = holder_among(self.posts, self.pattern.duty_holder, on)
        found = Proposal(named.on, on, begins, ends, holder, _why(named, on))
        return self._judged(found, on, latest)

    def _judged(self, found: Proposal, on: dt.date, latest: dt.date) -> Proposal:
        made = self.made.get(found.named)
        if made is not None:
            return found.refused(Remark(_("Planned already."), "info", made))
        twin = self.taken.setdefault(on, found.named)
        if twin != found.named:
            words = _("Falls on the same day as %(day)s.") % {"day": f"{twin:%d/%m/%Y}"}
            return found.refused(Remark(words, "info"))
        if self.pattern.valid_to and on > self.pattern.valid_to:
            return found.refused(Remark(_("Would lie after the end of the pattern.")))
        if not self.pattern.unit.is_in_force(on):
            return found.refused(Remark(_("The unit does not exist on that day."), "danger"))
        if found.holder is None:
            return found.refused(Remark(_("The post is vacant on that day."), "danger"))
        clashes = [Remark(_clash_words(row), "danger", row) for row in self._clashes(found)]
        if clashes:
            return found.refused(*clashes)
        doubts = list(self._doubts(found, on, latest))
        found = found.doubted(*doubts) if doubts else found
        remarks = list(_to_know(found, on))
        return replace(found, remarks=[*found.remarks, *remarks])

    def _clashes(self, found: Proposal) -> Iterator[ReceptionSession]:
        for row in self._of_leader(found):
            if found.starts_at and found.ends_at:
                apart = row.ends_at <= found.starts_at or row.starts_at >= found.ends_at
                if not apart:
                    yield row

    def _of_leader(self, found: Proposal) -> list[ReceptionSession]:
        holder = found.holder
        return [row for row in self.standing if holder and row.leader_id == holder.pk]

    def _doubts(self, found: Proposal, on: dt.date, latest: dt.date) -> Iterator[Remark]:
        for row in self.standing:
            is_same = row in self._of_leader(found) or self._is_of_duty(row)
            if is_same and local_date(row.starts_at) == on:
                yield Remark(_("There is a session on that day already."), "warning", row)
        if local_date(self.at) > latest:
            words = _("Too late to publish in time: the last day was %(day)s.")
            yield Remark(words % {"day": f"{latest:%d/%m/%Y}"})
        holder = found.holder
        if holder and any(absence_covers(one, holder.pk, on) for one in self.away):
            yield Remark(_("An absence of the leader is recorded for that day."))
        gone = self.gone.get(found.named)
        if gone is not None:
            yield Remark(
                _("Was called off: %(reason)s") % {"reason": gone.cancel_reason}, session=gone
            )

    def _is_of_duty(self, row: ReceptionSession) -> bool:
        same_unit = row.unit_id == self.pattern.unit_id
        return same_unit and row.duty_holder == self.pattern.duty_holder


def _unknown(named: Named) -> Proposal:
    words = _("The days off of %(year)s are not known yet; look again once they are published.")
    found = Proposal(named.on, None)
    return found.refused(Remark(words % {"year": named.on.year}))


def _why(named: Named, on: dt.date) -> str:
    """Why the day is not the one that the pattern says."""
    parts = []
    if named.number is not None:
        words = _("The month has no day %(number)s: its last day stands for it.")
        parts.append(words % {"number": named.number})
    if on != named.on:
        values = {"day": f"{named.on:%d/%m/%Y}", "name": day_off_words(named.on)}
        parts.append(_("%(day)s is a day off (%(name)s): moved to the next working day.") % values)
    return " ".join(parts)


def _to_know(found: Proposal, on: dt.date) -> Iterator[Remark]:
    if (on.year, on.month) != (found.named.year, found.named.month):
        yield Remark(_("Falls into the next month and counts there."))


def _clash_words(row: ReceptionSession) -> str:
    if row.status == SessionStatus.MISSED:
        return _("The leader was to receive elsewhere at that time.")
    return _("The leader has another session at this time.")
