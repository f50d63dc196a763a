"""By what a petitioner's letters are found when the receipt is lost; no row is rewritten.

``manage.py index_contacts`` fills the column for letters that gave an address before.
"""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0013_redacted_copies"),
    ]

    operations = [
        migrations.CreateModel(
            name="Recovery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_hmac", models.BinaryField(max_length=32, unique=True)),
                (
                    "contact_indexes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BinaryField(max_length=32), size=None
                    ),
                ),
                ("code_hmac", models.BinaryField(max_length=32)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("asked_at", models.DateTimeField(db_index=True)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="letter",
            name="contact_index",
            field=models.BinaryField(blank=True, max_length=32, null=True),
        ),
    ]
