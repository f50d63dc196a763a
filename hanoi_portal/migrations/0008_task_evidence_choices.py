"""The versions of tasks know the choice that ``directives/0014`` adds; nothing changes in the
database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("hanoi_portal", "0007_task_evidence_source"),
    ]

    operations = [
        migrations.AlterField(
            model_name="taskchange",
            name="evidence_source",
            field=models.CharField(
                blank=True,
                choices=[
                    ("programmes", "coordination programmes (register)"),
                    ("rules", "rules on grassroots democracy (register)"),
                    ("opinions", "opinion and situation reports (register)"),
                    ("models", "models of “dân vận khéo” (register)"),
                    ("indices", "indices (register)"),
                    ("petitions", "early warnings and continuity (live)"),
                ],
                default="",
                max_length=12,
            ),
        ),
    ]
