from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communes", "0004_service_units"),
        ("receptions", "0009_conclusions_whole"),
    ]

    operations = [
        migrations.AddField(
            model_name="conclusiontask",
            name="paper_number",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="conclusiontask",
            name="paper_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="conclusiontask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("paper_number", ""), ("paper_on", None)),
                    models.Q(
                        models.Q(("paper_number", ""), _negated=True), ("paper_on__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="conclusion_task_paper_is_whole",
            ),
        ),
    ]
