"""``python -m benchmarks.similar``: similar letters among 100,000; time, recall and precision.

Signatures are written straight to their table, with the cases and letters that they hang on; words
alone are compared (no sender, no address). ``SCALE=10k`` is quicker.
"""

import datetime as dt
import json
import multiprocessing
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import similar_texts, site
from petitions.similarity import document_numbers, signature

SCALES = {"2k": 2_000, "10k": 10_000, "100k": 100_000}
GROUP, GROUP_SHARE = 3, 0.02  # every fiftieth letter has two near-duplicates
QUERIES, CHUNK = 300, 1000


class Made(NamedTuple):
    group: int
    bands: tuple[int, ...]
    minima: bytes
    documents: list[str]


def main() -> None:
    count = SCALES.get(os.environ.get("SCALE", "100k").lower())
    if count is None:
        sys.exit(f"SCALE is one of {', '.join(SCALES)}.")
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        data = Path(folder)
        os.environ.update(site.environment(data, site.free_port()))
        os.environ["PORTAL_PROCESS"] = "command"
        from hanoi_portal import embedded

        with multiprocessing.Pool() as workers, embedded.joined():
            for command in ("migrate", "load_reference"):
                site.manage(command, data, 0)
            import django

            django.setup()
            groups = fill(count, workers)
            print(json.dumps({"letters": count} | measure(groups), indent=1))


def made(number: int) -> list[Made]:
    """Letter ``number`` and, for every fiftieth, its near-duplicates. The same every time."""
    rng = random.Random(number)
    text = similar_texts.letter_text(rng)
    texts = [text]
    if number % round(1 / GROUP_SHARE) == 0:
        texts += [similar_texts.near_duplicate(rng, text) for _ in range(GROUP - 1)]
    return [_made(number, one) for one in texts]


def _made(group: int, text: str) -> Made:
    signed = signature(text)
    return Made(group, signed.bands, signed.minima, document_numbers(text))


def fill(count: int, workers: Any) -> dict[int, list[int]]:
    """Write ``count`` letters; identifiers of the cases of each group of near-duplicates."""
    groups: dict[int, list[int]] = {}
    rows: list[Made] = []
    written = 0
    for letters in workers.imap(made, range(count), chunksize=200):
        rows += letters
        if len(rows) >= CHUNK or written + len(rows) >= count:
            for one, case_id in zip(rows, _write(rows, written), strict=True):
                groups.setdefault(one.group, []).append(case_id)
            written += len(rows)
            rows = []
            print(f"… {written} letters", file=sys.stderr, flush=True)
        if written >= count:
            break
    from benchmarks.prepare import analyze

    analyze()
    return {group: ids for group, ids in groups.items() if len(ids) == GROUP}


def _write(rows: list[Made], first: int) -> Iterator[int]:
    from django.db import transaction

    from communes.models import Unit
    from petitions.models import Case, Letter, LetterSignature, SubjectField

    units = list(Unit.objects.filter(kind="ward").order_by("code"))
    field = SubjectField.objects.get(code="land_title")
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    common = {"kind": "complaint", "submitted_at": at, "subject": "Đơn đo lường"}
    with transaction.atomic():
        cases = Case.objects.bulk_create(
            Case(code=f"B{first + n}", status="submitted", field=field,
                 unit=units[(first + n) % len(units)], **common)
            for n in range(len(rows))
        )  # fmt: skip
        letters = Letter.objects.bulk_create(
            Letter(code=case.code, secret_hmac=b"", case=case, channel="paper",
                   addressed_unit_id=case.unit_id, content="", **common)
            for case in cases
        )  # fmt: skip
        LetterSignature.objects.bulk_create(
            LetterSignature(letter=letter, bands=list(row.bands), minima=row.minima,
                            document_numbers=row.documents)
            for letter, row in zip(letters, rows, strict=True)
        )  # fmt: skip
    return (case.pk for case in cases)


def measure(groups: dict[int, list[int]]) -> dict[str, Any]:
    """Milliseconds a query, recall and precision, for somebody who sees all cases of the city."""
    from petitions.models import Case
    from petitions.selectors_similar import similar_letters

    access = _city_wide()
    asked = random.Random(1).sample(sorted(groups), min(QUERIES, len(groups)))
    spent, wanted, hit, shown, right = [], 0, 0, 0, 0
    for n, group in enumerate(asked[:20] + asked):
        case = Case.objects.get(pk=groups[group][n % GROUP])
        start = time.perf_counter()
        found = [similar.case.pk for similar in similar_letters(access, case)]
        if n < 20:  # to warm up
            continue
        spent.append((time.perf_counter() - start) * 1000)
        others = {pk for pk in groups[group] if pk != case.pk}
        wanted += len(others)
        hit += len(others & set(found))
        shown += len(found)
        right += len(others & set(found[: len(others)]))
    cuts = statistics.quantiles(spent, n=20)
    return {
        "queries": len(spent),
        "median_ms": round(statistics.median(spent), 1),
        "p95_ms": round(cuts[18], 1),
        "recall_at_10": round(hit / wanted, 3),
        "precision_at_2": round(right / wanted, 3),
        "precision_of_all_shown": round(hit / max(1, shown), 3),
        "shown_a_query": round(shown / len(spent), 1),
    }


def _city_wide() -> Any:
    from accounts.access import access_from
    from accounts.enums import Role
    from accounts.models import User
    from accounts.services import membership_add
    from communes.models import Unit

    user = User.objects.create_user("bench.head", full_name="Trưởng ban đo lường", is_demo=True)
    unit = Unit.objects.get(code="BTCD")
    membership_add(user=user, unit=unit, role=Role.BOARD_HEAD, valid_from=dt.date(2025, 7, 1))
    return access_from(user.pk, list(user.memberships.all()))


if __name__ == "__main__":
    main()
