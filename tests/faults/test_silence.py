"""The real web process alone, without worker, beat or broker, tells that a job fell silent."""

import email
import email.policy
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from common.jobs import job
from common.models import JobAlarm, JobState
from common.time import now
from hanoi_portal.schedule import GRACE_MIN
from tests.faults.test_sweep_killed import database_url
from tests.faults.test_up import free_port, wait_for
from tests.people import person_make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]
SWEEP = "escalation.run_sweep"
PATIENCE = 60.0  # seconds


@contextmanager
def process(*command: str, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A program of the portal; it must end by itself when it is asked to."""
    started = subprocess.Popen(
        [sys.executable, "-m", *command], cwd=ROOT, env=os.environ | environment
    )
    try:
        yield started
    finally:
        started.terminate()
        try:
            assert started.wait(15) == 0
        finally:
            started.kill()


def web(port: int, mail_port: int) -> Any:
    """Two gunicorn workers that look every half second; nobody listens at the broker's port."""
    return process(
        *("gunicorn", "-c", "python:hanoi_portal.gunicorn", "hanoi_portal.wsgi"),
        DJANGO_SETTINGS_MODULE="hanoi_portal.settings.dev",
        PORTAL_PROCESS="web",
        DATABASE_URL=database_url(),
        SECRET_KEY=settings.SECRET_KEY,
        DEBUG="true",  # static files are not collected here
        REDIS_URL=f"redis://127.0.0.1:{free_port()}/0",
        EMAIL_URL=f"smtp://127.0.0.1:{mail_port}",
        JOBS_WATCH_SECONDS="0.5",
        WEB_WORKERS="2",
        PORT=str(port),
    )


def health(port: int) -> dict[str, Any]:
    """What ``/health/jobs/`` says, with its status; empty while nobody answers."""
    talk = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        talk.request("GET", "/health/jobs/")
        answer = talk.getresponse()
        return {"status": answer.status, **json.loads(answer.read())}
    except (OSError, http.client.HTTPException):
        return {}
    finally:
        talk.close()


def mails(folder: Path) -> list[EmailMessage]:
    """Every mail that the catcher took, oldest first."""
    return [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    ]


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def silence(name: str) -> None:
    """Make a job that ran look as if nothing had been heard of it for longer than its grace."""
    old = now() - 2 * GRACE_MIN
    JobState.objects.filter(name=name).update(expected_since=old, last_succeeded_at=old)


def jobs_page(port: int, client: Client) -> str:
    """The page of jobs as the administrator sees it; the session is read from the database."""
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    talk = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    talk.request("GET", "/can-bo/he-thong/cong-viec/", headers={"Cookie": cookie})
    answer = talk.getresponse()
    text = answer.read().decode()
    talk.close()
    assert answer.status == 200
    return text


def test_silence_is_told_without_worker_and_broker(
    reference_data: None, client: Client, tmp_path: Path
) -> None:
    client.force_login(person_make("admin"))
    port, mail_port, folder = free_port(), free_port(), tmp_path / "mail"
    with web(port, mail_port):
        wait_for(lambda: health(port).get("ok"), PATIENCE)
        silence(SWEEP)
        wait_for(lambda: JobAlarm.objects.filter(job__name=SWEEP).exists(), PATIENCE)
        wait_for(lambda: health(port).get("status") == 503)
        wait_for(lambda: health(port).get("jobs", {}).get(SWEEP) == "silent")
        assert "vẫn ngừng chạy" in jobs_page(port, client)
        time.sleep(1.5)
        assert JobAlarm.objects.get().told_at is None  # the mail server is away as well
        with process("hanoi_portal.mail_catcher", str(mail_port), str(folder)):
            wait_for(lambda: JobAlarm.objects.filter(told_at__isnull=False).exists(), PATIENCE)
            with job(SWEEP):
                pass
            wait_for(lambda: JobAlarm.objects.filter(end_told_at__isnull=False), PATIENCE)
            time.sleep(1.5)
        wait_for(lambda: health(port) | {"jobs": {}} == {"status": 200, "ok": True, "jobs": {}})
    told, again = mails(folder)
    assert told["To"] == again["To"] == "admin@example.com"
    assert SWEEP not in told["Subject"]
    assert SWEEP in told.get_content()
    assert "không được báo cáo lên cấp trên" in told.get_content()
    assert "đã chạy lại" in again["Subject"]
    assert not listens(port)
