"""One app's migrations taken back and made again while those of the other apps stay applied.

Django takes back whatever depends on a migration: for a migration of petitions that is a quarter
of the schema, a minute and a half there and back (``tests/portal/test_schema_round_trip.py``). What these tests ask is what one app's own steps do to rows.
"""

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def migrate_app(app: str, name: str = "") -> None:
    """Bring one app to the migration ``name``, else to its newest, backward or forward."""
    executor = MigrationExecutor(connection)
    loader = executor.loader
    names = sorted(number for label, number in loader.disk_migrations if label == app)
    target = name or names[-1]
    applied = [one for one in names if (app, one) in loader.applied_migrations]
    for one in reversed([one for one in applied if one > target]):
        state = loader.project_state((app, one), at_end=False)
        executor.unapply_migration(state, loader.get_migration(app, one))
    for one in [one for one in names if one not in applied and one <= target]:
        state = loader.project_state((app, one), at_end=False)
        executor.apply_migration(state, loader.get_migration(app, one))


def whole_again(app: str) -> None:
    """The schema of today for the next test, with the guards of its histories.

    The triggers that keep the versions of a table are made by another app's migrations, which
    stay applied: taking a column back drops those that read it, so they are installed anew.
    """
    migrate_app(app)
    call_command("migrate", verbosity=0)
    call_command("pgtrigger", "install", verbosity=0)
