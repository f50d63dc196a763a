"""Is the process alive, and is the site ready to serve?"""

from collections.abc import Callable
from typing import Any

import redis
import structlog
from django.apps import apps
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import access_of
from accounts.roles import Permission
from common.jobs import jobs_expect
from common.models import ScheduledRun
from common.net import client_address
from common.time import now, today
from common.vault import vault_answers
from deadlines.alarms import CalendarAlarm, calendar_alarms
from deadlines.calendars import calendar_rows
from escalation.models import SweepStop
from hanoi_portal.jobs import jobs_report
from hanoi_portal.schedule import JOBS

log = structlog.get_logger(__name__)
COMMUNE_LEVEL_UNITS = 126
DEMO_RUN = "demo-data"
LOOPBACK = ("127.0.0.1", "::1")
_lasting: set[str] = set()


@login_not_required
@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 once migrations, reference and demo data are in and database and broker answer.

    ``warnings``: what does not stop the site today and will later (days off not known yet,
    jobs that fell silent, a sweep that waits for an administrator). That the vault is away tells
    when denouncers cannot be named: only this machine's own probe and administrators learn it.
    """
    results = {name: _passes(name, check) for name, check in CHECKS.items()}
    state = all(results.values())
    body: dict[str, Any] = {
        "ready": state,
        "checks": {k: "ok" if v else "failed" for k, v in results.items()},
    }
    if results["database"] and results["migrations"]:
        body["warnings"] = [f"calendar_{a.kind}_{a.year}" for a in _calendar_alarms()]
        body["warnings"] += [f"jobs_{r.job.name}" for r in jobs_report(now()) if r.is_silent]
        if SweepStop.objects.filter(confirmed_at=None).exists():
            body["warnings"].append("sweep_stopped")
        if _may_know_of_the_vault(request) and not vault_answers():
            body["warnings"].append("vault_away")
    return JsonResponse(body, status=200 if state else 503)


def _may_know_of_the_vault(request: HttpRequest) -> bool:
    """A request of this machine that no proxy passed on, or an administrator's."""
    is_passed_on = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    if client_address(request) in LOOPBACK and not is_passed_on:
        return True
    return access_of(request.user).has(Permission.REFERENCE_EDIT)


@login_not_required
@require_safe
@never_cache
def jobs(request: HttpRequest) -> HttpResponse:
    """503 when a periodic job is silent beyond its grace, or when nobody can know.

    Apart from ``ready``: the site without its periodic work still serves people. Whoever asks
    first makes the jobs expected, so that a watch that never began is missed, too.
    """
    at = now()
    try:
        jobs_expect([job.name for job in JOBS], since=at)
        found = {r.job.name: "silent" if r.is_silent else "ok" for r in jobs_report(at)}
    except Error as error:
        log.warning("health.failed", check="jobs", error=type(error).__name__)
        found = {}
    state = bool(found) and "silent" not in found.values()
    return JsonResponse({"ok": state, "jobs": found}, status=200 if state else 503)


def migrations_pending() -> bool:
    """Whether the database lacks a migration of the code."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def demo_data_loaded() -> bool:
    """Whether the demo data of the first run is complete."""
    return ScheduledRun.objects.filter(name=DEMO_RUN, finished_at__isnull=False).exists()


def _passes(name: str, check: Callable[[], bool]) -> bool:
    """A check that passed for good (schema, data) is not repeated by this process."""
    if name in _lasting:
        return True
    try:
        passed = check()
    except (Error, redis.RedisError) as error:
        log.warning("health.failed", check=name, error=type(error).__name__)
        return False
    if passed and name in LASTING:
        _lasting.add(name)
    return passed


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _broker() -> bool:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
    with client:
        return bool(client.ping())


def _reference_data() -> bool:
    units = apps.get_model("communes", "Unit").objects.filter(kind__in=("ward", "commune"))
    return int(units.count()) >= COMMUNE_LEVEL_UNITS


def _calendar_alarms() -> list[CalendarAlarm]:
    return calendar_alarms(today(), calendar_rows())


def _demo_data() -> bool:
    return not settings.DEMO_MODE or demo_data_loaded()


LASTING = {"migrations", "reference_data", "demo_data"}
CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "broker": _broker,
    "migrations": lambda: not migrations_pending(),
    "reference_data": _reference_data,
    "demo_data": _demo_data,
}
