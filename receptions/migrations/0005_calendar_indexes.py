"""Indexes of the public calendar, its feeds and what they say has moved."""

import django.db.models.fields.json
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Built beside running work: nobody who registers waits for an index.
    atomic = False

    dependencies = [("receptions", "0004_planning")]

    operations = [
        AddIndexConcurrently(
            model_name="receptionsession",
            index=models.Index(
                condition=models.Q(("published_at__isnull", False)),
                fields=["starts_at", "id"],
                name="session_announced",
            ),
        ),
        AddIndexConcurrently(
            model_name="sessionevent",
            index=models.Index(
                django.db.models.fields.json.KeyTextTransform("from", "data"),
                condition=models.Q(("action", "receptions.session.postponed")),
                name="session_event_moved",
            ),
        ),
        AddIndexConcurrently(
            model_name="sessionevent",
            index=models.Index(
                condition=models.Q(("action__startswith", "receptions.session.")),
                fields=["-at"],
                name="session_event_latest",
            ),
        ),
    ]
