"""Fixtures of the whole suite."""

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import redis
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import translation

from common.history_guard import TRUNCATE, append_only_tables
from communes.selectors import unit_cache_clear
from escalation.ladders import ladders_cache_clear
from petitions.references import field_cache_clear
from tests.measured import measured_tell
from tests.people import access, by_token, person, story
from tests.strict import StrictClient

__all__ = ["access", "by_token", "person", "story"]

# A slow moment of a busy machine is no fault; an example that fails is printed to be played again.
hypothesis.settings.register_profile("portal", deadline=None, print_blob=True)
hypothesis.settings.load_profile("portal")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    measured_tell(terminalreporter)


@pytest.fixture(scope="session", autouse=True)
def _history_may_be_emptied() -> None:
    """Between tests with real commits the tables of history are emptied, which their trigger
    refuses: it is off for that one transaction. A browser's event loop has a connection of its
    own, so the class is told, not one connection."""
    flush = DatabaseOperations.execute_sql_flush

    def execute(self: DatabaseOperations, sql_list: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            tables = [name for name in append_only_tables() if f'"{name}"' in str(sql_list)]
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {TRUNCATE}")
            flush(self, sql_list)
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {TRUNCATE}")

    DatabaseOperations.execute_sql_flush = execute  # type: ignore[method-assign,assignment]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Reference data once for all tests that roll back.

    At the end the sessions of this database that other threads left (a driven browser's, a live
    server's) are closed: PostgreSQL does not drop a database that somebody uses.
    """
    with django_db_blocker.unblock():
        call_command("load_reference", verbosity=0)
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        connection.close()


@pytest.fixture
def reference_data(transactional_db: None) -> None:
    """Reference data again, for a test with real commits: the one before it emptied the tables."""
    call_command("load_reference", verbosity=0)


def forget_reference() -> None:
    """Identifiers of another test's reference data must not be believed."""
    unit_cache_clear()
    field_cache_clear()
    ladders_cache_clear()


@pytest.fixture(autouse=True)
def _speak_vietnamese() -> None:
    """The language of the last request stays with its thread."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _forget_reference() -> None:
    forget_reference()


@pytest.fixture
def client() -> StrictClient:
    """Django's test client with a strict eye on every page."""
    return StrictClient()


@pytest.fixture(scope="session")
def broker() -> Iterator[redis.Redis]:
    """The suite's own Valkey."""
    with redis.Redis.from_url(settings.REDIS_URL) as connection:
        yield connection


@pytest.fixture(autouse=True)
def _empty_broker(broker: redis.Redis) -> None:
    """No test finds sessions, counters or tasks of another."""
    broker.flushdb()
