"""Rights of the application's database role: rows, never the schema, never history."""

from django.conf import settings
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from common.history_guard import append_only_tables, tables_present

HEADS = "common_historyhead"


def apply(alias: str) -> bool:
    """Grant the application's role what it needs, in one transaction.

    Tables of history lose UPDATE, DELETE and TRUNCATE. Returns False when there is no second
    role: the schema's owner is then also the application.
    """
    role = settings.APPLICATION_ROLE
    connection = connections[alias]
    quote = connection.ops.quote_name
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        if not _is_second_role(cursor, role):
            return False
        to = quote(role)
        kept = tables_present(cursor, [*append_only_tables(), HEADS])
        tables = ", ".join(map(quote, kept))
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {to}")
        cursor.execute(
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {to}"
        )
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {to}")
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {to}")
        if kept:
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {tables} FROM {to}")
        if HEADS in kept:
            # The count of events is written by a trigger with the owner's rights.
            cursor.execute(f"REVOKE INSERT ON {HEADS} FROM {to}")
    return True


def complete(alias: str) -> bool:
    """Whether the role of this connection may read every table (a migration was not cut short)."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public' AND NOT"
            " has_table_privilege(format('%I.%I', schemaname, tablename), 'SELECT'))"
        )
        return bool(cursor.fetchone()[0])


def _is_second_role(cursor: CursorWrapper, role: str) -> bool:
    cursor.execute(
        "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s) AND current_user <> %s",
        [role, role],
    )
    return bool(cursor.fetchone()[0])
