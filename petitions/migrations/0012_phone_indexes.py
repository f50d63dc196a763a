"""The search by telephone number, and what is still to be computed for it."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Built beside running work: no filing waits for an index.
    atomic = False

    dependencies = [
        ("petitions", "0011_vault"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="lettersignature",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["phone_hashes"], name="signature_phones"
            ),
        ),
        AddIndexConcurrently(
            model_name="lettersignature",
            index=models.Index(
                condition=models.Q(("phone_hashes__isnull", True)),
                fields=["letter"],
                name="signature_unfinished",
            ),
        ),
    ]
