"""Live warnings beside a task are a choice of the task like the registers, no longer found by its
code: a task that is copied into the next document keeps them."""

from django.db import migrations, models

CODES = ("1699-cv-tu-4-petitions", "36-ct-tu-1-complaints")
REGISTERS = [
    ("programmes", "coordination programmes (register)"),
    ("rules", "rules on grassroots democracy (register)"),
    ("opinions", "opinion and situation reports (register)"),
    ("models", "models of “dân vận khéo” (register)"),
    ("indices", "indices (register)"),
]
PETITIONS = "petitions"
NAME = "task_evidence_source_known"


def fill(apps, schema_editor):
    tasks = apps.get_model("directives", "Task").objects
    tasks.filter(code__in=CODES, evidence_source="").update(evidence_source=PETITIONS)


def clear(apps, schema_editor):
    """The form before has no word for it."""
    tasks = apps.get_model("directives", "Task").objects
    tasks.filter(evidence_source=PETITIONS).update(evidence_source="")


class Migration(migrations.Migration):
    dependencies = [
        ("directives", "0013_numbers_of_periods"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="task", name=NAME),
        migrations.AlterField(
            model_name="task",
            name="evidence_source",
            field=models.CharField(
                blank=True,
                choices=[*REGISTERS, (PETITIONS, "early warnings and continuity (live)")],
                default="",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("evidence_source__in", ["", *(name for name, _label in REGISTERS), PETITIONS])
                ),
                name=NAME,
            ),
        ),
        migrations.RunPython(fill, clear),
    ]
