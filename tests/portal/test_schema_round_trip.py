"""A quarter of the schema taken back and made again: every step that depends on the register of letters
has a way back, and leads to the very same tables, rules and guards."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
BEFORE = ("petitions", "0015_letter_contact")
SHAPE = """
    SELECT 'column', table_name || '.' || column_name,
           data_type || coalesce(character_maximum_length::text, '') || is_nullable
           || coalesce(column_default, '')
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'rule', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'guard', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid)
    FROM pg_trigger WHERE NOT tgisinternal
"""


def shape() -> set[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(SHAPE)
        return set(cursor.fetchall())


@pytest.fixture
def _whole_again() -> Iterator[None]:
    """Whatever happens, the next test finds the schema of today."""
    yield
    call_command("migrate", verbosity=0)


@pytest.mark.usefixtures("_whole_again")
def test_what_is_taken_back_comes_again_as_it_was() -> None:
    whole = shape()
    MigrationExecutor(connection).migrate([BEFORE])
    assert len(shape()) < len(whole) * 0.8
    call_command("migrate", verbosity=0)
    assert shape() == whole
