"""``python -m benchmarks.public_calendar``: five years of reception days of all units.

126 units × 2 posts × 2 days × 60 months in bulk (SCALE=small: 6 months), each announced, every
twentieth moved, every thirtieth called off. Two gunicorn workers, one client, then eight.
"""

import datetime as dt
import json
import os
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from benchmarks import site
from benchmarks.load import Measured, run

MONTHS = {"small": 6, "full": 60}
MONTHS_AHEAD = 3
TARGET = "api: p95 ≤ 100 ms alone"
HOURS = {"party_secretary": (5, 20), "people_committee_chair": (10, 25)}


def main() -> None:
    scale = os.environ.get("SCALE", "full").lower()
    if scale not in MONTHS:
        sys.exit(f"SCALE={scale} is not possible; choose one of {', '.join(MONTHS)}.")
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        data, port = Path(folder), site.free_port()
        os.environ.update(site.environment(data, port))
        os.environ["PORTAL_PROCESS"] = "command"
        from hanoi_portal import embedded

        with embedded.joined():
            measure(data, port, MONTHS[scale])


def measure(data: Path, port: int, months: int) -> None:
    import django

    django.setup()
    from benchmarks.prepare import analyze
    from common.time import today
    from receptions.models import ReceptionSession

    for command in ("collectstatic --no-input", "migrate", "load_reference"):
        site.manage(command, data, port)
    sessions_make(months)
    analyze()
    print(f"{ReceptionSession.objects.count():,} sessions")
    with site.web(data, port):
        table(list(runs(port, today().replace(day=1))))


def runs(port: int, first: dt.date) -> list[Measured]:
    """A month by API, and what people and programs ask for."""
    from common.time import month_after

    last = month_after(first) - dt.timedelta(days=1)
    month = f"from={first}&to={last}&page_size=1000"
    api = "/api/v1/reception-sessions/"
    print(f"{whole(port, f'{api}?{month}'):,} of them in this month, on one page")
    paths = {
        "api: month, all units": f"{api}?{month}",
        "api: month, announced": f"{api}?{month}&announced=true",
        "api: upcoming": api,
        "api: month of one unit": f"{api}?{month}&unit=00004",
        "api: month of one kind": f"{api}?{month}&kind=periodic",
        "api: a leader by name": f"{api}?{month}&leader=L%C3%A3nh+%C4%91%E1%BA%A1o+7",
        "page: month, all units": f"/lich-tiep-dan/?month={first:%Y-%m}",
        "page: one unit": f"/lich-tiep-dan/?unit=00004&month={first:%Y-%m}",
        "page: map": f"/lich-tiep-dan/ban-do/?month={first:%Y-%m}",
        "page: home": "/",
        "frame": "/lich-tiep-dan/nhung/00004/",
        "feed of a unit": "/lich-tiep-dan/lich/00004.ics",
        "feed of all units": "/lich-tiep-dan/lich.ics",
        "data: 200 rows": f"/lich-tiep-dan/du-lieu.json?from={first}",
        "data: 1000 rows": f"/lich-tiep-dan/du-lieu.csv?from={first}&page_size=1000",
    }
    found = []
    for name, path in paths.items():
        for clients, requests in ((1, 60), (8, 160)):
            found.append(
                run(
                    name,
                    port,
                    lambda _n, path=path: ("GET", path, {}, None),  # type: ignore[misc]
                    clients=clients,
                    requests=requests,
                    seconds_max=10,
                )
            )
    return found


def whole(port: int, path: str) -> int:
    """How many sessions the address tells of; what is timed must not be the first of some pages."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        body = json.load(answer)
    if body["next"] is not None:
        sys.exit("The month does not fit on one page.")
    return len(body["results"])


def sessions_make(months: int) -> None:
    """Sessions with their events, as services would have left them, in bulk."""
    from accounts.models import User
    from common.history import NewEvent
    from common.time import today
    from communes.models import Unit
    from receptions.models import MOVED, ReceptionSession, SessionEvent

    units = list(Unit.objects.commune_level().in_force(today()).order_by("code"))
    people = [
        User(username=f"leader.{n}", full_name=f"Lãnh đạo {n}", is_demo=True)
        for n in range(2 * len(units))
    ]
    User.objects.bulk_create(people)
    for first in _months(months, today().replace(day=1)):
        rows = [
            _session(unit, people[2 * i + j], duty, first.replace(day=day))
            for i, unit in enumerate(units)
            for j, (duty, days) in enumerate(HOURS.items())
            for day in days
        ]
        for number, row in enumerate(rows):
            _fate(row, number)
        made = ReceptionSession.objects.bulk_create(rows)
        events = []
        for row in made:
            at = row.published_at
            events.append(NewEvent(row.pk, "receptions.session.planned", {}, None, at))
            events.append(NewEvent(row.pk, "receptions.session.published", {}, None, at))
            if row.move_reason:
                day = (row.starts_at - dt.timedelta(days=1)).date().isoformat()
                events.append(NewEvent(row.pk, MOVED, {"from": day}, None, at))
        SessionEvent.append_many(events, fresh=True)


def _months(count: int, current: dt.date) -> list[dt.date]:
    """``count`` months, the last of them a few months ahead."""
    number = current.year * 12 + current.month - 1 + MONTHS_AHEAD
    return [dt.date(n // 12, n % 12 + 1, 1) for n in range(number - count + 1, number + 1)]


def _session(unit: Any, leader: Any, duty: str, day: dt.date) -> Any:
    from common.time import local_moment, now
    from receptions.models import ReceptionSession

    starts_at = local_moment(day, 8)
    return ReceptionSession(
        unit=unit,
        leader=leader,
        duty_holder=duty,
        kind="periodic",
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=3, minutes=30),
        place=f"Phòng tiếp công dân, {unit.full_name}",
        capacity=20,
        slot_minutes=10,
        planned_content="Tiếp công dân định kỳ theo lịch đã công bố. " * 3,
        participants="Văn phòng, Thanh tra, cán bộ địa chính, công an.",
        status="held" if starts_at < now() else "published",
        published_at=starts_at - dt.timedelta(days=20),
    )


def _fate(row: Any, number: int) -> None:
    """Some are moved by a day, some called off."""
    if number % 30 == 0:
        row.status, row.cancel_reason = "cancelled", "Lãnh đạo đi công tác"
    elif number % 20 == 0:
        row.starts_at += dt.timedelta(days=1)
        row.ends_at += dt.timedelta(days=1)
        row.move_reason = "Họp của Thành phố"


def table(rows: list[Measured]) -> None:
    print(f"\n{'':26}{'clients':>8}{'/s':>8}{'median':>9}{'p95 ms':>9}{'err':>5}   {TARGET}")
    for row in rows:
        mark = " met" if row.p95_ms <= 100 else " MISSED"
        is_target = row.clients == 1 and row.name.startswith("api:")
        print(
            f"{row.name:26}{row.clients:>8}{row.per_second:>8}{row.median_ms:>9}"
            f"{row.p95_ms:>9}{row.errors:>5}   {mark if is_target else ''}"
        )


if __name__ == "__main__":
    main()
