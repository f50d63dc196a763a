from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communes", "0003_working_hours"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="unit",
            name="unit_kind_known",
        ),
        migrations.AlterField(
            model_name="unit",
            name="kind",
            field=models.CharField(
                choices=[
                    ("city", "city"),
                    ("city_body", "city body"),
                    ("department", "department"),
                    ("service_unit", "public service unit"),
                    ("ward", "ward"),
                    ("commune", "commune"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["city", "city_body", "department", "service_unit", "ward", "commune"],
                    )
                ),
                name="unit_kind_known",
            ),
        ),
    ]
