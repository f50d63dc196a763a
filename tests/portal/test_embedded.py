"""The embedded servers: shared, stopped by the last user, recovered after any kill."""

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from hanoi_portal import embedded, keeper

ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import sys
from pathlib import Path
from typing import Any
from hanoi_portal import embedded
data = Path(sys.argv[1])
with embedded.joined([embedded.Server(n, data) for n in (embedded.POSTGRES, embedded.VALKEY)]):
    print("joined", flush=True)
    sys.stdin.read()
"""

pytestmark = pytest.mark.slow


@pytest.fixture
def data() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="portal-embedded-", ignore_cleanup_errors=True) as name:
        yield Path(name).resolve() / "data"


def servers(data: Path, *, durable: bool = False) -> list[embedded.Server]:
    names = (embedded.POSTGRES, embedded.VALKEY)
    return [embedded.Server(name, data, durable=durable) for name in names]


def hold(data: Path) -> "subprocess.Popen[str]":
    """Another process that uses the servers until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "joined\n"
    return process


def finish(process: "subprocess.Popen[str]") -> None:
    with suppress(BrokenPipeError):
        process.communicate("", timeout=30)


def running(data: Path) -> list[int]:
    stores = [embedded.Paths(n, data).store for n in (embedded.POSTGRES, embedded.VALKEY)]
    return [pid for store in stores for pid in keeper.processes_in(store)]


def wait_until_gone(data: Path, seconds: float = 45) -> None:
    deadline = time.monotonic() + seconds
    while running(data) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not running(data)


def execute(data: Path, sql: str, role: str = embedded.OWNER) -> object:
    with psycopg.connect(embedded.database_url(role, data), autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchone() if cursor.description else None


def postmaster(data: Path) -> int:
    return int(
        (embedded.Paths(embedded.POSTGRES, data).store / "postmaster.pid").read_text().split()[0]
    )


def keeper_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def parents(pids: list[int]) -> set[int]:
    """The parents of processes; one that has just ended is left out."""
    found = set()
    for pid in pids:
        with suppress(FileNotFoundError, ProcessLookupError):
            found.add(keeper_of(pid))
    return found


def wait_for_row(data: Path, seconds: float = 20) -> object:
    deadline = time.monotonic() + seconds
    while True:
        try:
            return execute(data, "SELECT count(*) FROM kept")
        except psycopg.OperationalError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_servers_answer_and_stop_with_the_last_user(data: Path) -> None:
    with embedded.joined(servers(data)):
        assert execute(data, "SELECT current_user", embedded.APPLICATION) == ("portal_app",)
        with redis.Redis.from_url(embedded.redis_url(data)) as valkey:
            assert valkey.ping()
        other = hold(data)
    assert execute(data, "SELECT 1") == (1,)
    finish(other)
    assert not running(data)


def test_two_installations_run_side_by_side(data: Path) -> None:
    beside = data.with_name("beside")
    with embedded.joined(servers(data)), embedded.joined(servers(beside)):
        execute(data, "CREATE TABLE here ()")
        assert execute(beside, "SELECT to_regclass('here')") == (None,)
    assert not running(data)
    assert not running(beside)


def test_a_killed_user_leaves_nothing_behind(data: Path) -> None:
    other = hold(data)
    other.kill()
    other.communicate()
    wait_until_gone(data)


def test_a_killed_database_comes_back_with_every_row(data: Path) -> None:
    with embedded.joined(servers(data, durable=True)):
        execute(data, "CREATE TABLE kept AS SELECT 1")
        os.kill(postmaster(data), signal.SIGKILL)
        assert wait_for_row(data) == (1,)
    assert not running(data)


def test_everything_killed_is_recovered_by_the_next_start(data: Path) -> None:
    other = hold(data)
    execute(data, "CREATE TABLE kept AS SELECT 1")
    for pid in [other.pid, keeper_of(postmaster(data)), *running(data)]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    other.communicate()
    wait_until_gone(data)
    with embedded.joined(servers(data)):
        assert execute(data, "SELECT count(*) FROM kept") == (1,)
    assert not running(data)


def test_a_killed_keeper_is_noticed_and_replaced(data: Path) -> None:
    database = embedded.Server(embedded.POSTGRES, data)
    with embedded.joined([database]):
        execute(data, "CREATE TABLE kept AS SELECT 1")
        assert not database.ensure()
        os.kill(keeper_of(postmaster(data)), signal.SIGKILL)
        wait_until_gone(data)
        assert database.ensure()
        assert execute(data, "SELECT count(*) FROM kept") == (1,)
    assert not running(data)


def test_a_stale_pid_file_does_not_stop_a_start(data: Path) -> None:
    with embedded.joined(servers(data)):
        lines = (embedded.Paths(embedded.POSTGRES, data).store / "postmaster.pid").read_text()
    pid_file = embedded.Paths(embedded.POSTGRES, data).store / "postmaster.pid"
    pid_file.write_text("\n".join([str(os.getpid()), *lines.splitlines()[1:]]))
    with embedded.joined(servers(data)):
        assert execute(data, "SELECT 1") == (1,)


def test_a_failed_start_says_why(data: Path) -> None:
    store = embedded.Paths(embedded.POSTGRES, data).store
    store.mkdir(parents=True)
    (store / "PG_VERSION").write_text("9\n")
    with pytest.raises(embedded.ServerFailed, match="postgres"), embedded.joined(servers(data)):
        pass
    assert not running(data)


def test_a_deep_directory_gets_a_short_socket(data: Path) -> None:
    deep = data / ("d" * 60) / ("e" * 60)
    with embedded.joined(servers(deep)):
        assert execute(deep, "SELECT 1") == (1,)
        folder = embedded.Paths(embedded.POSTGRES, deep).socket_dir
        assert folder.parent == Path("/tmp")
        assert folder.stat().st_mode & 0o077 == 0
    assert not folder.exists()


def test_many_at_once_share_one_server(data: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(data)]
    several = [
        subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for process in several:
        assert process.stdout is not None
        assert process.stdout.readline() == "joined\n"
    for name in (embedded.POSTGRES, embedded.VALKEY):
        found = keeper.processes_in(embedded.Paths(name, data).store)
        assert len(parents(found) - set(found)) == 1
    for process in several:
        finish(process)
    assert not running(data)


class Dying:
    """A server that ends before it answers, so many times."""

    stop_signals = (signal.SIGTERM,)

    def __init__(self, paths: embedded.Paths, *, deaths: int, end: str = "kill -9 $$") -> None:
        self.paths, self.deaths, self.end, self.starts = paths, deaths, end, 0

    def prepare(self) -> None:
        self.starts += 1

    def clear_leftovers(self) -> None:
        """Nothing is left of it."""

    def command(self) -> list[str]:
        return ["sh", "-c", self.end if self.starts <= self.deaths else "exec sleep 60"]

    def answers(self) -> bool:
        return self.starts > self.deaths

    def spawn_options(self) -> dict[str, object]:
        return {}


def kept(data: Path, **how: Any) -> tuple[Dying, keeper.Keeper]:
    paths = embedded.Paths(embedded.VALKEY, data)
    paths.ready.parent.mkdir(parents=True)
    server = Dying(paths, **how)
    return server, keeper.Keeper(server)  # type: ignore[arg-type]


def test_a_server_killed_while_it_starts_is_started_again(data: Path) -> None:
    """Also when it is killed once more while it recovers from the first kill."""
    server, keeping = kept(data, deaths=3)
    user = embedded._lock(server.paths.users, fcntl.LOCK_SH)
    assert not keeping._start()
    keeping._give_up_when_broken()  # was killed: goes on
    watching = threading.Thread(target=keeping._watch)
    watching.start()
    try:
        deadline = time.monotonic() + 30
        while not server.paths.ready.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert server.paths.ready.exists()
        assert server.starts == 4
    finally:
        embedded._release(user)
        watching.join(10)
        keeping._stop()


def test_a_server_that_ends_by_itself_at_its_first_start_is_given_up(data: Path) -> None:
    _server, keeping = kept(data, deaths=1, end="exit 3")
    assert not keeping._start()
    with pytest.raises(SystemExit, match="valkey ended with 3"):
        keeping._give_up_when_broken()
