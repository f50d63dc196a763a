"""``python -m benchmarks.lists``: every list of cases, pages and a step, on bulk data.

SCALE is 20k, 100k or 1m cases (``seed_demo --fast``); with DATA=folder the data is kept there and
used again. Two gunicorn workers; first one client, then eight. True plans of the slowest lists
are printed at the end.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks import site
from benchmarks.load import Measured, run

SCALES = {"20k": 20_000, "100k": 100_000, "1m": 1_000_000}
WARD = "00004"
LISTS: dict[str, dict[str, str]] = {
    "all": {},
    "by due date": {"ordering": "due_on"},
    "status": {"status": "verifying"},
    "kind": {"kind": "complaint"},
    "field": {"field": "housing"},
    "unit": {"unit": WARD},
    "assignee": {"assignee": f"handler.{WARD}"},
    "overdue": {"overdue": "true"},
    "open": {"open": "true"},
    "escalated": {"escalated": "true"},
    "level 3": {"escalation_level": "3"},
    "flag": {"flag": "collective"},
    "rare flag": {"flag": "very_complex"},
    "due before": {"due_before": "2026-11-20"},
    "received after": {"received_after": "2026-11-01"},
    "status, unit": {"status": "verifying", "unit": WARD},
    "overdue, unit": {"overdue": "true", "unit": WARD},
    "kind, field": {"kind": "complaint", "field": "housing"},
    "assignee, status": {"assignee": f"handler.{WARD}", "status": "verifying"},
    "word": {"q": "bồi thường"},
    "rare word": {"q": "sổ đỏ giếng khoan"},
    "number": {"q": "12/2026"},
}


@dataclass
class Reader:
    """Who reads, with an API token and a session."""

    name: str
    token: str
    cookie: str


def main() -> None:
    scale = os.environ.get("SCALE", "20k").lower()
    if scale not in SCALES:
        sys.exit(f"SCALE={scale} is not possible; choose one of {', '.join(SCALES)}.")
    with folder() as data:
        port = site.free_port()
        os.environ.update(site.environment(data, port))
        os.environ["PORTAL_PROCESS"] = "command"
        from hanoi_portal import embedded

        with embedded.joined():
            measure(data, port, SCALES[scale])


@contextmanager
def folder() -> Iterator[Path]:
    """The folder of the data: kept where DATA says, else removed at the end."""
    if kept := os.environ.get("DATA"):
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept)
        return
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
        yield Path(name)


def measure(data: Path, port: int, cases: int) -> None:
    import django

    django.setup()
    prepare(data, port, cases)
    readers = [reader(f"clerk.{WARD}"), reader("head.BTCD")]
    with site.web(data, port):
        rows = [row for who in readers for row in lists(port, who)]
        rows += others(port, readers[0])
    table(rows)
    slow = sorted((r for r in rows if r.clients == 1 and "|" in r.name), key=lambda r: -r.p95_ms)
    for row in slow[:3]:
        plan(row.name, readers)


def prepare(data: Path, port: int, cases: int) -> None:
    from benchmarks.prepare import analyze
    from petitions.models import Case

    for command in ("collectstatic --no-input", "migrate", "load_reference"):
        site.manage(command, data, port)
    missing = cases - Case.objects.count()
    if missing > 0:
        start = time.perf_counter()
        site.manage(f"seed_demo --fast --cases {missing}", data, port)
        print(f"{missing:,} cases written in {time.perf_counter() - start:.0f} s")
    analyze()


def reader(username: str) -> Reader:
    from accounts.models import User
    from accounts.services import api_token_create
    from benchmarks.prepare import cookie_of

    user = User.objects.get(username=username)
    return Reader(username, api_token_create(user=user), cookie_of(user))


def lists(port: int, who: Reader) -> list[Measured]:
    found = []
    headers = {"Authorization": f"Token {who.token}"}
    for name, query in LISTS.items():
        path = f"/api/v1/cases/?{urlencode(query)}"
        for clients, requests in ((1, 25), (8, 80)):
            found.append(
                run(
                    f"{who.name} | {name}",
                    port,
                    lambda _n, path=path: ("GET", path, headers, None),  # type: ignore[misc]
                    clients=clients,
                    requests=requests,
                    seconds_max=10,
                )
            )
    return found


def others(port: int, who: Reader) -> list[Measured]:
    """Desk, inbox and case page as HTML, a case by API, a step."""
    from benchmarks import scenes
    from petitions.models import Case

    rows = Case.objects.filter(unit__code=WARD)
    codes = list(rows.order_by("-id").values_list("code", flat=True)[:300])
    fresh = list(rows.filter(status="submitted").values_list("code", flat=True)[:400])
    half = len(fresh) // 2
    plans: list[tuple[str, Any, int, int]] = [
        ("page: desk", scenes.page("/can-bo/", who.cookie), 40, 80),
        ("page: inbox", scenes.page("/can-bo/vu-viec/", who.cookie), 40, 80),
        ("page: case", scenes.page(f"/can-bo/vu-viec/{codes[0]}/", who.cookie), 40, 80),
        ("case", scenes.case(who.token, codes), 100, 400),
    ]
    found = []
    for name, make, alone, many in plans:
        found.append(run(name, port, make, clients=1, requests=alone))
        found.append(run(name, port, make, clients=8, requests=many))
    for clients, part in ((1, fresh[:half]), (8, fresh[half:])):
        if not part:  # all were received by earlier runs on the same data
            continue
        make = scenes.receive(who.token, part)
        found.append(run("step", port, make, clients=clients, requests=len(part)))
    found += crowd(port, who)
    return found


def crowd(port: int, who: Reader) -> list[Measured]:
    """A hundred actions on one case by eight clients, all with the same version: one wins, every
    other gets 409; anything else counts as an error."""
    import json

    from petitions.models import Case

    case = Case.objects.filter(unit__code=WARD, closed_at=None).order_by("-id")[0]
    inputs = {"version": case.version, "assignee": f"handler.{WARD}"}
    headers = {"Authorization": f"Token {who.token}", "Content-Type": "application/json"}
    body, path = json.dumps(inputs).encode(), f"/api/v1/cases/{case.code}/actions/assign/"
    return [
        run(
            "100 actions on one case",
            port,
            lambda _n: ("POST", path, headers, body),
            clients=8,
            requests=100,
            expect=(200, 409),
        )
    ]


def table(rows: list[Measured]) -> None:
    print(f"\n{'':32}{'clients':>8}{'/s':>8}{'median':>9}{'p95 ms':>9}{'err':>5}")
    for row in rows:
        print(
            f"{row.name:32}{row.clients:>8}{row.per_second:>8}{row.median_ms:>9}"
            f"{row.p95_ms:>9}{row.errors:>5}"
        )


def plan(name: str, readers: list[Reader]) -> None:
    """The true plan of a list, as the database ran it."""
    from accounts.access import access_of
    from accounts.models import User
    from petitions.filters import filters_clean, ordering_of
    from petitions.selectors import ORDERINGS, case_list_for

    who, _bar, query_name = name.partition(" | ")
    query = LISTS[query_name]
    user = User.objects.get(username=who)
    rows = case_list_for(access_of(user), filters_clean(query))
    ordering = ordering_of(query)
    if ordering.endswith("due_on"):
        rows = rows.filter(due_on__isnull=False)
    page = rows.order_by(*ORDERINGS[ordering].order())[:51]
    print(f"\n{name}\n{page.explain(analyze=True, buffers=True)}")


if __name__ == "__main__":
    main()
