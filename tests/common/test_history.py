"""History cannot be edited, and an edit past the trigger is found."""

from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from petitions.models import CaseEvent
from tests.people import Story

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement",
    ["UPDATE petitions_caseevent SET action = 'x'", "DELETE FROM petitions_caseevent"],
)
def test_the_trigger_refuses_changes(story: Callable[..., Story], statement: str) -> None:
    story()
    with (
        pytest.raises(DatabaseError, match="append_only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_verify_history_accepts_whole_chains(
    story: Callable[..., Story], capsys: pytest.CaptureFixture[str]
) -> None:
    story().accepted()
    call_command("verify_history")
    assert "every chain is whole" in capsys.readouterr().out


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE petitions_caseevent SET data = '{}' WHERE sequence = 2",
        "DELETE FROM petitions_caseevent WHERE sequence = 2",
        "UPDATE petitions_caseevent SET at = at + interval '1 second' WHERE sequence = 3",
    ],
)
def test_verify_history_finds_tampering_behind_the_trigger(
    story: Callable[..., Story], tampering: str
) -> None:
    story().accepted()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE petitions_caseevent DISABLE TRIGGER USER")
        cursor.execute(tampering)
        cursor.execute("ALTER TABLE petitions_caseevent ENABLE TRIGGER USER")
    assert next(CaseEvent.verify()).reason in {"altered", "gap"}
    with pytest.raises(CommandError):
        call_command("verify_history")
