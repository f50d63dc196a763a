"""The field history of tasks keeps their rhythm, dates, body in charge and source."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communes", "0003_working_hours"),
        ("directives", "0002_work_in_depth"),
        ("hanoi_portal", "0003_pattern_history"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="trackedtask",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="trackedtask",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="trackedtask",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="taskchange",
            name="due_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="taskchange",
            name="ends_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="taskchange",
            name="lead_unit",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="communes.unit",
            ),
        ),
        migrations.AddField(
            model_name="taskchange",
            name="report_days",
            field=models.PositiveSmallIntegerField(default=5),
        ),
        migrations.AddField(
            model_name="taskchange",
            name="rhythm",
            field=models.CharField(
                choices=[
                    ("once", "once"),
                    ("monthly", "every month"),
                    ("quarterly", "every quarter"),
                    ("yearly", "every year"),
                ],
                default="once",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="taskchange",
            name="source",
            field=models.CharField(
                choices=[
                    ("typed", "reported by the unit"),
                    ("receptions", "taken from the reception calendar"),
                ],
                default="typed",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="taskchange",
            name="starts_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="taskchange",
            name="target",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="taskchange",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trackedtask",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "hanoi_portal_taskchange" ("addressee", "code", "due_on", "ends_on", "evidence", "expected_result", "group_id", "id", "indicator", "is_plan", "lead_unit_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "report_days", "rhythm", "source", "starts_on", "target", "title", "withdrawn_at") VALUES (NEW."addressee", NEW."code", NEW."due_on", NEW."ends_on", NEW."evidence", NEW."expected_result", NEW."group_id", NEW."id", NEW."indicator", NEW."is_plan", NEW."lead_unit_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."position", NEW."report_days", NEW."rhythm", NEW."source", NEW."starts_on", NEW."target", NEW."title", NEW."withdrawn_at"); RETURN NULL;',
                    hash="8a7c29a1773442b9018098c9a8ff92327cb3a8a8",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b9f0f",
                    table="directives_task",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trackedtask",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."addressee" IS DISTINCT FROM (NEW."addressee") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."evidence" IS DISTINCT FROM (NEW."evidence") OR OLD."expected_result" IS DISTINCT FROM (NEW."expected_result") OR OLD."group_id" IS DISTINCT FROM (NEW."group_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."indicator" IS DISTINCT FROM (NEW."indicator") OR OLD."is_plan" IS DISTINCT FROM (NEW."is_plan") OR OLD."lead_unit_id" IS DISTINCT FROM (NEW."lead_unit_id") OR OLD."position" IS DISTINCT FROM (NEW."position") OR OLD."report_days" IS DISTINCT FROM (NEW."report_days") OR OLD."rhythm" IS DISTINCT FROM (NEW."rhythm") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."target" IS DISTINCT FROM (NEW."target") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."withdrawn_at" IS DISTINCT FROM (NEW."withdrawn_at"))',
                    func='INSERT INTO "hanoi_portal_taskchange" ("addressee", "code", "due_on", "ends_on", "evidence", "expected_result", "group_id", "id", "indicator", "is_plan", "lead_unit_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "report_days", "rhythm", "source", "starts_on", "target", "title", "withdrawn_at") VALUES (NEW."addressee", NEW."code", NEW."due_on", NEW."ends_on", NEW."evidence", NEW."expected_result", NEW."group_id", NEW."id", NEW."indicator", NEW."is_plan", NEW."lead_unit_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."position", NEW."report_days", NEW."rhythm", NEW."source", NEW."starts_on", NEW."target", NEW."title", NEW."withdrawn_at"); RETURN NULL;',
                    hash="71c60ca360a59814527f1ad266adfc0bc66ee9fe",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c9dd4",
                    table="directives_task",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trackedtask",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "hanoi_portal_taskchange" ("addressee", "code", "due_on", "ends_on", "evidence", "expected_result", "group_id", "id", "indicator", "is_plan", "lead_unit_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "report_days", "rhythm", "source", "starts_on", "target", "title", "withdrawn_at") VALUES (OLD."addressee", OLD."code", OLD."due_on", OLD."ends_on", OLD."evidence", OLD."expected_result", OLD."group_id", OLD."id", OLD."indicator", OLD."is_plan", OLD."lead_unit_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."position", OLD."report_days", OLD."rhythm", OLD."source", OLD."starts_on", OLD."target", OLD."title", OLD."withdrawn_at"); RETURN NULL;',
                    hash="606042409ffd015b32e5d47f5795b34061c29956",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_4b221",
                    table="directives_task",
                    when="AFTER",
                ),
            ),
        ),
    ]
