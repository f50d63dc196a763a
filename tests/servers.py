"""Early pytest plugin: servers of its own, no network, and what to do without a browser.

Loaded by ``-p tests.servers`` before the settings are read. The controller starts PostgreSQL
and Valkey in a private directory; with xdist the workers share them, each with a database and
a Valkey number of its own.
"""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hanoi_portal import embedded

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
FOREIGN = (
    "DATABASE_URL",
    "MIGRATION_DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "RATE_LIMITS",
    "DENUNCIATION_MODE",
    "PORT",
    "TRUSTED_PROXIES",
    "VAULT_ADDRESS",
)
LOOPBACK = ("127.", "localhost", "::1", "0.0.0.0", "")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


class NetworkUse(RuntimeError):
    """A test reached beyond this machine."""


def _prepare_environment() -> None:
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ["PORTAL_PROCESS"] = "command"
    # Playwright's synchronous API runs an event loop in the thread of the test
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    if WORKER:
        number = int(WORKER.removeprefix("gw")) + 1
        os.environ["REDIS_URL"] = embedded.redis_url().replace("?db=0", f"?db={number}")
    else:
        os.environ["PORTAL_DATA"] = tempfile.mkdtemp(prefix="portal-test-")


def _forbid_network() -> None:
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    resolve = socket.getaddrinfo

    def checked(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(LOOPBACK[:-1]):
            raise NetworkUse(f"network access to {address}")

    def connect_near(self: socket.socket, address: Any) -> None:
        checked(self, address)
        connect(self, address)

    def connect_ex_near(self: socket.socket, address: Any) -> int:
        checked(self, address)
        return connect_ex(self, address)

    def resolve_near(host: Any, *args: Any, **kwargs: Any) -> Any:
        text = host.decode() if isinstance(host, bytes) else host or ""
        if text and not text.startswith(LOOPBACK[:-1]):
            raise NetworkUse(f"name look-up of {text}")
        return resolve(host, *args, **kwargs)

    socket.socket.connect = connect_near  # type: ignore[assignment,method-assign]
    socket.socket.connect_ex = connect_ex_near  # type: ignore[assignment,method-assign]
    socket.getaddrinfo = resolve_near


_prepare_environment()
_forbid_network()


def chromium() -> str | None:
    """The path of Chromium, or None."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@pytest.hookimpl(wrapper=True)
def pytest_sessionstart(session: pytest.Session) -> Iterator[None]:
    """Servers first: xdist starts its workers in the same hook."""
    if not WORKER:
        session.config.stash[SERVERS] = _start()
    yield


def pytest_unconfigure(config: pytest.Config) -> None:
    servers = config.stash.get(SERVERS, ())
    for server in servers:
        server.drop()
    for server in servers:
        server.wait_gone()
    if not WORKER:
        shutil.rmtree(os.environ["PORTAL_DATA"], ignore_errors=True)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Browser tests are skipped without Chromium; where ``CI`` is set they fail."""
    if item.get_closest_marker("browser") is None or chromium():
        return
    reason = "Chromium is not installed (Debian: apt-get install chromium)"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _start() -> list[embedded.Server]:
    data = Path(os.environ["PORTAL_DATA"])
    names = (embedded.POSTGRES, embedded.VALKEY)
    servers = [embedded.Server(name, data, durable=False) for name in names]
    for server in servers:
        server.begin()
    for server in servers:
        server.finish()
    return servers


SERVERS = pytest.StashKey[list[embedded.Server]]()
