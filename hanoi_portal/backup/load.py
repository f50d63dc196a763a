"""Loading a backup into an empty place: all of it or nothing."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from hanoi_portal.backup import catalog
from hanoi_portal.backup.dump import backup_verify
from hanoi_portal.backup.parts import FILE, MANIFEST, TABLE, Part, parts_read
from hanoi_portal.backup.sealed import NotReadable, SealedReader


class Refused(ValueError):
    """The place is not empty, or the backup is of another release; the message says which."""


def backup_load(source: Path, key: bytes, *, replace: str = "") -> dict[str, Any]:
    """Restore a backup; returns its manifest. ``replace`` names a database that may be emptied.

    The file is read whole before anything is touched. The schema is made by this release's
    migrations, the rows come in one transaction, the files lie in a directory of their own until
    its end. Raises NotReadable or Refused.
    """
    told = backup_verify(source, key)
    _same_release(told["release"])
    _place_free(replace)
    call_command("migrate", interactive=False, verbosity=0)
    files = _Files(_media())
    try:
        with source.open("rb") as file, transaction.atomic(), connection.cursor() as cursor:
            with _triggers_off(cursor):
                for part in parts_read(SealedReader(file, key)):
                    _take(cursor, part, files.draft)
            # Last, and undone when the commit fails.
            files.put()
    except BaseException:
        files.undo()
        raise
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return told


def _take(cursor: CursorWrapper, part: Part, files: Path) -> None:
    if part.kind == TABLE:
        _table(cursor, part)
    elif part.kind == FILE:
        _file(part, files)
    elif part.kind == MANIFEST:
        for name, value in part.said["sequences"].items():
            cursor.execute("SELECT setval(%s::regclass, %s)", [catalog.quoted(name), value])


def _table(cursor: CursorWrapper, part: Part) -> None:
    names = ", ".join(map(catalog.quoted, part.said["columns"]))
    table = catalog.quoted(part.said["name"])
    with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for block in part.blocks:
            copy.write(block)


def _file(part: Part, files: Path) -> None:
    target = (files / part.said["name"]).resolve()
    if not target.is_relative_to(files.resolve()):
        raise NotReadable("A file in the backup has a name that leads elsewhere.")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        for block in part.blocks:
            file.write(block)


@contextmanager
def _triggers_off(cursor: CursorWrapper) -> Iterator[None]:
    """Our own triggers off and the tables empty; references are checked table by table.

    The owner of the tables may do that; switching off the references would need a superuser,
    whom a managed server does not give.
    """
    tables = [catalog.quoted(name) for name in catalog.tables_kept(cursor)]
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    cursor.execute(f"TRUNCATE {', '.join([*tables, 'django_session'])}")
    yield
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


class _Files:
    """Files are written beside their place and put there when all is well; what lay there before
    is kept in a directory ``.replaced-…`` beside it."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._old: Path | None = None
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.draft = Path(tempfile.mkdtemp(prefix=".restore-", dir=place.parent))

    def put(self) -> None:
        if self.place.exists():
            self._old = Path(tempfile.mkdtemp(prefix=".replaced-", dir=self.place.parent)) / "files"
            self.place.replace(self._old)
        self.draft.replace(self.place)

    def undo(self) -> None:
        if self.draft.exists():
            shutil.rmtree(self.draft)
        else:
            shutil.rmtree(self.place)
        if self._old is not None and not self.place.exists():
            self._old.replace(self.place)
            self._old.parent.rmdir()


def _media() -> Path:
    storage: Any = default_storage
    if not isinstance(storage, FileSystemStorage) and not hasattr(storage, "location"):
        raise Refused("Files are not kept in a directory; restore them with their own tool.")
    return Path(storage.location)


def _same_release(theirs: list[str]) -> None:
    ours = catalog.release()
    if theirs == ours:
        return
    lacking = [name for name in ours if name not in theirs]
    unknown = [name for name in theirs if name not in ours]
    words = [f"it lacks {', '.join(lacking[:3])}"] * bool(lacking)
    words += [f"it has {', '.join(unknown[:3])}, unknown here"] * bool(unknown)
    raise Refused(
        f"The backup is of another release: {'; '.join(words)}."
        " Restore it with the release that made it, then migrate."
    )


def _place_free(replace: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        name = cursor.fetchone()[0]
        if replace and replace != name:
            raise Refused(f"--replace names another database; this one is {name}.")
        filled = catalog.filled(cursor)
    if replace:
        return
    if filled:
        raise Refused(
            f"The database {name} is not empty ({', '.join(filled[:3])});"
            f" --replace {name} empties it."
        )
    with suppress(FileNotFoundError):
        if any(_media().iterdir()):
            raise Refused(f"The directory of files is not empty; --replace {name} replaces it.")
