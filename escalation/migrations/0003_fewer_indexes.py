"""Indexes that no query reads cost every step of the ladder: dropped."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communes", "0003_working_hours"),
        ("escalation", "0002_ladder"),
    ]

    operations = [
        migrations.AlterField(
            model_name="escalation",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="communes.unit",
            ),
        ),
    ]
