"""Tasks of bodies in which nobody has an account: followed by their papers."""

import datetime as dt
from typing import Any

import pytest

from common.errors import InvalidInput, NotPermitted
from common.history_check import table_check
from common.time import local_moment
from communes.models import Unit
from deadlines.models import Clock, ClockState
from escalation.models import Escalation
from escalation.sweep import sweep_run
from receptions.forms_conclusions import task_units_choices
from receptions.models import ConclusionTask, SessionEvent
from receptions.selectors_conclusions import TaskFilter, tasks_of, units_on_paper
from receptions.services.task_steps import steps_open
from tests.people import CAST, OTHER_WARD, access_make, person_make
from tests.receptions.cast import DAY, session_public
from tests.receptions.concluding import UNTIL, issued, row, step, task_of
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
PAPER = {"paper_number": "1284/CAHN-PV01", "paper_on": DAY + dt.timedelta(days=5)}
WHEN = local_moment(DAY + dt.timedelta(days=6), 9)
STAFF = "/can-bo/tiep-dan/"


@pytest.fixture
def task() -> ConclusionTask:
    """The city police have no account."""
    return task_of(issued(row(code="CATP")))


def names(who: str, task: ConclusionTask) -> set[str]:
    task.refresh_from_db()
    return {step.value for step in steps_open(access_make(who), task)}


def test_who_concluded_records_what_the_paper_says(task: ConclusionTask) -> None:
    for who in ("clerk", "secretary"):
        assert {"receive", "report", "ask"} <= names(who, task)
    assert names("front", task) == names("other_clerk", task) == set()
    received = step(task, "receive", "clerk", at=WHEN, **PAPER)
    assert (received.state, received.paper_number) == ("received", "1284/CAHN-PV01")
    reported = step(task, "report", "clerk", at=WHEN, text="Đã kiểm tra, đã trả lời.", **PAPER)
    assert (reported.state, reported.paper_on) == ("reported", PAPER["paper_on"])
    assert [event.data["paper"] for event in events()] == ["1284/CAHN-PV01"] * 2
    assert next(table_check(SessionEvent), None) is None


def events() -> list[SessionEvent]:
    rows = SessionEvent.objects.filter(action__endswith="_on_paper")
    return list(rows.order_by("sequence"))


def test_it_is_done_on_the_date_of_the_paper(task: ConclusionTask) -> None:
    late = local_moment(UNTIL + dt.timedelta(days=3), 9)
    paper = PAPER | {"paper_on": UNTIL}
    step(task, "report", "clerk", at=late, text="Đã xong.", **paper)
    step(task, "accept", "secretary", at=late)
    clock = Clock.objects.get(conclusion_clock__task=task)
    assert (clock.state, clock.closed_on) == (ClockState.MET, UNTIL)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({}, {"paper_number", "paper_on"}),
        ({"paper_number": "12"}, {"paper_on"}),
        ({"paper_number": " ", "paper_on": PAPER["paper_on"]}, {"paper_number"}),
        ({"paper_number": "1" * 61, "paper_on": PAPER["paper_on"]}, {"paper_number"}),
        ({"paper_number": "12", "paper_on": DAY - dt.timedelta(days=1)}, {"paper_on"}),
        ({"paper_number": "12", "paper_on": DAY + dt.timedelta(days=7)}, {"paper_on"}),
    ],
)
def test_number_and_date_of_the_paper_are_asked_for(
    task: ConclusionTask, said: dict[str, Any], wrong: set[str]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        step(task, "report", "clerk", at=WHEN, text="Đã xong.", **said)
    assert set(caught.value.fields) == wrong
    task.refresh_from_db()
    assert (task.state, task.paper_number) == ("assigned", "")


def test_with_an_account_there_the_unit_itself_reports(task: ConclusionTask) -> None:
    step(task, "receive", "clerk", at=WHEN, **PAPER)
    head = person_make("agency_head")
    head.memberships.update(unit=Unit.objects.get(code="CATP"))
    assert names("clerk", task) == set()
    with pytest.raises(NotPermitted):
        step(task, "report", "clerk", at=WHEN, text="Đã xong.", **PAPER)
    reported = step(task, "report", "agency_head", at=WHEN, text="Đã xong.")
    assert (reported.state, reported.paper_number, reported.paper_on) == ("reported", "", None)
    head.is_active = False
    head.save()
    assert {"accept", "return"} <= names("secretary", task)


def test_more_time_may_be_asked_for_on_paper(task: ConclusionTask) -> None:
    until = UNTIL + dt.timedelta(days=10)
    asked = step(task, "ask", "clerk", at=WHEN, text="Chờ giám định.", until=until, **PAPER)
    assert asked.asked_until == until
    assert "extend" in names("secretary", task)


def test_nobody_there_is_no_dead_end_on_the_ladder(task: ConclusionTask) -> None:
    sweep_run(at=local_moment(UNTIL + dt.timedelta(days=1)))
    told = Escalation.objects.filter(clock__conclusion_clock__task=task)
    assert {(r.unit.code, r.position) for r in told.select_related("unit") if r.unit} == {
        ("00004", "secretary")
    }


def test_for_every_unit_somebody_can_report() -> None:
    """Whoever is chosen in a row of a notice: its own people, or who concluded by its papers."""
    for name in CAST:
        person_make(name)
    codes = [code for code, _words in task_units_choices()]
    assert {"CATP", "VPTU", "BNC", "BTGDV", "MTTQ", "TU", "UBND", "TTTP", "SXD", "TTPTQD"} <= set(
        codes
    )
    session, accesses = session_public(), [access_make(name) for name in CAST]
    bodies = [code for code in codes if not code.isdigit()] + [OTHER_WARD]
    notice = issued(*[row(code=code) for code in bodies], session=session)
    for one in notice.tasks.select_related("unit", "notice__session"):
        doers = [access for access in accesses if "report" in {*steps_open(access, one)}]
        assert doers, one.unit.code


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("party_office", "VPTU"),
        ("internal_affairs", "BNC"),
        ("propaganda", "BTGDV"),
        ("city_front", "MTTQ"),
        ("agency_head", "TTTP"),
        ("service_head", "TTPTQD"),
        ("reception_officer", "TU"),
    ],
)
def test_bodies_of_the_city_do_their_tasks_themselves(who: str, code: str) -> None:
    person_make(who)
    task = task_of(issued(row(code=code)))
    unit = task.unit
    assert units_on_paper([unit.pk]) == set()
    assert list(tasks_of(access_make(who), unit, TaskFilter())) == [task]
    step(task, "receive", who)
    assert step(task, "report", who, text="Đã xong.").state == "reported"


def test_a_task_of_a_department_is_put_before_its_head() -> None:
    head = person_make("agency_head")
    head.memberships.update(unit=Unit.objects.get(code="SXD"))
    task = task_of(issued(row(code="SXD")))
    sweep_run(at=local_moment(UNTIL + dt.timedelta(days=1)))
    told = Escalation.objects.filter(clock__conclusion_clock__task=task)
    assert {(r.unit.code, r.position) for r in told.select_related("unit") if r.unit} == {
        ("SXD", "agency_head")
    }


def test_the_page_asks_for_the_paper_and_shows_it(
    client: StrictClient, task: ConclusionTask, time_machine: Any
) -> None:
    time_machine.move_to(WHEN, tick=False)
    client.force_login(person_make("clerk"))
    path = f"{STAFF}viec-duoc-giao/{task.public_id}/"
    page = client.get(path).text
    assert "Theo dõi qua văn bản giấy" in page
    assert "Số văn bản của đơn vị" in page
    sent = {"version": "1", "do": "report", "text": "Đã kiểm tra xong.", "paper_number": ""}
    refused = client.post(path, sent)
    assert refused.status_code == 422
    assert "Đã kiểm tra xong." in refused.text
    sent |= {"paper_number": "1284/CAHN-PV01", "paper_on": PAPER["paper_on"].isoformat()}
    assert client.post(path, sent).status_code == 302
    shown = client.get(path).text
    assert "số 1284/CAHN-PV01 ngày 15/12/2026" in shown
    session = client.get(f"{STAFF}{task.notice.session.public_id}/").text
    assert "theo văn bản 1284/CAHN-PV01 của đơn vị" in session
    person_make("other_clerk")
    units = dict(task_units_choices())
    assert "chưa có tài khoản" in units["CATP"]
    assert "chưa có tài khoản" not in units[OTHER_WARD]
