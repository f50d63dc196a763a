"""The register shown beside a task is a choice of the task, no longer found by its code."""

from django.db import migrations, models

# As it was shown before, and the two groups that had a register but showed nothing.
BY_CODE = {
    "1699-cv-tu-2-models": "models",
    "1699-cv-tu-3-service": "indices",
    "1699-cv-tu-4-regulations": "programmes",
    "1699-cv-tu-4-opinion": "opinions",
    "1699-cv-tu-5-democracy": "rules",
}


def sources_fill(apps, schema_editor):
    for code, source in BY_CODE.items():
        apps.get_model("directives", "Task").objects.filter(code=code).update(
            evidence_source=source
        )


class Migration(migrations.Migration):
    dependencies = [
        ("directives", "0007_counted_figures"),
    ]

    operations = [
        migrations.AddField(
            model_name="task",
            name="evidence_source",
            field=models.CharField(
                blank=True,
                choices=[
                    ("programmes", "coordination programmes (register)"),
                    ("rules", "rules on grassroots democracy (register)"),
                    ("opinions", "opinion and situation reports (register)"),
                    ("models", "models of “dân vận khéo” (register)"),
                    ("indices", "indices (register)"),
                ],
                default="",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "evidence_source__in",
                        ["", "programmes", "rules", "opinions", "models", "indices"],
                    )
                ),
                name="task_evidence_source_known",
            ),
        ),
        migrations.RunPython(sources_fill, migrations.RunPython.noop),
    ]
