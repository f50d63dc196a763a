"""Kinds of the reports that are there, search words of the directives that are there.

Back it goes as long as nothing was withdrawn: the states of before have no word for that.
"""

from django.db import migrations, models

from common.text import fold

KINDS = """
    UPDATE directives_progressreport SET kind = 'completion' WHERE state = 'reported_done'
"""
# Reports of periods stay, as progress reports, without their period.
PLAIN = "UPDATE directives_progressreport SET kind = 'progress', period_id = NULL"
# What the states of before can say.
OLD_STATES = """
    UPDATE directives_assignment
    SET state = CASE state WHEN 'received' THEN 'assigned' ELSE 'in_progress' END
    WHERE state IN ('received', 'returned')
"""
# A withdrawn task is asked no more: no state of before may stand for it.
NOTHING_WITHDRAWN = """
    DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM directives_assignment WHERE state = 'withdrawn') THEN
        RAISE EXCEPTION 'assignments were withdrawn, which the version before does not know: go on,'
            ' or restore a backup from before';
    END IF;
    END $$
"""


def search_text_fill(apps, schema_editor):
    """As ``directives.wording.search_words`` makes it."""
    for row in apps.get_model("directives", "Directive").objects.all():
        row.search_text = fold(f"{row.number} {row.subject} {row.summary} {row.issuer}")
        row.save(update_fields=["search_text"])


class Migration(migrations.Migration):
    dependencies = [("directives", "0002_work_in_depth")]

    operations = [
        migrations.RunSQL(migrations.RunSQL.noop, NOTHING_WITHDRAWN),
        migrations.RunSQL(KINDS, PLAIN),
        migrations.RunSQL(migrations.RunSQL.noop, OLD_STATES),
        migrations.RunPython(search_text_fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="progressreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["progress", "completion", "period"])),
                name="progress_report_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="progressreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "period"), ("period__isnull", False), ("state", "in_progress")
                    ),
                    models.Q(models.Q(("kind", "period"), _negated=True), ("period", None)),
                    _connector="OR",
                ),
                name="progress_report_period_has_its_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="progressreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "completion"), ("state", "reported_done")),
                    models.Q(
                        models.Q(("kind", "completion"), _negated=True), ("state", "in_progress")
                    ),
                    _connector="OR",
                ),
                name="progress_report_completion_is_done",
            ),
        ),
    ]
