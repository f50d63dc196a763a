"""Every run of a periodic job leaves a trace, so that its silence can be seen."""

import datetime as dt
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

import structlog
from django.db import Error, transaction
from django.db.models import F

from common.models import JobState
from common.time import now

log = structlog.get_logger(__name__)


@contextmanager
def job(name: str) -> Iterator[None]:
    """Record the start and the end of a run; also a decorator: ``@job("petitions.prune_drafts")``.

    Use it outside the job's own transaction: a failure must leave its trace. An error of the job
    goes on to the caller; an error of the record is logged and is nobody's error. A run that finds
    its work taken by another is no run: take the lease first.
    """
    _record(lambda: _started(name, now()))
    began = time.perf_counter()
    try:
        yield
    except Exception as error:
        kind = type(error).__name__
        _record(lambda: _failed(name, kind, now(), time.perf_counter() - began))
        raise
    _record(lambda: _succeeded(name, now(), time.perf_counter() - began))


def jobs_expect(names: Collection[str], *, since: dt.datetime) -> None:
    """Count the silence of jobs that were never heard of from a UTC moment on."""
    known = set(JobState.objects.filter(name__in=names).values_list("name", flat=True))
    fresh = [JobState(name=name, expected_since=since) for name in names if name not in known]
    JobState.objects.bulk_create(fresh, ignore_conflicts=True)


def _record(write: Callable[[], object]) -> None:
    try:
        with transaction.atomic():
            write()
    except Error as error:
        log.warning("jobs.record.failed", error=type(error).__name__)


def _started(name: str, at: dt.datetime) -> None:
    jobs_expect([name], since=at)
    JobState.objects.filter(name=name).update(last_started_at=at, runs=F("runs") + 1)


def _succeeded(name: str, at: dt.datetime, seconds: float) -> None:
    JobState.objects.filter(name=name).update(last_succeeded_at=at, last_seconds=seconds)


def _failed(name: str, kind: str, at: dt.datetime, seconds: float) -> None:
    JobState.objects.filter(name=name).update(
        last_failed_at=at, last_error=kind[:120], last_seconds=seconds, failures=F("failures") + 1
    )
