"""The page of periodic jobs: state in words, alarms, outbox; for whoever keeps the portal."""

import datetime as dt

import pytest
from django.urls import reverse
from time_machine import TimeMachineFixture

from common.jobs import job
from common.models import JobAlarm, JobState
from hanoi_portal.schedule import JOBS
from notifications.models import OutboxMessage
from notifications.services import NewMessage, outbox_write
from tests.people import person_make
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
SWEEP = "escalation.run_sweep"


@pytest.fixture(autouse=True)
def _start(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(START, tick=False)


def page(client: StrictClient, who: str = "admin") -> str:
    client.force_login(person_make(who))
    response = client.get(reverse("system_jobs"))
    assert response.status_code == 200
    return str(response.content.decode())


def row(text: str, name: str) -> str:
    return next(part for part in text.split("<tr>") if f">{name}<" in part)


def test_before_anything_ran(client: StrictClient) -> None:
    text = page(client)
    for each in JOBS:
        assert "chưa chạy" in row(text, each.name)
    assert "Không có công việc nào ngừng chạy" in text
    assert "Không có cảnh báo đang mở" in text
    assert "Chưa có cảnh báo nào đã kết thúc" in text


def test_each_state_has_its_words(client: StrictClient, time_machine: TimeMachineFixture) -> None:
    with job(SWEEP):
        pass
    JobState.objects.create(name="notifications.deliver_outbox", expected_since=START)
    time_machine.move_to(START + dt.timedelta(minutes=4), tick=False)
    with pytest.raises(OSError), job("petitions.prune_drafts"):
        raise OSError("/a/secret/path")
    text = page(client)
    assert "đúng hạn" in row(text, SWEEP)
    assert "4 phút trước" in row(text, SWEEP)
    assert "09:00:00 23/11/2026" in row(text, SWEEP)
    assert "không được báo cáo lên cấp trên" in row(text, SWEEP)
    assert "chưa chạy" in row(text, "notifications.deliver_outbox")
    failed = row(text, "petitions.prune_drafts")
    assert "</svg>lỗi<" in failed
    assert "OSError" in failed
    assert "secret" not in text
    time_machine.move_to(START + dt.timedelta(minutes=6), tick=False)
    text = page(client)
    assert "ngừng chạy" in row(text, SWEEP)
    assert "2 công việc đang ngừng chạy" in text


def test_alarms_open_and_past(client: StrictClient) -> None:
    state = JobState.objects.create(name=SWEEP, expected_since=START)
    hour = dt.timedelta(hours=1)
    JobAlarm.objects.create(
        job=state, opened_at=START - 3 * hour, told_at=START - 3 * hour, closed_at=START - 2 * hour
    )
    JobAlarm.objects.create(job=state, opened_at=START - hour)
    text = page(client)
    now_open, past = text.split("Cảnh báo đang mở</h2>")[1].split("Cảnh báo đã kết thúc</h2>")
    assert "08:00:00 23/11/2026" in now_open
    assert "chưa gửi được" in now_open
    assert "vẫn ngừng chạy" in now_open
    assert "06:00:00 23/11/2026" in past
    assert "07:00:00 23/11/2026" in past
    assert "vẫn ngừng chạy" not in past


def test_the_outbox_is_counted(client: StrictClient) -> None:
    outbox_write(
        [
            NewMessage(key=f"a:{n}", template="generic", recipient_id=person_make("clerk").pk)
            for n in range(3)
        ],
        at=START - dt.timedelta(hours=2),
    )
    mails = OutboxMessage.objects.filter(channel="email")
    mails.filter(event="a:0").update(state="failed")
    mails.filter(event="a:1").update(next_attempt_at=START + dt.timedelta(hours=1))
    figures = client_context(client)
    assert (figures.pending, figures.failed, figures.waiting) == ("<10", "<10", "hơn 1 giờ")


def client_context(client: StrictClient) -> object:
    client.force_login(person_make("admin"))
    return client.get(reverse("system_jobs")).context["outbox"]


def test_the_link_is_for_administrators_alone(client: StrictClient) -> None:
    href = reverse("system_jobs")
    for who, expected in (("admin", True), ("clerk", False), ("city_chair", False)):
        client.force_login(person_make(who))
        assert (href in client.get(reverse("cases:desk")).content.decode()) is expected
