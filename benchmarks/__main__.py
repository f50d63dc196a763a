"""``make bench``: one run, a table on the screen, JSON in ``benchmarks/results/``."""

import json
import os
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import scenes, site
from benchmarks.load import Measured, run

CLIENTS = (1, 8, 32)
# The smallest still has enough new petitions for every change of status that is measured.
SCALES = {"2k": 2_000, "10k": 10_000, "100k": 100_000}
TARGETS = {
    "filing": "≥ 150/s at 8 and 32 clients",
    "inbox of 50": "p95 ≤ 25 ms alone",
    "case": "≥ 660/s (peer 33/s × 20)",
    "status change": "≥ 120/s (peer 24/s × 5)",
    "page: home": "p95 ≤ 60 ms alone",
    "page: inbox": "p95 ≤ 60 ms alone",
    "page: case": "p95 ≤ 60 ms alone",
    "page: track": "p95 ≤ 60 ms alone",
    "page: receptions": "p95 ≤ 60 ms alone",
}


def cases_wanted() -> int:
    """``SCALE`` as a number of cases; a million waits for bulk seeding and is refused plainly."""
    scale = os.environ.get("SCALE", "10k").lower()
    if scale not in SCALES:
        sys.exit(f"SCALE={scale} is not possible yet; choose one of {', '.join(SCALES)}.")
    return SCALES[scale]


def main() -> None:
    cases = cases_wanted()
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        data, port = Path(folder), site.free_port()
        os.environ.update(site.environment(data, port))
        os.environ["PORTAL_PROCESS"] = "command"
        from hanoi_portal import embedded

        with embedded.joined():
            result = measure(data, port, cases)
    results = site.BASE / "benchmarks" / "results"
    results.mkdir(exist_ok=True)
    target = results / f"{time.strftime('%Y%m%d-%H%M%S')}.json"
    target.write_text(json.dumps(result, ensure_ascii=False, indent=1))
    print(f"\nwritten to benchmarks/results/{target.name}")


def measure(data: Path, port: int, cases: int) -> dict[str, Any]:
    import django

    django.setup()
    from benchmarks import prepare, sweep

    progress("preparing the database")
    for command in ("collectstatic --no-input", "migrate", "load_reference"):
        site.manage(command, data, port)
    people = prepare.site_make(cases)
    progress(f"{cases} cases in {people.seconds:.0f} s")
    rows: list[Measured] = []
    with site.web(data, port) as master:
        for clients in CLIENTS:
            rows += http_runs(port, people, clients)
        memory = site.worker_memory_mb(master.pid)
    table(rows)
    print(f"\nweb workers: {memory} MB (target ≤ 150)")
    sweeping = sweep.measure()
    print(
        f"sweep of 1k due among 10k open: {sweeping['sweep_seconds']} s,"
        f" bare SQL {sweeping['bare_sql_seconds']} s, ratio {sweeping['ratio']} (target ≤ 4)"
    )
    return {
        "cpus": os.cpu_count(),
        "cases": cases,
        "runs": [asdict(row) | {"per_second": row.per_second} for row in rows],
        "worker_memory_mb": memory,
        "sweep": sweeping,
    }


def http_runs(port: int, people: Any, clients: int) -> list[Measured]:
    progress(f"{clients} clients")
    share = 1 if clients == 1 else 2
    plan = [
        ("filing", scenes.filing, 300 * share),
        ("inbox of 50", scenes.inbox(people.token), 200 * share),
        ("case", scenes.case(people.token, people.codes), 400 * share),
        ("status change", scenes.receive(people.token, people.take(200 * share)), 200 * share),
        ("page: home", scenes.page("/"), 150),
        ("page: track", scenes.page("/tra-cuu/"), 150),
        ("page: receptions", scenes.page("/lich-tiep-dan/"), 150),
        ("page: inbox", scenes.page("/can-bo/vu-viec/", people.cookie), 150),
        ("page: case", scenes.page(f"/can-bo/vu-viec/{people.codes[0]}/", people.cookie), 150),
    ]
    for _name, make, _requests in plan[:3]:
        run("warm", port, make, clients=2, requests=20)
    found = []
    for name, make, requests in plan:
        found.append(run(name, port, make, clients=clients, requests=requests))
        progress(f"  {name}: {found[-1].per_second}/s, {found[-1].errors} errors")
    return found


def table(rows: list[Measured]) -> None:
    print(f"\n{'':18}{'clients':>8}{'req':>6}{'/s':>8}{'median':>9}{'p95 ms':>9}{'err':>5}  target")
    for row in sorted(rows, key=lambda r: (list(TARGETS).index(r.name), r.clients)):
        print(
            f"{row.name:18}{row.clients:>8}{row.requests:>6}{row.per_second:>8}"
            f"{row.median_ms:>9}{row.p95_ms:>9}{row.errors:>5}  {TARGETS[row.name]}"
        )


def progress(text: str) -> None:
    print(f"… {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
