"""What the ladder keeps with a clock: rounds, a hold, who else is told. No row is rewritten."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communes", "0003_working_hours"),
        ("deadlines", "0002_running_law"),
    ]

    operations = [
        migrations.AddField(
            model_name="clock",
            name="forwarder_unit",
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
            model_name="clock",
            name="held_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="clock",
            name="step_round",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="clock",
            name="tells_secretary",
            field=models.BooleanField(default=False),
        ),
    ]
