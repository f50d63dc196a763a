"""``python -m benchmarks.papers``: one paper warm, fifty issuers of one book at once, and a thousand
issued papers as one PDF.

One process, one database, real commits; the people and words are invented. ``COUNT=20`` is quicker,
``PAPERS=100`` too. The thousand are joined by two workers, processes of their own, that both look
for work as the job does; ends with 1 when a page is missing or a target is missed.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import site

ISSUERS = 50
WARM_UP = 3
PAPERS = int(os.environ.get("PAPERS", "1000"))
WORKERS, SECONDS_MAX, MEMORY_MAX = 2, 60, 400  # MB of one worker


def main() -> None:
    count = int(os.environ.get("COUNT", "100"))
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        data = Path(folder)
        os.environ.update(site.environment(data, site.free_port()))
        os.environ["PORTAL_PROCESS"] = "command"
        from hanoi_portal import embedded

        with embedded.joined():
            for command in ("migrate", "load_reference"):
                site.manage(command, data, 0)
            import django

            django.setup()
            result = measure(count) | joined()
    print(json.dumps(result, indent=1))
    if not result["as_wanted"]:
        sys.exit(1)


def measure(count: int) -> dict[str, Any]:
    """Milliseconds of one print and one issue (median, 95th of a hundred), seconds of fifty at
    once, and whether their numbers run from one without a gap."""
    from papers.content import content_read
    from papers.documents import paper_file
    from papers.models import Paper
    from tests.papers.making import case_of, submitted

    one = submitted(case_of())
    content = content_read(one)
    printed = timed(count, lambda: paper_file(one, one.case, content))
    seconds = [issue_all(), issue_all(signing=True)]
    issued = Paper.objects.filter(number__isnull=False)
    numbers = list(issued.order_by("number").values_list("number", flat=True))
    return {
        "print_ms": printed,
        "issuers": ISSUERS,
        "all_issued_seconds": seconds[0],
        "all_signed_seconds": seconds[1],
        "gapless": numbers == list(range(1, 2 * ISSUERS + 1)),
    }


def issue_all(*, signing: bool = False) -> float:
    """Seconds of fifty papers of one book that are issued at once, by fifty people; with the key of
    the tests as the body's, of its own service of time stamps one answer each, or unsigned."""
    from django.test import override_settings

    from papers.signing import signing_prepare
    from tests.papers.making import case_of, submitted
    from tests.papers.signers import PASSWORD, pair, stamp_service

    waiting = [submitted(case_of(subject=f"Đơn số {number}")) for number in range(ISSUERS)]
    with tempfile.TemporaryDirectory() as folder, stamp_service() as stamps:
        key = Path(folder) / "key.p12"
        key.write_bytes(pair().p12())
        held = {
            "PAPER_SIGNER": "papers.pades.KeySigner",
            "PAPER_SIGNING_KEY": str(key),
            "PAPER_SIGNING_PASSWORD": PASSWORD,
            "PAPER_SIGNING_TSA": stamps,
        }
        with override_settings(**held if signing else {}):
            signing_prepare()
            began = time.perf_counter()
            at_once([partial(issue, paper) for paper in waiting])
            return round(time.perf_counter() - began, 2)


def joined() -> dict[str, Any]:
    """Seconds that two workers need for one PDF of all papers of the day, from the order to the
    file, and the most memory that one of them held, its start included."""
    from attachments.services import attachment_read
    from common.time import today
    from reports.models import RegisterFile
    from reports.registers import BY_CODE
    from reports.services.prints import print_start
    from tests.people import access_make

    began = time.perf_counter()
    unit = fill()
    filled = time.perf_counter() - began
    batch = print_start(access=access_make("chair"), unit=unit, book=BY_CODE["papers"], day=today())
    began = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.papers", "worker"]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(WORKERS)]
    told = [json.loads(worker.communicate()[0].splitlines()[-1]) for worker in workers]
    seconds = time.perf_counter() - began
    file = RegisterFile.objects.select_related("kept").get(batch=batch)
    data = attachment_read(file.kept) if file.kept else b""
    memory = max(one["memory_mb"] for one in told)
    return {
        "papers": len(batch.papers),
        "issued_in_seconds": round(filled, 1),
        "joined_seconds": round(seconds, 1),
        "workers": told,
        "file_mb": round(len(data) / 2**20, 1),
        "as_wanted": page_count(data) >= len(batch.papers) == PAPERS
        and seconds <= SECONDS_MAX
        and memory <= MEMORY_MAX,
    }


def fill() -> Any:
    """Issue what is lacking to the number of papers of the day; their unit."""
    from papers.models import Paper
    from tests.papers.making import case_of, issued

    case = case_of(subject="Đơn của đợt in")
    have = Paper.objects.filter(state="issued").count()
    for number in range(PAPERS - have):
        issued(case, body=f"Nội dung của văn bản thứ {number}.\n\n- một\n- hai")
    return case.unit


def page_count(data: bytes) -> int:
    import pypdfium2

    return len(pypdfium2.PdfDocument(data)) if data else 0


def worker() -> None:
    """What a worker does once: look for work, leave it to another that has it, do it."""
    import resource

    import django

    django.setup()
    from reports.services.batches import batches_run

    began = time.perf_counter()
    made = batches_run()
    used = resource.getrusage(resource.RUSAGE_SELF)
    # Unlike ru_maxrss it begins anew with the program: nothing of who started it is counted.
    status = Path("/proc/self/status").read_text()
    most = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    told = {
        "files": made,
        "seconds": round(time.perf_counter() - began, 1),
        "processor_seconds": round(used.ru_utime + used.ru_stime, 1),
        "memory_mb": int(most.split()[1]) // 1024,
    }
    print(json.dumps(told))


def issue(paper: Any) -> None:
    from papers.services.issuing import paper_issue
    from tests.papers.making import step

    step(paper_issue, paper)


def timed(count: int, work: Callable[[], Any]) -> dict[str, float]:
    """Median and 95th percentile in milliseconds, warm."""
    for _ in range(WARM_UP):
        work()
    taken = []
    for _ in range(count):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    return {
        "median": round(statistics.median(taken), 1),
        "p95": round(taken[int(len(taken) * 0.95) - 1], 1),
    }


def at_once(works: list[Callable[[], Any]]) -> None:
    """Every work in a thread with a connection of its own."""
    from django.db import connection

    def run(work: Callable[[], Any]) -> None:
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    worker() if sys.argv[1:] == ["worker"] else main()
