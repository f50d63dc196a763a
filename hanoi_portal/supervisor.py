"""The processes of ``up``: start, start again when they end, stop all together.

Every child leads a session of its own, so that a Ctrl-C in the terminal reaches ``up`` alone,
and is told by the kernel when ``up`` is killed.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from hanoi_portal.keeper import die_with_parent

STOP_SECONDS = 6.0
QUICK_DEATH_SECONDS = 10.0
QUICK_DEATHS_MAX = 5
LOG_BYTES_MAX = 5 * 1024 * 1024
MARK = "PORTAL_UP"


class Program(NamedTuple):
    """A command and the signal that ends it when ``up`` was killed."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    orphan_signal: signal.Signals = signal.SIGTERM


class KeepsEnding(RuntimeError):
    """A program ended too often right after its start."""


class Child:
    """One running program, its log and how often it ended early."""

    def __init__(self, program: Program, *, folder: Path, logs: Path, data: Path) -> None:
        self.program = program
        self.folder = folder
        self.log = logs / f"{program.name}.log"
        self.environment = {**os.environ, **program.environment, MARK: str(data)}
        self.quick_deaths = 0
        self.started_at = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES_MAX:
            self.log.replace(self.log.with_suffix(".log.1"))
        self.started_at = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own programs
                self.program.command,
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(self.program.orphan_signal),  # noqa: PLW1509
            )

    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def restart(self) -> None:
        """Start again; raises KeepsEnding when that has not helped several times in a row."""
        quick = time.monotonic() - self.started_at < QUICK_DEATH_SECONDS
        self.quick_deaths = self.quick_deaths + 1 if quick else 0
        if self.quick_deaths >= QUICK_DEATHS_MAX:
            raise KeepsEnding(f"{self.program.name} keeps ending; see {self.log}")
        self.kill_group()
        self.start()

    def terminate(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, until: float) -> None:
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(max(0.0, until - time.monotonic()))

    def kill_group(self) -> None:
        """End what is left of the program and of its own children."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Supervisor:
    """All children of one ``up``."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.children: list[Child] = []

    def add(self, child: Child) -> None:
        child.start()
        self.children.append(child)

    def revive(self) -> None:
        """Start again whatever ended."""
        for child in self.children:
            if child.ended() and child.process is not None:
                code = child.process.returncode
                self.say(f"{child.program.name} ended ({code}); starting it again")
                child.restart()

    def stop(self) -> None:
        """Ask all to end, wait a little, then end them by force; nothing stays behind."""
        for child in self.children:
            child.terminate()
        until = time.monotonic() + STOP_SECONDS
        for child in self.children:
            child.wait(until)
        for child in self.children:
            child.kill_group()


def end_leftovers(data: Path, patience: float = STOP_SECONDS) -> int:
    """Wait for, then end, children of an ``up`` of this directory that was killed.

    Returns how many had to be ended by force. Linux only; elsewhere nothing is found.
    """
    until = time.monotonic() + patience
    while (found := _marked(data)) and time.monotonic() < until:
        time.sleep(0.1)
    for pid in found:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return len(found)


def _marked(data: Path) -> list[int]:
    mark = f"{MARK}={data}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
    return found
