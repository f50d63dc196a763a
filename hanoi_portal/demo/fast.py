"""Bulk data: 100,000 to 10 million cases by COPY, in chunks of flat memory.

What the services would have written, without them: cases, letters, people, clocks, ladder,
papers and history fit each other and pass ``check_data`` and ``verify_history``. Notices are left
out. Interrupted, whole chunks stay; the next run adds to them.
"""

import datetime as dt
import gc
import multiprocessing
import random
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import connections, transaction

from common.errors import NotPermitted
from common.time import local_date
from common.time import now as moment_now
from deadlines.calendars import COVERED_FROM
from escalation.recipients import Positions
from hanoi_portal.demo.accounts import Cast, accounts_make
from hanoi_portal.demo.days_off import days_off_make
from hanoi_portal.demo.fast_case import MODELS, CaseRows, Desk, keys_wanted
from hanoi_portal.demo.fast_life import FastLife, live
from hanoi_portal.demo.fast_rows import Ids, Numbers, Rows
from hanoi_portal.demo.filings import Filings, place_of
from hanoi_portal.demo.spread import Spread
from petitions.enums import DENUNCIATION_BOOK, REGISTER_BOOK
from petitions.models import RegisterCounter

CHUNK = 2000
Say = Callable[[str], None]


def fast_seed(
    *, cases: int, seed: int, workers: int, say: Say, now: dt.datetime | None = None
) -> None:
    """Add ``cases`` petitions with their lives up to ``now`` (UTC moment).

    The data depends on ``seed`` and ``cases`` alone, but for codes, which are random. Raises
    NotPermitted outside demo mode, RuntimeError when a process fails.
    """
    if not settings.DEMO_MODE:
        raise NotPermitted
    moment = now or moment_now()
    days_off_make(now=moment)
    accounts_make(seed=seed, password=settings.DEMO_PASSWORD, now=moment)
    numbers = _numbers(moment)
    sizes = [min(CHUNK, cases - start) for start in range(0, cases, CHUNK)]
    jobs = list(enumerate(sizes))
    shares = [_Share(jobs[n::workers], seed, moment, numbers, say) for n in range(workers)]
    if workers == 1:
        shares[0].make()
    else:
        _in_processes(shares)
    _counters_keep(numbers)


class _Share:
    """The chunks of one process."""

    def __init__(
        self,
        jobs: list[tuple[int, int]],
        seed: int,
        now: dt.datetime,
        numbers: Numbers,
        say: Say,
    ) -> None:
        self.jobs, self.seed, self.now, self.numbers, self.say = jobs, seed, now, numbers, say

    def make(self) -> None:
        cast, positions = Cast.read(), Positions.read(local_date(self.now))
        for number, size in self.jobs:
            with transaction.atomic():
                self._chunk(number, size, cast, positions)
            self.say(f"Bulk data: {(number + 1) * CHUNK:,} cases")

    def _chunk(self, number: int, size: int, cast: Cast, positions: Positions) -> None:
        lives = list(self._lives(number, size, cast))
        rows, ids = Rows(MODELS), Ids(keys_wanted(lives))
        desk = Desk(rows, ids, self.numbers, cast, positions)
        for life in lives:
            CaseRows(desk, life).add()
        rows.write()

    def _lives(self, number: int, size: int, cast: Cast) -> Iterator[FastLife]:
        """Each chunk is a spread of its own, so that memory does not grow with their number."""
        units = [unit for _code, unit in sorted(cast.units.items()) if unit.is_commune_level]
        places = [place_of(unit.code, unit.full_name, unit.population) for unit in units]
        earliest = COVERED_FROM + dt.timedelta(days=14)
        seed = self.seed * 1_000_003 + number + 1
        filings = Filings(Spread(places, seed=seed, now=self.now, earliest=earliest), size)
        for index in range(size):
            planned = filings.plan(index)
            yield live(planned, self.now, random.Random(f"{planned.salt.hex()}:fast"))


def _in_processes(shares: list[_Share]) -> None:
    connections.close_all()
    context = multiprocessing.get_context("fork")
    children = [context.Process(target=_alone, args=(share,)) for share in shares]
    for child in children:
        child.start()
    for child in children:
        child.join()
    if any(child.exitcode for child in children):
        raise RuntimeError("a process that makes bulk data failed; whole chunks were kept")


def _alone(share: _Share) -> None:
    gc.freeze()
    share.make()


def _numbers(now: dt.datetime) -> Numbers:
    """Registers go on where they are."""
    context = multiprocessing.get_context("fork")
    years = range(COVERED_FROM.year, now.year + 1)
    books = (REGISTER_BOOK, DENUNCIATION_BOOK)
    units = Cast.read().units.values()
    keys = [(unit.pk, year, book) for unit in units for year in years for book in books]
    cells = context.Array("L", len(keys), lock=False)
    places = {key: n for n, key in enumerate(keys)}
    for counter in RegisterCounter.objects.filter(book__in=books):
        cells[places[counter.unit_id, counter.year, counter.book]] = counter.last
    return Numbers(cells, context.Lock(), places)


def _counters_keep(numbers: Numbers) -> None:
    RegisterCounter.objects.bulk_create(
        [
            RegisterCounter(unit_id=unit_id, book=book, year=year, last=last)
            for (unit_id, year, book), last in numbers.last().items()
        ],
        update_conflicts=True,
        unique_fields=["unit", "book", "year"],
        update_fields=["last"],
    )
