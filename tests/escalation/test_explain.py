"""Why it was or was not escalated: per case and per run, in words that name the reason."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.time import local_moment, now
from communes.models import Unit
from deadlines.models import Clock
from escalation.explain import Explained, clocks_explained
from escalation.models import Escalation, LadderSwitch, SweepRun, SweepStop
from escalation.services import Answer, escalation_acknowledge
from escalation.sweep import sweep_run
from tests.escalation.test_sweep import BREACH, FILED, clock_of
from tests.people import WARD, Story, access_make, person_make

pytestmark = pytest.mark.django_db
Make = Callable[..., Story]


@pytest.fixture(autouse=True)
def _people(db: None, time_machine: Any) -> None:
    time_machine.move_to(BREACH + dt.timedelta(hours=2), tick=False)
    for name in ("clerk", "handler", "chair", "board_head", "city_chair", "admin"):
        person_make(name)


def explained(tale: Story) -> Explained:
    clock = Clock.objects.select_related("holder_unit").get(case_clock__case=tale.case)
    return clocks_explained([clock])[0]


def states(tale: Story) -> dict[str, str]:
    return {line.words: line.state for line in explained(tale).lines}


def test_every_step_says_what_became_of_it(story: Make) -> None:
    tale = story(at=FILED)
    sweep_run(at=BREACH)
    found = list(states(tale).values())
    assert found[:3] == ["đã nhắc", "đã nhắc", "chờ trả lời"]
    assert found[3].startswith("không áp dụng cho thời hạn này: không do cơ quan khác")
    assert found[4] == "sẽ đến nếu chưa hoàn thành"
    assert len(found) == 9


def test_an_answer_is_shown_with_its_step_and_date(story: Make) -> None:
    tale = story(at=FILED)
    sweep_run(at=BREACH)
    row = Escalation.objects.get(step_code="breach")
    answer = Answer("Chờ đo đạc.", until=dt.date(2026, 11, 30))
    escalation_acknowledge(access=access_make("chair"), public_id=row.public_id, answer=answer)
    item = explained(tale)
    line = next(line for line in item.lines if line.state == "đã xác nhận")
    assert any("30/11/2026" in detail for detail in line.details)
    assert "Chờ đo đạc." in line.details
    assert any("giữ bước tiếp theo" in brake for brake in item.brakes)


def test_what_keeps_the_ladder_back_is_named(story: Make) -> None:
    tale = story(at=FILED)
    unit = Unit.objects.get(code=WARD)
    LadderSwitch.objects.create(
        unit=unit,
        reason="Đang sáp nhập.",
        from_at=now(),
        until_at=now() + dt.timedelta(days=2),
        made_by=person_make("admin"),
        made_at=now(),
    )
    SweepStop.objects.create(unit=unit, due=9, cap=2, opened_at=now())
    Clock.objects.update(parked_at=now(), parked_reason="KeyError")
    brakes = " ".join(explained(tale).brakes)
    assert "Đang sáp nhập." in brakes
    assert "chờ quản trị viên" in brakes
    assert "do lỗi" in brakes


def test_a_met_limit_needs_no_further_step(story: Make) -> None:
    tale = story(at=FILED).accepted(at=FILED)
    clock = Clock.objects.select_related("holder_unit").get(rule_code="KN-ACC")
    lines = clocks_explained([clock])[0].lines
    assert {line.state for line in lines if "áp dụng" not in line.state} == {
        "không cần: thời hạn đã kết thúc ngày 16/11/2026"
    }
    assert tale.case.is_open


def test_three_queries_for_any_number_of_limits(story: Make) -> None:
    for _ in range(4):
        story(at=FILED)
    sweep_run(at=BREACH)
    clocks = list(Clock.objects.select_related("holder_unit"))
    with CaptureQueriesContext(connection) as seen:
        clocks_explained(clocks)
    assert len(seen) == 3


def test_the_page_of_a_case_shows_it_and_takes_a_report_by_hand(story: Make, client: Any) -> None:
    tale = story(at=FILED)
    sweep_run(at=BREACH)
    url = f"/can-bo/vu-viec/{tale.filed.code}/bao-cao-len/"
    client.force_login(person_make("clerk"))
    page = client.get(url).content.decode()
    assert "nhắc trước hạn 3 ngày làm việc".capitalize() in page
    refused = client.post(url, {"place": "head", "reason": ""})
    assert refused.status_code == 200
    assert not Escalation.objects.filter(step_code="manual").exists()
    assert client.post(url, {"place": "head", "reason": "Hai ngành khác ý."}).status_code == 302
    assert "Hai ngành khác ý." in client.get(url).content.decode()
    client.force_login(person_make("other_chair"))
    assert client.get(url).status_code == 404


def test_the_head_reads_why_it_is_before_him_and_the_draft(story: Make, client: Any) -> None:
    tale = story(at=FILED)
    late = local_moment(dt.date(2026, 12, 1), 8)
    sweep_run(at=late)
    row = Escalation.objects.get(step_code="board_urges")
    client.force_login(person_make("board_head"))
    page = client.get(f"/can-bo/leo-thang/{row.public_id}/").content.decode()
    assert "Kính gửi: " in page
    assert tale.filed.code in page
    assert "khoản 1 Điều 32 Nghị định 154/2026/NĐ-CP" in page


def test_the_administrator_sees_each_run_by_reason_but_no_case(story: Make, client: Any) -> None:
    tale = story(at=FILED)
    sweep_run(at=BREACH + dt.timedelta(days=6))
    client.force_login(person_make("admin"))
    listed = client.get("/can-bo/leo-thang/quan-ly/").content.decode()
    run = SweepRun.objects.get()
    assert f"/can-bo/leo-thang/quan-ly/lan-quet/{run.pk}/" in listed
    page = client.get(f"/can-bo/leo-thang/quan-ly/lan-quet/{run.pk}/").content.decode()
    assert "do cơ quan khác chuyển đến nên không có bước đôn đốc" in page
    assert tale.case.unit.full_name in page
    assert tale.filed.code not in page
    assert clock_of(tale).basis[1:40] in page
