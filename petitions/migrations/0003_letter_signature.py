"""Signatures by which letters find each other; `manage.py index_similar` writes those of older ones."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0002_workflow_whole"),
    ]

    operations = [
        migrations.CreateModel(
            name="LetterSignature",
            fields=[
                (
                    "letter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="signature",
                        serialize=False,
                        to="petitions.letter",
                    ),
                ),
                ("bins", models.BinaryField()),
                (
                    "bands",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), size=None
                    ),
                ),
                (
                    "signals",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["bands"], name="signature_bands"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["signals"], name="signature_signals"
                    ),
                ],
            },
        ),
    ]
