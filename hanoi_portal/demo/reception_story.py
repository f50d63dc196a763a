"""The reception days that a visitor of the demo looks at first: one ward, every state once.

Everything is done by the services at moments of the past, and nothing is mailed.
"""

import datetime as dt
import hashlib
import random
from typing import Any

from django.conf import settings

from accounts.enums import Role
from common.time import local_date, local_moment
from communes.models import Unit
from deadlines.calendars import add_working_days, is_working_day
from hanoi_portal.demo.accounts import Cast, Post
from hanoi_portal.demo.people import person
from hanoi_portal.demo.places import Place
from receptions.enums import (
    DutyHolder,
    Need,
    PaperCondition,
    SessionKind,
    SessionMode,
    SignedHow,
    VisitOutcome,
)
from receptions.models import ConclusionTask, ReceptionSession
from receptions.selectors_conclusions import visit_get
from receptions.services.conclusions import notice_draft, notice_issue
from receptions.services.holding import session_hold
from receptions.services.minutes import (
    minutes_draft_text,
    minutes_save,
    minutes_sign,
    minutes_visitor_sign,
)
from receptions.services.misses import session_miss
from receptions.services.notice_text import NoticeText, Row
from receptions.services.papers_taken import Paper, paper_take
from receptions.services.registrations import Options, Registered, Visitor, registration_create
from receptions.services.sessions import SessionPlan, session_plan, session_publish
from receptions.services.task_steps import StepInput, TaskStep, task_step
from receptions.services.visits import Visit, session_record
from receptions.services.wishes import PLAIN

STORY_UNIT, NEIGHBOUR = "00004", "00008"
# Working days before today.
HELD_AGO, DELEGATED_AGO, MISSED_AGO = 14, 9, 6
POSTED_BEFORE = 8
AFTERNOON_FROM, LAST_HOUR = 11, 17  # local hours
PHONE = "0910001234"
GROUP = (
    "Các hộ tổ dân phố đề nghị đối thoại về phương án bồi thường, tái định cư của dự án mở rộng"
    " đường."
)
TOPICS = (
    "Đề nghị xem xét mức hỗ trợ người khuyết tật của gia đình.",
    "Hỏi tiến độ cấp giấy chứng nhận quyền sử dụng đất.",
    "Phản ánh bãi tập kết rác gây ô nhiễm cạnh trường học.",
)
TASKS = (
    "Kiểm tra thực địa ngõ đi chung, lập biên bản và báo cáo lãnh đạo phường.",
    "Công khai phương án bồi thường tại nhà văn hóa tổ dân phố và giải thích cho các hộ.",
    "Phối hợp xử lý bãi tập kết rác tại khu vực giáp ranh hai phường.",
)
REPORT = "Đã kiểm tra thực địa, lập biên bản có chữ ký của các hộ liên quan."


class ReceptionStory:
    """Makes the sessions of the ward; ``days`` are the local dates that they take."""

    def __init__(self, cast: Cast, unit: Unit, *, seed: int, now: dt.datetime) -> None:
        self.cast, self.unit, self.now = cast, unit, now
        self.rng = random.Random(f"{seed}:reception-story:{unit.code}")
        self.place = Place(unit.code, unit.full_name, unit.population or 0)
        self.secretary = cast.post(unit.pk, Role.SECRETARY)
        self.chair = cast.post(unit.pk, Role.HEAD)
        today = local_date(now)
        late = now >= local_moment(today, LAST_HOUR)
        self.coming_on = today if is_working_day(today) and not late else add_working_days(today, 1)
        self.held_on, self.delegated_on, self.missed_on = (
            add_working_days(today, -ago) for ago in (HELD_AGO, DELEGATED_AGO, MISSED_AGO)
        )
        self.days = (self.coming_on, self.held_on, self.delegated_on, self.missed_on)

    def make(self) -> int:
        """Returns how many sessions were made."""
        self._coming()
        self._held()
        self._delegated()
        self._missed()
        return len(self.days)

    def _coming(self) -> None:
        """Today or on the next working day: a group, somebody with needs, one online, one waits."""
        is_today = self.coming_on == local_date(self.now)
        later = is_today and self.now >= local_moment(self.coming_on, AFTERNOON_FROM)
        online = bool(settings.VIDEO_HOSTS)  # without a video system nobody is received online
        session = self._session(
            self.secretary, self.coming_on, capacity=3, hour=14 if later else 8, online=online
        )
        group = self._visitor(representatives=(self._name(), self._name()))
        self._register(session, group, GROUP, people=8)
        self._register(session, self._visitor(needs=(Need.WHEELCHAIR.value,)), TOPICS[0])
        self._register(session, self._visitor(), TOPICS[1], options=Options(is_online=online))
        self._register(session, self._visitor(), TOPICS[2], waiting_list=True)

    def _held(self) -> None:
        """With papers, minutes of both sides and an issued notice of three tasks."""
        session = self._session(self.chair, self.held_on, capacity=6)
        made = self._register(
            session, self._visitor(representatives=(self._name(),)), GROUP, people=6
        )
        other = self._register(session, self._visitor(), TOPICS[2])
        at = session.starts_at + dt.timedelta(minutes=20)
        paper_take(
            access=self.chair.access,
            session_id=session.public_id,
            code=made.code,
            paper=Paper("Đơn kiến nghị của các hộ", 4, PaperCondition.ORIGINAL.value),
            at=at,
        )
        self._received(session, made, VisitOutcome.TAKEN_IN, at)
        self._received(session, other, VisitOutcome.ANSWERED, at + dt.timedelta(minutes=30))
        self._minutes(session, made, at + dt.timedelta(minutes=40))
        self._close(session, self.chair)
        self._tasks(session, made, session.ends_at + dt.timedelta(minutes=40))

    def _delegated(self) -> None:
        """The Party secretary stands in for the chair: the day does not count."""
        session = self._session(self.secretary, self.delegated_on, delegated=True)
        made = self._register(session, self._visitor(), TOPICS[1])
        at = session.starts_at + dt.timedelta(minutes=15)
        self._received(session, made, VisitOutcome.ANSWERED, at)
        self._close(session, self.secretary)

    def _missed(self) -> None:
        """Published, and nobody received."""
        session = self._session(self.secretary, self.missed_on)
        self._register(session, self._visitor(), TOPICS[0])
        session.refresh_from_db()
        session_miss(
            access=self.secretary.access,
            public_id=session.public_id,
            version=session.version,
            reason="Họp đột xuất về phòng, chống thiên tai; buổi tiếp sẽ được bố trí lại.",
            at=session.ends_at,
            quiet=True,
        )

    def _session(
        self,
        post: Post,
        day: dt.date,
        *,
        capacity: int = 8,
        hour: int = 8,
        online: bool = False,
        delegated: bool = False,
    ) -> ReceptionSession:
        """Planned and published in time."""
        posted = local_moment(add_working_days(day, -POSTED_BEFORE), 9)
        plan = self._plan(
            post, local_moment(day, hour), capacity=capacity, online=online, delegated=delegated
        )
        drafted = session_plan(
            access=post.access,
            unit=self.unit,
            plan=plan,
            at=posted - dt.timedelta(hours=1),
            quiet=True,
        )
        return session_publish(
            access=post.access,
            public_id=drafted.public_id,
            version=drafted.version,
            at=posted,
            quiet=True,
        )

    def _plan(
        self, post: Post, starts_at: dt.datetime, *, capacity: int, online: bool, delegated: bool
    ) -> SessionPlan:
        chairs = delegated or post is self.chair
        duty = DutyHolder.PEOPLE_COMMITTEE_CHAIR if chairs else DutyHolder.PARTY_SECRETARY
        return SessionPlan(
            leader=post.user,
            duty_holder=duty.value,
            kind=SessionKind.PERIODIC.value,
            starts_at=starts_at,
            ends_at=starts_at + dt.timedelta(hours=3),
            place=f"Phòng tiếp công dân, trụ sở {self.unit.full_name}",
            capacity=capacity,
            planned_content="Tiếp công dân định kỳ; nghe ý kiến về bồi thường, tái định cư.",
            is_delegated=delegated,
            meeting_link=f"https://{settings.VIDEO_HOSTS[0]}/tiep-dan" if online else "",
            mode=(SessionMode.BOTH if online else SessionMode.PLACE).value,
            participants="Văn phòng, bộ phận địa chính, Ủy ban Mặt trận Tổ quốc Việt Nam",
        )

    def _register(
        self,
        session: ReceptionSession,
        visitor: Visitor,
        topic: str,
        *,
        people: int = 1,
        options: Options = PLAIN,
        waiting_list: bool = False,
    ) -> Registered:
        assert session.published_at is not None
        number = session.registrations.count()
        salt = f"{self.rng.random()}:{session.starts_at}:{number}"
        return registration_create(
            session_id=session.public_id,
            visitor=visitor,
            topic=topic,
            people=people,
            options=options,
            waiting_list=waiting_list,
            salt=hashlib.sha256(salt.encode()).digest()[:16],
            at=session.published_at + dt.timedelta(hours=2 + number),
            quiet=True,
        )

    def _name(self) -> str:
        return person(self.rng, self.place).full_name

    def _visitor(
        self, *, representatives: tuple[str, ...] = (), needs: tuple[str, ...] = ()
    ) -> Visitor:
        who = person(self.rng, self.place)
        phone = who.phone or PHONE
        return Visitor(
            who.full_name,
            who.identity_number,
            phone,
            representatives=representatives,
            needs=needs,
            address=who.address,
        )

    def _received(
        self, session: ReceptionSession, made: Registered, outcome: VisitOutcome, at: dt.datetime
    ) -> None:
        taken_in = outcome == VisitOutcome.TAKEN_IN
        visit = Visit(
            said="Công dân trình bày nội dung; lãnh đạo phường nghe, trao đổi và giải thích.",
            outcome=outcome.value,
            conclusion="" if taken_in else "Đã giải thích, hướng dẫn; công dân đồng ý.",
            responsible_unit=self.unit if taken_in else None,
            responsible_person="Bộ phận địa chính" if taken_in else "",
            due_on=add_working_days(local_date(at), 10) if taken_in else None,
        )
        post = self.chair if session.leader_id == self.chair.user.pk else self.secretary
        session_record(
            access=post.access,
            session_id=session.public_id,
            code=made.code,
            visit=visit,
            at=at,
            quiet=True,
        )

    def _close(self, session: ReceptionSession, post: Post) -> None:
        session.refresh_from_db()
        session_hold(
            access=post.access,
            public_id=session.public_id,
            version=session.version,
            at=session.ends_at + dt.timedelta(minutes=10),
            quiet=True,
        )

    def _minutes(self, session: ReceptionSession, made: Registered, at: dt.datetime) -> None:
        """Written by the clerk, signed by who received, agreed to by the visitor."""
        clerk = self.cast.post(self.unit.pk, Role.CLERK).access
        which: Any = {"session_id": session.public_id, "code": made.code}
        text = minutes_draft_text(visit_get(session, made.code))
        kept = minutes_save(access=clerk, version=0, text=text, at=at, **which)
        at += dt.timedelta(minutes=5)
        kept = minutes_sign(access=self.chair.access, version=kept.version, at=at, **which)
        minutes_visitor_sign(
            access=clerk, version=kept.version, how=SignedHow.PAPER.value, at=at, **which
        )

    def _tasks(self, session: ReceptionSession, made: Registered, at: dt.datetime) -> None:
        """Three tasks: one done, one running, one late at a neighbour."""
        today = local_date(self.now)
        neighbour = self.cast.units[NEIGHBOUR]
        rows = [
            Row(TASKS[0], self.unit, add_working_days(today, -5), "Bộ phận địa chính"),
            Row(TASKS[1], self.unit, add_working_days(today, 5), "Văn phòng"),
            Row(TASKS[2], neighbour, add_working_days(today, -3), "Bộ phận môi trường"),
        ]
        draft = notice_draft(
            access=self.chair.access,
            session_id=session.public_id,
            text=NoticeText(rows, "Qua tiếp công dân, Chủ tịch Ủy ban nhân dân phường kết luận:"),
            code=made.code,
            at=at,
            quiet=True,
        )
        notice = notice_issue(
            access=self.chair.access,
            public_id=draft.public_id,
            version=draft.version,
            at=at + dt.timedelta(minutes=20),
            quiet=True,
        )
        self._done(ConclusionTask.objects.get(notice=notice, position=1), at)

    def _done(self, task: ConclusionTask, at: dt.datetime) -> None:
        clerk = self.cast.post(self.unit.pk, Role.CLERK).access
        steps = (
            (clerk, TaskStep.RECEIVE, "", 1),
            (clerk, TaskStep.REPORT, REPORT, 4),
            (self.chair.access, TaskStep.ACCEPT, "", 5),
        )
        for access, step, text, days in steps:
            task = task_step(
                access=access,
                public_id=task.public_id,
                version=task.version,
                step=step,
                said=StepInput(text),
                at=at + dt.timedelta(days=days),
                quiet=True,
            )
