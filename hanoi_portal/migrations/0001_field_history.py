"""Versions of the rows that decide over others, kept by triggers on their tables."""

import datetime
import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_absence"),
        ("communes", "0003_working_hours"),
        ("deadlines", "0003_ladder"),
        ("directives", "0001_initial"),
        ("escalation", "0003_fewer_indexes"),
        ("receptions", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarDayChange",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("date", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("holiday", "public holiday"),
                            ("compensatory_off", "day off in lieu"),
                            ("swapped_off", "swapped day off"),
                            ("swapped_working", "make-up working day"),
                        ],
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("basis", models.CharField(max_length=200)),
                ("status", models.CharField(max_length=12)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TrackedUnit",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("communes.unit",),
        ),
        migrations.CreateModel(
            name="TrackedTask",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("directives.task",),
        ),
        migrations.CreateModel(
            name="TrackedSession",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("receptions.receptionsession",),
        ),
        migrations.CreateModel(
            name="TrackedMembership",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("accounts.membership",),
        ),
        migrations.CreateModel(
            name="TrackedLadderSwitch",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("escalation.ladderswitch",),
        ),
        migrations.CreateModel(
            name="TrackedLadder",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("escalation.ladder",),
        ),
        migrations.CreateModel(
            name="TrackedCalendarDay",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("deadlines.calendarday",),
        ),
        migrations.CreateModel(
            name="LadderChange",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("code", models.CharField(max_length=30)),
                ("name", models.CharField(max_length=120)),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("first_answer", "first answer: acceptance, notice, sending on"),
                            ("resolution", "result"),
                            ("duty", "duties after the result"),
                            ("internal", "internal targets"),
                        ],
                        max_length=14,
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=16)),
                ("field_code", models.CharField(blank=True, max_length=40)),
                ("steps", models.JSONField(default=list)),
                ("reason", models.CharField(max_length=300)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LadderSwitchChange",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("ladder", models.CharField(blank=True, max_length=30)),
                ("reason", models.CharField(max_length=300)),
                ("from_at", models.DateTimeField()),
                ("until_at", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="communes.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MembershipChange",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("clerk", "clerk"),
                            ("handler", "handling officer"),
                            ("head", "chair of the People's Committee"),
                            ("secretary", "Party secretary"),
                            ("front", "commune Fatherland Front"),
                            ("board_officer", "reception board officer"),
                            ("board_head", "head of the reception board"),
                            ("city_chair", "chair of the City People's Committee"),
                            ("city_secretary", "secretary of the City Party Committee"),
                            ("party_office", "Office of the City Party Committee"),
                            ("internal_affairs", "City Internal Affairs Commission"),
                            ("propaganda", "City Commission for Propaganda and Mass Mobilisation"),
                            ("city_front", "City Fatherland Front"),
                            ("inspector", "inspector"),
                            ("admin", "system administrator"),
                        ],
                        max_length=20,
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=120)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="communes.unit",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SessionChange",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                (
                    "duty_holder",
                    models.CharField(
                        choices=[
                            ("party_secretary", "Party secretary"),
                            ("people_committee_chair", "chair of the People's Committee"),
                            ("head_of_agency", "head of the agency"),
                            ("head_of_public_service_unit", "head of the public service unit"),
                        ],
                        max_length=30,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("place", models.CharField(max_length=200)),
                ("capacity", models.PositiveSmallIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("published", "published"),
                            ("held", "held"),
                            ("cancelled", "cancelled"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                (
                    "leader",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="communes.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TaskChange",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("code", models.SlugField(db_index=False, max_length=80)),
                ("position", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=240)),
                ("expected_result", models.TextField()),
                ("evidence", models.TextField()),
                (
                    "indicator",
                    models.CharField(
                        choices=[
                            ("count", "a number"),
                            ("percentage", "a percentage"),
                            ("yes_no", "yes or no"),
                            ("date", "a date"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "addressee",
                    models.CharField(
                        choices=[
                            ("party_committee", "Party committee"),
                            ("authority", "authority"),
                            ("front", "Fatherland Front"),
                        ],
                        max_length=16,
                    ),
                ),
                ("is_plan", models.BooleanField(default=False)),
                (
                    "group",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="directives.taskgroup",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="UnitChange",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("code", models.CharField(max_length=12)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("city", "city"),
                            ("city_body", "city body"),
                            ("department", "department"),
                            ("ward", "ward"),
                            ("commune", "commune"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("full_name", models.CharField(max_length=160)),
                ("name_en", models.CharField(blank=True, max_length=160)),
                ("slug", models.SlugField(db_index=False, max_length=80)),
                ("line", models.CharField(blank=True, max_length=20)),
                ("duty", models.CharField(blank=True, max_length=240)),
                ("former_district", models.CharField(blank=True, max_length=80)),
                ("formed_from", models.TextField(blank=True)),
                (
                    "latitude",
                    models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True),
                ),
                (
                    "longitude",
                    models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True),
                ),
                (
                    "area_km2",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True),
                ),
                ("population", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "neighbours",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("grid_col", models.SmallIntegerField(blank=True, null=True)),
                ("grid_row", models.SmallIntegerField(blank=True, null=True)),
                ("is_remote", models.BooleanField(default=False)),
                ("address", models.CharField(blank=True, max_length=200)),
                (
                    "working_hours",
                    models.CharField(default="08:00-12:00,13:00-17:00", max_length=60),
                ),
                ("search_text", models.TextField(db_default="")),
                ("basis", models.CharField(blank=True, max_length=200)),
                ("valid_from", models.DateField(default=datetime.date(2025, 7, 1))),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="communes.unit",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="hanoi_portal.trackedunit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trackedunit",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "hanoi_portal_unitchange" ("address", "area_km2", "basis", "code", "duty", "formed_from", "former_district", "full_name", "grid_col", "grid_row", "id", "is_remote", "kind", "latitude", "line", "longitude", "name", "name_en", "neighbours", "parent_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "search_text", "slug", "valid_from", "valid_to", "working_hours") VALUES (NEW."address", NEW."area_km2", NEW."basis", NEW."code", NEW."duty", NEW."formed_from", NEW."former_district", NEW."full_name", NEW."grid_col", NEW."grid_row", NEW."id", NEW."is_remote", NEW."kind", NEW."latitude", NEW."line", NEW."longitude", NEW."name", NEW."name_en", NEW."neighbours", NEW."parent_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."population", NEW."search_text", NEW."slug", NEW."valid_from", NEW."valid_to", NEW."working_hours"); RETURN NULL;',
                    hash="796055e6d133d96550ff37a6836ba58acd26a108",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_67067",
                    table="communes_unit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trackedunit",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "hanoi_portal_unitchange" ("address", "area_km2", "basis", "code", "duty", "formed_from", "former_district", "full_name", "grid_col", "grid_row", "id", "is_remote", "kind", "latitude", "line", "longitude", "name", "name_en", "neighbours", "parent_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "search_text", "slug", "valid_from", "valid_to", "working_hours") VALUES (NEW."address", NEW."area_km2", NEW."basis", NEW."code", NEW."duty", NEW."formed_from", NEW."former_district", NEW."full_name", NEW."grid_col", NEW."grid_row", NEW."id", NEW."is_remote", NEW."kind", NEW."latitude", NEW."line", NEW."longitude", NEW."name", NEW."name_en", NEW."neighbours", NEW."parent_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."population", NEW."search_text", NEW."slug", NEW."valid_from", NEW."valid_to", NEW."working_hours"); RETURN NULL;',
                    hash="3734223bccf3b3d23f62b32c50b8508b443fd53d",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_351ba",
                    table="communes_unit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trackedunit",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "hanoi_portal_unitchange" ("address", "area_km2", "basis", "code", "duty", "formed_from", "former_district", "full_name", "grid_col", "grid_row", "id", "is_remote", "kind", "latitude", "line", "longitude", "name", "name_en", "neighbours", "parent_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "search_text", "slug", "valid_from", "valid_to", "working_hours") VALUES (OLD."address", OLD."area_km2", OLD."basis", OLD."code", OLD."duty", OLD."formed_from", OLD."former_district", OLD."full_name", OLD."grid_col", OLD."grid_row", OLD."id", OLD."is_remote", OLD."kind", OLD."latitude", OLD."line", OLD."longitude", OLD."name", OLD."name_en", OLD."neighbours", OLD."parent_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."population", OLD."search_text", OLD."slug", OLD."valid_from", OLD."valid_to", OLD."working_hours"); RETURN NULL;',
                    hash="149ef8d320b767f35edfe0797ae790b988c3e265",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_af338",
                    table="communes_unit",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="taskchange",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="hanoi_portal.trackedtask",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trackedtask",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "hanoi_portal_taskchange" ("addressee", "code", "evidence", "expected_result", "group_id", "id", "indicator", "is_plan", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "title") VALUES (NEW."addressee", NEW."code", NEW."evidence", NEW."expected_result", NEW."group_id", NEW."id", NEW."indicator", NEW."is_plan", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."position", NEW."title"); RETURN NULL;',
                    hash="80fe0286949ab27abcdfdbd2e7dbc15261c6b3e3",
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
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "hanoi_portal_taskchange" ("addressee", "code", "evidence", "expected_result", "group_id", "id", "indicator", "is_plan", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "title") VALUES (NEW."addressee", NEW."code", NEW."evidence", NEW."expected_result", NEW."group_id", NEW."id", NEW."indicator", NEW."is_plan", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."position", NEW."title"); RETURN NULL;',
                    hash="b96b03c838557ba466dadae3333cfee836bf208a",
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
                    func='INSERT INTO "hanoi_portal_taskchange" ("addressee", "code", "evidence", "expected_result", "group_id", "id", "indicator", "is_plan", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "title") VALUES (OLD."addressee", OLD."code", OLD."evidence", OLD."expected_result", OLD."group_id", OLD."id", OLD."indicator", OLD."is_plan", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."position", OLD."title"); RETURN NULL;',
                    hash="cea7e81073e6d2b0dc649806746c1d8809eda559",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_4b221",
                    table="directives_task",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="sessionchange",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="hanoi_portal.trackedsession",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trackedsession",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "hanoi_portal_sessionchange" ("capacity", "duty_holder", "ends_at", "leader_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "starts_at", "status", "unit_id") VALUES (NEW."capacity", NEW."duty_holder", NEW."ends_at", NEW."leader_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place", NEW."starts_at", NEW."status", NEW."unit_id"); RETURN NULL;',
                    hash="afc758289a8f9be81975ba488357efc0a1cd53d5",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5f59c",
                    table="receptions_receptionsession",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trackedsession",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."capacity" IS DISTINCT FROM (NEW."capacity") OR OLD."duty_holder" IS DISTINCT FROM (NEW."duty_holder") OR OLD."ends_at" IS DISTINCT FROM (NEW."ends_at") OR OLD."leader_id" IS DISTINCT FROM (NEW."leader_id") OR OLD."place" IS DISTINCT FROM (NEW."place") OR OLD."starts_at" IS DISTINCT FROM (NEW."starts_at") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id"))',
                    func='INSERT INTO "hanoi_portal_sessionchange" ("capacity", "duty_holder", "ends_at", "leader_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "starts_at", "status", "unit_id") VALUES (NEW."capacity", NEW."duty_holder", NEW."ends_at", NEW."leader_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place", NEW."starts_at", NEW."status", NEW."unit_id"); RETURN NULL;',
                    hash="a49bb6a8e252d7ce213a6316db19aff045a303d3",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_5b87f",
                    table="receptions_receptionsession",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trackedsession",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "hanoi_portal_sessionchange" ("capacity", "duty_holder", "ends_at", "leader_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "starts_at", "status", "unit_id") VALUES (OLD."capacity", OLD."duty_holder", OLD."ends_at", OLD."leader_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place", OLD."starts_at", OLD."status", OLD."unit_id"); RETURN NULL;',
                    hash="1943c6081ec673bae34270ef3106d31771ebf952",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_83f23",
                    table="receptions_receptionsession",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="membershipchange",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="hanoi_portal.trackedmembership",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trackedmembership",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "hanoi_portal_membershipchange" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "title", "unit_id", "user_id", "valid_from", "valid_to") VALUES (NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."role", NEW."title", NEW."unit_id", NEW."user_id", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="198cd69e178f5583b9836a338c64a06d4745a26f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d4664",
                    table="accounts_membership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trackedmembership",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "hanoi_portal_membershipchange" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "title", "unit_id", "user_id", "valid_from", "valid_to") VALUES (NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."role", NEW."title", NEW."unit_id", NEW."user_id", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="ab624fc4d16657ead15b8cd61c38d7f81e6191ad",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_55669",
                    table="accounts_membership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trackedmembership",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "hanoi_portal_membershipchange" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "title", "unit_id", "user_id", "valid_from", "valid_to") VALUES (OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."role", OLD."title", OLD."unit_id", OLD."user_id", OLD."valid_from", OLD."valid_to"); RETURN NULL;',
                    hash="4f16d578b232e6027a012ff193c3a09c6f0bcc4f",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ec01d",
                    table="accounts_membership",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="ladderswitchchange",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="hanoi_portal.trackedladderswitch",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trackedladderswitch",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "hanoi_portal_ladderswitchchange" ("ended_by_id", "from_at", "id", "ladder", "made_at", "made_by_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "reason", "unit_id", "until_at") VALUES (NEW."ended_by_id", NEW."from_at", NEW."id", NEW."ladder", NEW."made_at", NEW."made_by_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id", NEW."reason", NEW."unit_id", NEW."until_at"); RETURN NULL;',
                    hash="733a65add74f211faa117279a299b75a06223910",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b09f7",
                    table="escalation_ladderswitch",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trackedladderswitch",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "hanoi_portal_ladderswitchchange" ("ended_by_id", "from_at", "id", "ladder", "made_at", "made_by_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "reason", "unit_id", "until_at") VALUES (NEW."ended_by_id", NEW."from_at", NEW."id", NEW."ladder", NEW."made_at", NEW."made_by_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."reason", NEW."unit_id", NEW."until_at"); RETURN NULL;',
                    hash="ece6d104fda575cd6db200888d17d00e7396b142",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_40d89",
                    table="escalation_ladderswitch",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trackedladderswitch",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "hanoi_portal_ladderswitchchange" ("ended_by_id", "from_at", "id", "ladder", "made_at", "made_by_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "reason", "unit_id", "until_at") VALUES (OLD."ended_by_id", OLD."from_at", OLD."id", OLD."ladder", OLD."made_at", OLD."made_by_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."reason", OLD."unit_id", OLD."until_at"); RETURN NULL;',
                    hash="c64f05cf949c8b839553b0691afbeed18c973e6e",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_86f1e",
                    table="escalation_ladderswitch",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="ladderchange",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="hanoi_portal.trackedladder",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trackedladder",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "hanoi_portal_ladderchange" ("code", "confirmed_at", "confirmed_by_id", "field_code", "group", "id", "kind", "made_at", "made_by_id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "reason", "steps", "valid_from", "valid_to") VALUES (NEW."code", NEW."confirmed_at", NEW."confirmed_by_id", NEW."field_code", NEW."group", NEW."id", NEW."kind", NEW."made_at", NEW."made_by_id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id", NEW."reason", NEW."steps", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="5b357e403892d917348a05e096e2b50a9b6a32db",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_764f1",
                    table="escalation_ladder",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trackedladder",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."confirmed_at" IS DISTINCT FROM (NEW."confirmed_at") OR OLD."confirmed_by_id" IS DISTINCT FROM (NEW."confirmed_by_id") OR OLD."field_code" IS DISTINCT FROM (NEW."field_code") OR OLD."group" IS DISTINCT FROM (NEW."group") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."made_at" IS DISTINCT FROM (NEW."made_at") OR OLD."made_by_id" IS DISTINCT FROM (NEW."made_by_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."steps" IS DISTINCT FROM (NEW."steps") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_to" IS DISTINCT FROM (NEW."valid_to"))',
                    func='INSERT INTO "hanoi_portal_ladderchange" ("code", "confirmed_at", "confirmed_by_id", "field_code", "group", "id", "kind", "made_at", "made_by_id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "reason", "steps", "valid_from", "valid_to") VALUES (NEW."code", NEW."confirmed_at", NEW."confirmed_by_id", NEW."field_code", NEW."group", NEW."id", NEW."kind", NEW."made_at", NEW."made_by_id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."reason", NEW."steps", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="143fea4f58528fcdd3972d9842be2e4293119e8a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c5b6b",
                    table="escalation_ladder",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trackedladder",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "hanoi_portal_ladderchange" ("code", "confirmed_at", "confirmed_by_id", "field_code", "group", "id", "kind", "made_at", "made_by_id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "reason", "steps", "valid_from", "valid_to") VALUES (OLD."code", OLD."confirmed_at", OLD."confirmed_by_id", OLD."field_code", OLD."group", OLD."id", OLD."kind", OLD."made_at", OLD."made_by_id", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."public_id", OLD."reason", OLD."steps", OLD."valid_from", OLD."valid_to"); RETURN NULL;',
                    hash="1cacf8c9721186c0c4c83b8b642b799041d93927",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_6b1c8",
                    table="escalation_ladder",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="calendardaychange",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="hanoi_portal.trackedcalendarday",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trackedcalendarday",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "hanoi_portal_calendardaychange" ("basis", "date", "id", "kind", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status") VALUES (NEW."basis", NEW."date", NEW."id", NEW."kind", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."status"); RETURN NULL;',
                    hash="995a88ac7acc4fac9f4d62344876240e166dc855",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2c21c",
                    table="deadlines_calendarday",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trackedcalendarday",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "hanoi_portal_calendardaychange" ("basis", "date", "id", "kind", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status") VALUES (NEW."basis", NEW."date", NEW."id", NEW."kind", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."status"); RETURN NULL;',
                    hash="db1b5a6a6d04e740e81c498966cbbdfd32e686dc",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_50059",
                    table="deadlines_calendarday",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trackedcalendarday",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "hanoi_portal_calendardaychange" ("basis", "date", "id", "kind", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status") VALUES (OLD."basis", OLD."date", OLD."id", OLD."kind", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."status"); RETURN NULL;',
                    hash="92918f56aa71c0dff3a610802b347a51a9c9c48d",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_27816",
                    table="deadlines_calendarday",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unitchange",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="fa89d683b7ec83dbf5b639b4946ef872817eb941",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_7f847",
                    table="hanoi_portal_unitchange",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="taskchange",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="57f485959a9aea804a869696d522e9831ae9602f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f0173",
                    table="hanoi_portal_taskchange",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sessionchange",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="4ff37beeb867f9f7a86355eb726a1bfa8fac9d0b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_78743",
                    table="hanoi_portal_sessionchange",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membershipchange",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="503749ebf3a7edd190f6a9df7c27825d3d4987d6",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f889d",
                    table="hanoi_portal_membershipchange",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ladderswitchchange",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="143a2da56fd462c289c1f65e0c59a4dbfcbc7b04",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_bd6a3",
                    table="hanoi_portal_ladderswitchchange",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ladderchange",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="a99bb24227609b0c80a9e2fe40d75c87d0fbcefe",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_e3e75",
                    table="hanoi_portal_ladderchange",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="calendardaychange",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7c2d7fc6c6a65750a10cf1bd98b58d5ed00845b0",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_2f438",
                    table="hanoi_portal_calendardaychange",
                    when="BEFORE",
                ),
            ),
        ),
    ]
