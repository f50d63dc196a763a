"""An installation of its own, filled while its processes are killed at random moments.

Repeat a run with ``FAULT_SEED``; ``FAULT_TRIALS`` is the number of kills in each test.
"""

import base64
import datetime as dt
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, connections
from django.db.models import Q, QuerySet

from accounts.models import User
from common.time import now
from communes.selectors import unit_cache_clear
from escalation.brakes import due_at
from escalation.ladders import ladders_cache_clear
from hanoi_portal import embedded, keeper
from notifications.models import NoticeSettings, OutboxMessage
from notifications.topics import STAFF_TOPICS, EmailMode
from petitions.references import field_cache_clear
from petitions.services.intake import petition_file
from tests.faults.test_up import ROOT, Site, wait_for
from tests.people import PERSON, filing_make
from tests.vault_keys import PRIVATE

SEED = int(os.environ.get("FAULT_SEED") or time.time_ns() % 1_000_000)
TRIALS = int(os.environ.get("FAULT_TRIALS") or 3)
WARDS = ("00004", "00008", "00025", "00070")
KINDS = ("complaint", "recommendation", "feedback", "denunciation")
# So far back that reminders, the breach and the first steps above it are due, not the whole year.
DAYS_BACK = (12, 22)
CALM = 1.0  # seconds between two kills, at most
# A program that ends five times in its first ten seconds ends ``up``: not what is tried here.
QUICK_KILLS, SETTLED = 3, 10.5
Result = TypeVar("Result")


@dataclass
class Blow:
    """What was killed, and how many seconds after the start of the storm."""

    pid: int
    name: str
    after: float


def ring(keys: Mapping[int, bytes]) -> str:
    """Keys as the environment holds them."""
    return ",".join(f"{n}:{base64.b64encode(key).decode()}" for n, key in keys.items())


@dataclass
class Storm(Site):
    """``up`` with hurried settings; the database of this process is the installation's."""

    process: "subprocess.Popen[bytes] | None" = None
    others: "list[subprocess.Popen[bytes]]" = field(default_factory=list)
    # What the mail catcher holds: Message-ID and text by file.
    read: dict[str, tuple[str, str]] = field(default_factory=dict)
    copies: int = 0

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self.process, self.others, self.read, self.copies = None, [], {}, 0

    def environment(self) -> dict[str, str]:
        return super().environment() | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.storm_settings",
            "PORTAL_DEMO_CASES": "0",
            "SECRET_KEY": settings.SECRET_KEY,
            "IDENTITY_KEYS": ring(settings.IDENTITY_KEYS),
            "DENOUNCER_PUBLIC_KEYS": ring(settings.DENOUNCER_PUBLIC_KEYS),
            "DENOUNCER_PRIVATE_KEYS": ring(PRIVATE),
            "VAULT_AUTH_KEY": base64.b64encode(settings.VAULT_AUTH_KEY).decode(),
            "BLIND_INDEX_KEY": base64.b64encode(settings.BLIND_INDEX_KEY).decode(),
            "TOKEN_HMAC_KEY": base64.b64encode(settings.TOKEN_HMAC_KEY).decode(),
            "ESCALATION_CAP_UNIT": "100000",
            "ESCALATION_CAP_RUN": "100000",
        }

    def up(self) -> None:
        """Start it, also after a kill, and wait until it answers."""
        process = self.process = self.start()
        wait_for(lambda: process.poll() is not None or "Ctrl-C" in self.told())
        assert process.poll() is None, self.told()
        assert self.ready()

    def down(self) -> None:
        """End everything of this installation, whatever state it is in."""
        for other in self.others:
            _kill_group(other)
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(30)
        for pid in self.pids():
            _kill(pid)

    def extra(self, *celery: str) -> "subprocess.Popen[bytes]":
        """One more Celery process beside those of ``up``; ``down`` ends it."""
        kind = celery[0]
        extra = {"PORTAL_PROCESS": kind, "EMAIL_URL": self.email_url(), "PYTHONUNBUFFERED": "1"}
        with (self.data / "logs" / f"extra-{kind}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "hanoi_portal.celery", *celery],
                cwd=ROOT,
                env=self.environment() | extra,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.others.append(process)
        return process

    def end_others(self) -> None:
        for other in self.others:
            _kill_group(other)
        self.others = []

    def email_url(self) -> str:
        """Where the mail catcher of ``up`` listens."""
        command = Path(f"/proc/{self.pids('mail_catcher')[0]}/cmdline").read_bytes().split(b"\0")
        port = command[command.index(b"hanoi_portal.mail_catcher") + 1].decode()
        return f"smtp://127.0.0.1:{port}"

    def victims(self, name: str) -> list[int]:
        """The processes behind a name; of PostgreSQL the ``postmaster`` or its ``backends``."""
        store = embedded.Paths(embedded.POSTGRES, self.data).store
        if name in {"postmaster", "backends"}:
            with suppress(OSError, ValueError, IndexError):
                master = int((store / "postmaster.pid").read_text().split()[0])
                every = keeper.processes_in(store)
                return [pid for pid in every if (pid == master) == (name == "postmaster")]
            return []
        if name == "up":
            return [self.process.pid] if self.process and self.process.poll() is None else []
        words = {"worker": "\0worker", "beat": "\0beat", "web": "gunicorn"}
        return sorted(self.pids(words.get(name, name)))

    @contextmanager
    def orm(self) -> Iterator[None]:
        """Models read and write the installation's database for the time of the block."""
        ours = connections["default"].settings_dict
        before = {name: ours[name] for name in ("NAME", "USER", "HOST")}
        connection.close()
        folder = str(embedded.Paths(embedded.POSTGRES, self.data).socket_dir)
        ours.update(NAME=embedded.DATABASE, USER=embedded.APPLICATION, HOST=folder)
        _forget()
        try:
            yield
        finally:
            connection.close()
            ours.update(before)
            _forget()

    def settle(self) -> dt.datetime:
        """Wait until nothing is due and no mail waits for its turn; the UTC moment of that."""
        wait_for(lambda: patiently(self._is_calm))
        return now()

    def _is_calm(self) -> bool:
        return not due_at(now()).exists() and not waiting_mails().exists()


def waiting_mails() -> QuerySet[OutboxMessage]:
    """Mails whose turn it is, or that met a fault; not those put off by somebody's quiet hours."""
    return OutboxMessage.objects.filter(
        Q(next_attempt_at__lte=now()) | Q(attempts__gt=0), state="pending"
    )


def patiently(work: Callable[[], Result], seconds: float = 60) -> Result:
    """Do it again while the database is away, as a citizen tries again."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return work()
        except (OperationalError, InterfaceError):
            connection.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def file_one(chance: random.Random) -> str:
    """A petition of days ago to one of some wards; its code."""
    unit = chance.choice(WARDS)
    kind = chance.choice(KINDS)
    filing = filing_make(kind=kind, unit=unit, petitioners=[PERSON])
    back = dt.timedelta(days=chance.randint(*DAYS_BACK), minutes=chance.randrange(1440))
    return petition_file(filing=filing, at=now() - back).code


def fill(chance: random.Random, count: int) -> list[str]:
    return [patiently(lambda: file_one(chance)) for _ in range(count)]


class Killer(threading.Thread):
    """Kills one of some processes at random moments, ``trials`` times, while others work."""

    def __init__(self, storm: Storm, names: list[str], chance: random.Random, trials: int) -> None:
        super().__init__(daemon=True)
        self.storm, self.names, self.chance, self.trials = storm, names, chance, trials
        self.blows: list[Blow] = []
        self.failed = ""

    def run(self) -> None:
        began = time.monotonic()
        try:
            for number in range(self.trials):
                self._pause(number)
                name = self.names[number % len(self.names)]
                wait_for(lambda name=name: self.storm.victims(name))  # type: ignore[misc]
                pid = self.chance.choice(self.storm.victims(name))
                _kill(pid)
                self.blows.append(Blow(pid, name, round(time.monotonic() - began, 2)))
        except AssertionError as error:
            self.failed = str(error)

    def check(self) -> None:
        """After the last blow: print them; fails when somebody could not be found."""
        self.join()
        told = ", ".join(f"{blow.name} {blow.pid} after {blow.after} s" for blow in self.blows)
        print(f"seed {SEED}: {len(self.blows)} kills: {told}")  # noqa: T201 -- the report of a trial
        assert not self.failed, self.failed

    def _pause(self, number: int) -> None:
        often = number // len(self.names)  # each has been killed
        settled = SETTLED if often and often % QUICK_KILLS == 0 else 0
        time.sleep(self.chance.uniform(0, CALM) + settled)


def rage(
    storm: Storm, names: list[str], chance: random.Random, *, trials: int = TRIALS
) -> list[Blow]:
    """Fill the installation while processes of these names are killed; returns the blows."""
    fill(chance, 20)
    killer = Killer(storm, names, chance, trials)
    killer.start()
    while killer.is_alive():
        fill(chance, 1)
        time.sleep(0.05)
    killer.check()
    fill(chance, 5)
    return killer.blows


def wait_ready(storm: Storm) -> None:
    """Until every program is there and the site answers."""
    names = ("worker", "beat", "web", "mail_catcher", "postmaster", "valkey-server")
    wait_for(lambda: all(storm.victims(name) for name in names) and storm.ready())


def no_quiet_hours() -> None:
    """Officers get every mail at once, at whatever hour the tests run."""
    wishes = {topic.code: EmailMode.NOW.value for topic in STAFF_TOPICS}
    midnight = dt.time(0)
    NoticeSettings.objects.bulk_create(
        [
            NoticeSettings(user_id=pk, by_topic=wishes, quiet_from=midnight, quiet_until=midnight)
            for pk in User.objects.values_list("pk", flat=True)
        ],
        update_conflicts=True,
        unique_fields=["user"],
        update_fields=["by_topic", "quiet_from", "quiet_until"],
    )


@contextmanager
def installation() -> Iterator[Storm]:
    """A running installation; everything of it has ended after the block."""
    with tempfile.TemporaryDirectory(prefix="portal-storm-", ignore_cleanup_errors=True) as folder:
        storm = Storm(Path(folder).resolve() / "data")
        try:
            storm.up()
            with storm.orm():
                no_quiet_hours()
                yield storm
        finally:
            storm.down()


def _forget() -> None:
    """Identifiers of another database must not be believed."""
    unit_cache_clear()
    field_cache_clear()
    ladders_cache_clear()


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)
