"""The application's role may work with rows and append to history, and no more."""

from collections.abc import Iterator

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.backends.utils import CursorWrapper

from hanoi_portal import grants

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_application() -> Iterator[CursorWrapper]:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE portal_app")
        yield cursor
        cursor.execute("RESET ROLE")


def refused(cursor: CursorWrapper, sql: str) -> bool:
    try:
        with transaction.atomic():
            cursor.execute(sql)
    except ProgrammingError as error:
        return "permission denied" in str(error) or "must be owner" in str(error)
    return False


def test_there_is_history() -> None:
    assert "petitions_caseevent" in grants.append_only_tables()


def test_history_cannot_be_changed(as_application: CursorWrapper) -> None:
    for table in grants.append_only_tables():
        assert refused(as_application, f"UPDATE {table} SET action = ''")
        assert refused(as_application, f"DELETE FROM {table}")
        assert refused(as_application, f"TRUNCATE {table}")
        as_application.execute(f"SELECT count(*) FROM {table}")


def test_the_schema_cannot_be_changed(as_application: CursorWrapper) -> None:
    assert refused(as_application, "CREATE TABLE mine ()")
    assert refused(as_application, "DROP TABLE petitions_case")
    assert refused(as_application, "ALTER TABLE petitions_caseevent DISABLE TRIGGER ALL")
    assert refused(as_application, "DELETE FROM django_migrations")


def test_rows_can_be_worked_with(as_application: CursorWrapper) -> None:
    as_application.execute("DELETE FROM petitions_draft")
    as_application.execute("UPDATE common_scheduledrun SET name = name")
    assert grants.complete("default")


def test_a_table_without_rights_is_noticed(as_application: CursorWrapper) -> None:
    as_application.execute("RESET ROLE")
    as_application.execute("CREATE TABLE fresh ()")
    as_application.execute("SET LOCAL ROLE portal_app")
    assert not grants.complete("default")
    as_application.execute("RESET ROLE")
    assert grants.apply("default")
    as_application.execute("SET LOCAL ROLE portal_app")
    assert grants.complete("default")
