"""Directives with their life, tasks with a rhythm, assignments with clocks, periods and owners."""

import uuid

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attachments", "0001_initial"),
        ("communes", "0003_working_hours"),
        ("deadlines", "0003_ladder"),
        ("directives", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AssignmentClock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="AssignmentPeriod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("due_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "not reported yet"),
                            ("reported", "reported (period)"),
                            ("accepted", "accepted (period)"),
                            ("returned", "returned (period)"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("reported_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["assignment_id", "starts_on"],
            },
        ),
        migrations.CreateModel(
            name="DirectiveEvent",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DirectiveFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("text", "full text"),
                            ("annex", "annex"),
                            ("other", "other paper"),
                        ],
                        default="text",
                        max_length=8,
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ExtensionRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("wanted_on", models.DateField()),
                ("reason", models.CharField(max_length=1000)),
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "asked"),
                            ("granted", "granted"),
                            ("refused", "refused (extension)"),
                            ("lapsed", "no longer needed"),
                        ],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=1000)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="PeriodClock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ReportFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="StudySession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("held_on", models.DateField()),
                ("people", models.PositiveIntegerField()),
                ("material", models.CharField(max_length=300)),
                ("note", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-held_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="TaskSupport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="assignment",
            name="assignment_once",
        ),
        migrations.RemoveConstraint(
            model_name="assignment",
            name="assignment_state_known",
        ),
        migrations.AddField(
            model_name="assignment",
            name="escalation_level",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="assignment",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="received_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="assignment",
            name="received_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="withdrawn_reason",
            field=models.CharField(blank=True, default="", max_length=500),
        ),
        migrations.AddField(
            model_name="directive",
            name="confidentiality",
            field=models.CharField(
                choices=[
                    ("open", "open (document)"),
                    ("internal", "internal: never shown to the public"),
                ],
                default="open",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="directive",
            name="search_text",
            field=models.TextField(blank=True, db_default=""),
        ),
        migrations.AddField(
            model_name="directive",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "draft (document)"),
                    ("in_force", "in force"),
                    ("withdrawn", "withdrawn (document)"),
                    ("replaced", "replaced (document)"),
                ],
                default="in_force",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="directive",
            name="valid_from",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="directive",
            name="valid_until",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="directive",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="directive",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="directive",
            name="withdrawn_reason",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="progressreport",
            name="difficulties",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="progressreport",
            name="kind",
            field=models.CharField(
                choices=[
                    ("progress", "progress report"),
                    ("completion", "report of completion"),
                    ("period", "report of a period"),
                ],
                default="progress",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="progressreport",
            name="proposals",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="task",
            name="due_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="task",
            name="ends_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="task",
            name="lead_unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="led_tasks",
                to="communes.unit",
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="report_days",
            field=models.PositiveSmallIntegerField(default=5),
        ),
        migrations.AddField(
            model_name="task",
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
            model_name="task",
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
            model_name="task",
            name="starts_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="task",
            name="target",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="task",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="task",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="unitplan",
            name="approved_by",
            field=models.CharField(blank=True, default="", max_length=160),
        ),
        migrations.AddField(
            model_name="unitplan",
            name="attachment",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="unit_plan",
                to="attachments.attachment",
            ),
        ),
        migrations.AddField(
            model_name="unitplan",
            name="origin",
            field=models.CharField(
                choices=[("new", "newly issued"), ("reviewed", "reviewed and amended")],
                default="new",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="assignment",
            name="state",
            field=models.CharField(
                choices=[
                    ("assigned", "assigned"),
                    ("received", "received (task)"),
                    ("in_progress", "in progress"),
                    ("reported_done", "reported as done"),
                    ("returned", "returned (task)"),
                    ("confirmed", "confirmed as done"),
                    ("withdrawn", "withdrawn (task)"),
                ],
                default="assigned",
                max_length=14,
            ),
        ),
        migrations.AlterField(
            model_name="progressreport",
            name="state",
            field=models.CharField(
                choices=[
                    ("assigned", "assigned"),
                    ("received", "received (task)"),
                    ("in_progress", "in progress"),
                    ("reported_done", "reported as done"),
                    ("returned", "returned (task)"),
                    ("confirmed", "confirmed as done"),
                    ("withdrawn", "withdrawn (task)"),
                ],
                max_length=14,
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(
                    ("due_on__isnull", False),
                    models.Q(
                        ("state__in", ["reported_done", "confirmed", "withdrawn"]), _negated=True
                    ),
                ),
                fields=["due_on", "id"],
                name="assignment_late",
            ),
        ),
        migrations.AddIndex(
            model_name="directive",
            index=models.Index(fields=["state", "-issued_on", "slug"], name="directive_register"),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "withdrawn"), _negated=True),
                fields=("task", "unit"),
                name="assignment_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "assigned",
                            "received",
                            "in_progress",
                            "reported_done",
                            "returned",
                            "confirmed",
                            "withdrawn",
                        ],
                    )
                ),
                name="assignment_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("received_at", None), ("received_by", None)),
                    models.Q(("received_at__isnull", False), ("received_by__isnull", False)),
                    _connector="OR",
                ),
                name="assignment_received_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "received"), _negated=True),
                    ("received_at__isnull", False),
                    _connector="OR",
                ),
                name="assignment_received_has_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), ("withdrawn_reason__gt", "")),
                    models.Q(
                        models.Q(("state", "withdrawn"), _negated=True), ("withdrawn_reason", "")
                    ),
                    _connector="OR",
                ),
                name="assignment_withdrawn_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "in_force", "withdrawn", "replaced"])),
                name="directive_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.CheckConstraint(
                condition=models.Q(("confidentiality__in", ["open", "internal"])),
                name="directive_confidentiality_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confidentiality", "internal"), ("is_public", True), _negated=True
                ),
                name="directive_internal_never_public",
            ),
        ),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", "withdrawn"),
                        ("withdrawn_at__isnull", False),
                        ("withdrawn_reason__gt", ""),
                    ),
                    models.Q(
                        models.Q(("state", "withdrawn"), _negated=True),
                        ("withdrawn_at", None),
                        ("withdrawn_reason", ""),
                    ),
                    _connector="OR",
                ),
                name="directive_withdrawn_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until", None),
                    models.Q(("valid_from", None), ("valid_until__gte", models.F("issued_on"))),
                    models.Q(
                        ("valid_from__isnull", False), ("valid_until__gte", models.F("valid_from"))
                    ),
                    _connector="OR",
                ),
                name="directive_valid_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("origin__in", ["new", "reviewed"])),
                name="unit_plan_origin_known",
            ),
        ),
        migrations.AddField(
            model_name="assignmentclock",
            name="assignment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="clocks",
                to="directives.assignment",
            ),
        ),
        migrations.AddField(
            model_name="assignmentclock",
            name="clock",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assignment_clock",
                to="deadlines.clock",
            ),
        ),
        migrations.AddField(
            model_name="assignmentperiod",
            name="assignment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="periods",
                to="directives.assignment",
            ),
        ),
        migrations.AddField(
            model_name="progressreport",
            name="period",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reports",
                to="directives.assignmentperiod",
            ),
        ),
        migrations.AddField(
            model_name="directiveevent",
            name="actor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="directiveevent",
            name="directive",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="directives.directive",
            ),
        ),
        migrations.AddField(
            model_name="directivefile",
            name="attachment",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="directive_file",
                to="attachments.attachment",
            ),
        ),
        migrations.AddField(
            model_name="directivefile",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="directivefile",
            name="directive",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="files",
                to="directives.directive",
            ),
        ),
        migrations.AddField(
            model_name="extensionrequest",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="extensionrequest",
            name="assignment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="extensions",
                to="directives.assignment",
            ),
        ),
        migrations.AddField(
            model_name="extensionrequest",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="periodclock",
            name="clock",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="period_clock",
                to="deadlines.clock",
            ),
        ),
        migrations.AddField(
            model_name="periodclock",
            name="period",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="clocks",
                to="directives.assignmentperiod",
            ),
        ),
        migrations.AddField(
            model_name="reportfile",
            name="attachment",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="report_file",
                to="attachments.attachment",
            ),
        ),
        migrations.AddField(
            model_name="reportfile",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="files",
                to="directives.progressreport",
            ),
        ),
        migrations.AddField(
            model_name="progressreport",
            name="attachments",
            field=models.ManyToManyField(
                through="directives.ReportFile", to="attachments.attachment"
            ),
        ),
        migrations.AddField(
            model_name="studysession",
            name="assignment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="studies",
                to="directives.assignment",
            ),
        ),
        migrations.AddField(
            model_name="studysession",
            name="attachment",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="study_session",
                to="attachments.attachment",
            ),
        ),
        migrations.AddField(
            model_name="studysession",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="tasksupport",
            name="task",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="supports",
                to="directives.task",
            ),
        ),
        migrations.AddField(
            model_name="tasksupport",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="communes.unit"
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="supporting_units",
            field=models.ManyToManyField(
                related_name="supported_tasks", through="directives.TaskSupport", to="communes.unit"
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("rhythm__in", ["once", "monthly", "quarterly", "yearly"])),
                name="task_rhythm_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["typed", "receptions"])),
                name="task_source_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("rhythm", "once"),
                    models.Q(("due_on", None), ("starts_on__isnull", False)),
                    _connector="OR",
                ),
                name="task_rhythm_has_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on", None),
                    ("starts_on", None),
                    ("ends_on__gte", models.F("starts_on")),
                    _connector="OR",
                ),
                name="task_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("report_days__lte", 90)), name="task_report_days_at_most_90"
            ),
        ),
        migrations.AddIndex(
            model_name="assignmentperiod",
            index=models.Index(
                condition=models.Q(("state__in", ["open", "returned"])),
                fields=["due_on", "id"],
                name="assignment_period_owed",
            ),
        ),
        migrations.AddIndex(
            model_name="assignmentperiod",
            index=models.Index(fields=["starts_on", "state"], name="assignment_period_time"),
        ),
        migrations.AddConstraint(
            model_name="assignmentperiod",
            constraint=models.UniqueConstraint(
                fields=("assignment", "starts_on"), name="assignment_period_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="assignmentperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "reported", "accepted", "returned"])),
                name="assignment_period_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignmentperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("due_on__gte", models.F("ends_on")), ("ends_on__gte", models.F("starts_on"))
                ),
                name="assignment_period_dates_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignmentperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "open"), ("reported_at__isnull", False), _connector="OR"
                ),
                name="assignment_period_reported_has_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="directiveevent",
            constraint=models.UniqueConstraint(
                fields=("directive", "sequence"), name="directive_event_chain"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="directiveevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="0f8a65afee8324151548f2d646f300e9e8ba343e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f4440",
                    table="directives_directiveevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="directivefile",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["text", "annex", "other"])),
                name="directive_file_role_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="extensionrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")),
                fields=("assignment",),
                name="extension_request_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="extensionrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["asked", "granted", "refused", "lapsed"])),
                name="extension_request_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="extensionrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at", None), ("answered_by", None), ("state", "asked")),
                    models.Q(
                        models.Q(("state", "asked"), _negated=True), ("answered_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="extension_request_answered_has_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="extensionrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("answer", ""), _negated=True),
                    _connector="OR",
                ),
                name="extension_request_refused_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="studysession",
            constraint=models.CheckConstraint(
                condition=models.Q(("people__gte", 1)), name="study_session_has_people"
            ),
        ),
        migrations.AddConstraint(
            model_name="tasksupport",
            constraint=models.UniqueConstraint(fields=("task", "unit"), name="task_support_once"),
        ),
    ]
