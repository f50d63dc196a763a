"""Denunciations are numbered in a register of their own, so that no gap in the other tells of one.

Numbers given before stay as they are; where a denunciation has one, the new book of that unit and
year goes on after the last number of the shared one. The indexes are built beside running work.
Back it goes as long as no number was given in both books.
"""

from django.db import migrations, models

TABLE = "petitions_letter"
OLD, NEW = "letter_register_number_once", "letter_denunciation_number_once"
COLUMNS = "register_unit_id, register_year, register_number"
SEALED = "kind = 'denunciation'"

INDEX = "CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({columns}) WHERE {rows}"
HAS_DENUNCIATION = f"""EXISTS (
        SELECT 1 FROM {TABLE} WHERE register_unit_id = unit_id AND register_year = year
        AND register_number IS NOT NULL AND {SEALED})"""  # noqa: S608
# Where one book held both: the last number of that time, after which each has no gap.
SHARED = f"""
    INSERT INTO petitions_registercounter (unit_id, book, year, last)
    SELECT unit_id, name || ':shared', year, last
    FROM petitions_registercounter, unnest(ARRAY['letters', 'denunciations']) AS name
    WHERE book = 'letters' AND (name = 'letters' OR {HAS_DENUNCIATION})
    ON CONFLICT (unit_id, book, year) DO NOTHING
"""  # noqa: S608
COUNTERS = f"""
    INSERT INTO petitions_registercounter (unit_id, book, year, last)
    SELECT unit_id, 'denunciations', year, last
    FROM petitions_registercounter
    WHERE book = 'letters' AND {HAS_DENUNCIATION}
    ON CONFLICT (unit_id, book, year) DO NOTHING
"""  # noqa: S608
# Back to one book: it goes on after the higher of both numbers.
ONE_BOOK = [
    """
    INSERT INTO petitions_registercounter AS one (unit_id, book, year, last)
    SELECT unit_id, 'letters', year, last FROM petitions_registercounter
    WHERE book = 'denunciations'
    ON CONFLICT (unit_id, book, year) DO UPDATE SET last = GREATEST(one.last, EXCLUDED.last)
    """,
    """
    DELETE FROM petitions_registercounter
    WHERE book IN ('denunciations', 'letters:shared', 'denunciations:shared')
    """,
]
# A number that both books have given cannot stand in one; numbers once given are never changed.
GIVEN_TWICE = f"""
    DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM {TABLE} WHERE register_number IS NOT NULL
               GROUP BY {COLUMNS} HAVING count(*) > 1) THEN
        RAISE EXCEPTION 'letters and denunciations have the same register numbers: one book cannot'
            ' hold them; go on, or restore a backup from before';
    END IF;
    END $$
"""  # noqa: S608
FIELDS = ["register_unit", "register_year", "register_number"]


def index(name, rows):
    return INDEX.format(name=name, table=TABLE, columns=COLUMNS, rows=rows)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("petitions", "0015_letter_contact")]

    operations = [
        migrations.RunSQL(SHARED, migrations.RunSQL.noop),
        migrations.RunSQL(COUNTERS, ONE_BOOK),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(index(NEW, SEALED), f"DROP INDEX IF EXISTS {NEW}"),
                migrations.RunSQL(index(f"{OLD}_", f"NOT ({SEALED})"), migrations.RunSQL.noop),
                migrations.RunSQL(
                    f"ALTER TABLE {TABLE} DROP CONSTRAINT {OLD}",
                    f"ALTER TABLE {TABLE} ADD CONSTRAINT {OLD} UNIQUE ({COLUMNS})",
                ),
                migrations.RunSQL(
                    f"ALTER INDEX {OLD}_ RENAME TO {OLD}", f"DROP INDEX IF EXISTS {OLD}"
                ),
            ],
            state_operations=[
                migrations.RemoveConstraint(model_name="letter", name=OLD),
                migrations.AddConstraint(
                    model_name="letter",
                    constraint=models.UniqueConstraint(
                        fields=FIELDS,
                        condition=models.Q(("kind", "denunciation"), _negated=True),
                        name=OLD,
                    ),
                ),
                migrations.AddConstraint(
                    model_name="letter",
                    constraint=models.UniqueConstraint(
                        fields=FIELDS, condition=models.Q(("kind", "denunciation")), name=NEW
                    ),
                ),
            ],
        ),
        migrations.RunSQL(migrations.RunSQL.noop, GIVEN_TWICE),
    ]
