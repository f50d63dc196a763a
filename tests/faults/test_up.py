"""``manage.py up`` as a person starts, stops and kills it. Real processes, real servers."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import psycopg
import pytest

from hanoi_portal import embedded

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 600.0  # seconds; machines that run tests are busy
STOP_SECONDS = 30.0

pytestmark = pytest.mark.slow


class Site:
    """An installation in a directory of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port()
        self.output = data.with_name("up.txt")

    def environment(self) -> dict[str, str]:
        """What ``up`` and every command of this installation run with."""
        foreign = {"REDIS_URL", "PORTAL_PROCESS", "DJANGO_ALLOW_ASYNC_UNSAFE"}
        return {k: v for k, v in os.environ.items() if k not in foreign} | {
            "DJANGO_SETTINGS_MODULE": "hanoi_portal.settings.dev",
            "PORTAL_DATA": str(self.data),
            "PORTAL_DEMO_CASES": "20",
            "PORT": str(self.port),
        }

    def start(self) -> "subprocess.Popen[bytes]":
        """``manage.py up``; what it prints goes to a file."""
        with self.output.open("w") as output:
            return subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=ROOT,
                env=self.environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @contextmanager
    def running(self) -> Iterator["subprocess.Popen[bytes]"]:
        process = self.start()
        try:
            wait_for(lambda: process.poll() is not None or "Ctrl-C" in self.told())
            assert process.poll() is None, self.told()
            wait_for(self.ready)
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait(30)

    def told(self) -> str:
        """What the last ``up`` printed."""
        return self.output.read_text(encoding="utf-8")

    def ready(self) -> bool:
        talk = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            talk.request("GET", "/health/ready/")
            answer = talk.getresponse()
            return answer.status == 200 and json.loads(answer.read())["ready"] is True
        except (OSError, http.client.HTTPException):
            return False
        finally:
            talk.close()

    def pids(self, word: str = "") -> list[int]:
        """Processes that belong to this installation, by their command line."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                command = (entry / "cmdline").read_bytes().decode(errors="replace")
                everything = command + (entry / "environ").read_bytes().decode(errors="replace")
                if str(self.data) in everything and command and word in command:
                    found.append(int(entry.name))
        return [pid for pid in found if pid != os.getpid()]

    def replaced(self, word: str, pid: int) -> bool:
        """Whether another process does the work of the one that was killed."""
        return bool(set(self.pids(word)) - {pid}) and self.ready()

    def cases(self) -> int:
        url = embedded.database_url(embedded.APPLICATION, self.data)
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT count(*) FROM petitions_case").fetchone()
            return int(row[0]) if row else 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """An installation after its first run."""
    with tempfile.TemporaryDirectory(prefix="portal-up-", ignore_cleanup_errors=True) as folder:
        site = Site(Path(folder).resolve() / "data")
        with site.running() as process:
            assert site.cases() >= 20
            first = process
        assert first.returncode == 0
        wait_for(lambda: not site.pids(), STOP_SECONDS)
        yield site
        for pid in site.pids():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


# What the command line of each process holds.
PROGRAMS = (
    "gunicorn", "worker", "beat", "mail_catcher", "manage.py\0vault", "bin/postgres", "valkey-server",
)  # fmt: skip


def test_interrupt_stops_everything(site: Site) -> None:
    with site.running() as process:
        for word in PROGRAMS:
            assert site.pids(word), word
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.wait(30)
        assert time.monotonic() - began < STOP_SECONDS
    assert process.returncode == 0
    assert f"http://localhost:{site.port}/" in site.told()
    assert str(site.data) in site.told()
    assert not site.pids()


def test_kills_are_recovered_without_a_lost_row(site: Site) -> None:
    """Each program alone, then ``up`` itself, then everything at once."""
    with site.running() as process:
        before = site.cases()
        for word in PROGRAMS:
            pid = min(site.pids(word))
            os.kill(pid, signal.SIGKILL)
            wait_for(partial(site.replaced, word, pid))
        assert site.cases() == before
        process.kill()
        process.wait()
    with site.running() as process:
        assert site.cases() == before
        for pid in site.pids():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()
    with site.running():
        assert site.cases() == before
        second = site.start()
        second.wait(PATIENCE)
        assert second.returncode == 1
        assert "runs already" in site.told()
        assert site.ready()
    assert not site.pids()


def test_a_taken_port_is_told(site: Site) -> None:
    with socket.socket() as taken:
        # Connections that the site's web process has just closed do not count as taken.
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", site.port))
        taken.listen()
        process = site.start()
        process.wait(PATIENCE)
    assert process.returncode == 1
    assert f"Port {site.port} cannot be used" in site.told()
    assert not site.pids()
