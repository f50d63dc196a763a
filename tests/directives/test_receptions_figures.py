"""Group 6: figures of a task come from the reception calendar, are never typed in, and stay as they
were once the City has confirmed them."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.errors import InvalidInput
from common.time import local_moment
from communes.models import Unit
from directives.models import Assignment, ProgressReport, Task
from directives.periods import Period
from directives.receptions_figures import Counted, Figures, book_read, choices_until, window_of
from directives.selectors_figures import task_figures
from directives.services import report_review
from receptions.models import ConclusionNotice, ConclusionTask, ReceptionSession
from tests.directives.giving import give, later, report, task_make
from tests.people import OTHER_WARD, WARD, access_make, person_make
from tests.receptions.test_quota_warnings import CHAIR, SECRETARY, held
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 12, 10)
NOVEMBER = Period(dt.date(2026, 11, 1), dt.date(2026, 11, 30))
RECEPTION = "1699-cv-tu-6-reception"
PAGE = f"/can-bo/chi-dao/1699-cv-tu/nhiem-vu/{RECEPTION}/so-lieu/"


@pytest.fixture(autouse=True)
def _december() -> Iterator[None]:
    with time_machine.travel(local_moment(ON, 9), tick=False):
        yield


def day(number: int, month: int = 11) -> dt.date:
    return dt.date(2026, month, number)


def ward(code: str = WARD) -> Unit:
    return Unit.objects.get(code=code)


def counted(period: Period = NOVEMBER, code: str = WARD, on: dt.date = ON) -> Counted:
    unit = ward(code)
    return book_read([unit.pk], [period], on).of(unit.pk, period)


def conclusions(*tasks: tuple[dt.date, dt.date | None]) -> None:
    """Tasks of a conclusion of the secretary: due on, reported on (or not at all)."""
    session = ReceptionSession.objects.filter(duty_holder=SECRETARY).earliest("starts_at")
    notice = ConclusionNotice.objects.create(
        session=session, state="issued", number=1, year=2026, unit=session.unit,
        issued_at=local_moment(day(4)), drafted_by=session.leader, issued_by=session.leader,
        facts={"place": session.place},
    )  # fmt: skip
    for position, (due, told) in enumerate(tasks):
        ConclusionTask.objects.create(
            notice=notice, position=position, what="Việc", unit=ward(OTHER_WARD), due_on=due,
            state="reported" if told else "assigned", report="Xong" if told else "",
            reported_at=local_moment(told, 23) if told else None,
        )  # fmt: skip


def month() -> None:
    """November of the ward: the chair holds one of two days, the secretary both and a dialogue;
    of three tasks that were due one was reported in time, one a day late, one not at all."""
    held("chair", CHAIR, day(10))
    held("chair", CHAIR, day(12), is_delegated=True)
    held("chair", CHAIR, day(17), status="missed")
    held("secretary", SECRETARY, day(5), day(19), day(26))
    held("secretary", SECRETARY, day(20), kind="dialogue")
    held("secretary", SECRETARY, day(24), kind="dialogue", is_delegated=True)
    conclusions((day(20), day(20)), (day(20), day(21)), (day(20), None), (day(20, 12), None))


def test_days_dialogues_and_tasks_of_a_month_by_post() -> None:
    month()
    found = counted()
    assert found.posts == {
        CHAIR: Figures(required=2, held=1, missing=1),
        SECRETARY: Figures(required=2, held=2, dialogues=1, due=3, in_time=1, late=1),
    }
    assert found.total.share == Decimal("75.00")
    assert found.total.in_time_share == Decimal("33.33")
    assert [found.value(kind) for kind in ("percentage", "count", "yes_no", "date")] == [
        "75", "3", "no", "",
    ]  # fmt: skip


def test_a_quarter_is_its_months_and_nothing_is_counted_ahead() -> None:
    month()
    held("chair", CHAIR, day(8, 10), day(22, 10))
    held("chair", CHAIR, day(15, 12), day(22, 12), status="published")
    quarter = Period(day(1, 10), day(31, 12))
    chair = counted(quarter).posts[CHAIR]
    assert (chair.required, chair.held, chair.missing) == (6, 3, 3)
    assert counted(Period(day(1, 1), day(31, 1))).total.held == 0
    assert counted(Period(dt.date(2027, 1, 1), dt.date(2027, 1, 31))).posts == {}


def test_where_nothing_is_owed_there_is_no_figure() -> None:
    assert Counted({}, ON).value("percentage") == ""
    assert Counted({}, ON).total.share is None


def test_as_many_queries_for_the_city_as_for_a_unit() -> None:
    month()
    year = choices_until(ON)["2026"]
    for units in (Unit.objects.filter(code=WARD), Unit.objects.exclude(kind="city")):
        ids = list(units.values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as seen:
            book_read(ids, [year], ON)
        assert len(seen) == 6


def test_the_task_over_units_asks_as_often_for_one_as_for_all() -> None:
    task = Task.objects.get(code=RECEPTION)
    for who, count in (("secretary", 1), ("propaganda", 126)):
        access = access_make(who)
        with CaptureQueriesContext(connection) as seen:
            rows = task_figures(access, task, NOVEMBER, ON)
        assert len(rows) == count
        assert len(seen) == 8


# Of a task


def counted_task(**changes: Any) -> Task:
    values = {"source": "receptions", "indicator": "percentage", "starts_on": day(1)}
    return task_make(rhythm="monthly", **(values | changes))


def reported(days: int = 18) -> tuple[Assignment, Any]:
    """A report on November, so many days after the 16th."""
    row = give(counted_task())
    period = row.periods.get(starts_on=day(1))
    report(row, state="in_progress", text="Đã tiếp.", period=period.public_id, at=later(days))
    return row, period


def confirm(row: Assignment, period: Any, **changes: Any) -> ProgressReport:
    row.refresh_from_db()
    report_review(
        **{
            "access": access_make("propaganda"),
            "public_id": row.public_id,
            "version": row.version,
            "is_accepted": True,
            "period": period.public_id if period else None,
            "at": local_moment(ON, 10),
        }
        | changes
    )
    return row.reports.latest("id")


def test_nobody_types_the_figure() -> None:
    row = give(counted_task())
    period = row.periods.get(starts_on=day(1))
    with pytest.raises(InvalidInput) as error:
        report(row, state="in_progress", period=period.public_id, value="100")
    assert "value" in error.value.fields


def test_what_is_confirmed_keeps_its_figures_whatever_the_calendar_says_later() -> None:
    month()
    row, period = reported()
    assert row.reports.get().figures is None
    kept = confirm(row, period)
    assert (kept.value, kept.figures_on) == ("75", ON)
    held("chair", CHAIR, day(25))
    assert counted().value("percentage") == "100"
    (line,) = task_figures(access_make("secretary"), row.task, NOVEMBER, ON)
    assert (line.counted.is_frozen, line.counted.value("percentage")) == (True, "75")
    event = row.events.latest("sequence")
    assert (event.data["figure"], event.data["figures_on"]) == ("75", "2026-12-10")


def test_a_figure_is_confirmed_once_its_days_are_over() -> None:
    month()
    row, period = reported(1)
    for last in (day(18), day(30)):
        with pytest.raises(InvalidInput) as caught:
            confirm(row, period, at=local_moment(last, 23))
        assert "30/11/2026" in caught.value.fields["is_accepted"][0]
    assert row.reports.get().figures is None
    assert confirm(row, period, at=local_moment(day(1, 12), 0)).figures_on == day(1, 12)


def test_what_is_wrong_goes_back_before_that() -> None:
    row, period = reported(1)
    back = {"is_accepted": False, "text": "Chưa đủ.", "at": local_moment(day(18), 10)}
    with pytest.raises(InvalidInput) as caught:
        confirm(row, period, until=day(20), **back)
    assert "30/11/2026" in caught.value.fields["until"][0]
    confirm(row, period, **back)
    found = row.periods.get(pk=period.pk)
    assert (found.state, found.due_on) == ("returned", day(6, 12))


def test_of_a_task_asked_once_the_running_month_is_not_kept() -> None:
    row = give(task_make(source="receptions", indicator="percentage"))
    report(row)
    with pytest.raises(InvalidInput):
        confirm(row, None, at=local_moment(day(30), 9))
    assert confirm(row, None, at=local_moment(day(1, 12), 9)).figures is not None


def test_the_page_says_so_beside_the_decision(client: StrictClient) -> None:
    row, period = reported(1)
    client.force_login(person_make("propaganda"))
    sent = {"decision": "accept", "text": "Đã xem kỹ.", "period": f"{period.public_id}"}
    form = {f"review-{name}": value for name, value in sent.items()}
    row.refresh_from_db()
    with time_machine.travel(local_moment(day(20), 9), tick=False):
        answer = client.post(
            f"/can-bo/chi-dao/viec/{row.public_id}/tra-loi/",
            form | {"review-version": f"{row.version}"},
        )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["decision"]
    assert "Đã xem kỹ." in answer.content.decode()


def test_a_return_keeps_nothing() -> None:
    month()
    row, period = reported()
    kept = confirm(row, period, is_accepted=False, text="Chưa đủ.", until=day(20, 12))
    assert (kept.value, kept.figures, kept.figures_on) == ("", None, None)


def test_a_task_asked_once_keeps_the_months_since_it_was_given() -> None:
    month()
    row = give(task_make(source="receptions", indicator="percentage"))
    assert window_of(row, ON) == NOVEMBER
    report(row)
    assert confirm(row, None).value == "75"


def test_the_window_is_a_year_at_most() -> None:
    row = give(task_make(source="receptions"))
    assert window_of(row, day(20)) == NOVEMBER
    late = window_of(row, dt.date(2028, 3, 15))
    assert late == Period(dt.date(2027, 3, 1), dt.date(2028, 2, 29))


def test_figures_without_their_day_are_refused_by_the_database() -> None:
    row, _period = reported()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.reports.update(figures={})


# Pages and API


def text(client: Client, path: str, **query: str) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_of_the_task_shows_them_live_and_frozen(client: StrictClient) -> None:
    month()
    row, period = reported()
    client.force_login(person_make("secretary"))
    page = f"/can-bo/chi-dao/viec/{row.public_id}/"
    before = text(client, page)
    assert "Số liệu từ lịch tiếp công dân" in before
    assert "75%" in before
    confirm(row, period)
    held("chair", CHAIR, day(25))
    assert "số liệu tính đến ngày 10/12/2026" in text(client, page)
    assert "75%" in text(client, page)


def test_the_city_reads_every_unit_and_a_unit_its_own(client: StrictClient) -> None:
    month()
    client.force_login(person_make("propaganda"))
    whole = text(client, PAGE, ky="2026-11")
    assert ward().full_name in whole
    assert ward(OTHER_WARD).full_name in whole
    assert text(client, PAGE, ky="rubbish").count("selected") == 1
    client.force_login(person_make("secretary"))
    own = text(client, PAGE, ky="2026-Q4")
    assert ward(OTHER_WARD).full_name not in own
    lines = client.get(f"{PAGE}tai-ve/?ky=2026-11").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(f"{WARD},")
    assert lines[1].endswith(",4,3,1,75,1,3,1,1,75,2026-12-10")


def test_a_task_on_which_units_report_has_a_page_of_its_own(client: StrictClient) -> None:
    client.force_login(person_make("propaganda"))
    units = client.get(PAGE.replace(RECEPTION, "1699-cv-tu-1-plan"))
    assert units.templates[0].name == "directives/staff/task_values.html"
    assert client.get(PAGE.replace(RECEPTION, "khong-co")).status_code == 404


def test_the_api_tells_the_same(by_token: Any) -> None:
    month()
    row, period = reported()
    api = by_token("secretary")
    (one,) = api.get(f"/api/v1/assignments/{row.public_id}/").json()["reception_figures"][-1:]
    assert (one["value"], one["is_frozen"], one["posts"][CHAIR]["missing"]) == ("75", False, 1)
    confirm(row, period)
    url = f"/api/v1/directives/1699-cv-tu/tasks/{row.task.code}/reception-figures/"
    (line,) = api.get(url, {"period": "2026-11"}).json()["results"]
    assert (line["is_frozen"], line["read_on"], line["share"]) == (True, "2026-12-10", 75.0)
    assert api.get(url, {"period": "2026-13", "x": "1"}).json()["fields"].keys() == {"period", "x"}
