"""What the overview and the brief would count anew each time is kept: how many reports of an
assignment's periods stand and are accepted, and what reports say of difficulties, to search."""

from django.db import migrations, models
from django.db.models import Q

from common.text import fold

# One pass over the periods, however many there are.
FILL = """
    UPDATE directives_assignment AS whole
    SET periods_told = told.reported, periods_accepted = told.accepted
    FROM (
        SELECT assignment_id, count(*) AS reported,
               count(*) FILTER (WHERE state = 'accepted') AS accepted
        FROM directives_assignmentperiod WHERE state IN ('reported', 'accepted')
        GROUP BY assignment_id
    ) AS told
    WHERE told.assignment_id = whole.id
"""
BATCH = 500


def said_fill(apps, schema_editor):
    reports = apps.get_model("directives", "ProgressReport").objects
    said = reports.exclude(difficulties="", proposals="")
    batch = []
    for row in said.only("difficulties", "proposals").iterator(BATCH):
        row.said_text = fold(f"{row.difficulties}\n{row.proposals}").strip()
        batch.append(row)
        if len(batch) == BATCH:
            reports.bulk_update(batch, ["said_text"])
            batch = []
    reports.bulk_update(batch, ["said_text"])


class Migration(migrations.Migration):
    dependencies = [
        ("directives", "0012_kinds_of_documents"),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="periods_accepted",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="assignment",
            name="periods_told",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="progressreport",
            name="said_text",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddIndex(
            model_name="progressreport",
            index=models.Index(
                condition=Q(("said_text", ""), _negated=True),
                fields=["at", "id"],
                name="progress_report_said",
            ),
        ),
        migrations.AddIndex(
            model_name="assignmentperiod",
            index=models.Index(
                condition=Q(("state", "reported")),
                fields=["due_on"],
                name="assignment_period_early",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunPython(said_fill, migrations.RunPython.noop),
    ]
