"""What cannot be is refused, and the refusal names the article."""

from collections.abc import Callable

import pytest
from django.test import Client

from common.errors import DomainError
from communes.models import Unit
from deadlines.models import Clock
from deadlines.services import clock_build, clock_extend, clock_pause, clock_resume
from tests.deadlines.days import on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar")]


def start(unit: Unit, code: str = "TC-RES", day: str = "2026-07-01") -> Clock:
    clock = clock_build(rule_code=code, started_on=on(day), holder_unit=unit)
    clock.save(force_insert=True)
    return clock


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as error:
        act()
    said = [str(text) for texts in error.value.fields.values() for text in texts]
    return " ".join([str(error.value.message), *said])


def test_a_start_before_the_rule_was_in_force(unit: Unit) -> None:
    text = refused(lambda: start(unit, "KN-ACC", "2026-06-30"))
    assert "khoản 1 Điều 16 Nghị định 124/2020/NĐ-CP" in text
    assert "từ 01/07/2026" in text


def test_a_start_after_the_rule_ended(unit: Unit) -> None:
    text = refused(lambda: start(unit, "KN-ACC-OLD", "2026-07-01"))
    assert "Điều 27 Luật Khiếu nại" in text
    assert "đến 30/06/2026" in text


def test_a_rule_without_a_number(unit: Unit) -> None:
    assert "Điều 34 Luật Tố cáo" in refused(lambda: start(unit, "TC-SUSP-CLOCK"))


def test_an_unknown_rule(unit: Unit) -> None:
    assert "Không có quy tắc" in refused(lambda: start(unit, "XX-1"))


def test_a_suspension_before_the_start(unit: Unit) -> None:
    clock = start(unit)
    text = refused(lambda: clock_pause(clock=clock, on=on("2026-06-30")))
    assert "Điều 34 Luật Tố cáo" in text


def test_resumed_before_it_was_suspended(unit: Unit) -> None:
    clock = start(unit)
    clock_pause(clock=clock, on=on("2026-07-10"))
    text = refused(lambda: clock_resume(clock=clock, on=on("2026-07-09")))
    assert "Điều 34 Luật Tố cáo" in text
    assert "10/07/2026" in text


def test_suspensions_that_overlap(unit: Unit, client: Client) -> None:
    clock = start(unit)
    clock_pause(clock=clock, on=on("2026-07-10"))
    clock_resume(clock=clock, on=on("2026-07-20"))
    text = refused(lambda: clock_pause(clock=clock, on=on("2026-07-19")))
    assert "20/07/2026" in text
    query = "rule=TC-RES&start=2026-07-01&suspended=2026-07-10/2026-07-20"
    answer = client.get(f"/api/v1/deadlines/?{query}&suspended=2026-07-15/2026-07-25").json()
    assert "Điều 34 Luật Tố cáo" in answer["fields"]["suspended"][0]


def test_extended_twice_where_once_is_allowed(unit: Unit) -> None:
    clock = start(unit)
    clock_extend(clock=clock, rule_code="TC-RES-X1", on=on("2026-07-20"))
    text = refused(lambda: clock_extend(clock=clock, rule_code="TC-RES-X1", on=on("2026-07-21")))
    assert "khoản 2 Điều 30 Luật Tố cáo" in text
    assert len(clock.extensions) == 1


def test_extended_by_more_than_the_law_allows(unit: Unit) -> None:
    clock = start(unit)
    text = refused(
        lambda: clock_extend(clock=clock, rule_code="TC-RES-X1", on=on("2026-07-20"), amount=31)
    )
    assert "khoản 2 Điều 30 Luật Tố cáo" in text
