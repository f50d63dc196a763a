"""``python -m benchmarks.directives``: 126 units × 200 tasks × 36 months of reports (by COPY).

The overview, a unit, what is late, the comparison over time and the brief, asked alone, in process
(no network), with their queries; then one task given to all units. ``SCALE=small``: 20 tasks × 6
months. ``DATA=folder`` keeps the site for another run. ``COUNT`` requests each (20).
"""

import datetime as dt
import os
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import site
from benchmarks.oversight import opened, p95

SCALES = {"small": (20, 6), "full": (200, 36)}
GROUPS = 10
SLUG = "do-hieu-nang"
HOME = "/can-bo/chi-dao/tong-quan/"
TARGET_MS = 200
GIVING_MS = 1000
WARM_UP = 2
# Of a hundred reports so many are sent late and never.
LATE, MISSING = 8, 3
# One report in fifty names a difficulty.
HARD = "Thiếu cán bộ chuyên trách."
TEXT = "Đơn vị đã tổ chức thực hiện nhiệm vụ được giao."


def main() -> None:
    scale = os.environ.get("SCALE", "full").lower()
    if scale not in SCALES:
        sys.exit(f"SCALE={scale} is not possible; choose one of {', '.join(SCALES)}.")
    kept = os.environ.get("DATA")
    if kept:
        _on(Path(kept), *SCALES[scale])
        return
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        _on(Path(folder), *SCALES[scale])


def _on(data: Path, tasks: int, months: int) -> None:
    os.environ.update(site.environment(data, site.free_port()))
    os.environ["PORTAL_PROCESS"] = "command"
    from hanoi_portal import embedded

    with embedded.joined():
        for command in ("collectstatic --no-input", "migrate", "load_reference"):
            site.manage(command, data, 0)
        import django

        django.setup()
        measure(tasks, months)


def measure(tasks: int, months: int) -> None:
    from benchmarks.prepare import analyze
    from directives.models import AssignmentPeriod, Directive

    if not Directive.objects.filter(slug=SLUG).exists():
        began = time.perf_counter()
        prepare(tasks, months)
        analyze()
        print(f"made in {time.perf_counter() - began:.0f} s")
    print(f"{AssignmentPeriod.objects.count():,} periods")
    reader = reader_make()
    count = int(os.environ.get("COUNT", "20"))
    print(f"\n{'':32}{'median':>9}{'p95 ms':>9}{'cpu ms':>9}{'queries':>9}   target")
    for name, path in pages().items():
        line(name, timed(opened(reader, path), count), TARGET_MS)
    line("one task to all units", timed(giving(), 1, warm_up=0), GIVING_MS)


def pages() -> dict[str, str]:
    one = f"?directive={SLUG}"
    return {
        "overview: documents": HOME,
        "overview: groups": HOME + one,
        "overview: groups on the map": f"{HOME}{one}&view=map",
        "overview: one group's tasks": f"{HOME}{one}&group={SLUG}-1",
        "overview: one month": f"{HOME}{one}&period={newest():%Y-%m}",
        "unit": f"{HOME}don-vi/00004/",
        "late reports": f"{HOME}cham/?kind=period",
        "late tasks": f"{HOME}cham/?kind=task",
        "late by either": f"{HOME}cham/?kind=all",
        "difficulties": f"{HOME}kho-khan/",
        "over time: 12 months": f"{HOME}theo-ky/{one}",
        "brief of a unit": f"{HOME}don-vi/00004/tom-tat/",
        "brief of the City": f"{HOME}tom-tat/",
        "api: overview": f"/api/v1/directives/{SLUG}/overview/",
        "api: late": "/api/v1/assignments/late/?kind=period",
    }


def line(name: str, found: "Found", target: int) -> None:
    worst = p95(found.times) if len(found.times) > 1 else found.times[0]
    mark = "met" if worst <= target else "MISSED"
    print(
        f"{name:32}{statistics.median(found.times):>9.1f}{worst:>9.1f}{found.work:>9.1f}"
        f"{found.queries:>9}   ≤ {target} ms: {mark}",
        flush=True,
    )


class Found(NamedTuple):
    """Milliseconds of each request, the queries of one, and the least processor time of one: of
    this process and its database server, which the load of the machine hardly changes."""

    times: list[float]
    queries: int
    work: float


def timed(work: Callable[[], None], count: int, warm_up: int = WARM_UP) -> Found:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times, works = [], []
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    for number in range(warm_up + count):
        began, used = time.perf_counter(), processor_ms(backend)
        work()
        if number >= warm_up:
            times.append((time.perf_counter() - began) * 1000)
            works.append(processor_ms(backend) - used)
    if not warm_up:
        return Found(times, 0, min(works))
    with CaptureQueriesContext(connection) as seen:
        work()
    return Found(times, len(seen), min(works))


def processor_ms(backend: int) -> float:
    """Used so far by this process and by its connection's server process (in ticks of 10 ms)."""
    fields = Path(f"/proc/{backend}/stat").read_text().rsplit(")", 1)[1].split()
    ticks = int(fields[11]) + int(fields[12])
    return (time.process_time() + ticks / os.sysconf("SC_CLK_TCK")) * 1000


def reader_make() -> Any:
    from accounts.enums import Role
    from accounts.models import User
    from accounts.services import membership_add
    from communes.models import Unit

    found = User.objects.filter(username="bench.reader").first()
    if found is None:
        found = User.objects.create_user("bench.reader", full_name="Người xem", is_demo=True)
        body = Unit.objects.get(code="BTGDV")
        start = dt.date(2025, 7, 1)
        membership_add(user=found, unit=body, role=Role.PROPAGANDA, valid_from=start)
    return found


def giving() -> Callable[[], None]:
    """A new task of the document, given to all units with clocks, periods and notices."""
    from accounts.access import access_of
    from common.time import today
    from communes.models import Unit
    from directives.models import Task, TaskGroup
    from directives.services import assignments_create

    group = TaskGroup.objects.get(code=f"{SLUG}-1")
    task = _task(group, 900 + Task.objects.filter(group=group).count(), None)
    task.save()
    units = list(Unit.objects.commune_level().in_force(today()))
    access = access_of(reader_make())
    due_on = today() + dt.timedelta(days=20)

    def give() -> None:
        made = assignments_create(access=access, tasks=[task], units=units, due_on=due_on)
        assert len(made) == len(units)

    return give


# What there is to read


def prepare(tasks: int, months: int) -> None:
    """A document with its groups, tasks, assignments, periods and reports, in bulk."""
    from common.history import NewEvent
    from common.time import local_moment, today
    from communes.models import Unit
    from directives.models import Assignment, AssignmentEvent, Directive, Task, TaskGroup

    first = _months(months)[0]
    directive = Directive.objects.create(
        slug=SLUG,
        number="1/HN",
        kind="plan",
        issued_on=first,
        issuer="Thành ủy Hà Nội",
        subject="Đo hiệu năng",
    )
    groups = [
        TaskGroup(code=f"{SLUG}-{n}", directive=directive, number=n, title=f"Nhóm {n}", text="…")
        for n in range(1, GROUPS + 1)
    ]
    TaskGroup.objects.bulk_create(groups)
    made = [_task(groups[n % GROUPS], n, first) for n in range(tasks)]
    Task.objects.bulk_create(made)
    at = local_moment(first, 8)
    units = list(Unit.objects.commune_level().in_force(today()).order_by("code"))
    given = {"assigned_at": at, "state": "in_progress", "reported_at": at}
    rows = [
        Assignment(task=task, unit=unit, addressee=task.addressee, **given)
        for unit in units
        for task in made
    ]
    Assignment.objects.bulk_create(rows, batch_size=5000)
    events = [NewEvent(row.pk, "directives.assignment.created", {}, None, at) for row in rows]
    AssignmentEvent.append_many(events, fresh=True)
    _copy([row.pk for row in rows], months)


def _task(group: Any, number: int, first: dt.date | None) -> Any:
    from directives.models import Task

    return Task(
        code=f"{group.code}-{number}",
        group=group,
        position=number + 1,
        title=f"Nhiệm vụ {number} của {group.title}",
        expected_result=TEXT,
        evidence=TEXT,
        indicator="count",
        addressee=("party_committee", "authority", "front")[number % 3],
        rhythm="monthly" if first else "once",
        starts_on=first,
    )


def _months(count: int) -> list[dt.date]:
    """The first days of so many months, the last one before this."""
    from common.time import today

    month = today().replace(day=1)
    number = month.year * 12 + month.month - 1
    return [dt.date(n // 12, n % 12 + 1, 1) for n in range(number - count, number)]


def newest() -> dt.date:
    return _months(1)[0]


def _copy(assignments: list[int], months: int) -> None:
    """Periods with their reports, as services would have left them; every owed one has a clock."""
    from django.db import connection

    table = "directives_assignmentperiod (public_id, assignment_id, starts_on, ends_on, due_on, state, reported_at)"
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in _periods(assignments, months):
            copy.write_row(row)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE directives_assignment AS whole
            SET periods_told = told.n, periods_accepted = told.accepted
            FROM (SELECT assignment_id, count(*) AS n,
                         count(*) FILTER (WHERE state = 'accepted') AS accepted
                  FROM directives_assignmentperiod WHERE state IN ('reported', 'accepted')
                  GROUP BY assignment_id) AS told
            WHERE told.assignment_id = whole.id
            """
        )
    _reports()
    _clocks()


def _periods(assignments: list[int], months: int) -> Iterator[tuple[Any, ...]]:
    from common.time import local_moment, today

    on = today()
    for n, first in enumerate(_months(months)):
        last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        due = last + dt.timedelta(days=5)
        in_time, late = local_moment(due, 8), local_moment(due + dt.timedelta(days=4), 8)
        for m, pk in enumerate(assignments):
            lot = (m * 37 + n * 11 + m // 200) % 100
            if n == months - 1 and due >= on:
                # Half of what is not due yet was sent on the last day and waits for the City.
                sent = local_moment(last, 8) if lot % 2 else None
                yield uuid.uuid4(), pk, first, last, due, "reported" if sent else "open", sent
            elif lot < MISSING:
                yield uuid.uuid4(), pk, first, last, due, "open", None
            else:
                at = late if lot < MISSING + LATE else in_time
                yield uuid.uuid4(), pk, first, last, due, "accepted", at


def _reports() -> None:
    """The newest report of every period that was sent."""
    from django.db import connection

    from common.text import fold

    reader = reader_make()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO directives_progressreport
                (assignment_id, period_id, kind, state, text, difficulties, proposals, said_text,
                 value, by_id, at, review)
            SELECT assignment_id, id, 'period', 'in_progress', %s,
                   CASE WHEN id %% 50 = 0 THEN %s ELSE '' END, '',
                   CASE WHEN id %% 50 = 0 THEN %s ELSE '' END, '1', %s, reported_at, ''
            FROM directives_assignmentperiod WHERE reported_at IS NOT NULL
            """,
            [TEXT, HARD, fold(HARD), reader.pk],
        )


def _clocks() -> None:
    """A running clock for every report that is owed."""
    from deadlines.models import Clock
    from directives.models import AssignmentPeriod, PeriodClock

    owed = list(AssignmentPeriod.objects.filter(state="open").select_related("assignment"))
    clocks = [
        Clock(
            rule_code="CD-BC",
            started_on=row.starts_on,
            legal_due_on=row.due_on,
            due_on=row.due_on,
            amount=0,
            basis="",
            ladder="directive",
            holder_unit_id=row.assignment.unit_id,
            holder_position="clerk",
        )
        for row in owed
    ]
    Clock.objects.bulk_create(clocks, batch_size=2000)
    links = [PeriodClock(period=row, clock=clock) for row, clock in zip(owed, clocks, strict=True)]
    PeriodClock.objects.bulk_create(links, batch_size=5000)


if __name__ == "__main__":
    main()
