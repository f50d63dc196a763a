"""Daily roots: every event in exactly one, whenever it is committed; proofs without a database."""

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.models import AccountEvent, User
from common import roots
from common.history import GENESIS, NewEvent
from common.models import HistoryRoot
from common.roots import StillWriting, root_hash, root_line, root_make
from common.roots_check import lines_check, proof_check, proof_make
from common.tasks import make_history_root
from tests.people import Story, person_make

TABLE = "accounts_accountevent"
NIGHT = dt.datetime(2026, 11, 28, 20, 20, tzinfo=dt.UTC)  # 3:20 on 29 November in Hà Nội


def told(*args: Any, **options: Any) -> str:
    out = StringIO()
    call_command(*args, stdout=out, **options)
    return out.getvalue()


def append(user: User, action: str) -> None:
    AccountEvent.append(NewEvent(user.pk, action, {}, None))


@contextmanager
def another_session() -> Iterator[Callable[[Callable[[], None]], None]]:
    """Work in a transaction of another thread that stays open until the block ends."""
    asked: list[Callable[[], None]] = []
    go, done, end = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        try:
            with transaction.atomic():
                go.wait(10)
                asked.pop()()
                done.set()
                end.wait(20)
        finally:
            done.set()
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()

    def run(what: Callable[[], None]) -> None:
        asked.append(what)
        go.set()
        assert done.wait(10)

    try:
        yield run
    finally:
        end.set()
        thread.join(20)


@pytest.mark.django_db(transaction=True)
def test_an_event_that_is_committed_late_is_in_exactly_one_root() -> None:
    """It took its identifier first and is committed after others with higher ones."""
    late, early = person_make_bare("late"), person_make_bare("early")
    append(early, "before")
    root_make(at=NIGHT - dt.timedelta(days=1))
    with another_session() as run:
        run(lambda: append(late, "late"))
        append(early, "after")
        with pytest.raises(StillWriting):
            root_make(at=NIGHT, wait=0.3)
        assert HistoryRoot.objects.count() == 1
    root = root_make(at=NIGHT)
    assert root is not None
    assert root.tables[TABLE]["events"] == 2
    append(late, "next day")
    append(early, "next day")
    last = root_make(at=NIGHT + dt.timedelta(days=1))
    assert last is not None
    assert [r.tables[TABLE]["events"] for r in HistoryRoot.objects.all()] == [1, 2, 2]
    told("verify_history")


@pytest.mark.django_db(transaction=True)
def test_whoever_begins_to_write_while_a_root_is_made_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The wait ends although somebody always writes: only those from before count."""
    first, second = person_make_bare("first"), person_make_bare("second")
    listed, writers = threading.Event(), roots._writers

    def noted() -> set[str]:
        found = writers()
        listed.set()
        return found

    monkeypatch.setattr(roots, "_writers", noted)

    def make() -> None:
        root_make(at=NIGHT, wait=10)
        connection.close()

    with another_session() as run_second:
        with another_session() as run_first:
            run_first(lambda: append(first, "before"))
            maker = threading.Thread(target=make)
            maker.start()
            assert listed.wait(10)
            run_second(lambda: append(second, "while"))
        maker.join(10)
        assert HistoryRoot.objects.count() == 1
    root_make(at=NIGHT + dt.timedelta(days=400))
    assert sum(r.tables[TABLE]["events"] for r in HistoryRoot.objects.all()) == 2
    told("verify_history")


def person_make_bare(name: str) -> User:
    return User.objects.create(username=name, full_name=name)


@pytest.mark.django_db
def test_a_root_a_day_once_and_missed_days_are_caught_up(story: Callable[..., Story]) -> None:
    story()
    first = root_make(at=NIGHT)
    assert root_make(at=NIGHT) is None
    assert root_make(at=NIGHT + dt.timedelta(hours=20)) is None
    story()
    second = root_make(at=NIGHT + dt.timedelta(days=5))
    assert first is not None
    assert second is not None
    assert (first.day, second.since, second.day) == (
        dt.date(2026, 11, 28), dt.date(2026, 11, 29), dt.date(2026, 12, 3),
    )  # fmt: skip
    assert bytes(first.previous) == GENESIS
    assert bytes(second.previous) == bytes(first.hash)
    assert second.events > 0
    assert sum(r.events for r in (first, second)) == sum(
        model._base_manager.count() for model in history_tables()
    )


def history_tables() -> Any:
    from common.history import history_models

    return history_models()


@pytest.mark.django_db
def test_the_job_makes_the_root(story: Callable[..., Story]) -> None:
    story()
    assert make_history_root() is True
    assert make_history_root() is False


@pytest.mark.django_db(transaction=True)
def test_a_run_that_is_killed_leaves_nothing() -> None:
    append(person_make_bare("somebody"), "x")
    script = (
        "import django; django.setup();"
        "import os, signal, common.roots as r;"
        "r.root_hash = lambda line: os.kill(os.getpid(), signal.SIGKILL);"
        "r.root_make()"
    )
    name = connection.settings_dict["NAME"]
    address = f"postgresql://{connection.settings_dict['USER']}@/{name}?host="
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "hanoi_portal.settings.test",
        "DATABASE_URL": address + str(connection.settings_dict["HOST"]).replace("/", "%2F"),
    }
    ended = subprocess.run([sys.executable, "-c", script], env=environment, check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL
    assert not HistoryRoot.objects.exists()
    assert root_make() is not None
    told("verify_history")


@pytest.mark.django_db
def test_an_export_holds_the_chain_and_each_line_its_own_hash(story: Callable[..., Story]) -> None:
    story()
    root_make(at=NIGHT)
    root_make(at=NIGHT + dt.timedelta(days=1))
    lines = [json.loads(text) for text in told("export_roots").splitlines()]
    assert [line["day"] for line in lines] == ["2026-11-28", "2026-11-29"]
    assert lines[1]["previous"] == lines[0]["hash"]
    assert list(lines_check(lines)) == []
    for name, value in (("events", 7), ("made_at", "2026-11-01"), ("tables", {}), ("day", "x")):
        forged = lines[0] | {name: value}
        assert root_hash(forged).hex() != forged["hash"]
    assert list(lines_check([lines[1], lines[0]])) != []
    assert told("export_roots", since="2026-11-29").count("\n") == 1


@pytest.mark.django_db
def test_a_root_missing_in_the_database_is_found(
    story: Callable[..., Story], tmp_path: Path
) -> None:
    story()
    root_make(at=NIGHT)
    file = tmp_path / "roots.jsonl"
    file.write_text(told("export_roots"))
    line = json.loads(file.read_text())
    later = line | {"day": "2026-11-29", "since": "2026-11-29", "previous": line["hash"]}
    later["tables"] = {
        table: {**entry, "after": entry["upto"], "events": 0, "root": "00"}
        for table, entry in line["tables"].items()
    }
    later["hash"] = root_hash(later).hex()
    file.write_text(f"{json.dumps(line)}\n{json.dumps(later)}\n")
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_history", roots=file, stdout=out)
    assert "no longer has this root" in out.getvalue()


@pytest.mark.django_db
def test_a_proof_is_checked_without_the_database(
    story: Callable[..., Story], tmp_path: Path, django_db_blocker: Any
) -> None:
    told_of = story().accepted()
    with pytest.raises(CommandError, match="No root holds"):
        told("prove_event", told_of.case.code, 3)
    root_make(at=NIGHT)
    proof, roots = tmp_path / "proof.json", tmp_path / "roots.jsonl"
    proof.write_text(told("prove_event", told_of.case.code, 3))
    roots.write_text(told("export_roots"))
    django_db_blocker.block()
    try:
        assert "is in the root of 2026-11-28" in told("verify_history", proof=proof, roots=roots)
        said = json.loads(proof.read_text())
        for name, value in (
            ("sequence", 4), ("subject", said["subject"] + 1), ("hash", "00" * 32), ("index", 0),
            ("size", 1), ("path", []), ("table", TABLE), ("root", said["root"] | {"events": 1}),
        ):  # fmt: skip
            assert proof_check(said | {name: value})
        roots.write_text(json.dumps(other_root(said["root"])))
        with pytest.raises(CommandError, match="not among the roots"):
            told("verify_history", proof=proof, roots=roots)
        proof.write_text('{"hash": 5}')
        with pytest.raises(CommandError, match="Not of the form"):
            told("verify_history", proof=proof)
    finally:
        django_db_blocker.restore()


def other_root(line: dict[str, Any]) -> dict[str, Any]:
    changed = line | {"made_at": "2026-11-29T00:00:00+00:00"}
    return changed | {"hash": root_hash(changed).hex()}


@pytest.mark.django_db
def test_every_event_of_a_case_can_be_proved(story: Callable[..., Story]) -> None:
    case = story().decided().case
    root_make(at=NIGHT)
    root = root_line(HistoryRoot.objects.get())
    count = case.events.count()
    assert count > 5
    for sequence in range(1, count + 1):
        assert proof_check(proof_make(case.code, sequence), [root]) == ""
    with pytest.raises(LookupError):
        proof_make(case.code, count + 1)


@pytest.mark.django_db
def test_of_a_person_by_name() -> None:
    person = person_make("clerk")
    append(person, "x")
    root_make(at=NIGHT)
    assert proof_check(proof_make("clerk", 1, TABLE)) == ""
