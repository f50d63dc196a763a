"""Every kind of forgery in every table of events is found, and its place is named."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.backends.utils import CursorWrapper

from common.history import GENESIS, HistoryEvent, NewEvent, history_models
from common.history_check import Finding, subject_codes, table_check
from common.roots import root_make, root_short
from tests.common.chains import AT, LENGTH, chain_make, forger

pytestmark = pytest.mark.django_db
TABLES = {model._meta.db_table: model for model in history_models()}
Hand = Callable[[CursorWrapper, type[HistoryEvent], int], None]


def _sql(template: str) -> Hand:
    def act(cursor: CursorWrapper, model: type[HistoryEvent], pk: int) -> None:
        names = {"t": model._meta.db_table, "key": f"{model.SUBJECT}_id", "pk": pk}
        cursor.execute(template.format(**names))

    return act


def _rehash(cursor: CursorWrapper, model: type[HistoryEvent], pk: int, first: int) -> None:
    """As the forger who knows the code: every hash from ``first`` on computed anew."""
    chain = {f"{model.SUBJECT}_id": pk}
    previous = GENESIS
    for row in model._base_manager.filter(**chain).order_by("sequence"):
        digest = row._digest(previous) if row.sequence >= first else bytes(row.hash)
        sql = f"UPDATE {model._meta.db_table} SET hash = %s WHERE id = %s"
        cursor.execute(sql, [digest, row.pk])
        previous = digest


def _changed_with_hash(cursor: CursorWrapper, model: type[HistoryEvent], pk: int) -> None:
    _sql("UPDATE {t} SET action = 'other' WHERE {key} = {pk} AND sequence = 2")(cursor, model, pk)
    row = model._base_manager.get(**{f"{model.SUBJECT}_id": pk}, sequence=2)
    first = model._base_manager.get(**{f"{model.SUBJECT}_id": pk}, sequence=1)
    cursor.execute(
        f"UPDATE {model._meta.db_table} SET hash = %s WHERE id = %s",
        [row._digest(bytes(first.hash)), row.pk],
    )


def _inserted_at_the_end(cursor: CursorWrapper, model: type[HistoryEvent], pk: int) -> None:
    """With the right hash: only the count betrays it."""
    model.append(NewEvent(pk, "forged", {}, None, AT))


def _swap(first: int, second: int) -> Hand:
    return _sql(
        f"UPDATE {{t}} SET sequence = 1000 WHERE {{key}} = {{pk}} AND sequence = {first};"
        f"UPDATE {{t}} SET sequence = {first} WHERE {{key}} = {{pk}} AND sequence = {second};"
        f"UPDATE {{t}} SET sequence = {second} WHERE {{key}} = {{pk}} AND sequence = 1000"
    )


FORGERIES: dict[str, tuple[Hand, list[tuple[int, str]]]] = {
    "data": (
        _sql("UPDATE {t} SET data = '{{}}' WHERE {key} = {pk} AND sequence = 4"),
        [(4, "changed")],
    ),
    "moment": (
        _sql("UPDATE {t} SET at = at + interval '1 us' WHERE {key} = {pk} AND sequence = 1"),
        [(1, "changed")],
    ),
    "action": (
        _sql("UPDATE {t} SET action = action || 'x' WHERE {key} = {pk} AND sequence = 5"),
        [(5, "changed")],
    ),
    "hash": (
        _sql("UPDATE {t} SET hash = sha256('x') WHERE {key} = {pk} AND sequence = 5"),
        [(5, "changed")],
    ),
    "changed and hashed anew": (_changed_with_hash, [(3, "changed")]),
    "removed in the middle": (
        _sql("DELETE FROM {t} WHERE {key} = {pk} AND sequence = 3"),
        [(3, "removed")],
    ),
    "first removed": (
        _sql("DELETE FROM {t} WHERE {key} = {pk} AND sequence = 1"),
        [(1, "removed")],
    ),
    "two removed": (
        _sql("DELETE FROM {t} WHERE {key} = {pk} AND sequence IN (2, 4)"),
        [(2, "removed"), (4, "removed")],
    ),
    "last removed": (
        _sql("DELETE FROM {t} WHERE {key} = {pk} AND sequence = 5"),
        [(5, "removed from the end")],
    ),
    "whole chain removed": (
        _sql("DELETE FROM {t} WHERE {key} = {pk}"),
        [(0, "whole chain removed (5 events)")],
    ),
    "neighbours swapped": (_swap(2, 3), [(2, "swapped"), (3, "swapped")]),
    "first and last swapped": (_swap(1, 5), [(1, "swapped"), (5, "swapped")]),
    "inserted at the end": (_inserted_at_the_end, [(6, "inserted")]),
    "inserted in the middle": (
        _sql(
            "UPDATE {t} SET sequence = sequence + 1000 WHERE {key} = {pk} AND sequence > 2;"
            "UPDATE {t} SET sequence = sequence - 999 WHERE {key} = {pk} AND sequence > 2;"
            "INSERT INTO {t} ({key}, sequence, action, at, data, hash)"
            " SELECT {key}, 3, 'forged', at, data, hash FROM {t}"
            " WHERE {key} = {pk} AND sequence = 2"
        ),
        [(3, "inserted")],
    ),
}


@pytest.mark.parametrize("forgery", FORGERIES)
@pytest.mark.parametrize("table", TABLES)
def test_a_forgery_is_found_and_named(table: str, forgery: str) -> None:
    model = TABLES[table]
    subject, other = chain_make(model, 0), chain_make(model, 1)
    act, places = FORGERIES[forgery]
    assert list(table_check(model)) == []
    with forger(model) as cursor:
        act(cursor, model, subject.pk)
    code = subject_codes(model, [subject.pk])[subject.pk]
    assert code != subject_codes(model, [other.pk])[other.pk]
    assert list(table_check(model)) == [Finding(table, code, *place) for place in places]
    with pytest.raises(CommandError, match="not whole"):
        call_command("verify_history", stdout=StringIO())


@pytest.mark.parametrize("table", TABLES)
def test_a_chain_that_nobody_counted_is_found(table: str) -> None:
    model = TABLES[table]
    subject = chain_make(model, 0)
    with forger(model) as cursor:
        cursor.execute(
            "DELETE FROM common_historyhead WHERE table_name = %s AND subject_id = %s",
            [table, subject.pk],
        )
    (found,) = list(table_check(model))
    assert "nobody counted" in found.what


@pytest.mark.parametrize("is_short", [False, True])
@pytest.mark.parametrize("table", TABLES)
def test_a_forger_who_covers_all_traces_is_betrayed_by_the_root(
    table: str, is_short: bool, tmp_path: Path
) -> None:
    """Chains, counts and the roots in the database written anew: what was exported remains. From
    the hash alone it is seen that something is not as it was, from a whole line which table."""
    model = TABLES[table]
    subject = chain_make(model, 0)
    chain_make(model, 1)
    root = root_make(at=AT.replace(day=25))
    assert root is not None
    kept = tmp_path / "roots.jsonl"
    kept.write_text(json.dumps(root_short(root)) if is_short else _told("export_roots"))
    call_command("verify_history", roots=kept, stdout=StringIO())
    with forger(model) as cursor:
        _sql("UPDATE {t} SET action = 'other' WHERE {key} = {pk} AND sequence = 2")(
            cursor, model, subject.pk
        )
        _rehash(cursor, model, subject.pk, 2)
    assert list(table_check(model)) == []
    report = _failing("--json")
    assert {one["table"] for one in report["findings"]} == {table}
    with forger(model) as cursor:
        cursor.execute("ALTER TABLE common_historyroot DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM common_historyroot")
        cursor.execute("ALTER TABLE common_historyroot ENABLE TRIGGER USER")
    root_make(at=AT.replace(day=25))
    call_command("verify_history", stdout=StringIO())
    report = _failing("--json", "--roots", str(kept))
    shown = {"common_historyroot"} if is_short else {table, "common_historyroot"}
    assert {one["table"] for one in report["findings"]} == shown


@pytest.mark.parametrize("table", TABLES)
def test_an_end_that_was_cut_with_its_count_is_betrayed_by_the_root(table: str) -> None:
    model = TABLES[table]
    subject = chain_make(model, 0)
    root_make(at=AT.replace(day=25))
    with forger(model) as cursor:
        _sql("DELETE FROM {t} WHERE {key} = {pk}")(cursor, model, subject.pk)
        cursor.execute("DELETE FROM common_historyhead WHERE subject_id = %s", [subject.pk])
    assert list(table_check(model)) == []
    (found,) = [one for one in _failing("--json")["findings"] if one["table"] == table]
    left = model._base_manager.count()
    assert found["what"] == f"{left} events where the root has {left + LENGTH}"


def _told(*args: Any) -> str:
    out = StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


def _failing(*args: str) -> dict[str, Any]:
    out = StringIO()
    with pytest.raises(CommandError, match="not whole"):
        call_command("verify_history", *args, stdout=out)
    report: dict[str, Any] = json.loads(out.getvalue())
    return report
