"""Redacted copies of denunciations and of their files (Article 56 of the Law on Denunciations)."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attachments", "0001_initial"),
        ("petitions", "0012_phone_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RedactedCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "being made"),
                            ("released", "released"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
                ("spans", models.JSONField(default=dict)),
                ("subject", models.TextField(blank=True)),
                ("content", models.TextField(blank=True)),
                ("request", models.TextField(blank=True)),
                ("made_at", models.DateTimeField()),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="redacted_copies",
                        to="petitions.letter",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="RedactedFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("given", "in the copy"), ("left_out", "left out")],
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("boxes", models.JSONField(default=dict)),
                ("left_pages", models.JSONField(default=list)),
                ("spans", models.JSONField(default=list)),
                (
                    "attachment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="attachments.attachment",
                    ),
                ),
                (
                    "copy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="petitions.redactedcopy",
                    ),
                ),
                (
                    "prepared",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="attachments.attachment",
                    ),
                ),
                (
                    "result",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="attachments.attachment",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="redactedcopy",
            constraint=models.UniqueConstraint(
                fields=("letter", "number"), name="redaction_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="redactedcopy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")),
                fields=("letter",),
                name="redaction_one_draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="redactedcopy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "released")),
                fields=("letter",),
                name="redaction_one_released",
            ),
        ),
        migrations.AddConstraint(
            model_name="redactedcopy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("released_at", None), ("released_by", None), ("state", "draft")),
                    models.Q(
                        ("released_at__isnull", False),
                        ("released_by__isnull", False),
                        ("state__in", ["released", "withdrawn"]),
                    ),
                    _connector="OR",
                ),
                name="redaction_released_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="redactedcopy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), ("withdrawn_at__isnull", False)),
                    models.Q(
                        models.Q(("state", "withdrawn"), _negated=True), ("withdrawn_at", None)
                    ),
                    _connector="OR",
                ),
                name="redaction_withdrawn_when",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="redactedcopy",
            trigger=pgtrigger.compiler.Trigger(
                name="released_text_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."released_at" IS NOT NULL AND (OLD."subject" IS DISTINCT FROM (NEW."subject") OR OLD."content" IS DISTINCT FROM (NEW."content") OR OLD."request" IS DISTINCT FROM (NEW."request") OR OLD."letter_id" IS DISTINCT FROM (NEW."letter_id") OR OLD."released_at" IS DISTINCT FROM (NEW."released_at")))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="a3cc5016ac1322bb761bda3595a9b198fc47324c",
                    operation="UPDATE",
                    pgid="pgtrigger_released_text_stays_91421",
                    table="petitions_redactedcopy",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="redactedcopy",
            trigger=pgtrigger.compiler.Trigger(
                name="released_copy_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."released_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="342a7f5056038b4f5bb46444439d8be439649bc9",
                    operation="DELETE",
                    pgid="pgtrigger_released_copy_stays_d3a7c",
                    table="petitions_redactedcopy",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="redactedfile",
            constraint=models.UniqueConstraint(
                fields=("copy", "attachment"), name="redaction_file_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="redactedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("result", None), ("decision", "given"), _connector="OR"),
                name="redaction_result_was_given",
            ),
        ),
        migrations.AddConstraint(
            model_name="redactedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("result", models.F("attachment")), _negated=True),
                name="redaction_result_is_new",
            ),
        ),
    ]
