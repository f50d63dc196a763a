"""Triggers that every table of history has, set by the owner at the end of ``migrate``.

``TRUNCATE`` is refused, and each subject's events are counted (``HistoryHead``). A table that is
new in a release gets them with its first migration and is counted in the same transaction.
"""

from collections.abc import Sequence

from django.apps import apps
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from common.history import AppendOnly, history_models

TRUNCATE, COUNT = "history_never_emptied", "history_counted"
REFUSE_FUNCTION = """
CREATE OR REPLACE FUNCTION history_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append_only: % is never emptied', TG_TABLE_NAME;
END $$
"""
# Runs with the rights of the schema's owner: the application has none on the counts. A count
# only grows, so that a forged event cannot hide a removed one.
COUNT_FUNCTION = """
CREATE OR REPLACE FUNCTION history_count() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    EXECUTE format(
        'INSERT INTO public.common_historyhead AS head (table_name, subject_id, sequence)'
        ' SELECT %L, %I, max(sequence) FROM appended GROUP BY 2 ORDER BY 2'
        ' ON CONFLICT (table_name, subject_id) DO UPDATE'
        ' SET sequence = greatest(head.sequence, excluded.sequence)',
        TG_TABLE_NAME, TG_ARGV[0]
    );
    RETURN NULL;
END $$
"""


def append_only_tables() -> list[str]:
    """Tables whose rows are only ever added."""
    models = (model for model in apps.get_models() if issubclass(model, AppendOnly))
    return sorted(model._meta.db_table for model in models)


def tables_present(cursor: CursorWrapper, tables: Sequence[str]) -> list[str]:
    """Those of the tables that exist: a release may be migrated half-way."""
    cursor.execute(
        "SELECT name FROM unnest(%s::text[]) name WHERE to_regclass(name) IS NOT NULL", [[*tables]]
    )
    return [row[0] for row in cursor.fetchall()]


def guard_apply(alias: str) -> list[str]:
    """Set the triggers that are missing; returns the tables that got one. One transaction."""
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        if not tables_present(cursor, ["common_historyhead"]):
            return []
        cursor.execute(REFUSE_FUNCTION)
        cursor.execute(COUNT_FUNCTION)
        # Nobody calls them but triggers; a right that is not needed is not given.
        cursor.execute("REVOKE ALL ON FUNCTION history_refuse(), history_count() FROM PUBLIC")
        present = tables_present(cursor, append_only_tables())
        fresh = [table for table in present if not _has(cursor, table, TRUNCATE)]
        for table in fresh:
            cursor.execute(
                f"CREATE TRIGGER {TRUNCATE} BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION history_refuse()"
            )
        for model in history_models():
            table = model._meta.db_table
            if table in present and not _has(cursor, table, COUNT):
                _count(cursor, table, f"{model.SUBJECT}_id")
    return fresh


def _count(cursor: CursorWrapper, table: str, subject: str) -> None:
    """The trigger's lock keeps writers out until what is there already is counted."""
    cursor.execute(
        f"CREATE TRIGGER {COUNT} AFTER INSERT ON {table} REFERENCING NEW TABLE AS appended"
        f" FOR EACH STATEMENT EXECUTE FUNCTION history_count('{subject}')"
    )
    cursor.execute(
        "INSERT INTO common_historyhead (table_name, subject_id, sequence)"  # noqa: S608
        f" SELECT %s, {subject}, max(sequence) FROM {table} GROUP BY {subject}"
        " ON CONFLICT (table_name, subject_id) DO UPDATE"
        " SET sequence = greatest(common_historyhead.sequence, excluded.sequence)",
        [table],
    )


def _has(cursor: CursorWrapper, table: str, trigger: str) -> bool:
    cursor.execute(
        "SELECT EXISTS (SELECT FROM pg_trigger WHERE tgname = %s AND tgrelid = to_regclass(%s))",
        [trigger, table],
    )
    return bool(cursor.fetchone()[0])
