"""``python -m benchmarks.registers``: 50,000 petitions of one ward's register as XLSX, in process.

An own database filled by COPY (``seed_demo --fast``); every petition that is no denunciation is
put into the register of one ward. The file is read piece by piece, as a client does, with every
name opened; then ``ROWS_MAX`` rows as PDF. ``ROWS=5000`` is quicker. Ends with 1 when a row is
missing.
"""

import datetime as dt
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import site

ROWS = int(os.environ.get("ROWS", "50000"))
SECONDS_MAX, MEMORY_MAX = 15, 64  # MB that the process may grow by
WARD = "00004"
# Numbers are given anew; a year of them is one book.
FILL = """
    UPDATE petitions_letter SET register_unit_id = NULL, register_year = NULL,
           register_number = NULL;
    UPDATE petitions_case SET unit_id = %(ward)s WHERE kind <> 'denunciation';
    UPDATE petitions_letter AS letter
       SET register_unit_id = %(ward)s, register_year = numbered.year,
           register_number = numbered.number
      FROM (SELECT letter.id, row_number() OVER (PARTITION BY made.year ORDER BY letter.id)
                   AS number, made.year
              FROM petitions_letter AS letter,
                   LATERAL (SELECT extract(year FROM coalesce(
                       (SELECT max(at) FROM petitions_caseevent AS event
                         WHERE event.case_id = letter.case_id
                           AND event.action = 'petitions.case.receive'),
                       letter.submitted_at) AT TIME ZONE 'Asia/Ho_Chi_Minh')::int AS year) AS made
             WHERE letter.kind <> 'denunciation' ORDER BY letter.id LIMIT %(rows)s) AS numbered
     WHERE numbered.id = letter.id;
"""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="portal-registers-") as folder:
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
    for command in ("migrate", "load_reference", f"seed_demo --fast --cases {ROWS * 13 // 10}"):
        site.manage(command, data, 1)
    from django.db import connection

    from benchmarks.prepare import analyze
    from communes.models import Unit

    ward = Unit.objects.get(code=WARD)
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"ward": ward.pk, "rows": ROWS})
    analyze()
    return _run(_access(ward), ward)


def _access(ward: Any) -> Any:
    from accounts.access import access_from
    from accounts.enums import Role
    from accounts.models import Membership, User
    from common.time import today

    user = User.objects.create(username="bench.clerk", full_name="Văn thư đo", is_demo=True)
    Membership.objects.create(user=user, unit=ward, role=Role.CLERK, valid_from=today())
    return access_from(user.pk, list(user.memberships.all()))


def _run(access: Any, ward: Any) -> dict[str, Any]:
    from itertools import islice

    from common.sheet_streams import xlsx_pieces
    from common.table_papers import ROWS_MAX, table_pdf
    from common.time import today
    from reports.register_papers import book_paper
    from reports.registers import BY_CODE
    from reports.selectors_registers import Asked, book_all, book_count

    asked = Asked(BY_CODE["letters"], ward, dt.date(2000, 1, 1), today())
    paper = book_paper(asked)
    list(islice(book_all(access, asked), 2000))  # two chunks, as warm as a worker
    cells = (entry.cells for entry in book_all(access, asked))
    memory, began, size, first = _memory(), time.perf_counter(), 0, 0.0
    work = time.process_time()
    for piece in xlsx_pieces(paper.title, paper.columns, cells):
        first = first or time.perf_counter() - began
        size += len(piece)
    total, grown = time.perf_counter() - began, _memory() - memory
    work = time.process_time() - work
    began = time.perf_counter()
    rows = (entry.cells for entry in islice(book_all(access, asked), ROWS_MAX))
    pdf = table_pdf(paper, rows)
    return {
        "rows": ROWS,
        "xlsx_seconds": round(total, 2),
        "xlsx_first_piece_seconds": round(first, 2),
        "processor_seconds": round(work, 1),
        "file_mb": round(size / 2**20, 1),
        "memory_mb": _memory(),
        "grown_mb": grown,
        "pdf_rows": min(ROWS, ROWS_MAX),
        "pdf_seconds": round(time.perf_counter() - began, 2),
        "pdf_mb": round(len(pdf) / 2**20, 1),
        "in_time": total <= SECONDS_MAX,
        "flat": grown <= MEMORY_MAX,
        "as_wanted": book_count(access, asked) == ROWS,
    }


def _memory() -> int:
    """The most that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
