from django.db import migrations, models
from django.db.models import F, Q


def ended_delete(apps, schema_editor):
    """A step of a month stands once in the older table: the open row, else none."""
    apps.get_model("receptions", "QuotaWarning").objects.exclude(ended_at=None).delete()


class Migration(migrations.Migration):
    dependencies = [("receptions", "0015_task_files")]

    operations = [
        migrations.RemoveConstraint(model_name="quotawarning", name="quota_warning_once"),
        migrations.AddField(
            model_name="quotawarning",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(migrations.RunPython.noop, ended_delete),
        migrations.AddConstraint(
            model_name="quotawarning",
            constraint=models.UniqueConstraint(
                condition=Q(ended_at__isnull=True),
                fields=("month", "unit", "duty_holder", "step"),
                name="quota_warning_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotawarning",
            constraint=models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("told_at")),
                name="quota_warning_ended_after",
            ),
        ),
    ]
