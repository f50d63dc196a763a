"""Missing days off are told in time; the package proposes and compares and never decides."""

import datetime as dt
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from accounts.enums import Role
from accounts.models import Membership
from common.reference import LoadReport
from communes.models import Unit
from deadlines.alarms import AlarmKind, CalendarAlarm, calendar_alarms
from deadlines.calendars import calendar_file, calendar_load, calendar_read, calendar_rows
from deadlines.clock import Day
from deadlines.models import CalendarChange, Clock
from deadlines.proposals import days_compare, days_propose
from deadlines.recalculation import Move, calendar_change
from deadlines.services import clock_build
from deadlines.tasks import settle_calendar_change
from escalation.alarms import calendar_alarm_send
from escalation.tasks import check_calendar
from notifications.models import OutboxMessage
from notifications.rendering import render
from tests.deadlines.days import on
from tests.people import person_make

MISSING_2028 = CalendarAlarm(AlarmKind.MISSING, 2028)
HEADER = "date,kind,name_vi,basis,status\n"


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def called(*words: str) -> str:
    out = StringIO()
    call_command("calendar", *words, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2027-10-31", []),
        ("2027-11-01", [MISSING_2028]),
        ("2027-12-31", [MISSING_2028]),
        ("2028-01-01", [MISSING_2028]),
    ],
)
def test_a_missing_tet_is_an_alarm_from_1_november(day: str, expected: list[CalendarAlarm]) -> None:
    days = [item._replace(status="verified") for item in calendar_file()]
    assert calendar_alarms(on(day), days) == expected


def test_a_tet_without_its_notice_is_unconfirmed() -> None:
    found = calendar_alarms(on("2026-11-28"), calendar_file())
    assert found == [CalendarAlarm(AlarmKind.UNCONFIRMED, 2027)]
    assert calendar_alarms(on("2026-10-31"), calendar_file()) == []


@pytest.mark.django_db
class TestMail:
    @pytest.fixture(autouse=True)
    def _admin(self, calendar: None) -> None:
        person_make("admin")
        days = [item._replace(status="verified") for item in calendar_file()]
        calendar_load(LoadReport(), days)

    def sent(self, template: str = "calendar_missing") -> int:
        return OutboxMessage.objects.filter(template=template, channel="email").count()

    def test_the_administrator_is_told_once_a_day_until_it_is_there(self) -> None:
        calendar_alarm_send(at=at("2027-10-31T16:59"))
        assert self.sent() == 0
        for moment in ("2027-10-31T17:00", "2027-11-01T05:00", "2027-11-01T16:59"):
            assert calendar_alarm_send(at=at(moment)) == [MISSING_2028]
        assert self.sent() == 1
        calendar_alarm_send(at=at("2027-11-01T17:00"))
        assert self.sent() == 2
        message = OutboxMessage.objects.order_by("id")[0]
        assert (message.position, message.params) == (Role.ADMIN, {"year": 2028})

    def test_a_tet_without_its_notice_is_told_once(self) -> None:
        calendar_load(LoadReport(), calendar_file())
        for moment in ("2026-11-28T01:00", "2026-11-29T01:00"):
            calendar_alarm_send(at=at(moment))
        assert self.sent("calendar_unconfirmed") == 1

    def test_the_daily_task_does_the_same(self, time_machine: object) -> None:
        time_machine.move_to(at("2027-11-02T00:15"))  # type: ignore[attr-defined]
        assert check_calendar() == check_calendar() == ["missing:2028"]
        assert self.sent() == 1

    def test_nobody_holds_the_position(self) -> None:
        Membership.objects.filter(role=Role.ADMIN).delete()
        assert calendar_alarm_send(at=at("2027-11-01T05:00")) == [MISSING_2028]
        assert self.sent() == 0

    @pytest.mark.parametrize("language", ["vi", "en"])
    @pytest.mark.parametrize("kind", AlarmKind)
    def test_the_mail_says_what_to_do(self, kind: AlarmKind, language: str) -> None:
        subject, body = render(f"calendar_{kind}", {"year": 2028}, language=language)
        assert "2028" in body
        assert "2028" not in subject
        assert "manage.py calendar change" in body


def test_the_package_knows_the_days_of_the_law() -> None:
    found = {day.date: day for day in days_propose(2026)}
    assert found[on("2026-04-27")].kind == "compensatory_off"
    assert found[on("2026-09-02")].kind == "holiday"
    assert {day.status for day in found.values()} == {"expected"}


def test_the_comparison_names_each_difference_and_no_weekend() -> None:
    days = [day for day in calendar_file() if day.date != on("2026-09-02")]
    extra = Day(on("2026-03-10"), "holiday", "Ngày thử", "", "verified")
    found = {item.date: item for item in days_compare([*days, extra], [2026])}
    assert found[on("2026-09-02")].ours == ""
    assert found[on("2026-03-10")].theirs == ""
    assert all(date.weekday() < 5 for date in found)


@pytest.mark.django_db
@pytest.mark.usefixtures("calendar")
class TestCommand:
    def test_a_proposal_is_a_file_that_can_be_read_and_is_never_loaded(self) -> None:
        before = calendar_rows()
        text = called("propose", "2028")
        days = calendar_read(StringIO(text))
        assert on("2028-01-26") in {day.date for day in days}
        assert text.startswith(HEADER)
        assert calendar_rows() == before

    def test_the_check_names_what_is_unconfirmed_and_what_differs(
        self, time_machine: object
    ) -> None:
        time_machine.move_to(at("2026-11-28T02:00"))  # type: ignore[attr-defined]
        text = called("check")
        assert "Tết 2027: chưa có thông báo chính thức" in text
        assert "04/02/2027: lịch ghi ngày làm việc; gói holidays ghi 29 Tết" in text
        assert "02/01/2026: lịch ghi Nghỉ hoán đổi" in text

    def test_a_change_lists_every_clock_and_writes_only_when_told(
        self, unit: Unit, tmp_path: Path
    ) -> None:
        clock = clock_build(rule_code="KN-ACC", started_on=on("2026-11-16"), holder_unit=unit)
        clock.save()
        path = tmp_path / "days.csv"
        own = Path("deadlines/data/calendar_days.csv").read_text(encoding="utf-8")
        path.write_text(own + "2026-11-23,swapped_off,Nghỉ hoán đổi,Công văn thử,verified\n")
        text = called("change", str(path), "--reason", "hoán đổi 23/11")
        line = f"{clock.public_id} KN-ACC: 26/11/2026 dời đến 27/11/2026"
        assert line in text
        assert "Chưa ghi gì" in text
        assert Clock.objects.get().due_on == on("2026-11-26")
        text = called("change", str(path), "--reason", "hoán đổi 23/11", "--write")
        assert line in text
        assert "CALENDAR_DAYS_FILE" in text
        assert Clock.objects.get().due_on == on("2026-11-27")
        assert CalendarChange.objects.get().reason == "hoán đổi 23/11"

    @pytest.mark.parametrize(
        "rows",
        [
            "2026-13-01,holiday,Ngày,,verified\n",
            "2026-05-02,party,Ngày,,verified\n",
            "2026-05-02,holiday,Ngày,,perhaps\n",
            "2026-05-02,holiday,Ngày,,verified\n2026-05-02,holiday,Ngày,,verified\n",
        ],
    )
    def test_a_wrong_file_is_refused_and_changes_nothing(self, tmp_path: Path, rows: str) -> None:
        before = calendar_rows()
        path = tmp_path / "days.csv"
        path.write_text(HEADER + rows)
        with pytest.raises(CommandError, match="Không đọc được tệp lịch"):
            called("change", str(path), "--reason", "x", "--write")
        with pytest.raises(CommandError, match="Không đọc được"):
            called("change", str(tmp_path / "none.csv"), "--reason", "x")
        with pytest.raises(CommandError, match="lý do"):
            called("change", str(path), "--reason", " ")
        assert calendar_rows() == before

    def test_an_open_clock_beyond_the_new_calendar_refuses_the_change(
        self, unit: Unit, tmp_path: Path
    ) -> None:
        clock_build(rule_code="KN-ACC", started_on=on("2026-12-30"), holder_unit=unit).save()
        path = tmp_path / "days.csv"
        own = Path("deadlines/data/calendar_days.csv").read_text(encoding="utf-8")
        path.write_text("".join(line for line in own.splitlines(True) if "2027-" not in line))
        with pytest.raises(CommandError):
            called("change", str(path), "--reason", "x", "--write")

    def test_the_site_keeps_its_own_file(self, settings: Settings, tmp_path: Path) -> None:
        path = tmp_path / "days.csv"
        path.write_text(HEADER + "2026-05-02,holiday,Ngày riêng,,verified\n")
        settings.CALENDAR_DAYS_FILE = str(path)
        assert [day.name for day in calendar_file()] == ["Ngày riêng"]


@pytest.mark.django_db
@pytest.mark.usefixtures("calendar")
def test_a_clock_started_with_the_old_days_off_is_settled(unit: Unit, time_machine: object) -> None:
    time_machine.move_to(at("2026-11-17T02:00"))  # type: ignore[attr-defined]
    stale = clock_build(rule_code="KN-ACC", started_on=on("2026-11-16"), holder_unit=unit)
    clock_build(rule_code="KN-ACC", started_on=on("2026-11-16"), holder_unit=unit).save()
    swap = Day(on("2026-11-23"), "swapped_off", "Nghỉ hoán đổi", "", "verified")
    listed: list[Move] = []
    calendar_change([*calendar_file(), swap], reason="x", listed=listed.append)
    stale.save()
    time_machine.move_to(at("2026-11-17T02:05"))  # type: ignore[attr-defined]
    assert settle_calendar_change() == 1
    assert settle_calendar_change() == 0
    stale.refresh_from_db()
    assert stale.due_on == on("2026-11-27")
    assert len(listed) == 1
