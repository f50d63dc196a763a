"""Receptions in the reports of Conclusion 215-KL/TW."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.time import local_moment
from communes.models import Unit
from deadlines.models import Clock
from receptions.enums import RegistrationStatus, VisitOutcome
from receptions.models import (
    ConclusionNotice,
    ConclusionTask,
    ReceptionSession,
    Registration,
    VisitClock,
    VisitRecord,
)
from reports.periods import period_of
from reports.reception_tables import ReceptionTable, reception_table
from tests.people import OTHER_WARD, WARD, Story, person_make
from tests.receptions.test_quota_warnings import CHAIR, SECRETARY, held
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 12, 2, 2, 0, tzinfo=dt.UTC)
PAGE = "/can-bo/tong-quan/tiep-dan/"


@pytest.fixture(autouse=True)
def _december() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def visit(session: ReceptionSession, **changes: Any) -> VisitRecord:
    """A visit as it stands afterwards; the sealed box is not read here."""
    case = changes.pop("asked_about", None)
    number = session.registrations.count() + 1
    registration = Registration.objects.create(
        session=session,
        queue_number=number,
        code=f"TD-{session.pk}-{number}",
        secret_hmac=b"x" * 32,
        status=changes.pop("status", RegistrationStatus.RECEIVED),
        has_place=True,
        topic="Thử",
        person_hmac=b"y" * 32,
        key_version=1,
        box=b"z",
        registered_at=session.published_at,
        case=case,
    )
    values = {
        "registration": registration,
        "said": "Thử",
        "outcome": VisitOutcome.ANSWERED,
        "recorded_at": session.ends_at,
    }
    return VisitRecord.objects.create(**(values | changes))


def table(code: str = "M11", unit: str = WARD) -> ReceptionTable:
    period = period_of(code, 2026)
    assert period is not None
    return reception_table(Unit.objects.filter(code=unit), period, NOW.date())


def figures(duty: str = CHAIR, **changes: str) -> dict[str, int]:
    shown = table(**changes)
    return dict(shown.figures[(shown.units[0].pk, duty)])


def day(number: int, month: int = 11) -> dt.date:
    return dt.date(2026, month, number)


def test_days_and_sessions_by_kind() -> None:
    held("chair", CHAIR, day(10))
    held("chair", CHAIR, day(11), kind="ad_hoc")
    held("chair", CHAIR, day(12), kind="contact")
    held("chair", CHAIR, day(13), is_delegated=True)
    held("chair", CHAIR, day(16), status="missed")
    held("chair", CHAIR, day(9, 10))
    found = figures()
    wanted = {"required": 2, "held_days": 1, "missing": 1, "held": 3, "ad_hoc": 1,
              "dialogues": 1, "missed": 1, "delegated": 1}  # fmt: skip
    assert {name: found[name] for name in wanted} == wanted
    assert figures(SECRETARY)["required"] == 2


def test_visits_people_matters_and_outcomes(story: Callable[..., Story]) -> None:
    held("chair", CHAIR, day(9, 10), day(10), day(25))
    held("chair", CHAIR, day(12), is_delegated=True)
    before, first, second = ReceptionSession.objects.filter(is_delegated=False)
    case = story().case
    visit(before, case=case)
    visit(first, people=5, outcome=VisitOutcome.CONCLUSION,
          conclusion="A", responsible_unit=first.unit, due_on=day(20))  # fmt: skip
    visit(first, asked_about=case, people=2, outcome=VisitOutcome.GUIDED)
    visit(second, people=12)
    visit(ReceptionSession.objects.get(is_delegated=True), people=3)
    found = figures()
    wanted = {"visits": 3, "people": 19, "cases_first": 2, "cases_repeated": 1, "mass_groups": 2,
              "mass_people": 17, "delegated_visits": 1, "answered": 1, "guided": 1,
              "conclusion": 1, "taken_in": 0}  # fmt: skip
    assert {name: found[name] for name in wanted} == wanted


def test_a_denunciation_is_no_matter_that_comes_again(story: Callable[..., Story]) -> None:
    """A matter counted as repeated would tell that two visits were about one denunciation."""
    held("chair", CHAIR, day(10), day(25))
    first, second = ReceptionSession.objects.all()
    secret = story(kind="denunciation").case
    visit(first, case=secret)
    visit(second, asked_about=secret)
    found = figures()
    assert (found["cases_first"], found["cases_repeated"]) == (2, 0)


def test_tasks_and_written_notices() -> None:
    held("chair", CHAIR, day(3))
    session = ReceptionSession.objects.get()
    notice = ConclusionNotice.objects.create(
        session=session, state="issued", number=1, year=2026,
        issued_at=local_moment(day(4)), drafted_by=session.leader, issued_by=session.leader,
        unit=session.unit, facts={"place": session.place},
    )  # fmt: skip
    elsewhere = Unit.objects.get(code=OTHER_WARD)
    for position, (due, closed) in enumerate(
        [(day(20), None), (day(20), day(15)), (day(20), day(1, 12)), (day(28, 12), None)]
    ):
        ConclusionTask.objects.create(
            notice=notice, position=position, what="Việc", unit=elsewhere, due_on=due,
            state="done" if closed else "assigned", report="Xong" if closed else "",
            closed_on=closed,
        )  # fmt: skip
    found = figures()
    assert (found["tasks_done"], found["tasks_late"]) == (1, 2)


def test_a_clock_of_a_notice_counts_where_its_limit_ends(story: Callable[..., Story]) -> None:
    held("chair", CHAIR, day(3))
    tale = story(at=dt.datetime(2026, 11, 4, 2, tzinfo=dt.UTC))
    clock = Clock.objects.get(case_clock__case=tale.case)
    Clock.objects.filter(pk=clock.pk).update(
        state="met", closed_on=clock.due_on, next_action_at=None
    )
    VisitClock.objects.create(visit=visit(ReceptionSession.objects.get()), clock=clock)
    assert (figures()["notices_in_time"], figures()["notices_late"]) == (1, 0)
    Clock.objects.filter(pk=clock.pk).update(state="running", closed_on=None)
    assert (figures()["notices_in_time"], figures()["notices_late"]) == (0, 1)


def test_overdue_petitions_stand_beside_and_denunciations_never(
    story: Callable[..., Story],
) -> None:
    filed = dt.datetime(2026, 10, 20, 2, tzinfo=dt.UTC)
    story(at=filed)
    story(at=filed, kind="denunciation", unit=WARD, respondent={
        "name": "Ông Nguyễn Văn Thử", "unit": OTHER_WARD, "position": "officer"})  # fmt: skip
    assert list(table().overdue.values()) == [1]


def test_as_many_queries_for_the_city_as_for_a_unit() -> None:
    held("chair", CHAIR, day(10))
    period = period_of("Y", 2026)
    for units in (Unit.objects.filter(code=WARD), Unit.objects.exclude(kind="city")):
        with CaptureQueriesContext(connection) as seen:
            reception_table(units, period, NOW.date())
        assert len(seen) <= 11


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_unit_reads_its_own_and_the_city_reads_all(client: StrictClient) -> None:
    held("secretary", SECRETARY, day(10), day(25))
    client.force_login(person_make("secretary"))
    page = text(client.get(PAGE))
    assert "Tháng 11/2026" in page
    assert "Kính gửi: Bí thư Thành ủy" in page
    assert client.get(f"{PAGE}?don_vi={OTHER_WARD}").status_code == 404
    client.force_login(person_make("propaganda"))
    whole = text(client.get(f"{PAGE}?ky=Y&nam=2026"))
    assert "Kính gửi: Bộ Chính trị" in whole
    assert f"don_vi={WARD}" in whole
    assert "15/12/2025" in whole
    assert client.get(f"{PAGE}?ky=rubbish&nam=0000&don_vi={WARD}").status_code == 200


def test_the_table_as_files(client: StrictClient) -> None:
    held("secretary", SECRETARY, day(10), day(25))
    client.force_login(person_make("secretary"))
    lines = client.get(f"{PAGE}tai-ve/?ky=M11&nam=2026").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert lines[1].startswith(f"{WARD},")
    assert ",2,2,0,2,0,0,0," in next(line for line in lines if "Bí thư" in line)
    book = client.get(f"{PAGE}tai-ve/?ky=M11&nam=2026&dang=xlsx")
    with zipfile.ZipFile(io.BytesIO(book.content)) as archive:
        assert archive.read("xl/worksheets/sheet1.xml").decode().count("<row ") == 4
