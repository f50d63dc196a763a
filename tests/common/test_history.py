"""History cannot be edited, and an edit past the trigger is found."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

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
