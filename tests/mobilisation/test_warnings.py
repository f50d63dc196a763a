"""Who is told that a programme runs out, and only once."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from common.models import JobState
from directives.evidence import evidence_of
from directives.models import Assignment, Task
from directives.services import breakdown_copy, directive_publish, task_change
from mobilisation.services import IndexFacts, index_record, programme_change, programme_end
from mobilisation.tasks import warn_programmes
from notifications.models import OutboxMessage
from tests.directives import keeping as documents
from tests.directives.giving import all_told, give
from tests.mobilisation.keeping import (
    AT,
    MONDAY,
    access,
    do,
    drafted,
    opinion,
    opinion_sent,
    record,
    rules,
    signed,
)
from tests.mobilisation.models_made import draft, recognised, registered
from tests.people import WARD

pytestmark = pytest.mark.django_db
SOON = MONDAY + dt.timedelta(days=30)


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)


def told() -> list[tuple[str, str]]:
    return all_told("programme_ends", OutboxMessage.objects.filter(channel="app"))


def test_the_party_committee_is_told_once_of_what_runs_out() -> None:
    signed(valid_until=SOON)
    signed("propaganda", "BTGDV", valid_until=MONDAY)
    signed(valid_until=SOON + dt.timedelta(days=1))
    signed(valid_until=MONDAY - dt.timedelta(days=1))
    drafted(valid_until=SOON)
    ended = signed(valid_until=SOON)
    do(programme_end, ended, ended_on=MONDAY, reason="Sáp nhập.")
    assert warn_programmes() == 2
    assert told() == [(WARD, "secretary"), ("BTGDV", "propaganda")]
    assert warn_programmes() == 2
    assert len(told()) == 2
    state = JobState.objects.get(name="mobilisation.warn_programmes")
    assert state.last_succeeded_at is not None


def test_another_last_day_is_another_fact() -> None:
    row = signed(valid_until=SOON)
    warn_programmes()
    do(programme_change, row, record=record(valid_until=SOON - dt.timedelta(days=3)))
    warn_programmes()
    assert len(told()) == 2


# What tasks of directives show


def shown(who: str, task: str) -> list[tuple[str, str, str]]:
    row = Assignment.objects.with_list_data().get(unit__code=WARD, task__code=task)
    return [(str(e.label), e.url, str(e.note)) for e in evidence_of(access(who), row)]


def test_tasks_show_programmes_rules_and_reports_of_their_unit() -> None:
    signed(valid_until=SOON)
    signed("propaganda", "BTGDV")
    rules()
    opinion_sent()
    assert shown("clerk", "1699-cv-tu-4-regulations") == [
        (
            "1 chương trình phối hợp còn hiệu lực",
            f"/can-bo/dan-van/chuong-trinh/?unit={WARD}",
            "1 chương trình hết hiệu lực trong 30 ngày tới",
        )
    ]
    label, url, _note = shown("clerk", "1699-cv-tu-5-democracy")[0]
    assert label.startswith("1/4 ")
    assert url == f"/can-bo/dan-van/quy-che/{WARD}/"
    assert shown("clerk", "1699-cv-tu-4-opinion")[0][0] == "1 báo cáo tình hình đã gửi"
    assert shown("clerk", "1699-cv-tu-1-plan") == []


def test_tasks_show_models_and_indices_of_their_unit() -> None:
    registered()
    draft()
    recognised(title="Tuyến đường tự quản")
    assert shown("clerk", "1699-cv-tu-2-models") == [
        (
            "2 mô hình “Dân vận khéo” đã đăng ký",
            f"/can-bo/dan-van/mo-hinh/?unit={WARD}",
            "1 được công nhận; 1 mô hình chờ quyết định",
        )
    ]
    label, url, note = shown("clerk", "1699-cv-tu-3-service")[0]
    assert label == "Chưa nhập chỉ số của đơn vị"
    assert url == f"/can-bo/dan-van/chi-so/?unit={WARD}"
    assert "PAR 2024: 92,57%" in note
    facts = IndexFacts(value=Decimal("88.5"), source="Quyết định công bố")
    key = {"kind": "par", "year": 2025, "unit": WARD, "version": 0}
    index_record(access=access("propaganda"), facts=facts, **key)
    assert shown("clerk", "1699-cv-tu-3-service")[0][0] == "PAR 2025: 88,5%"


def test_a_copied_task_shows_the_same_register_and_another_may_be_chosen() -> None:
    signed()
    directive = documents.entered()
    documents.do(breakdown_copy, directive, source="1699-cv-tu")
    documents.do(directive_publish, directive, at=AT)
    task = Task.objects.get(group__directive=directive, evidence_source="programmes")
    give(task, WARD)
    assert [line[0] for line in shown("clerk", task.code)] == [
        "1 chương trình phối hợp còn hiệu lực"
    ]
    plan = documents.plan(evidence_source="rules")
    documents.do(task_change, directive, code=task.code, version=1, plan=plan)
    assert shown("clerk", task.code)[0][0].startswith("0/4 ")
    plan = documents.plan()
    documents.do(task_change, directive, code=task.code, version=2, plan=plan)
    assert shown("clerk", task.code) == []


def test_a_confidential_report_shows_on_no_task_of_those_who_may_not_know() -> None:
    before = shown("clerk", "1699-cv-tu-4-opinion")
    opinion_sent("secretary", secrecy="confidential")
    opinion("secretary", secrecy="confidential")
    assert shown("clerk", "1699-cv-tu-4-opinion") == before
    assert shown("propaganda", "1699-cv-tu-4-opinion") != before
