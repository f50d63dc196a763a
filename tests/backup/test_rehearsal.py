"""Backup while somebody writes, restore into an empty place, and everything that can go wrong."""

import base64
import io
import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings as portal
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from attachments.models import Attachment
from attachments.services import attachment_store
from common.roots import root_make
from hanoi_portal import embedded
from hanoi_portal.backup import catalog, load
from petitions.models import Case, Letter
from petitions.services.intake import petition_file
from tests.people import PERSON, Story, filing_make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
KEY = base64.b64encode(b"k" * 32).decode()
OTHER_KEY = base64.b64encode(b"o" * 32).decode()
SECOND = "portal_rehearsal"
BASE = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Place:
    """A database and a directory; commands run in processes of their own, as in production."""

    database: str
    data: Path

    def address(self, role: str) -> str:
        host = quote(str(connection.settings_dict["HOST"]), safe="")
        return f"postgresql://{role}@/{self.database}?host={host}"

    def run(self, *command: str, key: str = KEY, **more: str) -> "subprocess.CompletedProcess[str]":
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.backup.place_settings",
            "PORTAL_PROCESS": "command",
            "PORTAL_DATA": str(self.data),
            "DATABASE_URL": self.address(embedded.APPLICATION),
            "MIGRATION_DATABASE_URL": self.address(embedded.OWNER),
            "REDIS_URL": portal.REDIS_URL,
            "BACKUP_KEY": key,
            **more,
        }
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            env=environment, cwd=BASE, check=False, capture_output=True, text=True, timeout=600,
        )  # fmt: skip

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.address(embedded.OWNER)) as session:
            return session.execute(statement).fetchall()


@pytest.fixture
def first(tmp_path: Path, settings: Any) -> Place:
    """The place of the tests, with files in a directory."""
    data = tmp_path / "first"
    settings.STORAGES = portal.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(data / "files")},
        }
    }
    call_command("load_reference", verbosity=0)
    return Place(str(connection.settings_dict["NAME"]), data)


@pytest.fixture
def second(tmp_path: Path, first: Place) -> Iterator[Place]:
    """An empty place beside it."""
    admin = first.address(embedded.OWNER)
    with psycopg.connect(admin, autocommit=True) as session:
        session.execute(f"DROP DATABASE IF EXISTS {SECOND}")
        session.execute(
            f"CREATE DATABASE {SECOND} ENCODING 'UTF8' LOCALE_PROVIDER builtin"
            " BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C' TEMPLATE template0"
        )
    yield Place(SECOND, tmp_path / "second")
    with psycopg.connect(admin, autocommit=True) as session:
        session.execute(f"DROP DATABASE {SECOND} WITH (FORCE)")


def pdf(number: int) -> Attachment:
    return attachment_store(stream=io.BytesIO(b"%PDF-1.7\n" + b"%d" % number * 5000), name="a.pdf")


def file_one(number: int, kind: str = "complaint") -> str:
    filing = filing_make(kind=kind, attachments=[str(pdf(number).public_id)])
    return petition_file(filing=filing).code


def test_a_backup_while_somebody_writes_comes_back_whole(
    first: Place, second: Place, tmp_path: Path
) -> None:
    Story(petition_file(filing=filing_make())).decided()
    secret = file_one(0, "denunciation")
    root_make()
    end = threading.Event()

    def write() -> None:
        number = 1
        while not end.is_set():
            file_one(number)
            number += 1
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    file = tmp_path / "portal.backup"
    try:
        made = first.run("backup", str(file), "--json")
    finally:
        end.set()
        writer.join(30)
    assert made.returncode == 0, made.stderr
    manifest = json.loads(made.stdout)
    kept = {table["name"]: table["rows"] for table in manifest["tables"]}
    assert 2 < kept["petitions_case"] < Case.objects.count()
    assert kept["attachments_attachment"] == manifest["files"]["count"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.glob(".portal*")] == []

    back = second.run("restore", str(file))
    assert back.returncode == 0, back.stderr + back.stdout
    assert "All invariants hold." in back.stdout
    assert "every chain is whole" in back.stdout
    for table, rows in kept.items():
        assert second.sql(f"SELECT count(*) FROM {catalog.quoted(table)}") == [(rows,)], table
    assert files_of(second) == manifest["files"]["count"]
    assert lives_on(second, secret)


def files_of(place: Place) -> int:
    found = [path for path in (place.data / "files").rglob("*") if path.is_file()]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in found)
    return len(found)


def lives_on(place: Place, code: str) -> bool:
    """The sealed identity opens with the same keys, files are what they were, work goes on, and
    the application's role is bound as before."""
    script = f"""
import hashlib
from attachments.models import Attachment
from django.db import connection, transaction
from petitions.models import CaseEvent, SealedIdentity
from common.history_check import table_check
from common.crypto import vault_unseal
from tests.vault_keys import PRIVATE
from petitions.services.intake import petition_file
from tests.people import filing_make
identity = SealedIdentity.objects.get(party__letter__code={code!r}, is_protected=True)
opened = vault_unseal(PRIVATE, identity.key_version, identity.box, context=identity.context)
assert opened["full_name"] == {PERSON["full_name"]!r}
for row in Attachment.objects.all():
    assert hashlib.sha256(row.file.read()).digest() == bytes(row.sha256)
petition_file(filing=filing_make())
assert not list(table_check(CaseEvent))
with connection.cursor() as cursor:
    cursor.execute("SELECT current_user, has_table_privilege('petitions_caseevent', 'DELETE')")
    assert cursor.fetchone() == ("portal_app", False)
    cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'")
    assert cursor.fetchone() == (0,)
print("lives")
"""
    done = place.run("shell", "--no-imports", "-c", script)
    assert "lives" in done.stdout, done.stderr
    return True


@pytest.fixture
def small(first: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A backup of one petition with a file; the tests below restore into their own place."""
    monkeypatch.setenv("BACKUP_KEY", KEY)
    file_one(1)
    file = tmp_path / "small.backup"
    told("backup", str(file))
    return file


def told(*command: str, **options: Any) -> str:
    out = io.StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


def refused(*command: str, **options: Any) -> str:
    """The words of a refusal, with what was printed before."""
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command(*command, stdout=out, **options)
    return f"{out.getvalue()}{caught.value}"


def state(place: Place) -> tuple[Any, ...]:
    subjects = sorted(Letter.objects.values_list("code", "subject"))
    beside = [entry.name for entry in place.data.iterdir() if entry.name.startswith(".")]
    return subjects, files_of(place), Attachment.objects.count(), beside


def test_what_is_wrong_is_said_and_nothing_is_restored(
    first: Place, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = small.read_bytes()
    wrong, before = small.with_name("wrong.backup"), state(first)
    cases = [
        (raw, OTHER_KEY, "key is not that of this backup"),
        (raw, "", "Set BACKUP_KEY"),
        (raw, "c2hvcnQ=", "holds 32 bytes"),
        (raw, "?", "not base64"),
        (raw[:-1], KEY, "changed"),
        (raw[: len(raw) // 2], KEY, "changed"),
        (raw[:-500] + bytes([raw[-500] ^ 1]) + raw[-499:], KEY, "changed"),
        (raw + b"x", KEY, "changed"),
        (b"not a backup", KEY, "not a backup"),
        (b"", KEY, "not a backup"),
    ]
    for content, key, words in cases:
        wrong.write_bytes(content)
        monkeypatch.setenv("BACKUP_KEY", key)
        assert words in refused("backup", str(wrong), verify=True)
        said = refused("restore", str(wrong), replace=first.database)
        assert words in said
        assert "Nothing was restored" in said
    assert state(first) == before


def test_another_release_is_refused(
    first: Place, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = catalog.release()
    theirs = [name for name in ours if name != "petitions.0002_list_indexes"]
    old = small.with_name("old.backup")
    with monkeypatch.context() as patch:
        patch.setattr(catalog, "release", lambda: [*theirs, "x.y"])
        told("backup", str(old))
    said = refused("restore", str(old), replace=first.database)
    assert "another release: it lacks petitions.0002_list_indexes; it has x.y" in said


def test_a_place_that_is_not_empty_is_emptied_only_by_its_name(first: Place, small: Path) -> None:
    before = state(first)
    assert f"--replace {first.database}" in refused("restore", str(small))
    assert "names another database" in refused("restore", str(small), replace="another")
    assert state(first) == before
    file_one(2)
    Letter.objects.update(subject="x")
    said = told("restore", str(small), replace=first.database)
    assert "every chain is whole" in said
    after = state(first)
    assert after[:3] == before[:3]
    # What lay there before is kept beside it until somebody removes it.
    assert [name.startswith(".replaced-") for name in after[3]] == [True]
    assert file_one(3)


def test_a_failure_in_the_middle_leaves_everything(
    first: Place, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows are in, the files lie there, and then the transaction fails."""
    put = load._Files.put

    def fail(files: load._Files) -> None:
        put(files)
        raise OSError("disk")

    file_one(2)
    before = state(first)
    monkeypatch.setattr(load._Files, "put", fail)
    assert "nothing was restored" in refused("restore", str(small), replace=first.database)
    assert state(first) == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'")
        assert cursor.fetchone() == (0,)


def test_a_backup_is_never_written_over_a_file(small: Path) -> None:
    before = small.read_bytes()
    assert "never written over" in refused("backup", str(small))
    assert small.read_bytes() == before
    assert "found whole" in told("backup", str(small), verify=True)
    assert json.loads(told("backup", str(small), verify=True, json=True))["files"]["count"] == 1


def test_missing_and_changed_files_are_reported(first: Place, small: Path) -> None:
    file_one(2)
    file_one(3)
    gone, changed, _whole = Attachment.objects.order_by("pk")
    default_storage.delete(gone.file.name)
    Path(changed.file.path).chmod(0o600)
    Path(changed.file.path).write_bytes(b"other")
    file = small.with_name("b")
    said = refused("backup", str(file))
    assert f"missing: {gone.file.name}" in said
    assert f"changed: {changed.file.name}" in said
    again = told("restore", str(file), replace=first.database)
    assert f"already missing when the backup was made: {gone.file.name}" in again
    assert files_of(first) == 2


def test_the_key_may_lie_in_a_file(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = small.with_name("key")
    key.write_text(f"{KEY}\n")
    monkeypatch.setenv("BACKUP_KEY", "")
    assert "found whole" in told("backup", str(small), verify=True, key_file=key)
    monkeypatch.setenv("BACKUP_KEY_FILE", str(key))
    assert "found whole" in told("backup", str(small), verify=True)
    missing = refused("backup", str(small), verify=True, key_file=Path("/nowhere"))
    assert "cannot be read" in missing


def test_no_table_refers_in_a_circle_and_every_table_is_kept() -> None:
    with connection.cursor() as cursor:
        tables = catalog.tables_all(cursor)
        kept = catalog.tables_kept(cursor)
    assert set(tables) - set(kept) == {"django_migrations", "django_session"}
    assert tables.index("petitions_case") < tables.index("petitions_caseevent")


def test_tampering_before_the_backup_is_found_after_it(first: Place, small: Path) -> None:
    code = Case.objects.get().code
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE petitions_caseevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE petitions_caseevent SET data = '{}'")
        cursor.execute("ALTER TABLE petitions_caseevent ENABLE TRIGGER USER")
    file = small.with_name("b")
    told("backup", str(file))
    said = refused("restore", str(file), replace=first.database)
    assert f"petitions_caseevent {code} event 1: changed" in said
