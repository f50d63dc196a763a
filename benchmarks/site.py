"""A site of its own for the measurement: own data, own port, ended by its process id."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data: Path, port: int) -> dict[str, str]:
    return os.environ | {
        "PORTAL_DATA": str(data),
        "PORT": str(port),
        "RATE_LIMITS": "off",
        "DJANGO_SETTINGS_MODULE": "hanoi_portal.settings.dev",
    }


def manage(command: str, data: Path, port: int) -> None:
    """A management command on the site's data; the schema belongs to another role than ours."""
    arguments = [sys.executable, "manage.py", *command.split(), "--verbosity", "0"]
    subprocess.run(arguments, cwd=BASE, env=environment(data, port), check=True)


@contextmanager
def web(data: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """gunicorn with the product's own configuration (2 workers), no worker and no beat."""
    command = [
        sys.executable, "-m", "gunicorn", "-c", "python:hanoi_portal.gunicorn",
        "hanoi_portal.wsgi:application", "--bind", f"127.0.0.1:{port}",
    ]  # fmt: skip
    env = environment(data, port) | {"PORTAL_PROCESS": "web"}
    with (data / "bench-web.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=BASE, env=env, stdout=log, stderr=log)
    try:
        _wait(port)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def worker_memory_mb(master: int) -> list[float]:
    """Proportional set size of each web worker, in MB."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return [_pss(pid) for pid in children]


def _pss(pid: str) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return round(int(line.split()[1]) / 1024, 1)
    return 0.0


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live/", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the site did not start")
