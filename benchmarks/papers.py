"""``python -m benchmarks.papers``: one paper warm, and fifty issuers of one book at once.

One process, one database, real commits; the people and words are invented. ``COUNT=20`` is quicker.
"""

import json
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import site

ISSUERS = 50
WARM_UP = 3


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
            print(json.dumps(measure(count), indent=1))


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
    waiting = [submitted(case_of(subject=f"Đơn số {number}")) for number in range(ISSUERS)]
    began = time.perf_counter()
    at_once([lambda paper=paper: issue(paper) for paper in waiting])  # type: ignore[misc]
    seconds = time.perf_counter() - began
    issued = Paper.objects.filter(pk__in=[paper.pk for paper in waiting])
    numbers = list(issued.order_by("number").values_list("number", flat=True))
    return {
        "print_ms": printed,
        "issuers": ISSUERS,
        "all_issued_seconds": round(seconds, 2),
        "gapless": numbers == list(range(1, ISSUERS + 1)),
    }


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
    main()
