"""One command from nothing to a running site; what ``make run`` starts."""

import fcntl
import hashlib
import io
import os
import re
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, connections

from common.models import ScheduledRun
from common.time import now, today
from hanoi_portal import catalogs, embedded, grants, health, keeper, probe
from hanoi_portal.demo.days_off import days_off_make
from hanoi_portal.supervisor import MARK, Child, KeepsEnding, Program, Supervisor, end_leftovers

READY_SECONDS = 60.0
WATCH_SECONDS = 0.5
CHANGE = re.compile(r"\d+ (added|changed|ended)\b|^warning")
DEMO_ACCOUNTS = (
    "units (CODE is one of the 126, say clerk.00004):",
    "  clerk.CODE handler.CODE chair.CODE secretary.CODE front.CODE",
    "city:",
    "  board.BTCD head.BTCD chair.UBND secretary.TU office.VPTU",
    "  affairs.BNC propaganda.BTGDV front.MTTQ inspector.TTTP admin",
)


class Stopped(BaseException):
    """SIGINT or SIGTERM arrived."""


class Command(BaseCommand):
    help = "Start everything: servers, schema, reference and demo data, vault, web, worker, beat, mail."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--follow-parent", action="store_true", help="stop when the starting process ends"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.began = time.monotonic()
        self.port = _port()
        self.data: Path = settings.PORTAL_DATA
        self.supervisor = Supervisor(self.say)
        self.collecting: subprocess.Popen[bytes] | None = None
        _stop_on_signals(follow_parent=options["follow_parent"])
        try:
            with self.alone():
                self.run()
        except Stopped:
            self.say("Stopped")
        except (embedded.ServerFailed, KeepsEnding) as error:
            raise CommandError(str(error)) from None

    def run(self) -> None:
        """Prepare, start, watch; whatever happens, stop what was started."""
        self.say("Starting the database and the broker")
        self.servers = [embedded.Server(name, self.data) for name in embedded.wanted()]
        try:
            with embedded.joined(self.servers):
                try:
                    self.prepare()
                    self.start()
                    self.announce()
                    self.watch()
                finally:
                    _ignore_signals()
                    self.say("Stopping")
                    self.supervisor.stop()
                    _end(self.collecting)
                    connections.close_all()
        finally:
            _ignore_signals()

    def prepare(self) -> None:
        catalogs.compile_all()
        static = _static_fingerprint()
        mark = self.data / "static.sum"
        if not mark.exists() or mark.read_text() != static:
            mark.unlink(missing_ok=True)
            self.say("Collecting static files")
            self.collecting = self.manage_start("collectstatic", "--no-input", "--clear")
        self.migrate()
        self.reference_data()
        self.demo_data()
        if self.collecting is not None:
            _check(self.collecting, "collectstatic")
            mark.write_text(static)

    def migrate(self) -> None:
        try:
            needed = health.migrations_pending() or not grants.complete("default")
        except DatabaseError:
            needed = True
        connection.close()
        if needed:
            self.say("Bringing the schema up to date")
            self.manage("migrate", "--no-input", "--verbosity", "0")

    def reference_data(self) -> None:
        self.say("Loading reference data")
        report = io.StringIO()
        call_command("load_reference", stdout=report)
        for line in report.getvalue().splitlines():
            if CHANGE.search(line):
                self.say(f"  {line}")
        if settings.DEMO_MODE:
            days_off_make(now=now())

    def demo_data(self) -> None:
        """Once, into an empty database; an interrupted first run is taken up where it stopped."""
        if not settings.DEMO_MODE or health.demo_data_loaded():
            return
        begun = ScheduledRun.objects.filter(name=health.DEMO_RUN).exists()
        empty = not apps.get_model("petitions", "Case").objects.exists()
        if not begun:
            ScheduledRun.objects.create(
                name=health.DEMO_RUN,
                business_date=today(),
                started_at=now(),
                finished_at=None if empty else now(),
            )
        if begun or empty:
            cases = os.environ.get("PORTAL_DEMO_CASES", "500")
            self.say(f"Making demo data: {cases} invented cases")
            self.manage("seed_demo", "--cases", cases, "--seed", "1", stdout=None)

    def start(self) -> None:
        """Mail first, the web last: who can reach the site finds it complete."""
        logs = self.data / "logs"
        connections.close_all()
        for program in self.programs():
            folder = settings.BASE_DIR
            self.supervisor.add(Child(program, folder=folder, logs=logs, data=self.data))
        self.say("Starting vault, web, worker, beat and mail catcher")
        deadline = time.monotonic() + READY_SECONDS
        while not probe.answers("/health/ready/", self.port):
            self.supervisor.revive()
            if time.monotonic() > deadline:
                raise CommandError(f"The site is not ready; see {logs}")
            time.sleep(0.1)

    def programs(self) -> list[Program]:
        python, mail_port = sys.executable, str(_free_port())
        beat_dir = self.data / "beat"
        beat_dir.mkdir(mode=0o700, exist_ok=True)
        common = {
            "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
        }
        if settings.DEMO_MODE:
            common |= {
                "EMAIL_URL": os.environ.get("EMAIL_URL") or f"smtp://127.0.0.1:{mail_port}",
                "RATE_LIMITS": os.environ.get("RATE_LIMITS") or "off",
            }
        celery = (python, "-m", "celery", "-A", "hanoi_portal.celery")
        quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
        worker = (*celery, "worker", "--concurrency", "2", "--loglevel", "INFO", *quiet)
        beat = (*celery, "beat", "--loglevel", "INFO", "--pidfile=", "-s", f"{beat_dir}/schedule")
        web = (python, "-m", "gunicorn", "-c", "python:hanoi_portal.gunicorn", "hanoi_portal.wsgi")
        vault = (python, "manage.py", "vault")
        mail = (python, "-m", "hanoi_portal.mail_catcher", mail_port, str(self.data / "mail"))
        return [
            Program("mail", mail, common),
            Program("vault", vault, common | {"PORTAL_PROCESS": "vault"}),
            Program("worker", worker, common | {"PORTAL_PROCESS": "worker"}, signal.SIGQUIT),
            Program("beat", beat, common | {"PORTAL_PROCESS": "beat"}),
            Program("web", web, common | {"PORTAL_PROCESS": "web"}),
        ]

    def announce(self) -> None:
        lines = ["", f"  Ready: http://localhost:{self.port}/"]
        if settings.DEMO_MODE:
            lines += [f"  Sign in at http://localhost:{self.port}/tai-khoan/ with the password"]
            lines += [f"    {settings.DEMO_PASSWORD}", "  as one of these"]
            lines += [f"    {line}" for line in DEMO_ACCOUNTS]
        lines += [
            f"  Data: {self.data} (mails in mail/, logs in logs/)",
            "  Ctrl-C stops all of it",
        ]
        self.say("Everything runs")
        self.stdout.write("\n".join([*lines, ""]))
        self.stdout.flush()

    def watch(self) -> None:
        """Until a signal: start again what ends."""
        while True:
            time.sleep(WATCH_SECONDS)
            for server in self.servers:
                if server.ensure():
                    self.say(f"{server.paths.name} was gone; it runs again")
            self.supervisor.revive()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One ``up`` a directory; clears what a killed one left and sees that the port is free."""
        run = self.data / "run"
        run.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (run / "up.pid").open("a+", encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CommandError(f"The portal of {self.data} runs already") from None
            lock.seek(0)
            if lock.read():
                self.say("The last run was killed; clearing what it left")
                end_leftovers(self.data)
            _refuse_taken_port(self.port)
            _write(lock, str(os.getpid()))
            try:
                yield
            finally:
                _write(lock, "")

    def manage(self, *arguments: str, stdout: int | None = subprocess.DEVNULL) -> None:
        _check(self.manage_start(*arguments, stdout=stdout), arguments[0])

    def manage_start(
        self, *arguments: str, stdout: int | None = subprocess.DEVNULL
    ) -> "subprocess.Popen[bytes]":
        """A management command as a process of its own, with the rights it needs."""
        return subprocess.Popen(  # noqa: S603 - our own script
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env={**os.environ, MARK: str(self.data)},
            stdout=stdout,
            start_new_session=True,
            preexec_fn=keeper.die_with_parent(signal.SIGTERM),  # noqa: PLW1509
        )

    def say(self, text: str) -> None:
        self.stdout.write(f"[{time.monotonic() - self.began:6.1f} s] {text}")
        self.stdout.flush()


def _check(process: "subprocess.Popen[bytes]", name: str) -> None:
    try:
        code = process.wait()
    except BaseException:
        _end(process)
        raise
    if code:
        raise CommandError(f"manage.py {name} failed ({code})")


def _end(process: "subprocess.Popen[bytes] | None") -> None:
    """End a command and whatever it forked."""
    if process is not None and process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(3)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CommandError(f"PORT={text} is not a port number")
    return int(text)


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used ({error.strerror}). Choose another: PORT=8001 make run"
            ) from None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _static_fingerprint() -> str:
    """Changes whenever a static file is added, removed or written."""
    digest = hashlib.sha256(str(settings.STATIC_ROOT).encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list(None), key=lambda pair: pair[0]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _write(file: TextIO, text: str) -> None:
    file.seek(0)
    file.truncate()
    file.write(text)
    file.flush()


def _stop_on_signals(*, follow_parent: bool) -> None:
    def stop(*_: object) -> None:
        _ignore_signals()
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # not under nohup
        signal.signal(signal.SIGHUP, stop)
    if follow_parent:
        keeper.follow_parent(signal.SIGTERM)


def _ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
