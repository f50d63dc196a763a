"""Reception days of the demo: some held with what came of them, some coming with free places."""

import datetime as dt
import hashlib
import random
from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Q

from accounts.access import Access
from accounts.enums import Role
from common.time import local_date, local_moment
from communes.models import Unit
from deadlines.calendars import add_working_days, is_working_day
from deadlines.models import Clock, ClockState
from escalation.recipients import Positions
from hanoi_portal.demo import officers
from hanoi_portal.demo.accounts import Cast, Post
from hanoi_portal.demo.facts import Facts
from hanoi_portal.demo.ladder import clock_climb
from hanoi_portal.demo.people import person
from hanoi_portal.demo.places import Place
from hanoi_portal.demo.reception_story import STORY_UNIT, ReceptionStory
from receptions.enums import DutyHolder, SessionKind, SessionMode, VisitOutcome
from receptions.models import ConclusionTask, ReceptionSession
from receptions.services.holding import session_hold
from receptions.services.patterns import PatternPlan, pattern_create
from receptions.services.registrations import Registered, Visitor, registration_create
from receptions.services.sessions import SessionPlan, session_plan, session_publish
from receptions.services.task_steps import StepInput, TaskStep, task_step
from receptions.services.visit_notices import visit_notice_send
from receptions.services.visits import Visit, session_record

PAST_DAYS, COMING_DAYS = 36, 28
POSTING_DAYS = (8, 13)  # working days before the session
TOPICS_WITH_CASE = 0.25
ABSENT_SHARE = 0.08
COMMUNE_DUTIES = (
    (Role.SECRETARY, DutyHolder.PARTY_SECRETARY),
    (Role.HEAD, DutyHolder.PEOPLE_COMMITTEE_CHAIR),
)
PATTERN_DAYS: dict[str, list[int]] = {
    DutyHolder.PARTY_SECRETARY: [10, 25],
    DutyHolder.PEOPLE_COMMITTEE_CHAIR: [5, 20],
    DutyHolder.HEAD_OF_AGENCY: [15],
    DutyHolder.HEAD_OF_PUBLIC_SERVICE_UNIT: [15],
}
_AGENCY = (Role.AGENCY_HEAD, DutyHolder.HEAD_OF_AGENCY)
CITY_DUTIES = {
    "TU": (Role.CITY_SECRETARY, DutyHolder.PARTY_SECRETARY),
    "UBND": (Role.CITY_CHAIR, DutyHolder.PEOPLE_COMMITTEE_CHAIR),
    "BTCD": (Role.BOARD_HEAD, DutyHolder.HEAD_OF_AGENCY),
    "TTTP": _AGENCY,
    "SNNMT": _AGENCY,
    "SXD": _AGENCY,
    "SNV": _AGENCY,
    "STC": _AGENCY,
    "STP": _AGENCY,
    "SYT": _AGENCY,
    "SGDDT": _AGENCY,
    "SQHKT": _AGENCY,
    "TTPTQD": (Role.SERVICE_HEAD, DutyHolder.HEAD_OF_PUBLIC_SERVICE_UNIT),
}
CONTENT = (
    "Tiếp công dân định kỳ: đất đai, giải phóng mặt bằng, trật tự xây dựng và các nội dung khác.",
    "Nghe ý kiến nhân dân về môi trường, hạ tầng và thủ tục hành chính.",
    "Tiếp công dân, đối thoại về bồi thường, hỗ trợ, tái định cư.",
    "Tiếp công dân định kỳ; thành phần: lãnh đạo, bộ phận chuyên môn, Mặt trận Tổ quốc.",
)
OUTCOMES = {
    VisitOutcome.ANSWERED: 4,
    VisitOutcome.TAKEN_IN: 3,
    VisitOutcome.GUIDED: 1,
    VisitOutcome.CONCLUSION: 3,
}
REPORT = "Đã kiểm tra thực địa, làm việc với các bên liên quan và trả lời công dân bằng văn bản."
LATE_SHARE = 0.08
Petition = tuple[str, str]


class Duty(NamedTuple):
    """A leader who must receive citizens in a unit."""

    unit: Unit
    place: Place
    post: Post
    duty_holder: str


class ReceptionDays:
    """Makes the sessions of one unit at a time; each unit depends on the seed and its code."""

    def __init__(self, cast: Cast, *, seed: int, now: dt.datetime) -> None:
        self.cast, self.seed, self.now = cast, seed, now
        self.positions = Positions.read(local_date(now))

    def make(self, unit: Unit, petitions: Sequence[Petition]) -> int:
        """Keep the patterns of a unit; plan, publish and hold its sessions; returns how many.

        ``petitions``: codes and secrets of petitions in the unit that visitors may speak about.
        """
        rng = random.Random(f"{self.seed}:receptions:{unit.code}")
        place = Place(unit.code, unit.full_name, unit.population or 0)
        count = 0
        taken: Sequence[dt.date] = ()
        if unit.code == STORY_UNIT:
            story = ReceptionStory(self.cast, unit, seed=self.seed, now=self.now)
            count, taken = story.make(), story.days
        for role, duty_holder in self._duties(unit):
            duty = Duty(unit, place, self.cast.post(unit.pk, role), duty_holder)
            pattern_create(access=duty.post.access, unit=unit, plan=_pattern(duty, self.now))
            for starts_at in self._starts(rng):
                if local_date(starts_at) in taken:
                    continue
                self._session(rng, duty, starts_at, petitions)
                count += 1
        self._climb(unit)
        return count

    def _climb(self, unit: Unit) -> None:
        """The ladder's steps till now for limits that receptions of the unit began."""
        of_unit = Q(conclusion_clock__task__notice__session__unit=unit)
        of_unit |= Q(visit_clock__visit__registration__session__unit=unit)
        clocks = Clock.objects.filter(of_unit, state=ClockState.RUNNING).order_by("pk")
        for clock in clocks:
            clock_climb(clock, self.positions, until=self.now)

    def _duties(self, unit: Unit) -> Sequence[tuple[Role, DutyHolder]]:
        city = CITY_DUTIES.get(unit.code)
        return [city] if city else COMMUNE_DUTIES

    def _starts(self, rng: random.Random) -> list[dt.datetime]:
        """Beginnings: at most one day held, one or two coming, on different working days."""
        today = local_date(self.now)
        held = rng.sample(range(2, PAST_DAYS), rng.choice((0, 1, 1)))
        coming = rng.sample(range(2, COMING_DAYS), rng.choice((1, 1, 1, 2)))
        days = [today - dt.timedelta(days=n) for n in held]
        days += [today + dt.timedelta(days=n) for n in coming]
        hour = rng.choice((8, 8, 8, 14))
        working = {_working(day, today) for day in days}
        return [local_moment(day, hour, rng.choice((0, 30))) for day in sorted(working)]

    def _session(
        self,
        rng: random.Random,
        duty: Duty,
        starts_at: dt.datetime,
        petitions: Sequence[Petition],
    ) -> None:
        posted = self._posted(rng, starts_at)
        access = duty.post.access
        session = session_plan(
            access=access,
            unit=duty.unit,
            plan=_plan(rng, duty, starts_at),
            at=posted - dt.timedelta(hours=2),
            quiet=True,
        )
        session = session_publish(
            access=access,
            public_id=session.public_id,
            version=session.version,
            reason="Lịch được sắp xếp lại theo chương trình công tác của Thành phố.",
            at=posted,
            quiet=True,
        )
        visitors = self._visitors(rng, duty, session, posted, petitions)
        if starts_at < self.now:
            self._hold(rng, duty, session, visitors)

    def _posted(self, rng: random.Random, starts_at: dt.datetime) -> dt.datetime:
        """When the session was announced: in time, and never later than now."""
        day = add_working_days(local_date(starts_at), -rng.randint(*POSTING_DAYS))
        return min(local_moment(day, 9, rng.randrange(60)), self.now - dt.timedelta(hours=3))

    def _visitors(
        self,
        rng: random.Random,
        duty: Duty,
        session: ReceptionSession,
        posted: dt.datetime,
        petitions: Sequence[Petition],
    ) -> list[tuple[Registered, str]]:
        """Who registered between the announcement and the session (or now), and about what."""
        until = min(session.starts_at, self.now)
        share = rng.triangular(0.0, 0.35, 0.0)
        places = round(session.capacity * share)
        if session.starts_at > self.now and rng.random() < 0.05:
            places = session.capacity
        found = []
        for number in range(min(places, session.capacity)):
            gap = (until - posted).total_seconds()
            at = posted + dt.timedelta(seconds=gap * rng.uniform(0.01, 0.97))
            topic, link = self._topic(rng, duty, posted, petitions)
            who = person(rng, duty.place)
            registered = registration_create(
                session_id=session.public_id,
                visitor=Visitor(
                    who.full_name,
                    who.identity_number,
                    who.phone or "0910001234",
                    address=who.address,
                ),
                topic=topic,
                people=rng.choice((1, 1, 1, 1, 2, 3)) if number else 1,
                petition=link,
                salt=_salt(self.seed, duty, session, number),
                at=at,
                quiet=True,
            )
            found.append((registered, topic))
        return found

    def _topic(
        self,
        rng: random.Random,
        duty: Duty,
        posted: dt.datetime,
        petitions: Sequence[Petition],
    ) -> tuple[str, Petition | None]:
        facts = Facts(rng, on=local_date(posted), place=duty.place)
        topic = officers.reception_topic(rng, facts)
        link = rng.choice(petitions) if petitions and rng.random() < TOPICS_WITH_CASE else None
        return topic, link

    def _hold(
        self,
        rng: random.Random,
        duty: Duty,
        session: ReceptionSession,
        visitors: list[tuple[Registered, str]],
    ) -> None:
        access = duty.post.access
        at = session.starts_at
        for registered, topic in visitors:
            at += dt.timedelta(minutes=rng.randint(6, 16))
            is_absent = rng.random() < ABSENT_SHARE
            visit = None if is_absent else self._visit(rng, duty, topic, at)
            session_record(
                access=access,
                session_id=session.public_id,
                code=registered.code,
                visit=visit,
                at=at,
                quiet=True,
            )
            self._task(rng, access, registered.code, at)
            if visit is not None and visit.outcome == VisitOutcome.TAKEN_IN:
                self._written(rng, access, session, registered.code)
        held_at = max(at, session.ends_at) + dt.timedelta(minutes=rng.randint(2, 25))
        if held_at < self.now:
            session_hold(
                access=access,
                public_id=session.public_id,
                version=session.version,
                at=held_at,
                quiet=True,
            )

    def _task(self, rng: random.Random, access: Access, code: str, at: dt.datetime) -> None:
        """Most tasks whose date has passed were reported and accepted; a few are late."""
        task = ConclusionTask.objects.filter(notice__visit__registration__code=code).first()
        if task is None:
            return
        reported = local_moment(task.due_on - dt.timedelta(days=rng.randint(1, 3)), 15)
        steps = [
            (TaskStep.REPORT, max(reported, at + dt.timedelta(minutes=5)), REPORT),
            (TaskStep.ACCEPT, max(reported, at) + dt.timedelta(days=1), ""),
        ]
        is_late = rng.random() < LATE_SHARE
        for step, moment, text in steps:
            if moment < self.now and not is_late:
                self._climb_task(task, until=moment)
                task = task_step(
                    access=access,
                    public_id=task.public_id,
                    version=task.version,
                    step=step,
                    said=StepInput(text),
                    at=moment,
                    quiet=True,
                )

    def _climb_task(self, task: ConclusionTask, *, until: dt.datetime) -> None:
        """What was due of a task before its next step: once reported, its ladder rests."""
        for clock in Clock.objects.filter(conclusion_clock__task=task, state=ClockState.RUNNING):
            clock_climb(clock, self.positions, until=until)

    def _written(
        self, rng: random.Random, access: Access, session: ReceptionSession, code: str
    ) -> None:
        """The written notice, a few working days after the session."""
        sent_on = add_working_days(local_date(session.starts_at), rng.randint(3, 9))
        if local_moment(sent_on, 16) < self.now:
            visit_notice_send(
                access=access,
                session_id=session.public_id,
                code=code,
                number=f"{rng.randint(10, 400)}/TB-UBND",
                sent_on=sent_on,
                at=local_moment(sent_on, 16),
                quiet=True,
            )

    def _visit(self, rng: random.Random, duty: Duty, topic: str, at: dt.datetime) -> Visit:
        facts = Facts(rng, on=local_date(at), place=duty.place)
        said = officers.reception_outcome(rng, topic, facts)
        outcome = rng.choices(list(OUTCOMES), weights=list(OUTCOMES.values()))[0]
        if outcome == VisitOutcome.TAKEN_IN:
            return Visit(
                said=said,
                outcome=outcome,
                responsible_person="Bộ phận tiếp công dân",
                due_on=add_working_days(local_date(at), 10),
            )
        if outcome != VisitOutcome.CONCLUSION:
            return Visit(said=said, outcome=outcome)
        return Visit(
            said=said,
            outcome=outcome,
            conclusion=officers.conclusion_task(rng, topic, facts),
            responsible_unit=duty.unit,
            responsible_person="Bộ phận chuyên môn",
            due_on=add_working_days(local_date(at), rng.choice((5, 7, 10, 15))),
        )


def _plan(rng: random.Random, duty: Duty, starts_at: dt.datetime) -> SessionPlan:
    return SessionPlan(
        leader=duty.post.user,
        duty_holder=duty.duty_holder,
        kind=SessionKind.PERIODIC.value,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=3),
        place=_place(duty.unit),
        capacity=rng.choice((6, 8, 8, 10, 12)),
        planned_content=rng.choice(CONTENT),
    )


def _pattern(duty: Duty, now: dt.datetime) -> PatternPlan:
    """Fixed days of the month; nothing is made from them before somebody ticks a day."""
    return PatternPlan(
        duty_holder=duty.duty_holder,
        kind=SessionKind.PERIODIC.value,
        days=PATTERN_DAYS[duty.duty_holder],
        weekday=None,
        starts=dt.time(8),
        ends=dt.time(11, 30),
        mode=SessionMode.PLACE.value,
        place=_place(duty.unit),
        capacity=7,
        slot_minutes=30,
        participants="Văn phòng, bộ phận chuyên môn, Ủy ban Mặt trận Tổ quốc Việt Nam",
        planned_content=CONTENT[0],
        valid_from=local_date(now).replace(day=1),
    )


def _place(unit: Unit) -> str:
    return f"Phòng tiếp công dân, trụ sở {unit.full_name}"


def _working(day: dt.date, today: dt.date) -> dt.date:
    """The day itself or the next working day, never today."""
    moved = day if is_working_day(day) else add_working_days(day, 1)
    return moved if moved != today else add_working_days(moved, 1)


def _salt(seed: int, duty: Duty, session: ReceptionSession, number: int) -> bytes:
    """The secret of a visitor: the same for the same seed."""
    parts = f"{seed}:{duty.unit.code}:{duty.duty_holder}:{session.starts_at}:{number}"
    return hashlib.sha256(parts.encode()).digest()[:16]
