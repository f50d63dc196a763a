"""Invented land projects with their stages, dialogues and petitions, and signals that people have
followed and judged."""

import datetime as dt
import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.access import Access
from accounts.enums import Role
from common.time import local_date
from early_warning.enums import LAND_FIELDS, STAGES
from early_warning.models import LandProject, Signal
from early_warning.services import (
    DialogueRecord,
    ProjectRecord,
    StageRecord,
    cases_link,
    dialogue_record,
    project_create,
    signal_appoint,
    signal_close,
    signal_follow_up,
    signals_look,
    stage_record,
)
from hanoi_portal.demo.accounts import Cast
from hanoi_portal.demo.projects import PROJECTS, Project
from petitions.enums import Kind
from petitions.models import Case

ENTERED_BEFORE = dt.timedelta(days=260)
LOOKED_BEFORE = dt.timedelta(days=14)
LINKED_MOST = 60
JUDGED_MOST = 40
TALKS = (
    "Giải thích đơn giá bồi thường, tiếp nhận ý kiến về giá đất nông nghiệp và hỗ trợ nghề.",
    (
        "Đối thoại về khu tái định cư: vị trí, hạ tầng, thời gian bàn giao; thống nhất kiểm tra lại"
        " diện tích của các hộ có ý kiến."
    ),
)
FOLLOWED = "Đã làm việc với tổ dân phố, phân loại theo từng nhóm hộ, hẹn đối thoại trong tuần tới."
SETTLED = "Đã đối thoại, trả lời bằng văn bản từng nội dung; các hộ đồng thuận."
FALSE = "Các đơn có nội dung khác nhau, trùng thời điểm do đợt cấp giấy chứng nhận."


def warnings_make(cast: Cast, *, seed: int, now: dt.datetime) -> int:
    """Make projects and signals through the services, once; how many projects are new. They lead
    up to ``now`` (UTC moment)."""
    if LandProject.objects.exists():
        return 0
    rng = random.Random(f"warnings {seed}")
    wanted = [project for project in PROJECTS if set(project.fields) & set(LAND_FIELDS)]
    with transaction.atomic():
        for project in wanted:
            _project(cast, project, rng, now)
    signals_look(at=now - LOOKED_BEFORE, quiet=True)
    signals_look(at=now, quiet=True)
    with transaction.atomic():
        _judge(cast, rng, now)
    return len(wanted)


def _project(cast: Cast, project: Project, rng: random.Random, now: dt.datetime) -> None:
    unit = cast.units[project.codes[0]]
    access = cast.post(unit.pk, Role.SECRETARY).access
    entered = now - ENTERED_BEFORE
    decided = local_date(entered) - dt.timedelta(days=rng.randint(5, 40))
    given = ProjectRecord(
        name=project.name[:1].upper() + project.name[1:],
        area=f"Khu vực dự án tại {unit.full_name} và vùng giáp ranh",
        units=project.codes,
        hectares=Decimal(rng.randint(150, 4200)) / 100,
        investor=project.owner,
        decision_number=f"{rng.randint(100, 4999)}/QĐ-UBND",
        decision_on=decided,
        households=rng.randint(40, 900),
    )
    row = project_create(access=access, given=given, at=entered)
    _stages(access, row, rng, now)
    for number in range(rng.randint(1, len(TALKS))):
        _talk(access, row, TALKS[number], now - dt.timedelta(days=rng.randint(10, 150)))
    _link(cast, row, project, now)


def _stages(access: Access, row: LandProject, rng: random.Random, now: dt.datetime) -> None:
    """From two to five stages done, one a month or two, the next ones planned."""
    done = rng.randint(2, 5)
    day = local_date(now) - dt.timedelta(days=rng.randint(12, 40) + 38 * (done - 1))
    for number, stage in enumerate(STAGES):
        is_done = number < done
        planned = day - dt.timedelta(days=rng.randint(0, 6)) if is_done else day
        given = StageRecord(planned_on=planned, done_on=day if is_done else None)
        row.refresh_from_db()
        stage_record(
            access=access,
            public_id=row.public_id,
            version=row.version,
            stage=stage,
            given=given,
            at=now,
        )
        day += dt.timedelta(days=38)


def _talk(access: Access, row: LandProject, content: str, at: dt.datetime) -> None:
    row.refresh_from_db()
    dialogue_record(
        access=access,
        public_id=row.public_id,
        version=row.version,
        given=DialogueRecord(people=60, content=content, held_on=local_date(at)),
    )


def _link(cast: Cast, row: LandProject, project: Project, now: dt.datetime) -> None:
    """Petitions that name the project, linked by the clerk of each unit."""
    proper = [word.strip(",") for word in project.name.split() if word[:1].isupper()]
    name = " ".join(proper[:2])
    for code in project.codes:
        unit = cast.units[code]
        rows = Case.objects.exclude(kind=Kind.DENUNCIATION).filter(
            unit=unit, letters__content__contains=name
        )
        codes = list(rows.order_by("pk").values_list("code", flat=True).distinct()[:LINKED_MOST])
        if codes:
            row.refresh_from_db()
            cases_link(
                access=cast.post(unit.pk, Role.CLERK).access,
                public_id=row.public_id,
                version=row.version,
                codes=codes,
                at=now,
            )


def _judge(cast: Cast, rng: random.Random, now: dt.datetime) -> None:
    rows = Signal.objects.select_related("unit", "rule").order_by("id")
    own = [row for row in rows if row.unit.is_commune_level]
    for row in rng.sample(own, min(JUDGED_MOST, len(own))):
        _followed(cast, row, rng.choice(("new", "watch", "watch", "true", "true", "false")), now)


def _followed(cast: Cast, row: Signal, end: str, now: dt.datetime) -> None:
    if end == "new":
        return
    head = cast.post(row.unit_id, Role.HEAD)
    clerk = cast.post(row.unit_id, Role.CLERK)
    moments: Sequence[dt.datetime] = [now - dt.timedelta(days=n) for n in (9, 6, 2)]
    looks = [local_date(moment) + dt.timedelta(days=7) for moment in moments]
    key: dict[str, Any] = {"public_id": row.public_id, "quiet": True}
    signal_appoint(
        access=head.access,
        version=row.version,
        owner=clerk.user.username,
        next_look_on=looks[0],
        at=moments[0],
        **key,
    )
    signal_follow_up(
        access=clerk.access,
        version=row.version + 1,
        text=FOLLOWED,
        next_look_on=looks[1],
        at=moments[1],
        **key,
    )
    if end != "watch":
        signal_close(
            access=head.access,
            version=row.version + 2,
            is_true=end == "true",
            text=SETTLED if end == "true" else FALSE,
            at=moments[2],
            **key,
        )
