"""``python -m benchmarks.keeping``: verify_history, the daily root, backup and restore.

``SCALE`` cases (20k without it) in bulk, and ``FILES`` attachments of 1 MB (200); prints speed and
the greatest memory of each command's process.
"""

import base64
import io
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import site

MB = 1024 * 1024
ROOT = "from common.roots import root_make; root_make()"


def main() -> None:
    cases = int(os.environ.get("SCALE", "20k").lower().replace("k", "000").replace("m", "000000"))
    files = int(os.environ.get("FILES", "200"))
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        first, second = Path(folder) / "first", Path(folder) / "second"
        os.environ.update(site.environment(first, site.free_port()))
        os.environ["PORTAL_PROCESS"] = "command"
        os.environ["BACKUP_KEY"] = base64.b64encode(b"b" * 32).decode()
        from hanoi_portal import embedded

        with embedded.joined():
            prepare(first, cases, files)
            measure("verify_history --progress", first)
            measure("shell", first, "--no-imports", "-c", ROOT)
            measure("verify_history --progress", first)
            measure(f"backup {folder}/portal.backup", first)
            measure(f"backup --verify {folder}/portal.backup", first)
            size = (Path(folder) / "portal.backup").stat().st_size
            print(f"backup: {size / MB:.0f} MB for {stored(first)}")
        measure(f"restore {folder}/portal.backup", second)


def prepare(data: Path, cases: int, files: int) -> None:
    site.manage("migrate", data, 0)
    site.manage("load_reference", data, 0)
    site.manage(f"seed_demo --fast --cases {cases}", data, 0)
    import django

    django.setup()
    from attachments.services import attachment_store

    for number in range(files):
        content = b"%PDF-1.7\n" + number.to_bytes(4, "big") + os.urandom(MB - 13)
        attachment_store(stream=io.BytesIO(content), name="a.pdf")


def stored(data: Path) -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        database = cursor.fetchone()[0]
    files = sum(one.stat().st_size for one in (data / "files").rglob("*") if one.is_file())
    return f"{database / MB:.0f} MB of database with its indexes, {files / MB:.0f} MB of files"


def measure(command: str, data: Path, *more: str) -> None:
    words = [*command.split(), *more]
    before = time.monotonic()
    environment = site.environment(data, 0)
    process = subprocess.Popen(
        [sys.executable, "manage.py", *words], cwd=site.BASE, env=environment
    )
    _pid, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - before
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"{command} failed")
    print(f"{words[0]}: {seconds:.1f} s, {used.ru_maxrss / 1024:.0f} MB at most", flush=True)


if __name__ == "__main__":
    main()
