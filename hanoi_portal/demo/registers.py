"""Programmes, rules and opinion reports of some units, invented, so that the registers show what
they are for: much is in order, some is late, missing or returned."""

import datetime as dt
import random
from typing import Any

from django.db import transaction

from accounts.access import Access
from accounts.enums import Role
from common.time import local_date
from communes.models import Unit
from hanoi_portal.demo.accounts import Cast
from hanoi_portal.demo.facts import FIRST_DAY
from mobilisation.enums import OpinionSecrecy, RuleState
from mobilisation.lists import rule_kinds
from mobilisation.models import Programme
from mobilisation.services import (
    Activity,
    OpinionWords,
    ProgrammeRecord,
    RuleRecord,
    activity_record,
    opinion_answer,
    opinion_create,
    opinion_send,
    programme_create,
    programme_end,
    programme_sign,
    rule_record,
)

PROGRAMME_UNITS, RULE_UNITS, OPINION_UNITS = 16, 40, 12
SHOWN_UNIT = "00004"
READER = "BTGDV"
TITLES = (
    ("Chương trình phối hợp công tác dân vận của hệ thống chính trị", "propaganda authority front"),
    ("Chương trình phối hợp bảo đảm an ninh, trật tự ở cơ sở", "authority police front"),
    ("Chương trình phối hợp xây dựng thế trận lòng dân", "propaganda military police"),
    ("Chương trình phối hợp vận động nhân dân chỉnh trang đô thị", "authority front women youth"),
)
DONE = (
    "Tuyên truyền về phòng cháy và chữa cháy, tặng bình chữa cháy cho các tổ dân phố.",
    "Ra quân tổng vệ sinh, vận động hộ dân thu gom rác đúng giờ.",
    "Tọa đàm với người có uy tín, chức sắc tôn giáo trên địa bàn.",
    "Thăm, tặng quà gia đình chính sách và hộ khó khăn.",
)
SAID = {
    "land": "Nhân dân quan tâm tiến độ công bố phương án bồi thường, tái định cư của dự án mở đường.",
    "environment": "Một số hộ phản ánh mùi từ điểm tập kết rác, đề nghị chuyển ra xa khu dân cư.",
    "order": "Tình hình trật tự ổn định; còn tình trạng đỗ xe lấn vỉa hè vào giờ cao điểm.",
    "administration": "Người dân ghi nhận thời gian trả kết quả nhanh hơn, mong có thêm ghế chờ.",
    "apparatus": "Nhân dân đồng tình với mô hình mới, mong biết rõ nơi nộp hồ sơ sau sắp xếp.",
    "religion": "Sinh hoạt tôn giáo diễn ra bình thường, đúng quy định.",
}
STATES = (
    RuleState.PROMULGATED, RuleState.PROMULGATED, RuleState.PROMULGATED, RuleState.DRAFTING,
    RuleState.UNDER_REVIEW,
)  # fmt: skip


def registers_make(cast: Cast, *, seed: int, now: dt.datetime) -> int:
    """Make the registers through the services unless there are some; returns how many programmes,
    rules and reports are new. They lead up to ``now`` (UTC moment)."""
    if Programme.objects.exists():
        return 0
    work = _Work(cast, seed, now)
    with transaction.atomic():
        return work.make()


class _Work:
    def __init__(self, cast: Cast, seed: int, now: dt.datetime) -> None:
        self.cast, self.now, self.on = cast, now, local_date(now)
        self.rng = random.Random(f"{seed}:registers")
        self.units = [u for _code, u in sorted(cast.units.items()) if u.is_commune_level]

    def make(self) -> int:
        shown = self.cast.units[SHOWN_UNIT]
        others = [unit for unit in self.units if unit.code != SHOWN_UNIT]
        made = 0
        for unit in [shown, *self.rng.sample(others, PROGRAMME_UNITS)]:
            made += self._programmes(unit)
        for unit in [shown, *self.rng.sample(others, RULE_UNITS)]:
            made += self._rules(unit)
        for unit in [shown, *self.rng.sample(others, OPINION_UNITS)]:
            made += self._opinions(unit)
        return made

    def _access(self, unit: Unit, role: Role) -> Access:
        return self.cast.post(unit.pk, role).access

    def _ago(self, days: int) -> dt.datetime:
        return self.now - dt.timedelta(days=days, hours=2)

    def _programmes(self, unit: Unit) -> int:
        """One or two a unit; some run out soon, some have expired, one has ended."""
        count = 2 if unit.code == SHOWN_UNIT else 1
        for number, (title, parties) in enumerate(self.rng.sample(TITLES, count), start=1):
            last = self.on + dt.timedelta(days=self.rng.choice((-20, 12, 25, 200, 400)))
            signed = max(self.on - dt.timedelta(days=self.rng.randint(60, 300)), FIRST_DAY)
            self._programme(unit, number, title, parties.split(), signed, last)
        return count

    def _programme(
        self,
        unit: Unit,
        number: int,
        title: str,
        parties: list[str],
        signed: dt.date,
        last: dt.date,
    ) -> None:
        access = self._access(unit, Role.SECRETARY)
        record = ProgrammeRecord(
            title=title,
            parties=parties,
            number=f"{number:02}-CTPH/ĐU",
            contents="Phối hợp nắm tình hình nhân dân, tuyên truyền, vận động và đối thoại.",
            signed_on=signed,
            valid_from=signed,
            valid_until=last,
        )
        at = self._ago(50)
        row = programme_create(access=access, unit=unit, record=record, at=at)
        row = programme_sign(access=access, public_id=row.public_id, version=1, at=at)
        said = Activity(
            held_on=min(max(local_date(self._ago(self.rng.randint(5, 45))), signed), last),
            place=f"Nhà văn hóa tổ dân phố số {self.rng.randint(2, 18)}",
            people=self.rng.randint(25, 180),
            done=self.rng.choice(DONE),
        )
        key: dict[str, Any] = {"access": access, "public_id": row.public_id}
        activity_record(**key, version=2, activity=said, at=self._ago(4))
        if self.rng.random() < 0.1 and last > self.on:
            day = local_date(self._ago(3))
            programme_end(**key, version=3, ended_on=day, reason="Tổ chức lại đầu mối phối hợp.",
                          at=self._ago(3))  # fmt: skip

    def _rules(self, unit: Unit) -> int:
        expected = [kind.code for kind in rule_kinds().values() if kind.is_expected]
        kinds = self.rng.sample(expected, self.rng.randint(1, 3))
        for number, kind in enumerate(kinds, start=11):
            state = self.rng.choice(STATES)
            holds = state == RuleState.PROMULGATED
            issued = max(self.on - dt.timedelta(days=self.rng.randint(40, 300)), FIRST_DAY)
            record = RuleRecord(
                state=state,
                number=f"{number}/QĐ-UBND" if holds else "",
                issued_on=issued if holds else None,
                approved_by=f"Ủy ban nhân dân {unit.full_name}" if holds else "",
                review_on=issued + dt.timedelta(days=365) if holds else None,
            )
            access = self._access(unit, Role.HEAD)
            rule_record(access=access, unit=unit, kind=kind, version=0, record=record,
                        at=self._ago(30))  # fmt: skip
        return len(kinds)

    def _opinions(self, unit: Unit) -> int:
        """The last whole month of every unit, and one draft and one confidential report in the ward that
        the demo shows."""
        self._opinion(unit, Role.FRONT, OpinionSecrecy.NORMAL)
        if unit.code != SHOWN_UNIT:
            return 1
        self._opinion(unit, Role.SECRETARY, OpinionSecrecy.CONFIDENTIAL)
        words = self._words("week", self.on - dt.timedelta(days=1), OpinionSecrecy.NORMAL)
        opinion_create(
            access=self._access(unit, Role.CLERK), unit=unit, words=words, at=self._ago(0)
        )
        return 3

    def _opinion(self, unit: Unit, role: Role, secrecy: OpinionSecrecy) -> None:
        access = self._access(unit, role)
        at = self._ago(self.rng.randint(2, 9))
        last_month = local_date(at).replace(day=1) - dt.timedelta(days=1)
        words = self._words("month", last_month, secrecy)
        row = opinion_create(access=access, unit=unit, words=words, at=at)
        opinion_send(access=access, public_id=row.public_id, version=1, at=at, quiet=True)
        if (chance := self.rng.random()) < 0.6:
            is_read = chance < 0.5
            opinion_answer(
                access=self.cast.post(self.cast.units[READER].pk, Role.PROPAGANDA).access,
                public_id=row.public_id,
                version=2,
                is_read=is_read,
                text="" if is_read else "Đề nghị nêu rõ số hộ và địa bàn, gửi lại bản đính chính.",
                at=self._ago(1),
                quiet=True,
            )

    def _words(self, period: str, day: dt.date, secrecy: OpinionSecrecy) -> OpinionWords:
        topics = self.rng.sample(list(SAID), self.rng.randint(2, 4))
        return OpinionWords(
            period=period,
            starts_on=day,
            secrecy=secrecy,
            texts={code: SAID[code] for code in topics},
            assessment="Tư tưởng nhân dân cơ bản ổn định, tin tưởng vào chính quyền hai cấp.",
            proposals="Đề nghị Thành phố sớm trả lời kiến nghị về hạ tầng, môi trường.",
        )
