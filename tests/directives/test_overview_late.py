"""What is late, who must act, and urging a unit."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from communes.models import Unit
from directives.models import Assignment, AssignmentEvent
from escalation.sweep import sweep_run
from notifications.models import OutboxMessage
from tests.directives.giving import give, later, monthly, report, task_make
from tests.directives.overseeing import HOME, PASSED
from tests.people import OTHER_WARD, WARD, person_make

pytestmark = pytest.mark.django_db
Enter = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(later(1), tick=False)


def test_what_is_late_and_who_must_act(enter: Enter, time_machine: Any) -> None:
    give(task_make(title="Trễ ít"), WARD, due_on=dt.date(2026, 11, 24))
    give(task_make(title="Trễ nhiều"), OTHER_WARD, due_on=PASSED, addressee="authority")
    give(task_make(title="Còn hạn"), WARD)
    for name in ("other_chair", "propaganda", "party_office", "secretary"):
        person_make(name)
    time_machine.move_to(later(9), tick=False)
    sweep_run(at=later(9))
    rows = enter("propaganda").get(f"{HOME}cham/").context["rows"]
    assert [(row["task"].title, row["days"]) for row in rows] == [("Trễ nhiều", 5), ("Trễ ít", 1)]
    assert rows[0]["who"].startswith("Chủ tịch")
    assert Unit.objects.get(code=OTHER_WARD).full_name in rows[0]["risen"]
    assert "cấp 1" in rows[0]["risen"]
    assert rows[0]["last"] == "Đã báo cáo lên cấp trên do quá hạn, 25/11/2026"


def test_reports_that_are_owed_are_a_list_of_their_own(enter: Enter, time_machine: Any) -> None:
    row = give(monthly(title="Kỳ"), WARD)
    time_machine.move_to(later(25), tick=False)
    page = enter("propaganda").get(f"{HOME}cham/")
    assert page.context["kind"] == "period"  # the only kind of which anything is late
    (line,) = page.context["rows"]
    assert (line["task"].title, line["days"]) == ("Kỳ", 6)
    assert line["what"] == "01/11/2026 – 30/11/2026"
    report(row, state="in_progress", period=row.periods.get().public_id, at=later(25))
    assert "Không có nội dung quá hạn" in enter("propaganda").get(f"{HOME}cham/").content.decode()


def test_late_by_unit_document_addressee_and_body(enter: Enter, time_machine: Any) -> None:
    led = Unit.objects.get(code="MTTQ")
    give(task_make(title="Của Mặt trận", lead_unit=led), WARD, due_on=PASSED, addressee="front")
    give(task_make(title="Khác"), OTHER_WARD, due_on=PASSED)
    time_machine.move_to(later(9), tick=False)
    client = enter("propaganda")

    def titles(**query: str) -> list[str]:
        rows = client.get(f"{HOME}cham/", query).context["rows"]
        return [row["task"].title for row in rows]

    assert titles(body="MTTQ") == titles(addressee="front") == ["Của Mặt trận"]
    assert titles(body="BTGDV") == ["Khác"]
    assert titles(directive="36-ct-tu") == titles() == ["Của Mặt trận", "Khác"]  # no such choice
    here, there = (Unit.objects.get(code=code).search_text for code in (WARD, OTHER_WARD))
    assert titles(q=next(word for word in there.split() if word not in here)) == ["Khác"]


def test_pages_of_the_late_list(enter: Enter, time_machine: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("directives.views_overview.PAGE_SIZE", 2)
    for _ in range(5):
        give(task_make(), WARD, due_on=PASSED)
    time_machine.move_to(later(9), tick=False)
    client, seen, address = enter("propaganda"), [], f"{HOME}cham/"
    while address:
        context = client.get(address).context
        seen += [row["assignment"].pk for row in context["rows"]]
        address = f"{HOME}cham/{context['next_href']}" if context["next_href"] else ""
    assert len(seen) == len(set(seen)) == 5


def urged(row: Assignment) -> int:
    return AssignmentEvent.objects.filter(
        assignment=row, action="directives.assignment.urged"
    ).count()


def test_a_unit_is_urged_once_a_day(enter: Enter, time_machine: Any) -> None:
    rows = [
        give(task_make(), WARD, due_on=PASSED),
        give(task_make(), WARD, due_on=PASSED, addressee="authority"),
    ]
    time_machine.move_to(later(9), tick=False)
    client = enter("party_office")
    address = f"{HOME}don-vi/{WARD}/don-doc/"
    for _ in range(2):
        assert client.post(address).status_code == 302
    assert [urged(row) for row in rows] == [1, 1]
    told = OutboxMessage.objects.filter(template="directive_urged", channel="app")
    assert sorted(told.values_list("position", flat=True)) == ["head", "secretary"]
    page = client.get(f"{HOME}don-vi/{WARD}/").content.decode()
    assert "Hôm nay đã đôn đốc đơn vị" in page
    rows[0].refresh_from_db()
    assert rows[0].version == 1  # nobody's open form goes stale
    time_machine.move_to(later(10), tick=False)
    client.post(address)
    assert urged(rows[0]) == 2
    assert client.post(f"{HOME}don-vi/{OTHER_WARD}/don-doc/").status_code == 302
    assert not OutboxMessage.objects.filter(unit__code=OTHER_WARD, template="directive_urged")


@pytest.mark.parametrize("who", ["clerk", "city_secretary", "inspector"])
def test_others_do_not_urge(enter: Enter, who: str, time_machine: Any) -> None:
    row = give(task_make(), WARD, due_on=PASSED)
    time_machine.move_to(later(9), tick=False)
    assert enter(who).post(f"{HOME}don-vi/{WARD}/don-doc/").status_code == 403
    assert urged(row) == 0
    assert "Đôn đốc đơn vị" not in enter(who).get(f"{HOME}don-vi/{WARD}/").content.decode()
