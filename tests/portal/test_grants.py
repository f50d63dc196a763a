"""The application's role may work with rows and append to history, and no more."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.db.backends.utils import CursorWrapper

from common.history_guard import append_only_tables
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


def column_of(table: str) -> str:
    with connection.cursor() as cursor:
        return str(connection.introspection.get_table_description(cursor, table)[-1].name)


GROWING = append_only_tables()


def test_there_is_history() -> None:
    assert {"petitions_caseevent", "common_historyroot"} <= set(GROWING)


@pytest.mark.parametrize("table", GROWING)
def test_the_application_cannot_change_history(as_application: CursorWrapper, table: str) -> None:
    """Whatever it does to the triggers: it has no right to these rows."""
    as_application.execute("SELECT set_config('pgtrigger.ignore', '{x}', true)")
    column = column_of(table)
    assert refused(as_application, f"UPDATE {table} SET {column} = {column}")
    assert refused(as_application, f"DELETE FROM {table}")
    assert refused(as_application, f"TRUNCATE {table}")
    assert refused(as_application, f"TRUNCATE {table} CASCADE")
    assert refused(
        as_application,
        f"MERGE INTO {table} t USING {table} s ON true WHEN MATCHED THEN DELETE",
    )
    as_application.execute(f"SELECT count(*) FROM {table}")


@pytest.mark.parametrize("table", GROWING)
def test_triggers_stop_the_owner_too(table: str) -> None:
    """Statements without rows do not fire row triggers: those are looked up by what they do."""
    with (
        pytest.raises(DatabaseError, match="append_only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {table} CASCADE")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_or(tgtype & 8 > 0), bool_or(tgtype & 16 > 0), bool_or(tgtype & 32 > 0)"
            " FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"
            " AND tgtype & 2 > 0 AND tgenabled = 'O'",
            [table],
        )
        assert cursor.fetchone() == (True, True, True)


def test_the_application_cannot_touch_the_counts(as_application: CursorWrapper) -> None:
    for verb in (
        "UPDATE common_historyhead SET sequence = 0",
        "DELETE FROM common_historyhead",
        "TRUNCATE common_historyhead",
        "INSERT INTO common_historyhead (table_name, subject_id, sequence) VALUES ('x', 1, 1)",
    ):
        assert refused(as_application, verb)


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "SET ROLE portal_owner",
        "SET SESSION AUTHORIZATION portal_owner",
        "ALTER ROLE portal_app SUPERUSER",
        "CREATE ROLE another LOGIN",
        "GRANT portal_owner TO portal_app",
        "ALTER TABLE petitions_caseevent DISABLE TRIGGER USER",
        "ALTER TABLE petitions_caseevent OWNER TO portal_app",
        "DROP TRIGGER history_counted ON petitions_caseevent",
        "CREATE TRIGGER mine BEFORE INSERT ON petitions_caseevent FOR EACH ROW EXECUTE FUNCTION x()",
        "CREATE RULE mine AS ON INSERT TO petitions_caseevent DO INSTEAD NOTHING",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE OR REPLACE FUNCTION history_count() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "DROP FUNCTION history_count() CASCADE",
        "CREATE SCHEMA mine",
        "DROP SCHEMA public CASCADE",
        "SELECT setval(pg_get_serial_sequence('petitions_caseevent', 'id'), 1)",
        "ALTER DATABASE postgres SET session_replication_role = replica",
        "COPY petitions_caseevent TO '/tmp/stolen'",
        "COPY petitions_caseevent TO PROGRAM 'true'",
        "SELECT lo_import('/etc/passwd')",
        "SELECT pg_read_file('/etc/passwd')",
    ],
)
def test_the_application_has_no_way_around(statement: str) -> None:
    """Asked by a session that is the application's from its start: ``SET ROLE`` would let it back."""
    settings = connection.get_connection_params() | {"user": "portal_app"}
    settings.pop("cursor_factory", None)
    settings.pop("context", None)
    with (
        connection.Database.connect(**settings) as session,
        pytest.raises(psycopg.errors.Error) as caught,
    ):
        session.execute(statement)
    assert isinstance(caught.value, psycopg.errors.InsufficientPrivilege), caught.value


def test_the_application_owns_nothing_and_is_nobody_special(as_application: CursorWrapper) -> None:
    as_application.execute(
        "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls,"
        " (SELECT count(*) FROM pg_class WHERE relowner = r.oid),"
        " (SELECT count(*) FROM pg_proc WHERE proowner = r.oid),"
        " (SELECT count(*) FROM pg_auth_members WHERE member = r.oid),"
        " has_schema_privilege(r.oid, 'public', 'CREATE')"
        " FROM pg_roles r WHERE rolname = 'portal_app'"
    )
    assert as_application.fetchone() == (False, 0, 0, 0, False)


def test_functions_with_the_owners_rights_are_pinned_and_not_for_calling(
    as_application: CursorWrapper,
) -> None:
    as_application.execute(
        "SELECT proname, proconfig::text, has_function_privilege(oid, 'EXECUTE') FROM pg_proc"
        " WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    )
    assert as_application.fetchall() == [
        ("history_count", '{"search_path=pg_catalog, public, pg_temp"}', False)
    ]


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
