"""Conclusion notices of the Party and of the State are numbered apart; the grounds of a refusal are
the ten points of Article 4(1) of Decree 154/2026.

Numbers given before stay as they are: where both shared one book, each goes on after its last
number. A refusal as "nothing new" was one on point h, which is owed in writing; one for want of
identity papers is on no point (point e asks for those of a representative): it keeps its ground,
which is retired.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import migrations, models

NOTICES = "receptions_conclusionnotice"
SESSIONS = "receptions_receptionsession"
SHARED = "'conclusion:old', 'conclusion_party:old'"
# Issued notices are held by a trigger: their capacity is what they print.
CAPACITY = [
    f"ALTER TABLE {NOTICES} DISABLE TRIGGER USER",
    f"""
    UPDATE {NOTICES} AS notice SET is_party = TRUE FROM {SESSIONS} AS session
    WHERE session.id = notice.session_id AND
        COALESCE((notice.facts ->> 'party')::boolean, session.duty_holder = 'party_secretary')
    """,  # noqa: S608
    f"ALTER TABLE {NOTICES} ENABLE TRIGGER USER",
]
HAS_PARTY = f"""EXISTS (
        SELECT 1 FROM {NOTICES} AS notice
        WHERE notice.unit_id = counter.unit_id AND notice.year = counter.year AND notice.is_party)"""  # noqa: S608
COUNTERS = [
    f"""
    INSERT INTO petitions_registercounter (unit_id, book, year, last)
    SELECT unit_id, name, year, last
    FROM petitions_registercounter AS counter, unnest(ARRAY[{SHARED}]) AS name
    WHERE book = 'reception_conclusion' AND {HAS_PARTY}
    ON CONFLICT (unit_id, book, year) DO NOTHING
    """,  # noqa: S608
    f"""
    INSERT INTO petitions_registercounter (unit_id, book, year, last)
    SELECT unit_id, 'conclusion_party', year, last
    FROM petitions_registercounter AS counter
    WHERE book = 'reception_conclusion' AND {HAS_PARTY}
    ON CONFLICT (unit_id, book, year) DO NOTHING
    """,  # noqa: S608
]
ONE_BOOK = [
    """
    INSERT INTO petitions_registercounter AS one (unit_id, book, year, last)
    SELECT unit_id, 'reception_conclusion', year, last FROM petitions_registercounter
    WHERE book = 'conclusion_party'
    ON CONFLICT (unit_id, book, year) DO UPDATE SET last = GREATEST(one.last, EXCLUDED.last)
    """,
    f"DELETE FROM petitions_registercounter WHERE book IN ('conclusion_party', {SHARED})",  # noqa: S608
]
POINTS = {
    "other_body": "decree_k",
    "judgment": "decree_i",
    "recording": "decree_c",
}
NOTHING_NEW, POINT_H, DAYS = "nothing_new", "decree_h", 3
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def points_name(apps, schema_editor):
    refusals = apps.get_model("receptions", "Refusal").objects
    for before, point in POINTS.items():
        refusals.filter(ground=before).update(ground=point)
    owed = refusals.filter(ground=NOTHING_NEW).select_related("registration__session")
    marked = dict(apps.get_model("deadlines", "CalendarDay").objects.values_list("date", "kind"))
    for row in owed:
        on = row.registration.session.starts_at.astimezone(HANOI).date()
        row.ground, row.is_written, row.written_by = POINT_H, True, limit(on, marked)
        row.save(update_fields=["ground", "is_written", "written_by"])


def limit(on, marked):
    """The third working day after the session."""
    left = DAYS
    while left:
        on += dt.timedelta(days=1)
        kind = marked.get(on)
        left -= kind == "swapped_working" if kind else on.weekday() < 5
    return on


def points_forget(apps, schema_editor):
    refusals = apps.get_model("receptions", "Refusal").objects
    for before, point in POINTS.items():
        refusals.filter(ground=point).update(ground=before)


class Migration(migrations.Migration):
    dependencies = [
        ("deadlines", "0003_ladder"),
        ("petitions", "0016_register_of_denunciations"),
        ("receptions", "0013_visits_under_seal"),
    ]

    operations = [
        migrations.AddField(
            model_name="conclusionnotice",
            name="is_party",
            field=models.BooleanField(default=False),
        ),
        migrations.RunSQL(CAPACITY, migrations.RunSQL.noop),
        migrations.RunSQL(COUNTERS, ONE_BOOK),
        migrations.RemoveConstraint(model_name="conclusionnotice", name="conclusion_number_once"),
        migrations.AddConstraint(
            model_name="conclusionnotice",
            constraint=models.UniqueConstraint(
                fields=("unit", "is_party", "year", "number"), name="conclusion_number_once"
            ),
        ),
        migrations.RunPython(points_name, points_forget),
    ]
