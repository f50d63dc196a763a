"""The embedded PostgreSQL and Valkey: address, join, leave.

Every process that uses a server holds a shared lock on ``PORTAL_DATA/run/<server>.users``. A
small keeper process (``hanoi_portal.keeper``) runs the server, starts it again when it dies and
stops it when the last user is gone, however that user ended. Nothing here imports Django: the
settings ask this module for the addresses.
"""

import fcntl
import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

BASE_DIR = Path(__file__).resolve().parent.parent
POSTGRES, VALKEY = "postgres", "valkey"
DATABASE, OWNER, APPLICATION = "portal", "portal_owner", "portal_app"
REPLACED_BY = {POSTGRES: "DATABASE_URL", VALKEY: "REDIS_URL"}
SOCKET_PATH_MAX = 100  # bytes; Linux allows 107, other systems a few less
START_SECONDS = 90.0
STOP_SECONDS = 15.0
TAKEN_OVER = 3  # exit code of a keeper that finds another at work
# A keeper may outlive the user that started it; it is reaped when it ends before this process
_keepers: "list[subprocess.Popen[bytes]]" = []


class ServerFailed(RuntimeError):
    """An embedded server did not start; the message ends with the end of its log."""


@dataclass(frozen=True)
class Paths:
    """Where one embedded server of one ``PORTAL_DATA`` keeps its files."""

    name: str
    data: Path

    @property
    def store(self) -> Path:
        return self.data / self.name

    @property
    def log(self) -> Path:
        return self.data / "logs" / f"{self.name}.log"

    @property
    def ready(self) -> Path:
        return self._run(".ready")

    @property
    def mutex(self) -> Path:
        return self._run(".mutex")

    @property
    def users(self) -> Path:
        return self._run(".users")

    @property
    def keeper(self) -> Path:
        return self._run(".keeper")

    @property
    def socket_dir(self) -> Path:
        """A private directory for the socket, short enough for the operating system."""
        near = self.data / "run" / self.name
        if len(os.fsencode(near / ".s.PGSQL.5432")) <= SOCKET_PATH_MAX:
            return near
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        return Path("/tmp") / f"portal-{digest}-{self.name}"  # noqa: S108 - owner is checked

    @property
    def socket(self) -> Path:
        name = ".s.PGSQL.5432" if self.name == POSTGRES else "valkey.sock"
        return self.socket_dir / name

    def _run(self, suffix: str) -> Path:
        return self.data / "run" / f"{self.name}{suffix}"


def data_dir() -> Path:
    """``PORTAL_DATA``, by default ``.data`` in the project."""
    return (BASE_DIR / Path(os.environ.get("PORTAL_DATA") or ".data").expanduser()).resolve()


def database_url(role: str, data: Path | None = None) -> str:
    """The address of the embedded database for a role."""
    folder = Paths(POSTGRES, data or data_dir()).socket_dir
    return f"postgresql://{role}@/{DATABASE}?host={quote(str(folder), safe='')}"


def redis_url(data: Path | None = None) -> str:
    """The address of the embedded Valkey."""
    return f"unix://{Paths(VALKEY, data or data_dir()).socket}?db=0"


def vault_socket(data: Path | None = None) -> Path:
    """Where the vault listens; the directory is private, its name short enough."""
    return Paths("vault", data or data_dir()).socket_dir / "vault.sock"


def wanted() -> tuple[str, ...]:
    """The servers that no address in the environment replaces."""
    return tuple(name for name, variable in REPLACED_BY.items() if not os.environ.get(variable))


@contextmanager
def joined(servers: "Sequence[Server] | None" = None) -> Iterator[None]:
    """Use the embedded servers for a while; the last one to leave stops them."""
    if servers is None:
        servers = [Server(name, data_dir()) for name in wanted()]
    try:
        for server in servers:
            server.begin()
        for server in servers:
            server.finish()
        yield
    finally:
        for server in servers:
            server.drop()
        for server in servers:
            server.wait_gone()


class Server:
    """One embedded server as one of its users sees it."""

    def __init__(self, name: str, data: Path, *, durable: bool = True) -> None:
        self.paths = Paths(name, data)
        self.durable = durable
        self._users = -1
        self._mutex = -1
        self._keeper: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Register as a user and see that somebody keeps the server running."""
        for folder in (self.paths.data, self.paths.ready.parent, self.paths.log.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._mutex = _lock(self.paths.mutex, fcntl.LOCK_EX)
        if self._users < 0:
            self._users = _lock(self.paths.users, fcntl.LOCK_SH)
        self._keeper = None
        self._see_to_keeper()

    def finish(self) -> None:
        """Wait until the server answers. Raises ServerFailed."""
        deadline = time.monotonic() + START_SECONDS
        try:
            while not self.alive():
                self._see_to_keeper()
                if time.monotonic() > deadline:
                    raise ServerFailed(f"{self.paths.name} is not ready.\n{self.log_tail()}")
                time.sleep(0.02)
        finally:
            self._mutex = _release(self._mutex)

    def ensure(self) -> bool:
        """Bring the server back when its keeper is gone; True when that was needed."""
        if not _is_free(self.paths.keeper):
            return False
        self.begin()
        self.finish()
        return True

    def drop(self) -> None:
        """Stop being a user. The keeper stops the server when nobody is left."""
        self._mutex = _release(self._mutex)
        self._users = _release(self._users)

    def wait_gone(self) -> None:
        """Wait until the server has stopped, unless somebody else uses it."""
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and not _is_free(self.paths.keeper):
            if self._others():
                return
            time.sleep(0.02)
        if self._keeper is not None:
            with suppress(subprocess.TimeoutExpired):
                self._keeper.wait(1)

    def alive(self) -> bool:
        """A keeper is at work, has seen the server answer, and somebody listens there."""
        if not self.paths.ready.exists() or _is_free(self.paths.keeper):
            return False
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            return probe.connect_ex(str(self.paths.socket)) == 0

    def log_tail(self, lines: int = 15) -> str:
        """The end of the server's log."""
        with suppress(FileNotFoundError):
            text = self.paths.log.read_text(encoding="utf-8", errors="replace")
            return "\n".join(text.splitlines()[-lines:])
        return ""

    def _others(self) -> bool:
        """Only who holds the mutex may stop a server: with it free, a lock is a user."""
        mutex = _lock(self.paths.mutex, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if mutex < 0:
            return False
        alone = _lock(self.paths.users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _release(alone)
        _release(mutex)
        return alone < 0

    def _see_to_keeper(self) -> None:
        """Start a keeper when there is none; the mutex is held. Raises ServerFailed."""
        if self._keeper is not None and self._keeper.poll() not in (None, TAKEN_OVER):
            raise ServerFailed(f"{self.paths.name} did not start.\n{self.log_tail()}")
        running = self._keeper is not None and self._keeper.poll() is None
        if not running and _is_free(self.paths.keeper):
            self.paths.ready.unlink(missing_ok=True)
            self._keeper = self._spawn()

    def _spawn(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "hanoi_portal.keeper", self.paths.name]
        command += [str(self.paths.data), "durable" if self.durable else "fast"]
        with self.paths.log.open("ab") as log:
            keeper = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command,
                cwd=BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        _keepers[:] = [keeper, *(known for known in _keepers if known.poll() is None)]
        return keeper


def _lock(path: Path, how: int) -> int:
    """An open descriptor that holds the lock, or -1 when it is taken and ``LOCK_NB`` was asked."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, how)
    except BlockingIOError:
        os.close(handle)
        return -1
    return handle


def _release(handle: int) -> int:
    if handle >= 0:
        os.close(handle)
    return -1


def _is_free(path: Path) -> bool:
    """Whether nobody holds the exclusive lock; a shared look does not disturb other looks."""
    if not path.exists():
        return True
    handle = _lock(path, fcntl.LOCK_SH | fcntl.LOCK_NB)
    _release(handle)
    return handle >= 0
