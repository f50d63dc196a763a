"""Limits in hours, worked out by hand with the calendar of 2026."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from communes.models import Unit
from deadlines.faults import CalendarMissing, HoursWrong
from deadlines.hours import OFFICE, WorkingHours, hours_compute, hours_line
from deadlines.rules import CALENDAR_DAYS, WORKING_DAYS, load_rules
from tests.deadlines.days import CALENDAR

# Hours, start, end. 8 working hours are a whole day, 4 are half of one.
EXAMPLES = [
    # Monday 23/11/2026, 10:00: two hours to noon, four from 13, two on Wednesday (24/11 is off)
    (8, "2026-11-23T10:00", "2026-11-25T10:00"),
    # Four hours: two to noon, two from 13
    (4, "2026-11-23T10:00", "2026-11-23T15:00"),
    # Exactly the morning ends at noon, not at 13
    (4, "2026-11-23T08:00", "2026-11-23T12:00"),
    # Exactly the day ends at 17, not the next morning
    (8, "2026-11-23T08:00", "2026-11-23T17:00"),
    # Before the opening, in the lunch break, at the closing
    (4, "2026-11-23T06:30", "2026-11-23T12:00"),
    (1, "2026-11-23T12:15", "2026-11-23T14:00"),
    (1, "2026-11-23T17:00", "2026-11-25T09:00"),
    # 23:59 on Monday, before a holiday
    (4, "2026-11-23T23:59", "2026-11-25T12:00"),
    # On the holiday itself
    (8, "2026-11-24T09:00", "2026-11-25T17:00"),
    # Friday 16:00: one hour left, seven on Monday 30/11: four and three from 13
    (8, "2026-11-27T16:00", "2026-11-30T16:00"),
    # Saturday and Sunday
    (4, "2026-11-28T10:00", "2026-11-30T12:00"),
    (4, "2026-11-29T23:00", "2026-11-30T12:00"),
    # Saturday 22/8/2026 is worked for Monday 31/8
    (8, "2026-08-21T13:00", "2026-08-22T12:00"),
    # Friday 28/8 afternoon: 29 to 2/9 are off, the morning of Thursday 3/9 follows
    (8, "2026-08-28T13:00", "2026-09-03T12:00"),
    # The last half day before Tết (Friday 13/2); Monday 23/2 is the first morning after it
    (8, "2026-02-13T13:00", "2026-02-23T12:00"),
    # New Year: Thursday 31/12/2026 15:00: two hours, 1/1 is off, Monday 4/1
    (4, "2026-12-31T15:00", "2027-01-04T10:00"),
    # Half an hour
    (0.5, "2026-11-23T11:45", "2026-11-23T13:15"),
]
moments = st.datetimes(
    dt.datetime.fromisoformat("2025-12-01"), dt.datetime.fromisoformat("2027-06-30")
).map(lambda moment: moment.replace(second=0, microsecond=0))
amounts = st.integers(1, 240).map(lambda halves: halves / 2)


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize(("hours", "start", "end"), EXAMPLES)
def test_worked_example(hours: float, start: str, end: str) -> None:
    assert hours_compute(hours, WORKING_DAYS, moment(start), CALENDAR).due_at == moment(end)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        # 72 hours run through nights, days off and the New Year, and are not moved
        ("2026-11-20T16:40", "2026-11-23T16:40"),
        ("2026-12-30T23:59", "2027-01-02T23:59"),
    ],
)
def test_seventy_two_hours_are_neither_stopped_nor_moved(start: str, end: str) -> None:
    found = hours_compute(72, CALENDAR_DAYS, moment(start), CALENDAR)
    assert (found.due_at, len(found.spans)) == (moment(end), 1)


def test_a_unit_with_a_shorter_day() -> None:
    office = WorkingHours.parse("07:30-11:30,13:30-17:00")
    found = hours_compute(8, WORKING_DAYS, moment("2026-11-25T07:00"), CALENDAR, office)
    # Four and three and a half hours on Wednesday; half an hour on Thursday
    assert found.due_at == moment("2026-11-26T08:00")


@pytest.mark.parametrize(
    "text", ["", "8-12", "08:00-25:00", "12:00-08:00", "08:00-12:00,11:00-17:00", "08:00-08:00"]
)
def test_working_hours_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(HoursWrong):
        WorkingHours.parse(text)


@pytest.mark.parametrize("hours", [0, -1, 24 * 366 + 1])
def test_a_number_of_hours_that_is_none_is_refused(hours: float) -> None:
    with pytest.raises(HoursWrong):
        hours_compute(hours, WORKING_DAYS, moment("2026-11-23T10:00"), CALENDAR)


def test_hours_beyond_the_known_years_have_no_answer() -> None:
    with pytest.raises(CalendarMissing):
        hours_compute(16, WORKING_DAYS, moment("2027-12-31T15:00"), CALENDAR)
    with pytest.raises(CalendarMissing):
        hours_compute(72, CALENDAR_DAYS, moment("2027-12-31T15:00"), CALENDAR)


def test_the_sentence_says_when_it_began_to_count() -> None:
    found = hours_compute(4, WORKING_DAYS, moment("2026-11-23T23:59"), CALENDAR)
    assert hours_line(found) == (
        "4 giờ làm việc kể từ 23:59 ngày 23/11/2026; nhận ngoài giờ làm việc nên tính từ 08:00"
        " ngày 25/11/2026: hạn cuối là 12:00 ngày 25/11/2026."
    )


@settings(deadline=None)
@given(amounts, moments)
def test_the_spans_are_working_hours_and_add_up(hours: float, start: dt.datetime) -> None:
    found = hours_compute(hours, WORKING_DAYS, start, CALENDAR)
    counted = sum(((s.end - s.begin) for s in found.spans), dt.timedelta())
    assert counted == dt.timedelta(hours=hours)
    assert found.spans[-1].end == found.due_at
    for span in found.spans:
        assert CALENDAR.is_working(span.begin.date())
        assert any(a <= span.begin < span.end <= b for a, b in OFFICE.on(span.begin.date()))
        assert span.begin >= start


@settings(deadline=None)
@given(amounts, moments, st.integers(0, 5000), st.integers(0, 20))
def test_later_or_longer_never_ends_earlier(
    hours: float, start: dt.datetime, minutes: int, more: int
) -> None:
    later = start + dt.timedelta(minutes=minutes)
    one = hours_compute(hours, WORKING_DAYS, start, CALENDAR)
    assert one.due_at <= hours_compute(hours + more, WORKING_DAYS, later, CALENDAR).due_at


def test_only_rules_in_hours_have_hours() -> None:
    found = {rule.code: rule.hours for rule in load_rules().values() if rule.hours}
    assert found == {"IH-RECV": 8, "IH-URGENT": 4, "DL-BREACH": 72}


@pytest.mark.django_db
@pytest.mark.usefixtures("calendar")
class TestApi:
    def get(self, client: Client, query: str) -> Any:
        return client.get(f"/api/v1/deadlines/?{query}").json()

    def test_a_moment_gives_a_moment(self, client: Client) -> None:
        found = self.get(client, "rule=IH-RECV&start=2026-11-23T10:00")
        assert found["due_at"] == "2026-11-25T10:00:00+07:00"
        assert found["counted_hours"][0] == {"from": "2026-11-23T10:00", "to": "2026-11-23T12:00"}
        assert "8 giờ làm việc" in found["hours_explanation"]
        assert self.get(client, "rule=IH-RECV&start=2026-11-23")["due_at"] is None

    def test_rules_in_days_count_from_the_day(self, client: Client) -> None:
        found = self.get(client, "rule=KN-ACC&start=2026-11-16T23:59")
        assert (found["due_on"], found["due_at"]) == ("2026-11-26", None)

    def test_the_hours_of_a_unit(self, client: Client, unit: Unit) -> None:
        Unit.objects.filter(pk=unit.pk).update(working_hours="07:30-11:30,13:30-17:00")
        found = self.get(client, "rule=IH-RECV&start=2026-11-25T07:00&unit=99001")
        assert found["due_at"] == "2026-11-26T08:00:00+07:00"

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("start=2026-11-23T25:00", "start"),
            ("start=2026-11-23T10", "start"),
            ("start=2026-11-23T10:00Z", "start"),
            ("start=2026-11-23T10:00&unit=77777", "unit"),
        ],
    )
    def test_bad_input_names_the_field(self, client: Client, query: str, field: str) -> None:
        assert field in self.get(client, f"rule=IH-RECV&{query}")["fields"]
