"""``python -m benchmarks.vault``: what sealing costs in filing and reading, against none.

Sealed and unsealed run in turns, in one process and one database. Unsealed means the same work with
the boxes left in clear: sealing replaced by JSON alone. ``COUNT=200`` is quicker.
"""

import datetime as dt
import json
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks import site

PERSON = {
    "full_name": "Vũ Thị Đo Lường",
    "identity_number": "001099012345",
    "address": "Số 5, ngõ 12, phố Tưởng Tượng",
    "phone": "0912345678",
    "email": "do.luong@example.com",
    "representative": True,
}
WARM_UP = 20


def main() -> None:
    count = int(os.environ.get("COUNT", "1000"))
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        data = Path(folder)
        os.environ.update(site.environment(data, site.free_port()))
        os.environ["PORTAL_PROCESS"] = "command"
        from hanoi_portal import embedded

        with embedded.joined():
            for command in ("migrate", "load_reference"):
                site.manage(command, data, 0)
            import django

            os.environ["PORTAL_PROCESS"] = "vault"  # this process plays all parts
            django.setup()
            print(json.dumps(measure(count), indent=1))


def measure(count: int) -> dict[str, Any]:
    """Median milliseconds and their ratio, for filing and for reading one identity."""
    return {
        "count": count,
        "filing_complaint": compare(count, lambda: file("complaint"), plain_seals),
        "filing_denunciation": compare(count, lambda: file("denunciation"), plain_seals),
        "reading_a_petitioner": compare(count, read("complaint"), plain_reads),
        "opening_a_denouncer": compare(count, opening(), plain_openings),
    }


def compare(count: int, work: Callable[[], Any], plain: Callable[[], Any]) -> dict[str, float]:
    """The same work sealed and in clear, in turns, ``count`` times each."""
    sealed: list[float] = []
    clear: list[float] = []
    for number in range(WARM_UP + count):
        turns = [(sealed, _as_it_is), (clear, plain)]
        for times, way in turns if number % 2 else reversed(turns):
            with way():
                began = time.perf_counter()
                work()
                spent = (time.perf_counter() - began) * 1000
            if number >= WARM_UP:
                times.append(spent)
    one, other = statistics.median(sealed), statistics.median(clear)
    return {
        "sealed_ms": round(one, 2),
        "clear_ms": round(other, 2),
        "ratio": round(one / other, 3),
        "ratio_of_sums": round(sum(sealed) / sum(clear), 3),
    }


def file(kind: str) -> str:
    from petitions.services.intake import Filing, petition_file

    filing = Filing(
        kind=kind,
        subject="Đơn đo lường",
        content="Nội dung của đơn đo lường, đủ dài để giống một lá đơn thật. " * 20,
        field="housing",
        unit="00004",
        petitioners=[PERSON],
        respondent={"name": "Người Hư Cấu", "unit": "00008", "position": "officer"},
    )
    return petition_file(filing=filing, is_signed=True, channel="paper").code


def read(kind: str) -> Callable[[], Any]:
    """Reading the page's data of one person: the row and the box."""
    from petitions.models import SealedIdentity
    from petitions.selectors import identity_unseal

    code = file(kind)

    def work() -> Any:
        rows = SealedIdentity.objects.select_related("party__letter__case__unit")
        return identity_unseal(rows.get(party__letter__code=code, party__number=1))

    return work


@contextmanager
def _as_it_is() -> Iterator[None]:
    yield


@contextmanager
def plain_seals() -> Iterator[None]:
    """Boxes hold JSON in clear, and no HMAC is made for them."""

    def clear(data: dict[str, Any], *, context: str) -> tuple[int, bytes]:
        return 1, json.dumps(data, ensure_ascii=False).encode()

    with (
        mock.patch("petitions.services.people.seal", clear),
        mock.patch("petitions.services.people.seal_for_vault", clear),
        mock.patch("petitions.services.people.tells_of", return_value=[]),
        mock.patch("notifications.services.seal", clear),
        mock.patch("notifications.services.seal_for_vault", clear),
    ):
        yield


@contextmanager
def plain_reads() -> Iterator[None]:
    kept = json.dumps(PERSON, ensure_ascii=False)
    with mock.patch("petitions.selectors.unseal") as opened:
        opened.side_effect = lambda version, box, context: json.loads(kept)
        yield


@contextmanager
def plain_openings() -> Iterator[None]:
    """The same record, history and notice; the identity lies there in clear."""
    with mock.patch("petitions.services.identity.vault_ask", return_value={"data": PERSON}):
        yield


def opening() -> Callable[[], Any]:
    """One opening whole: record, history, notice, and the vault through its socket."""
    from django.conf import settings

    from accounts.access import access_from
    from accounts.models import User
    from accounts.services import membership_add
    from hanoi_portal.vault import VaultServer
    from petitions.models import Case
    from petitions.services.identity import Why, identity_open

    server = VaultServer(settings.DENOUNCER_PRIVATE_KEYS)
    threading.Thread(target=server.serve, daemon=True).start()
    user = User.objects.create_user("bench.clerk", full_name="Cán bộ đo lường", is_demo=True)
    code = file("denunciation")
    unit = Case.objects.get(code=code).unit
    membership_add(user=user, unit=unit, role="clerk", valid_from=dt.date(2025, 7, 1))
    access = access_from(user.pk, list(user.memberships.all()))
    why = Why("verify", "Đo thời gian mở danh tính.")
    return lambda: identity_open(access=access, code=code, party_number=1, why=why)


if __name__ == "__main__":
    main()
