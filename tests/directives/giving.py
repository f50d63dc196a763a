"""Tasks that are given to units on a Monday, and what is looked at afterwards."""

import datetime as dt
import io
from collections.abc import Iterable
from typing import Any

from attachments.services import attachment_store
from common.time import local_moment
from communes.models import Unit
from deadlines.models import OPEN_STATES, Clock
from directives.models import Assignment, AssignmentEvent, AssignmentPeriod, Task, TaskGroup
from directives.services import Report, assignments_create, report_submit
from tests.people import WARD, access_make

MONDAY = dt.date(2026, 11, 16)
AT = local_moment(MONDAY, 9)
DUE = dt.date(2026, 12, 11)  # Friday


def later(days: int, hour: int = 9) -> dt.datetime:
    """The UTC moment of an hour in Hà Nội some days after the Monday."""
    return local_moment(MONDAY + dt.timedelta(days=days), hour)


def task_make(**changes: Any) -> Task:
    """A task of 1699-CV/TU, asked once, of the Party committee."""
    group = TaskGroup.objects.get(code="1699-cv-tu-1")
    values: dict[str, Any] = {
        "code": f"thu-{Task.objects.count()}",
        "group": group,
        "position": 50 + Task.objects.filter(group=group).count(),
        "title": "Báo cáo kết quả đối thoại với nhân dân",
        "expected_result": "Có đối thoại, có kết luận.",
        "evidence": "Biên bản đối thoại",
        "indicator": "count",
        "addressee": "party_committee",
    }
    return Task.objects.create(**(values | changes))


def monthly(**changes: Any) -> Task:
    return task_make(rhythm="monthly", starts_on=dt.date(2026, 11, 1), **changes)


def units(*codes: str) -> list[Unit]:
    return list(Unit.objects.filter(code__in=codes or (WARD,)).order_by("code"))


def give(task: Task, *codes: str, **changes: Any) -> Assignment:
    """Give a task to one ward (or several, the first of which is returned)."""
    values: dict[str, Any] = {"due_on": None if task.is_periodic else DUE, "at": AT}
    rows = assignments_create(
        access=access_make("propaganda"), tasks=[task], units=units(*codes), **(values | changes)
    )
    return rows[0]


def report(row: Assignment, who: str = "secretary", **changes: Any) -> Assignment:
    """Report on an assignment as it is now; by default that the whole is done."""
    said = {name: changes.pop(name) for name in list(changes) if name in Report.__annotations__}
    current = Assignment.objects.get(pk=row.pk)
    return report_submit(
        access=access_make(who),
        public_id=row.public_id,
        version=current.version,
        report=Report(**({"text": "Đã thực hiện.", "state": "reported_done"} | said)),
        **({"at": later(1)} | changes),
    )


def clocks(row: Assignment) -> list[tuple[str, dt.date, dt.date]]:
    """State, first and last day of every clock of the assignment itself, oldest first."""
    found = Clock.objects.filter(assignment_clock__assignment=row).order_by("pk")
    return [(clock.state, clock.started_on, clock.due_on) for clock in found]


def period_clocks(period: AssignmentPeriod) -> list[tuple[str, dt.date, dt.date]]:
    found = Clock.objects.filter(period_clock__period=period).order_by("pk")
    return [(clock.state, clock.started_on, clock.due_on) for clock in found]


def running(row: Assignment) -> int:
    """How many clocks of an assignment and its periods run."""
    rows = Clock.objects.filter(state__in=OPEN_STATES)
    own = rows.filter(assignment_clock__assignment=row)
    return own.count() + rows.filter(period_clock__period__assignment=row).count()


def actions(row: Assignment) -> list[str]:
    rows = AssignmentEvent.objects.filter(assignment=row).order_by("sequence")
    return [name.removeprefix("directives.") for name in rows.values_list("action", flat=True)]


def upload(name: str = "bien-ban.txt") -> str:
    return str(attachment_store(stream=io.BytesIO(b"Bien ban doi thoai"), name=name).public_id)


def all_told(template: str, rows: Iterable[Any]) -> list[tuple[str, str]]:
    """Unit and position of every notice of a text."""
    return sorted((r.unit.code, r.position) for r in rows if r.template == template and r.unit)
