"""Many rows in one statement, the small way and the large way: the same rows."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection

from common import db

COLUMNS = {
    "name": "text",
    "number": "int",
    "held": "boolean",
    "at": "timestamptz",
    "box": "bytea",
    "key": "uuid",
    "data": "jsonb",
}
AT = dt.datetime(2026, 11, 29, 1, 2, 3, 456789, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(params=[1, 10_000], ids=["copy", "json"])
def table(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(db, "COPY_FROM", request.param)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE many (name text PRIMARY KEY, number int, held boolean,"
            " at timestamptz, box bytea, key uuid, data jsonb)"
        )
    return "many"


def rows() -> list[tuple[Any, ...]]:
    tricky = 'Đơn "của" bà\tĐặng\n\\N \\x00 {}'
    return [
        (tricky, 1, True, AT, b"\x00\xff", uuid.UUID(int=5), {"code": tricky, "n": [1, None]}),
        ("", None, False, None, None, None, {}),
    ]


def stored(table: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM {table} ORDER BY number")
        found = []
        for row in cursor.fetchall():
            values = [bytes(v) if isinstance(v, memoryview) else v for v in row]
            found.append(tuple(values))
        return found


def test_every_kind_of_value_comes_back(table: str) -> None:
    assert db.rows_insert(table, COLUMNS, rows()) == []
    first, second = stored(table)
    given = rows()
    assert first[:6] == given[0][:6]
    assert second[:6] == given[1][:6]
    assert "của" in str(first[6])


def test_what_is_there_is_left_and_what_is_new_is_told(table: str) -> None:
    tail = "ON CONFLICT (name) DO NOTHING RETURNING name"
    assert db.rows_insert(table, COLUMNS, rows()[1:], tail=tail) == [("",)]
    assert db.rows_insert(table, COLUMNS, rows(), tail=tail) == [(rows()[0][0],)]
    assert len(stored(table)) == 2


def test_twice_in_one_session(table: str) -> None:
    db.rows_insert(table, COLUMNS, rows()[:1])
    db.rows_insert(table, COLUMNS, rows()[1:])
    assert len(stored(table)) == 2


def test_no_rows_no_statement(table: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert db.rows_insert(table, COLUMNS, []) == []
