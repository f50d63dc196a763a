"""The overview: units × tasks, one unit, and who sees what of it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communes.models import Unit
from directives.models import Assignment, Directive
from directives.overview import Cell
from directives.selectors_overview import Scope
from tests.directives.giving import give, later, monthly, report, task_make
from tests.directives.overseeing import GROUP, HOME, PASSED, body, cells
from tests.people import OTHER_WARD, WARD

pytestmark = pytest.mark.django_db
Enter = Callable[[str], Client]
ALL = [
    HOME,
    f"{HOME}?view=map&measure=late",
    f"{HOME}?directive=1699-cv-tu&group={GROUP}",
    f"{HOME}?period=2026-11&sort=late",
    f"{HOME}cham/",
    f"{HOME}cham/?kind=period",
    f"{HOME}theo-ky/",
    f"{HOME}theo-ky/?by=unit",
    f"{HOME}giong-nhau/",
    f"{HOME}tom-tat/",
    f"{HOME}tom-tat.pdf",
    f"{HOME}tep/bang/?format=csv",
    f"{HOME}tep/cham/?format=xlsx",
    f"{HOME}tep/theo-ky/",
    f"{HOME}don-vi/{WARD}/",
    f"{HOME}don-vi/{WARD}/tom-tat/",
    f"{HOME}don-vi/{WARD}/tom-tat.pdf",
]


@pytest.fixture(autouse=True)
def _on_the_day(time_machine: Any) -> None:
    time_machine.move_to(later(1), tick=False)


def test_every_page_answers(enter: Enter, time_machine: Any) -> None:
    give(task_make(), WARD, OTHER_WARD, due_on=PASSED)
    row = give(monthly(), WARD, OTHER_WARD)
    said = {"difficulties": "Thiếu phòng tiếp", "proposals": "Bố trí thêm phòng"}
    report(row, state="in_progress", period=row.periods.get().public_id, **said)
    time_machine.move_to(later(40), tick=False)
    client = enter("propaganda")
    for address in ALL:
        answer = client.get(address)
        assert answer.status_code == 200, address
        if answer.streaming:
            assert b"".join(answer.streaming_content)
    for address in (f"{HOME}tom-tat/", f"{HOME}don-vi/{WARD}/tom-tat/"):
        assert "Bố trí thêm phòng" in client.get(address).content.decode()


def test_a_cell_counts_what_is_done_and_what_is_late_once() -> None:
    give(task_make(), WARD, due_on=PASSED)
    report(give(task_make(), WARD, due_on=PASSED))
    row = give(monthly(), WARD)  # its November report is due on 5 December
    scope = Scope(directive="1699-cv-tu", group=GROUP)
    assert cells(scope)[WARD] == Cell(total=5, done=1, late=1, going_on=1)
    assert cells(scope, day=22)[WARD].late == 2
    # A task returned with a date of its own that owes a period as well is late once.
    Assignment.objects.filter(pk=row.pk).update(due_on=PASSED)
    assert cells(scope, day=22)[WARD].late == 2
    assert cells(Scope(directive="1699-cv-tu"), day=22)[WARD].late == 2
    assert cells(Scope(), day=22)[WARD] == Cell(total=12, done=1, late=2, going_on=1, due=1)


def test_what_was_withdrawn_does_not_count() -> None:
    before = cells(Scope())[WARD].total
    row = give(task_make(), WARD)
    assert cells(Scope())[WARD].total == before + 1
    Assignment.objects.filter(pk=row.pk).update(state="withdrawn", withdrawn_reason="Nhầm")
    assert cells(Scope())[WARD].total == before
    Directive.objects.filter(slug="1699-cv-tu").update(
        state="withdrawn", withdrawn_reason="Nhầm", withdrawn_at=later(1)
    )
    assert cells(Scope()) == {}
    assert cells(Scope(directive="1699-cv-tu"))[WARD].total == before


def test_filters_by_addressee_district_and_kind() -> None:
    ward = Unit.objects.get(code=WARD)
    only = cells(Scope(district=ward.former_district))
    assert WARD in only
    assert len(only) < len(cells(Scope())) == 126
    assert all(
        Unit.objects.get(code=code).kind == "commune" for code in cells(Scope(kind="commune"))
    )
    assert cells(Scope(addressee="front"))[WARD].total == 1


def test_the_reports_of_a_month() -> None:
    task = monthly()
    first, second, third = (give(task, code) for code in (WARD, OTHER_WARD, "00025"))
    for row, day in ((first, 5), (second, 25)):
        sender = {WARD: "secretary", OTHER_WARD: "other_chair"}[row.unit.code]
        period = row.periods.get().public_id
        report(row, sender, state="in_progress", period=period, at=later(day))
    found = cells(Scope(period=dt.date(2026, 11, 1)), day=26)
    assert found == {WARD: Cell(1, 1, 0), OTHER_WARD: Cell(1, 1, 1), third.unit.code: Cell(1, 0, 1)}
    assert cells(Scope(period=dt.date(2026, 10, 1))) == {}


def test_from_the_city_to_the_unit_to_the_evidence(enter: Enter, time_machine: Any) -> None:
    row = give(task_make(title="Việc trễ"), WARD, due_on=PASSED)
    time_machine.move_to(later(8), tick=False)
    client = enter("propaganda")
    page = client.get(HOME).content.decode()
    unit = f"{HOME}don-vi/{WARD}/"
    assert f'href="{unit}?directive=1699-cv-tu"' in page
    shown = client.get(unit).content.decode()
    task = f"/can-bo/chi-dao/viec/{row.public_id}/"
    assert f'href="{task}"' in shown
    assert shown.index("Việc trễ") < shown.index(task_title("1699-cv-tu-1-plan"))
    opened = client.get(HOME, {"directive": "1699-cv-tu", "group": GROUP}).content.decode()
    assert f'href="{task}" aria-label="Đã giao, quá hạn"' in opened
    assert client.get(task).status_code == 200


def task_title(code: str) -> str:
    return Assignment.objects.filter(task__code=code)[0].task.title


def test_the_order_of_units(enter: Enter, time_machine: Any) -> None:
    give(task_make(), OTHER_WARD, due_on=PASSED)
    report(give(task_make(), WARD))
    time_machine.move_to(later(8), tick=False)
    client = enter("propaganda")

    def first(sort: str) -> str:
        groups = client.get(HOME, {"sort": sort}).context["groups"]
        return str(groups[0][1][0].unit.code)

    assert first("late") == OTHER_WARD
    assert first("done") != WARD
    assert len(client.get(HOME).context["groups"]) > 1  # by former district


def test_the_map_has_every_commune_with_the_same_measure(enter: Enter, time_machine: Any) -> None:
    give(task_make(), WARD, due_on=PASSED)
    time_machine.move_to(later(8), tick=False)
    context = enter("propaganda").get(HOME, {"view": "map", "measure": "late"}).context
    drawn = {cell.unit.code: cell.unit for cell in context["map"].cells}
    assert len(drawn) == 126
    assert (drawn[WARD].value, drawn[WARD].level) == ("10%", 1)
    assert "quá hạn 1" in drawn[WARD].label


@pytest.mark.parametrize("who", ["clerk", "front"])
def test_people_of_a_unit_see_their_own_row_alone(enter: Enter, who: str) -> None:
    give(task_make(title="Của phường khác"), OTHER_WARD, due_on=PASSED)
    assert list(cells(Scope(), who)) == [WARD]
    client = enter(who)
    other = Unit.objects.get(code=OTHER_WARD).full_name
    for address in (HOME, f"{HOME}?view=map", f"{HOME}cham/", f"{HOME}theo-ky/"):
        page = client.get(address).content.decode()
        assert other not in page, address
        assert "Của phường khác" not in page
    assert OTHER_WARD not in body(client, f"{HOME}tep/bang/")
    assert OTHER_WARD not in body(client, f"{HOME}tep/cham/")
    api = client.get("/api/v1/directives/1699-cv-tu/overview/").json()
    assert [unit["code"] for unit in api["units"]] == [WARD]
    assert client.get(f"{HOME}don-vi/{OTHER_WARD}/").status_code == 404
    assert client.get(f"{HOME}tom-tat/").status_code == 403
    assert client.get(f"{HOME}giong-nhau/").status_code == 403
    assert "giống nhau" not in client.get(f"{HOME}don-vi/{WARD}/").content.decode()
    assert "giống nhau" not in client.get(f"{HOME}don-vi/{WARD}/tom-tat/").content.decode()


def test_reading_does_not_depend_on_the_number_of_units(enter: Enter, time_machine: Any) -> None:
    client = enter("propaganda")
    time_machine.move_to(later(40), tick=False)

    def queries() -> dict[str, int]:
        found = {}
        for address in ALL:
            with CaptureQueriesContext(connection) as seen:
                answer = client.get(address)
                if answer.streaming:
                    b"".join(answer.streaming_content)
            found[address] = len(seen)
        return found

    task = monthly()
    give(task_make(), WARD, due_on=PASSED)
    give(task, WARD)
    queries()
    before = queries()
    give(task_make(), *Unit.objects.values_list("code", flat=True)[:100], due_on=PASSED)
    give(task, *Unit.objects.values_list("code", flat=True)[:100])
    after = queries()
    assert {a: (before[a], n) for a, n in after.items() if n > before[a] + 1} == {}
    assert max(after.values()) <= 32


def test_nothing_given_and_nothing_found_say_so(enter: Enter) -> None:
    client = enter("propaganda")
    page = client.get(HOME, {"period": "2026-11"})
    assert page.status_code == 200
    Assignment.objects.update(state="withdrawn", withdrawn_reason="Thử")
    assert "Chưa giao nhiệm vụ nào" in client.get(HOME).content.decode()
    assert "Chưa có báo cáo định kỳ" in client.get(f"{HOME}theo-ky/").content.decode()
    assert "Đơn vị chưa được giao" in client.get(f"{HOME}don-vi/{WARD}/").content.decode()
