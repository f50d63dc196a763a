"""The overview: units × tasks, one unit, what is late, and who sees what of it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communes.models import Unit
from directives.models import Assignment, AssignmentEvent, Directive
from directives.overview import Cell
from directives.selectors_overview import Scope, heat
from directives.services import report_review
from escalation.sweep import sweep_run
from notifications.models import OutboxMessage
from tests.directives.giving import give, later, monthly, report, task_make
from tests.people import OTHER_WARD, WARD, access_make, person_make

pytestmark = pytest.mark.django_db
HOME = "/can-bo/chi-dao/tong-quan/"
GROUP = "1699-cv-tu-1"
Enter = Callable[[str], Client]
PASSED = dt.date(2026, 11, 20)
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


@pytest.fixture
def enter(client: Client) -> Enter:
    def sign_in(name: str) -> Client:
        client.force_login(person_make(name))
        return client

    return sign_in


def cells(scope: Scope, who: str = "propaganda", day: int = 8) -> dict[str, Cell]:
    """What a person sees of each unit, together, on a day."""
    table = heat(access_make(who), scope, later(day).date())
    return {row.unit.code: row.total for row in table.rows}


def body(client: Client, address: str) -> str:
    """A file as text."""
    answer = client.get(address)
    return b"".join(answer.streaming_content).decode()


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
    assert cells(scope)[WARD] == Cell(total=5, done=1, late=1)
    assert cells(scope, day=22)[WARD].late == 2
    # A task returned with a date of its own that owes a period as well is late once.
    Assignment.objects.filter(pk=row.pk).update(due_on=PASSED)
    assert cells(scope, day=22)[WARD].late == 2
    assert cells(Scope(directive="1699-cv-tu"), day=22)[WARD].late == 2
    assert cells(Scope(), day=22)[WARD] == Cell(total=12, done=1, late=2)


def test_what_was_withdrawn_does_not_count() -> None:
    before = cells(Scope())[WARD].total
    row = give(task_make(), WARD)
    assert cells(Scope())[WARD].total == before + 1
    Assignment.objects.filter(pk=row.pk).update(state="withdrawn", withdrawn_reason="Nhầm")
    assert cells(Scope())[WARD].total == before
    Directive.objects.filter(slug="1699-cv-tu").update(state="replaced")
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


# What is late


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


# Urging


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


# Over time, files, API, brief


def test_months_side_by_side(enter: Enter, time_machine: Any) -> None:
    task = monthly()
    row, other = give(task, WARD), give(task, OTHER_WARD)
    report(row, state="in_progress", period=row.periods.get().public_id, at=later(3))
    time_machine.move_to(later(25), tick=False)
    client = enter("propaganda")
    context = client.get(f"{HOME}theo-ky/").context
    (told,) = [line["told"] for line in context["rows"] if line["month"] == dt.date(2026, 11, 1)]
    assert tuple(told) == (1, 0, 1, 0)
    by_unit = client.get(f"{HOME}theo-ky/", {"by": "unit", "other": "2026-11"}).context["compared"]
    assert [line["after"] for line in by_unit] in ([0, 100], [100, 0])
    alone = client.get(f"{HOME}theo-ky/", {"unit": other.unit.code}).context
    assert [tuple(line["told"]) for line in alone["rows"] if line["told"].due] == [(0, 0, 1, 0)]
    file = body(client, f"{HOME}tep/theo-ky/")
    assert "11/2026,1,0,1,0" in file


def test_a_report_sent_late_and_returned_counts_by_its_last_date(time_machine: Any) -> None:
    row = give(monthly(), WARD)
    period = row.periods.get()
    report(row, state="in_progress", period=period.public_id, at=later(22))
    scope = Scope(period=dt.date(2026, 11, 1))
    assert cells(scope, day=23)[WARD].late == 1
    time_machine.move_to(later(23), tick=False)
    report_review(
        access=access_make("propaganda"),
        public_id=row.public_id,
        version=Assignment.objects.get(pk=row.pk).version,
        period=period.public_id,
        is_accepted=False,
        text="Thiếu số liệu",
        until=later(26).date(),
        at=later(23),
    )
    report(row, state="in_progress", period=period.public_id, at=later(24))
    assert cells(scope, day=24)[WARD] == Cell(1, 1, 0)


def test_the_table_as_a_file(enter: Enter) -> None:
    give(task_make(title="Việc mới"), WARD, due_on=PASSED)
    client = enter("propaganda")
    lines = body(client, f"{HOME}tep/bang/?directive=1699-cv-tu").splitlines()
    assert len(lines) == 127
    assert next(line for line in lines if line.startswith(f"{WARD},")).split(",")[3:6] == [
        "10", "0", "0",
    ]  # fmt: skip
    opened = body(client, f"{HOME}tep/bang/?directive=1699-cv-tu&group={GROUP}")
    assert "Việc mới" in opened.splitlines()[0]
    assert "Đã giao" in opened
    assert client.get(f"{HOME}tep/khac/").status_code == 404


def test_the_api_tells_the_same(enter: Enter, time_machine: Any) -> None:
    give(task_make(), WARD, due_on=PASSED)
    time_machine.move_to(later(9), tick=False)
    client = enter("propaganda")
    found = client.get("/api/v1/directives/1699-cv-tu/overview/").json()
    ward = next(unit for unit in found["units"] if unit["code"] == WARD)
    assert (ward["asked"], ward["late"], ward["cells"][GROUP]["late"]) == (10, 1, 1)
    assert found["total"]["asked"] == 9 * 126 + 1
    opened = client.get(f"/api/v1/directives/1699-cv-tu/overview/?group={GROUP}").json()
    assert len(opened["columns"]) == 3
    wrong = client.get("/api/v1/directives/1699-cv-tu/overview/?group=x&period=y&z=1")
    assert set(wrong.json()["fields"]) == {"group", "period", "z"}
    late = client.get("/api/v1/assignments/late/").json()["results"]
    assert [(row["unit"]["code"], row["days_late"]) for row in late] == [(WARD, 5)]
    assert client.get("/api/v1/assignments/late/?kind=x").status_code == 400
    assert client.get("/api/v1/directives/khong-co/overview/").status_code == 404


def test_a_brief_is_one_page(enter: Enter, time_machine: Any) -> None:
    import pypdfium2

    for n in range(12):
        give(task_make(title=f"Việc trễ số {n} có tên khá dài để chiếm chỗ"), WARD, due_on=PASSED)
    time_machine.move_to(later(9), tick=False)
    client = enter("propaganda")
    for address in (f"{HOME}tom-tat.pdf", f"{HOME}don-vi/{WARD}/tom-tat.pdf"):
        paper = pypdfium2.PdfDocument(client.get(address).content)
        assert len(paper) == 1
        assert "Việc trễ" in paper[0].get_textpage().get_text_bounded()


def test_nothing_given_and_nothing_found_say_so(enter: Enter) -> None:
    client = enter("propaganda")
    page = client.get(HOME, {"period": "2026-11"})
    assert page.status_code == 200
    Assignment.objects.update(state="withdrawn", withdrawn_reason="Thử")
    assert "Chưa giao nhiệm vụ nào" in client.get(HOME).content.decode()
    assert "Chưa có báo cáo định kỳ" in client.get(f"{HOME}theo-ky/").content.decode()
    assert "Đơn vị chưa được giao" in client.get(f"{HOME}don-vi/{WARD}/").content.decode()
