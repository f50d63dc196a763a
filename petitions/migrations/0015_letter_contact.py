"""The letters of a typed e-mail address; built beside the running portal."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("petitions", "0014_lost_receipts"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="letter",
            index=models.Index(
                fields=["contact_index"],
                condition=Q(contact_index__isnull=False),
                name="letter_contact",
            ),
        ),
    ]
