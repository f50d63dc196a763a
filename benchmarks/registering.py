"""``python -m benchmarks.registering``: 2,000 citizens want 500 places, 32 clients, 2 workers.

A site of its own on the loopback, the product's web server, the API of registering. Exactly 500
must win, 1,500 hear that all places are taken, and nobody a server's error. ``PEOPLE=400`` asks
for fewer (a quarter of them get a place).
"""

import datetime as dt
import json
import os
import sys
import tempfile
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks import site
from benchmarks.load import Request, run

PEOPLE = int(os.environ.get("PEOPLE", "2000"))
CLIENTS = 32
SECONDS_MAX = 180
LEADER = "bench.leader"


def session_make(places: int) -> str:
    """A published session of a ward in a month, with so many places; its public id."""
    from accounts.access import access_from
    from accounts.enums import Role
    from accounts.models import Membership, User
    from common.time import local_moment, today
    from communes.models import Unit
    from receptions.services.sessions import SessionPlan, session_plan, session_publish

    unit = Unit.objects.get(code="00004")
    user = User.objects.create(username=LEADER, full_name="Lãnh đạo đo", is_demo=True)
    Membership.objects.create(user=user, unit=unit, role=Role.SECRETARY, valid_from=today())
    access = access_from(user.pk, list(user.memberships.all()))
    day = today() + dt.timedelta(days=30)
    plan = SessionPlan(
        leader=user,
        duty_holder="party_secretary",
        kind="periodic",
        starts_at=local_moment(day, 8),
        ends_at=local_moment(day, 11, 30),
        place="Trụ sở",
        capacity=places,
        planned_content="Tiếp công dân định kỳ.",
    )
    draft = session_plan(access=access, unit=unit, plan=plan)
    session_publish(access=access, public_id=draft.public_id, version=draft.version, reason="Đo")
    return str(draft.public_id)


def registrant(session: str) -> Any:
    """Another citizen each time, with a key as the API's clients send it."""
    path = f"/api/v1/reception-sessions/{session}/registrations/"

    def make(number: int) -> Request:
        body = {
            "full_name": f"Người Đo {number}",
            "identity_number": f"00108{number:07d}",
            "phone": f"09{number:08d}",
            "topic": "Hỏi về tiến độ cấp giấy chứng nhận.",
        }
        headers = {"Content-Type": "application/json", "Idempotency-Key": f"bench-{number}"}
        return "POST", path, headers, json.dumps(body).encode()

    return make


def outcome(session: str) -> dict[str, Any]:
    """What the database says afterwards."""
    from common.invariants import invariants_broken
    from receptions.models import ReceptionSession, Registration

    row = ReceptionSession.objects.get(public_id=session)
    statuses = Counter(row.registrations.values_list("status", flat=True))
    people = Registration.objects.filter(session=row).values("person_hmac").distinct().count()
    return {
        "registered": statuses["registered"],
        "waiting": statuses["waiting"],
        "places_taken": row.places_taken,
        "different_people": people,
        "broken": invariants_broken(),
    }


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="portal-registering-") as folder:
        data, port = Path(folder), site.free_port()
        os.environ.update(site.environment(data, port))
        os.environ["PORTAL_PROCESS"] = "command"
        from hanoi_portal import embedded

        with embedded.joined():
            result = measure(data, port)
    print(json.dumps(result, indent=2))
    if not result["as_wanted"]:
        sys.exit(1)


def measure(data: Path, port: int) -> dict[str, Any]:
    import django

    django.setup()
    for command in ("collectstatic --no-input", "migrate", "load_reference"):
        site.manage(command, data, port)
    places = PEOPLE // 4
    warm, session = session_make_two(places)
    with site.web(data, port):
        run("warm", port, registrant(warm), clients=2, requests=20)
        measured = run(
            "registering",
            port,
            registrant(session),
            clients=CLIENTS,
            requests=PEOPLE,
            expect=(201, 409),
            seconds_max=SECONDS_MAX,
        )
    found = outcome(session)
    wanted = {"registered": places, "places_taken": places, "different_people": places}
    return {
        "people": measured.requests,
        "clients": CLIENTS,
        "per_second": measured.per_second,
        "median_ms": measured.median_ms,
        "p95_ms": measured.p95_ms,
        "errors": measured.errors,
        **found,
        "as_wanted": measured.errors == 0
        and measured.requests == PEOPLE
        and not found["broken"]
        and all(found[name] == value for name, value in wanted.items()),
    }


def session_make_two(places: int) -> tuple[str, str]:
    """One session to warm up with, one to measure."""
    from receptions.models import ReceptionSession

    warm = session_make(30)
    row = ReceptionSession.objects.get(public_id=warm)
    row.pk, row._state.adding = None, True
    row.public_id = uuid.uuid4()
    row.starts_at += dt.timedelta(days=1)
    row.ends_at += dt.timedelta(days=1)
    row.capacity, row.places_taken, row.last_number = places, 0, 0
    row.save(force_insert=True)
    return warm, str(row.public_id)


if __name__ == "__main__":
    main()
