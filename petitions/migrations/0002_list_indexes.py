"""Indexes of the lists of cases, each in the order of its list."""

import django.contrib.postgres.indexes
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Built beside running work: no list and no filing waits for an index.
    atomic = False

    dependencies = [
        ("attachments", "0001_initial"),
        ("communes", "0003_working_hours"),
        ("petitions", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                models.F("status"),
                models.OrderBy(models.F("submitted_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="case_status_new",
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(("due_on__isnull", False)),
                fields=["status", "due_on", "id"],
                name="case_status_due",
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                models.F("unit"),
                models.F("status"),
                models.OrderBy(models.F("submitted_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="case_unit_status_new",
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(("due_on__isnull", False)),
                fields=["unit", "status", "due_on", "id"],
                name="case_unit_status_due",
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                models.F("field"),
                models.OrderBy(models.F("submitted_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="case_field_new",
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(("due_on__isnull", False)),
                fields=["field", "due_on", "id"],
                name="case_field_due",
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                models.F("assignee"),
                models.OrderBy(models.F("submitted_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="case_assignee_new",
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(("due_on__isnull", False)),
                fields=["assignee", "due_on", "id"],
                name="case_assignee_due",
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                models.OrderBy(models.F("submitted_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("closed_at", None)),
                name="case_open_new",
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                models.F("unit"),
                models.OrderBy(models.F("submitted_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("closed_at", None)),
                name="case_unit_open_new",
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                models.OrderBy(models.F("submitted_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("escalation_level__gt", 0)),
                name="case_escalated_new",
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(("escalation_level__gt", 0)),
                fields=["due_on", "id"],
                name="case_escalated_due",
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                models.F("unit"),
                models.OrderBy(models.F("submitted_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("flags", []), _negated=True),
                name="case_unit_marked_new",
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                models.OrderBy(models.F("submitted_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("flags", []), _negated=True),
                name="case_marked_new",
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=django.contrib.postgres.indexes.GinIndex(fields=["flags"], name="case_flags"),
        ),
        AddIndexConcurrently(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("register_number__isnull", False)),
                fields=["register_number", "register_year"],
                name="letter_register_number",
            ),
        ),
    ]
