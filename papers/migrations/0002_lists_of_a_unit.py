"""The lists of a unit's papers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("papers", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="paper",
            index=models.Index(
                condition=models.Q(("number__isnull", False)),
                fields=["unit", "-issued_at", "-id"],
                name="paper_issued_of_unit",
            ),
        ),
        migrations.AddIndex(
            model_name="paper",
            index=models.Index(
                condition=models.Q(("state", "draft")),
                fields=["drafted_by", "-id"],
                name="paper_drafts_of",
            ),
        ),
        migrations.AddIndex(
            model_name="paper",
            index=models.Index(
                condition=models.Q(("state", "submitted")), fields=["id"], name="paper_waiting"
            ),
        ),
    ]
