"""Counts of events by subject and the daily roots. The triggers that count are set at the end of
``migrate`` (``common.history_guard``) and go with the tables that they write to."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("common", "0002_jobs"),
    ]

    operations = [
        migrations.RunSQL(
            migrations.RunSQL.noop,
            "DROP FUNCTION IF EXISTS history_count() CASCADE;"
            "DROP FUNCTION IF EXISTS history_refuse() CASCADE",
        ),
        migrations.CreateModel(
            name="HistoryRoot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateField()),
                ("day", models.DateField(unique=True)),
                ("made_at", models.DateTimeField()),
                ("events", models.PositiveBigIntegerField()),
                ("tables", models.JSONField()),
                ("previous", models.BinaryField(max_length=32, unique=True)),
                ("hash", models.BinaryField(max_length=32, unique=True)),
            ],
            options={
                "ordering": ["day"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="HistoryHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("table_name", models.CharField(max_length=63)),
                ("subject_id", models.BigIntegerField()),
                ("sequence", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("table_name", "subject_id"), name="history_head_once"
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historyroot",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="5c77973aa4b74c1efd4afe7db399bafede1fbaa3",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_0d12e",
                    table="common_historyroot",
                    when="BEFORE",
                ),
            ),
        ),
    ]
