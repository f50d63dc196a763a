"""The City's own ladders, switches and stops; answers with a step, escalations raised by hand."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communes", "0003_working_hours"),
        ("deadlines", "0003_ladder"),
        ("escalation", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Ladder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.CharField(max_length=30, unique=True)),
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
                ("tried", models.JSONField(blank=True, null=True)),
                ("tried_at", models.DateTimeField(blank=True, null=True)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-valid_from", "-id"],
            },
        ),
        migrations.CreateModel(
            name="LadderSwitch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("ladder", models.CharField(blank=True, max_length=30)),
                ("reason", models.CharField(max_length=300)),
                ("from_at", models.DateTimeField()),
                ("until_at", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-until_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="SweepStop",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("due", models.PositiveIntegerField()),
                ("cap", models.PositiveIntegerField()),
                ("opened_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("released_until", models.DateTimeField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["-opened_at", "-id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="escalation",
            name="escalation_once",
        ),
        migrations.AddField(
            model_name="escalation",
            name="answer_step",
            field=models.CharField(
                blank=True,
                choices=[
                    ("answer", "answer why and by when"),
                    ("take_over", "take it over"),
                    ("reassign", "give it to another officer"),
                    ("extend", "extend as the law allows"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="escalation",
            name="answer_until",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="escalation",
            name="raised_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="escalation",
            name="reason",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="escalation",
            name="round",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="sweeprun",
            name="examples",
            field=models.JSONField(default=dict),
        ),
        migrations.AlterField(
            model_name="escalation",
            name="kind",
            field=models.CharField(
                choices=[("reminder", "reminder"), ("escalation", "escalation")], max_length=12
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.UniqueConstraint(
                fields=("clock", "round", "step"), name="escalation_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("raised_by", None), ("reason", ""), ("step__lt", 1000)),
                    models.Q(
                        ("raised_by__isnull", False),
                        ("step__gte", 1000),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="escalation_manual_has_reason",
                violation_error_message="A manual escalation says by whom and why.",
            ),
        ),
        # What was answered before there were steps to choose from said why and by when.
        migrations.RunSQL(
            "UPDATE escalation_escalation SET answer_step = 'answer' WHERE state = 'acknowledged'",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", "acknowledged"), models.Q(("answer_step", ""), _negated=True)
                    ),
                    models.Q(
                        models.Q(("state", "acknowledged"), _negated=True),
                        ("answer_step", ""),
                        ("answer_until", None),
                    ),
                    _connector="OR",
                ),
                name="escalation_acknowledged_with_step",
                violation_error_message="An escalation is confirmed with a step.",
            ),
        ),
        migrations.AddField(
            model_name="ladder",
            name="confirmed_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="ladder",
            name="made_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="ladderswitch",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="ladderswitch",
            name="made_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="ladderswitch",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="communes.unit",
            ),
        ),
        migrations.AddField(
            model_name="sweepstop",
            name="confirmed_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="sweepstop",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="communes.unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="ladder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("group__in", ["first_answer", "resolution", "duty", "internal"])
                ),
                name="ladder_group_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ladder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="ladder_valid_range",
                violation_error_message="A ladder ends on or after the day it begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ladder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at", None), ("confirmed_by", None)),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("confirmed_by__isnull", False),
                        ("tried__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="ladder_tried_before_confirmed",
                violation_error_message="A ladder is tried before it is confirmed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ladderswitch",
            constraint=models.CheckConstraint(
                condition=models.Q(("until_at__gte", models.F("from_at"))),
                name="switch_range",
                violation_error_message="The end lies after the beginning.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ladderswitch",
            constraint=models.CheckConstraint(
                condition=models.Q(("ladder", ""), ("unit", None), _negated=True),
                name="switch_names_something",
                violation_error_message="Choose a unit, a ladder or both.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ladderswitch",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="switch_has_reason",
                violation_error_message="Say why.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sweepstop",
            constraint=models.UniqueConstraint(
                condition=models.Q(("confirmed_at", None)),
                fields=("unit",),
                name="stop_one_open",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="sweepstop",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("confirmed_at", None), ("confirmed_by", None), ("released_until", None)
                    ),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("confirmed_by__isnull", False),
                        ("released_until__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="stop_confirmed_whole",
            ),
        ),
    ]
