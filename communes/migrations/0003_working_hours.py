"""Working hours in a form that limits in hours can be counted with; ``opening_hours`` was text that
nothing wrote or read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communes", "0002_unit_duty"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="unit",
            name="opening_hours",
        ),
        migrations.AddField(
            model_name="unit",
            name="working_hours",
            field=models.CharField(default="08:00-12:00,13:00-17:00", max_length=60),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "working_hours__regex",
                        "^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}(,[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2})*$",
                    )
                ),
                name="unit_working_hours_form",
            ),
        ),
    ]
