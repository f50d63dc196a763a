"""Reports that read alike: fingerprints of the texts that are there, groups from now on."""

import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from directives.likeness import print_of

BATCH = 500


def prints_fill(apps, schema_editor):
    """Texts of before get their fingerprint; a new report that reads like one is tied to it."""
    report_model = apps.get_model("directives", "ProgressReport")
    print_model = apps.get_model("directives", "ReportFingerprint")
    after = 0
    while True:
        rows = report_model.objects.filter(pk__gt=after).order_by("pk").select_related("assignment")
        rows = list(rows[:BATCH])
        made = ((row, print_of(row.text)) for row in rows)
        print_model.objects.bulk_create(
            print_model(
                report=row,
                task_id=row.assignment.task_id,
                words=of.words,
                digest=of.digest,
                bands=list(of.bands),
                minima=of.minima,
            )
            for row, of in made
            if of.is_compared
        )
        if len(rows) < BATCH:
            return
        after = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [
        ("directives", "0004_task_fields"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TextLikeness",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "to be looked at (likeness)"),
                            ("justified", "justified (likeness)"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("found_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="likenesses",
                        to="directives.task",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReportFingerprint",
            fields=[
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="fingerprint",
                        serialize=False,
                        to="directives.progressreport",
                    ),
                ),
                ("words", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "bands",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), size=None
                    ),
                ),
                ("minima", models.BinaryField()),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directives.task",
                    ),
                ),
                (
                    "likeness",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="directives.textlikeness",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LikenessEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sequence", models.PositiveIntegerField()),
                ("action", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("data", models.JSONField(default=dict)),
                ("hash", models.BinaryField(max_length=32)),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "likeness",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="directives.textlikeness",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="textlikeness",
            index=models.Index(fields=["state", "-found_at", "-id"], name="text_likeness_newest"),
        ),
        migrations.AddConstraint(
            model_name="textlikeness",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "justified"])),
                name="text_likeness_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="textlikeness",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("reason__gt", ""),
                        ("state", "justified"),
                    ),
                    models.Q(
                        ("decided_at", None),
                        ("decided_by", None),
                        ("reason", ""),
                        ("state", "open"),
                    ),
                    _connector="OR",
                ),
                name="text_likeness_justified_says_why",
            ),
        ),
        migrations.AddIndex(
            model_name="reportfingerprint",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["bands"], name="report_print_bands"
            ),
        ),
        migrations.AddConstraint(
            model_name="likenessevent",
            constraint=models.UniqueConstraint(
                fields=("likeness", "sequence"), name="likeness_event_chain"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="likenessevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="600ece3fbb908f1b9ce6bbb7ab74e12c0718e15c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_06aad",
                    table="directives_likenessevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="assignmentperiod",
            index=models.Index(
                condition=models.Q(("state__in", ["open", "returned"])),
                fields=["assignment", "due_on"],
                name="assignment_period_owing",
            ),
        ),
        migrations.RunPython(prints_fill, migrations.RunPython.noop),
    ]
