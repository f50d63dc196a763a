"""``python -m benchmarks.assignment_import``: 5,000 rows of a workbook become assignments.

An own database, no web server: the file is read and checked, confirmed, and given in batches as
the worker does it; progress is read between the batches as the page reads it. ``ROWS=1000`` is
quicker. Ends with 1 when a row is missing, doubled or an invariant is broken.
"""

import datetime as dt
import io
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import site

ROWS = int(os.environ.get("ROWS", "5000"))
SECONDS_MAX = 20


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="portal-import-") as folder:
        data = Path(folder)
        os.environ.update(site.environment(data, site.free_port()))
        os.environ["PORTAL_PROCESS"] = "command"
        from hanoi_portal import embedded

        with embedded.joined():
            result = measure(data)
    print(json.dumps(result, indent=2))
    if not result["as_wanted"]:
        sys.exit(1)


def measure(data: Path) -> dict[str, Any]:
    import django

    django.setup()
    for command in ("migrate", "load_reference"):
        site.manage(command, data, 1)
    tasks, access = _prepared()
    from communes.models import Unit

    codes = list(Unit.objects.commune_level().order_by("code").values_list("code", flat=True))
    rows = [(task, code) for code in codes for task in tasks][:ROWS]
    return _run(rows, access)


def _prepared() -> tuple[list[str], Any]:
    """Enough tasks for the rows, half of them with a date and a clock."""
    from accounts.access import access_from
    from accounts.enums import Role
    from accounts.models import Membership, User
    from common.time import today
    from communes.models import Unit
    from directives.models import Task, TaskGroup

    user = User.objects.create(username="bench.giver", full_name="Người giao đo", is_demo=True)
    unit = Unit.objects.get(code="BTGDV")
    Membership.objects.create(user=user, unit=unit, role=Role.PROPAGANDA, valid_from=today())
    group = TaskGroup.objects.get(code="1699-cv-tu-1")
    made = Task.objects.bulk_create(
        Task(
            code=f"do-{number}",
            group=group,
            position=1000 + number,
            title=f"Nhiệm vụ đo {number}",
            expected_result="Có kết quả.",
            evidence="Văn bản",
            indicator="count",
            addressee="authority",
        )
        for number in range(ROWS // 126 + 1)
    )
    return [task.code for task in made], access_from(user.pk, list(user.memberships.all()))


def _run(rows: list[tuple[str, str]], access: Any) -> dict[str, Any]:
    from attachments.services import attachment_store
    from common.invariants import invariants_broken
    from common.sheet_streams import xlsx_pieces
    from common.time import today
    from directives.models import Assignment
    from directives.services import imports

    day = f"{today() + dt.timedelta(days=60):%d/%m/%Y}"
    head = ["Mã nhiệm vụ", "Mã đơn vị", "Giao cho", "Hạn hoàn thành", "Ghi chú"]
    lines = ([task, code, "", day if n % 2 else "", "Đo"] for n, (task, code) in enumerate(rows))
    book = b"".join(xlsx_pieces("Giao việc", head, lines))
    began = time.perf_counter()
    stored = attachment_store(stream=io.BytesIO(book), name="do.xlsx")
    found = imports.import_check(access=access, slug="1699-cv-tu", attachment=str(stored.public_id))
    checked = time.perf_counter()
    imports.import_start(access=access, public_id=found.public_id)
    steps, longest = _batches(found)
    done = time.perf_counter()
    found.refresh_from_db()
    made = Assignment.objects.filter(task__code__startswith="do-").count()
    total = done - began
    return {
        "rows": len(rows),
        "check_seconds": round(checked - began, 2),
        "give_seconds": round(done - checked, 2),
        "total_seconds": round(total, 2),
        "rows_per_second": round(len(rows) / total),
        "batches": steps,
        "longest_batch_seconds": round(longest, 2),
        "processor_seconds": round(time.process_time(), 1),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "in_time": total <= SECONDS_MAX,
        "as_wanted": made == len(rows) == found.rows_given and not invariants_broken(),
    }


def _batches(found: Any) -> tuple[int, float]:
    """Give everything; how many batches it took and the seconds of the longest."""
    from directives.services import imports

    longest, steps = 0.0, 0
    while True:
        before = time.perf_counter()
        if imports._batch(found.pk, found.at) is None:
            return steps, longest
        steps += 1
        longest = max(longest, time.perf_counter() - before)


if __name__ == "__main__":
    main()
