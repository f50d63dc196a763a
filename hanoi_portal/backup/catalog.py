"""What there is to keep: tables in the order of their references, sequences, files, release."""

from collections.abc import Iterator
from graphlib import TopologicalSorter

from django.apps import apps
from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from django.db.migrations.loader import MigrationLoader

# The schema is made by the migrations of the same release; nobody stays signed in.
LEFT_OUT = {"django_migrations", "django_session"}
# What ``migrate`` itself writes into an empty database.
WRITTEN_BY_MIGRATE = {*LEFT_OUT, "django_content_type", "auth_permission"}


def release() -> list[str]:
    """The migrations of this release, each as ``app.name``."""
    disk = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return sorted(f"{app}.{name}" for app, name in disk)


def tables_all(cursor: CursorWrapper) -> list[str]:
    """Every table of the schema, referenced ones first."""
    cursor.execute(
        "SELECT c.relname, array_agg(f.relname) FILTER (WHERE f.relname <> c.relname)"
        " FROM pg_class c LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f'"
        " LEFT JOIN pg_class f ON f.oid = k.confrelid"
        " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
        " GROUP BY c.relname ORDER BY c.relname"
    )
    graph = {name: set(needed or ()) for name, needed in cursor.fetchall()}
    return list(TopologicalSorter(graph).static_order())


def tables_kept(cursor: CursorWrapper) -> list[str]:
    return [name for name in tables_all(cursor) if name not in LEFT_OUT]


def columns_of(cursor: CursorWrapper, table: str) -> list[str]:
    """Columns that are written, in their order."""
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        [quoted(table)],
    )
    return [row[0] for row in cursor.fetchall()]


def sequences(cursor: CursorWrapper) -> dict[str, int]:
    """The last number that each sequence gave; those that gave none are absent."""
    cursor.execute(
        "SELECT sequencename, last_value FROM pg_sequences"
        " WHERE schemaname = 'public' AND last_value IS NOT NULL ORDER BY sequencename"
    )
    return {name: int(value) for name, value in cursor.fetchall()}


def files_named() -> Iterator[tuple[str, int | None, bytes | None]]:
    """(name, size, SHA-256) of every file that a row names; the last two where the row has them.

    Reads with a cursor on the server, so that memory stays flat: call it in a transaction.
    """
    for model in apps.get_models():
        if model._meta.proxy:
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                yield from _files_of(model, field.name)


def _files_of(
    model: type[models.Model], field: str
) -> Iterator[tuple[str, int | None, bytes | None]]:
    has = {one.name for one in model._meta.concrete_fields}
    extra = [name for name in ("size", "sha256") if {"size", "sha256"} <= has]
    rows = model._base_manager.exclude(**{field: ""}).order_by("pk").values_list(field, *extra)
    for name, *known in rows.iterator(chunk_size=5000):
        size, digest = known or (None, None)
        if name:
            yield str(name), size, bytes(digest) if digest is not None else None


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def filled(cursor: CursorWrapper) -> list[str]:
    """Tables that hold rows of somebody's work."""
    found = []
    for table in set(tables_all(cursor)) - WRITTEN_BY_MIGRATE:
        cursor.execute(f"SELECT EXISTS (SELECT FROM {quoted(table)})")  # noqa: S608
        if cursor.fetchone()[0]:
            found.append(table)
    return sorted(found)
