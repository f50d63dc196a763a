"""Writing a backup while the site runs."""

import datetime as dt
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, transaction

from common.time import now
from hanoi_portal.backup import catalog
from hanoi_portal.backup.parts import HEAD, MANIFEST, PartsWriter, parts_read
from hanoi_portal.backup.sealed import SealedReader, SealedWriter

READ_FILE = 1024 * 1024


class AlreadyThere(ValueError):
    """A backup is never written over another file."""


def backup_write(target: Path, key: bytes, *, at: dt.datetime | None = None) -> dict[str, Any]:
    """One moment of database and attachments into ``target``; returns the manifest.

    Under another name until it has been read back whole; readable by its owner only. The
    manifest's ``troubles`` name files that a row names and that are missing or changed. Raises
    AlreadyThere.
    """
    if target.exists():
        raise AlreadyThere(f"{target.name} exists; a backup is never written over a file.")
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)  # mode 0600
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            manifest = _write(PartsWriter(SealedWriter(file, key)), at or now())
            file.flush()
            os.fsync(file.fileno())
        backup_verify(draft, key)
        # Unlike a renaming, a link never replaces what appeared meanwhile.
        os.link(draft, target)
    except FileExistsError:
        raise AlreadyThere(f"{target.name} appeared meanwhile.") from None
    finally:
        draft.unlink()
    return manifest


def backup_verify(source: Path, key: bytes) -> dict[str, Any]:
    """Read a backup whole and hold it against its manifest; returns head and manifest.

    Raises sealed.NotReadable.
    """
    told: dict[str, Any] = {}
    with source.open("rb") as file:
        for part in parts_read(SealedReader(file, key)):
            if part.kind in (HEAD, MANIFEST):
                told |= part.said
    return told


def _write(out: PartsWriter, at: dt.datetime) -> dict[str, Any]:
    out.head({"made_at": at.isoformat(), "release": catalog.release()})
    with transaction.atomic(), connection.cursor() as cursor:
        # Everything below sees the database of one moment; nobody is held up by it.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for table in catalog.tables_kept(cursor):
            columns = catalog.columns_of(cursor, table)
            out.table(table, columns, _rows(table, columns))
        troubles = list(_files(out))
        sequences = catalog.sequences(cursor)
    still_named = {name for name, _size, _digest in _named_now(troubles)}
    return out.manifest(
        {
            "sequences": sequences,
            # What was pruned while the backup ran is no trouble.
            "troubles": {name: what for name, what in troubles if name in still_named},
        }
    )


def _rows(table: str, columns: list[str]) -> Iterator[memoryview | bytes]:
    names = ", ".join(map(catalog.quoted, columns))
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {catalog.quoted(table)} ({names}) TO STDOUT") as copy,
    ):
        yield from copy


def _files(out: PartsWriter) -> Iterator[tuple[str, str]]:
    """Copy the files of the moment; yields what is missing or is not what its row says."""
    for name, size, digest in catalog.files_named():
        try:
            stream = default_storage.open(name, "rb")
        except OSError:
            yield name, "missing"
            continue
        with stream:
            found = out.file(name, stream.chunks(READ_FILE))
        if size is not None and found != (size, digest):
            yield name, "changed"


def _named_now(troubles: list[tuple[str, str]]) -> Iterator[tuple[str, int | None, bytes | None]]:
    if not troubles:
        return
    with transaction.atomic():
        yield from catalog.files_named()
