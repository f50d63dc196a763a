"""Filling an empty portal with a year of invented life, through the services.

May be stopped at any moment and run again: accounts first, then petitions in the order of their
dates up to the number asked for, then receptions and directive work of units that have none.
"""

import datetime as dt
import gc
import multiprocessing
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple, TypeVar

from django.conf import settings
from django.db import connection, connections, transaction

from accounts.enums import Role
from common.codes import secret_clean, secret_from_salt, token_hmac
from common.errors import NotPermitted
from common.models import ScheduledRun
from common.time import local_date
from common.time import now as moment_now
from communes.models import Unit
from deadlines.calendars import COVERED_FROM
from directives.models import Assignment, ProgressReport, UnitPlan
from hanoi_portal.demo.absences import absences_make
from hanoi_portal.demo.accounts import Cast, accounts_make
from hanoi_portal.demo.days_off import days_off_make
from hanoi_portal.demo.directive_story import directive_story_make
from hanoi_portal.demo.directive_work import DirectiveWork
from hanoi_portal.demo.exemplars import exemplars_make
from hanoi_portal.demo.filings import BOARD, Filings, Planned, holder_code, place_of
from hanoi_portal.demo.ladder import LadderWalk
from hanoi_portal.demo.lives import Life
from hanoi_portal.demo.official_papers import official_papers_make
from hanoi_portal.demo.reception_days import CITY_DUTIES, Petition, ReceptionDays
from hanoi_portal.demo.reforms import reforms_make
from hanoi_portal.demo.registers import registers_make
from hanoi_portal.demo.sealed_work import sealed_work_make
from hanoi_portal.demo.spread import Spread
from hanoi_portal.demo.warnings import warnings_make
from petitions.enums import Channel, Kind
from petitions.models import Case, Letter
from petitions.selectors_public import SECRET_PURPOSE
from petitions.services.intake import petition_file
from receptions.models import ReceptionSession

MARKER = "demo-data"
CHUNK, UNITS_CHUNK = 25, 14
LOCK = 0x64656D6F  # "demo"
Say = Callable[[str], None]
# What is made once a seed after the petitions, in this order.
STORIES: dict[str, Callable[..., int]] = {
    "Protected work": sealed_work_make,
    "Official papers": official_papers_make,
    "Models of dân vận khéo": exemplars_make,
    "Land projects": warnings_make,
    "Tasks with dates": directive_story_make,
    "Reforms of units": lambda cast, *, seed, now: reforms_make(cast, now=now),
    "Registers": registers_make,
}
Item = TypeVar("Item")


class Part(NamedTuple):
    """The share of one process: whole units, so that their registers fill in order."""

    number: int
    of: int

    def owns(self, unit_code: str) -> bool:
        return zlib.crc32(unit_code.encode()) % self.of == self.number


def demo_seed(
    *, cases: int, seed: int, say: Say, now: dt.datetime | None = None, workers: int = 1
) -> None:
    """Make the demo data: accounts, ``cases`` petitions with their lives, receptions, reports.

    ``now`` (UTC moment) is the moment that the data leads up to. The data does not depend on
    ``workers`` (processes). Raises NotPermitted outside demo mode, RuntimeError when a process
    fails: what is committed stays, and the next call goes on from there.
    """
    if not settings.DEMO_MODE:
        raise NotPermitted
    moment = now or moment_now()
    with _lock(""):
        days_off_make(now=moment)
        made = accounts_make(seed=seed, password=settings.DEMO_PASSWORD, now=moment)
        absences_make(Cast.read(), now=moment)
    say(f"Accounts: {made} new")
    if workers == 1:
        _Share(Part(0, 1), cases, seed, moment, say).make()
    else:
        _in_processes([_Share(Part(n, workers), cases, seed, moment, say) for n in range(workers)])
    for words, make in STORIES.items():
        with _lock(""):
            made = make(Cast.read(), seed=seed, now=moment)
        say(f"{words}: {made} new")
    _finish(cases, seed, moment)


class _Share:
    """What one process makes."""

    def __init__(self, part: Part, cases: int, seed: int, now: dt.datetime, say: Say) -> None:
        self.part, self.cases, self.seed, self.now, self.say = part, cases, seed, now, say

    def make(self) -> None:
        with _lock("_shared"):
            self._make()

    def _make(self) -> None:
        cast = Cast.read()
        units = [unit for _code, unit in sorted(cast.units.items()) if unit.is_commune_level]
        filings = _filings(units, cases=self.cases, seed=self.seed, now=self.now)
        mine = [unit for unit in units if self.part.owns(unit.code)]
        self._petitions(filings, cast)
        receiving = [*mine, *(cast.units[code] for code in CITY_DUTIES if self.part.owns(code))]
        self._receptions(receiving, filings, cast)
        self._directives(mine, cast)

    def _petitions(self, filings: Filings, cast: Cast) -> None:
        todo = [p for p in _missing(filings) if self.part.owns(holder_code(p))]
        ladder = LadderWalk(cast)
        for number, chunk in enumerate(_chunks(todo, CHUNK), start=1):
            with transaction.atomic():
                for planned in chunk:
                    _petition_make(planned, cast, ladder, self.now)
            self._tell(f"petitions {min(number * CHUNK, len(todo))} of {len(todo)}")

    def _receptions(self, units: Sequence[Unit], filings: Filings, cast: Cast) -> None:
        days = ReceptionDays(cast, seed=self.seed, now=self.now)
        busy = set(ReceptionSession.objects.values_list("unit_id", flat=True))
        todo = [unit for unit in units if unit.pk not in busy]
        petitions = _petitions_by_unit(filings) if todo else {}
        made = 0
        for chunk in _chunks(todo, UNITS_CHUNK):
            with transaction.atomic():
                made += sum(days.make(unit, petitions.get(unit.code, ())) for unit in chunk)
        self._tell(f"reception sessions: {made} new")

    def _directives(self, units: Sequence[Unit], cast: Cast) -> None:
        work = DirectiveWork(cast, seed=self.seed, now=self.now)
        busy = set(ProgressReport.objects.values_list("assignment__unit_id", flat=True))
        busy |= set(UnitPlan.objects.values_list("unit_id", flat=True))
        todo = [unit for unit in units if unit.pk not in busy]
        rows = Assignment.objects.filter(unit__in=todo).select_related("task")
        by_unit: dict[int, list[Assignment]] = {}
        for row in rows.order_by("unit__code", "task__code"):
            by_unit.setdefault(row.unit_id, []).append(row)
        made = 0
        # A unit at a time, its tasks in one order: reports on a task are compared one after the other,
        # and two processes that held several tasks of several units would wait for each other.
        for unit in todo:
            with transaction.atomic():
                made += work.make(unit, by_unit.get(unit.pk, []))
        self._tell(f"directive reports: {made} new")

    def _tell(self, line: str) -> None:
        part = f" ({self.part.number + 1}/{self.part.of})" if self.part.of > 1 else ""
        self.say(f"Demo data{part}: {line}")


@contextmanager
def _lock(kind: str) -> Iterator[None]:
    """Processes of one run share the lock; the next run waits until the last orphan is done."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_lock{kind}(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute(f"SELECT pg_advisory_unlock{kind}(%s)", [LOCK])


def _make_alone(share: _Share) -> None:
    """In a process that ends soon, collecting garbage seldom saves a fifth of the time."""
    gc.freeze()
    gc.set_threshold(200_000, 50, 1000)
    share.make()


def _in_processes(shares: Sequence[_Share]) -> None:
    """Each share in a process of its own, with a connection of its own."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    children = [context.Process(target=_make_alone, args=(share,)) for share in shares]
    for child in children:
        child.start()
    for child in children:
        child.join()
    if any(child.exitcode for child in children):
        raise RuntimeError("a process that makes demo data failed; run the command again")


def _filings(units: Sequence[Unit], *, cases: int, seed: int, now: dt.datetime) -> Filings:
    places = [place_of(unit.code, unit.full_name, unit.population) for unit in units]
    spread = Spread(places, seed=seed, now=now, earliest=COVERED_FROM + dt.timedelta(days=14))
    return Filings(spread, cases)


def _missing(filings: Filings) -> list[Planned]:
    """Petitions not filed yet, in the order of their dates: registers fill in order."""
    marks = {index: _secret_mark(filings.salt(index)) for index in range(len(filings.draws))}
    stored = Letter.objects.filter(secret_hmac__in=list(marks.values()))
    known = {bytes(mark) for mark in stored.values_list("secret_hmac", flat=True)}
    todo = [filings.plan(index) for index, mark in marks.items() if mark not in known]
    return sorted(todo, key=lambda planned: (planned.draw.sent_at, planned.draw.index))


def _secret_mark(salt: bytes) -> bytes:
    return token_hmac(SECRET_PURPOSE, secret_clean(secret_from_salt(salt)))


def _petition_make(planned: Planned, cast: Cast, ladder: LadderWalk, now: dt.datetime) -> None:
    filed = petition_file(
        filing=planned.filing,
        salt=planned.salt,
        at=planned.draw.sent_at,
        channel=planned.channel,
        is_signed=planned.is_signed,
        by_id=_registrar(planned, cast),
        quiet=True,
    )
    case = Case.objects.select_related("unit").get(code=filed.code)
    ladder.look_again(case)
    Life(planned, case, cast, ladder, now).live()


def _registrar(planned: Planned, cast: Cast) -> int | None:
    """Who typed a letter that came on paper or at a reception."""
    if planned.channel == Channel.ONLINE:
        return None
    code = planned.filing.unit
    role = Role.BOARD_OFFICER if code == BOARD else Role.CLERK
    return cast.post(cast.units[code].pk, role).user.pk


def _petitions_by_unit(filings: Filings) -> dict[str, list[Petition]]:
    """Codes and secrets of open petitions that a visitor may speak about, by unit."""
    secrets = {}
    for index in range(len(filings.draws)):
        secret = secret_from_salt(filings.salt(index))
        secrets[token_hmac(SECRET_PURPOSE, secret_clean(secret))] = secret
    rows = (
        Letter.objects.filter(secret_hmac__in=list(secrets), case__closed_at=None)
        .exclude(kind=Kind.DENUNCIATION)
        .order_by("submitted_at", "id")
        .values_list("case__unit__code", "code", "secret_hmac")
    )
    found: dict[str, list[Petition]] = {}
    for unit, code, mark in rows:
        found.setdefault(unit, []).append((code, secrets[bytes(mark)]))
    return found


def _finish(cases: int, seed: int, now: dt.datetime) -> None:
    """The mark that readiness looks for."""
    run = ScheduledRun.objects.filter(name=MARKER).order_by("id").first()
    if run is None:
        run = ScheduledRun(name=MARKER, business_date=local_date(now), started_at=moment_now())
    run.finished_at = moment_now()
    run.result = {"cases": cases, "seed": seed}
    run.save()


def _chunks(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
