"""Silence is an alarm: opened, told past the outbox, closed when the job runs again."""

import datetime as dt
import smtplib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from accounts.models import Membership
from common.jobs import job
from common.models import JobAlarm, JobState
from common.ui import span_words
from hanoi_portal.job_alarms import alarms_check
from hanoi_portal.jobs import Condition, JobReport, jobs_report
from hanoi_portal.schedule import JOBS, WATCH
from hanoi_portal.watch import Watch, jobs_watch
from notifications.models import OutboxMessage
from tests.people import person_make

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
SWEEP, DRAFTS, CALENDAR = (
    "escalation.run_sweep",
    "petitions.prune_drafts",
    "escalation.check_calendar",
)
# What runs every few seconds: silent after minutes.
OFTEN = {
    SWEEP, "notifications.deliver_outbox", "receptions.settle_places", "directives.run_imports",
    "reports.run_batches",
}  # fmt: skip
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _admin() -> None:
    person_make("admin")


@pytest.fixture
def check(time_machine: TimeMachineFixture) -> Callable[..., None]:
    """Look at the jobs at a time after the start, as one of a chain of looks a minute apart."""

    def look(after: dt.timedelta = dt.timedelta(), *, watched: bool = True) -> None:
        at = START + after
        if watched:
            watch = JobState.objects.filter(name=WATCH)
            watch.update(last_started_at=at - MINUTE, last_succeeded_at=at - MINUTE)
        time_machine.move_to(at, tick=False)
        alarms_check(at=at)

    return look


def run(time_machine: TimeMachineFixture, after: dt.timedelta, *names: str) -> None:
    """Jobs succeed at a time after the start."""
    time_machine.move_to(START + after, tick=False)
    for name in names or [each.name for each in JOBS]:
        with job(name):
            pass


def report(name: str, after: dt.timedelta) -> JobReport:
    return next(r for r in jobs_report(START + after) if r.job.name == name)


def open_names() -> set[str]:
    return set(JobAlarm.objects.filter(closed_at=None).values_list("job__name", flat=True))


@contextmanager
def refusing(error: Exception) -> Iterator[None]:
    """The mail server takes nothing."""
    with patch.object(EmailBackend, "send_messages", side_effect=error):
        yield


def test_a_fresh_start_is_not_silent_before_its_grace(check: Callable[..., None]) -> None:
    check()
    assert {each.name for each in JOBS} == set(JobState.objects.values_list("name", flat=True))
    assert report(SWEEP, 5 * MINUTE).condition is Condition.WAITING
    assert report(SWEEP, 5 * MINUTE + dt.timedelta(seconds=1)).condition is Condition.SILENT
    assert report(DRAFTS, 3 * HOUR).condition is Condition.WAITING
    assert report(CALENDAR, 26 * HOUR).condition is Condition.WAITING
    assert report(CALENDAR, 26 * HOUR + MINUTE).condition is Condition.SILENT
    check(5 * MINUTE)
    assert not JobAlarm.objects.exists()
    assert not mail.outbox


def test_silence_after_a_success_is_told_once_and_again_a_day_later(
    check: Callable[..., None], time_machine: TimeMachineFixture
) -> None:
    check()
    run(time_machine, HOUR)
    check(HOUR + 4 * MINUTE)
    assert not open_names()
    check(HOUR + 6 * MINUTE)
    assert open_names() == OFTEN
    (told,) = mail.outbox
    assert told.to == ["admin@example.com"]
    assert SWEEP not in told.subject
    assert SWEEP in told.body
    assert "10:00 23/11/2026" in told.body
    assert "không được báo cáo lên cấp trên" in told.body
    assert "http://testserver/can-bo/he-thong/cong-viec/" in told.body
    check(HOUR + 7 * MINUTE)
    assert len(mail.outbox) == 1
    check(HOUR + 6 * MINUTE + DAY - MINUTE)
    before = len([one for one in mail.outbox if SWEEP in one.body])
    assert before == 1
    check(HOUR + 6 * MINUTE + DAY)
    assert len([one for one in mail.outbox if SWEEP in one.body]) == 2
    assert JobAlarm.objects.filter(job__name=SWEEP).count() == 1
    assert not OutboxMessage.objects.exists()


def test_a_job_that_fails_every_time_is_silent_and_says_why(
    check: Callable[..., None], time_machine: TimeMachineFixture
) -> None:
    check()
    run(time_machine, MINUTE)
    with pytest.raises(KeyError), job(SWEEP):
        time_machine.move_to(START + 2 * MINUTE, tick=False)
        raise KeyError("a person's name")
    assert report(SWEEP, 2 * MINUTE).condition is Condition.FAILING
    check(7 * MINUTE)
    assert SWEEP in open_names()
    assert "KeyError" in mail.outbox[0].body
    assert "person" not in mail.outbox[0].body


def test_a_job_that_runs_again_is_told_once(
    check: Callable[..., None], time_machine: TimeMachineFixture
) -> None:
    check()
    check(6 * MINUTE)
    assert len(mail.outbox) == 1
    run(time_machine, 9 * MINUTE)
    check(10 * MINUTE)
    check(11 * MINUTE)
    assert not open_names()
    assert [SWEEP in one.body for one in mail.outbox] == [True, True]
    assert mail.outbox[1].subject == "Công việc định kỳ của Cổng đã chạy lại"
    run(time_machine, 12 * MINUTE)
    check(20 * MINUTE)
    assert JobAlarm.objects.filter(job__name=SWEEP).count() == 2
    assert len(mail.outbox) == 3


def test_a_success_while_the_check_runs_opens_no_second_alarm(
    check: Callable[..., None],
    time_machine: TimeMachineFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    check()
    check(6 * MINUTE)

    def succeed_after(at: dt.datetime) -> list[JobReport]:
        found = jobs_report(at)
        run(time_machine, 7 * MINUTE + dt.timedelta(seconds=1))
        return found

    with monkeypatch.context() as patched:
        patched.setattr("hanoi_portal.job_alarms.jobs_report", succeed_after)
        check(7 * MINUTE)
    check(8 * MINUTE)
    assert not open_names()
    assert JobAlarm.objects.filter(job__name=SWEEP).count() == 1
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    "error", [ConnectionRefusedError(), smtplib.SMTPServerDisconnected(), TimeoutError()]
)
def test_a_mail_server_that_does_not_take_it_is_tried_again(
    check: Callable[..., None], time_machine: TimeMachineFixture, error: Exception
) -> None:
    check()
    with refusing(error):
        check(6 * MINUTE)
    assert set(JobAlarm.objects.values_list("told_at", flat=True)) == {None}
    check(7 * MINUTE)
    check(8 * MINUTE)
    assert len(mail.outbox) == 1
    assert JobAlarm.objects.filter(told_at=START + 7 * MINUTE).count() == len(OFTEN)
    run(time_machine, 9 * MINUTE)
    with refusing(error):
        check(10 * MINUTE)
    assert not open_names()
    check(11 * MINUTE)
    check(12 * MINUTE)
    assert len(mail.outbox) == 2


def test_a_refused_address_keeps_nobody_from_knowing(
    check: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    second = person_make("clerk")
    held = Membership.objects.get(user=person_make("admin"))
    Membership.objects.create(
        user=second, unit=held.unit, role=held.role, valid_from=held.valid_from
    )
    taken: list[str] = []

    def send(self: EmailBackend, messages: Any) -> int:
        (one,) = messages
        if one.to == ["admin@example.com"]:
            raise smtplib.SMTPRecipientsRefused({one.to[0]: (550, b"no")})
        taken.extend(one.to)
        return 1

    monkeypatch.setattr(EmailBackend, "send_messages", send)
    check()
    check(6 * MINUTE)
    check(7 * MINUTE)
    assert taken == ["clerk@example.com"]


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}])
def test_who_left_is_not_told_and_the_alarm_waits_for_somebody(
    check: Callable[..., None], change: dict[str, Any]
) -> None:
    admin = person_make("admin")
    type(admin).objects.filter(pk=admin.pk).update(**change)
    check()
    check(6 * MINUTE)
    assert not mail.outbox
    assert SWEEP in open_names()
    type(admin).objects.filter(pk=admin.pk).update(is_active=True, email="new@example.com")
    check(7 * MINUTE)
    assert mail.outbox[0].to == ["new@example.com"]


def test_after_an_absence_of_the_whole_site_jobs_get_time_to_start(
    check: Callable[..., None], time_machine: TimeMachineFixture
) -> None:
    check()
    run(time_machine, MINUTE)
    back = 3 * DAY
    check(back, watched=False)
    assert not open_names()
    check(back + 5 * MINUTE)
    assert not open_names()
    check(back + 6 * MINUTE)
    assert {SWEEP, DRAFTS, CALENDAR} < open_names()


def test_an_absence_does_not_make_a_known_silence_good(check: Callable[..., None]) -> None:
    check()
    check(6 * MINUTE)
    check(DAY, watched=False)
    assert report(SWEEP, DAY).is_silent
    assert SWEEP in open_names()


def test_a_watch_that_fails_is_silent_itself(
    client: Client, check: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    check()

    def fail(*_: object) -> None:
        raise DatabaseError

    monkeypatch.setattr("hanoi_portal.job_alarms._tell_silence", fail)
    for minute in range(1, 7):
        JobState.objects.filter(name=WATCH).update(last_started_at=START + (minute - 1) * MINUTE)
        with pytest.raises(DatabaseError):
            check(minute * MINUTE, watched=False)
    assert report(WATCH, 6 * MINUTE).is_silent
    assert health(client)[1]["jobs"][WATCH] == "silent"


def test_a_job_that_the_schedule_no_longer_has_is_forgotten(check: Callable[..., None]) -> None:
    gone = JobState.objects.create(name="gone.task", expected_since=START - DAY)
    JobAlarm.objects.create(job=gone, opened_at=START - HOUR)
    check()
    assert not JobState.objects.filter(name="gone.task").exists()
    assert not JobAlarm.objects.exists()


def test_one_open_alarm_a_job() -> None:
    state = JobState.objects.create(name=SWEEP, expected_since=START)
    JobAlarm.objects.create(job=state, opened_at=START)
    with pytest.raises(IntegrityError), transaction.atomic():
        JobAlarm.objects.create(job=state, opened_at=START + MINUTE)
    JobAlarm.objects.update(closed_at=START + MINUTE)
    JobAlarm.objects.create(job=state, opened_at=START + MINUTE)


def test_the_loop_outlives_errors_and_stops_at_once() -> None:
    looks, enough = [], threading.Event()

    def look() -> None:
        looks.append(1)
        if len(looks) == 3:
            enough.set()
        raise DatabaseError

    watch = Watch(look, 0.01)
    watch.start()
    assert enough.wait(10)
    watch.stop()
    assert not watch._thread.is_alive()
    assert watch._thread.daemon


def test_the_watch_of_a_process_looks_at_the_jobs(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hanoi_portal.watch.connections.close_all", lambda: None)
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    watch = jobs_watch()
    assert watch.seconds == settings.JOBS_WATCH_SECONDS == 60
    watch.once()
    assert JobState.objects.get(name=WATCH).last_succeeded_at


def health(client: Client, name: str = "health_jobs") -> tuple[int, dict[str, Any]]:
    response = client.get(reverse(name))
    return response.status_code, response.json()


def test_health_is_red_when_a_job_is_silent(
    client: Client, check: Callable[..., None], time_machine: TimeMachineFixture
) -> None:
    check()
    run(time_machine, MINUTE)
    assert health(client) == (200, {"ok": True, "jobs": {each.name: "ok" for each in JOBS}})
    check(7 * MINUTE)
    status, body = health(client)
    assert (status, body["ok"]) == (503, False)
    assert body["jobs"][SWEEP] == "silent"
    assert body["jobs"][DRAFTS] == "ok"
    ready = health(client, "health_ready")[1]
    assert f"jobs_{SWEEP}" in ready["warnings"]
    assert not [name for name in ready["checks"] if "jobs" in name]


def test_a_watch_that_never_began_is_missed(
    client: Client, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(START, tick=False)
    assert health(client)[0] == 200
    time_machine.move_to(START + 6 * MINUTE, tick=False)
    status, body = health(client)
    assert status == 503
    assert body["jobs"][WATCH] == "silent"


def test_health_is_red_when_nobody_can_know(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(at: dt.datetime) -> None:
        raise DatabaseError

    monkeypatch.setattr("hanoi_portal.health.jobs_report", fail)
    assert health(client) == (503, {"ok": False, "jobs": {}})


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3, "0 giây"),
        (59, "59 giây"),
        (60, "1 phút"),
        (3599, "59 phút"),
        (7200, "2 giờ"),
        (200_000, "2 ngày"),
    ],
)
def test_a_span_in_words(seconds: int, words: str) -> None:
    with translation.override("vi"):
        assert span_words(dt.timedelta(seconds=seconds)) == words
