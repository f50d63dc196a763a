"""What letters are compared by; `manage.py index_similar` fills it for older ones."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0002_list_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="LetterSignature",
            fields=[
                (
                    "letter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="signature",
                        serialize=False,
                        to="petitions.letter",
                    ),
                ),
                (
                    "bands",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), size=None
                    ),
                ),
                ("minima", models.BinaryField()),
                (
                    "identity_hashes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "name_hashes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("respondent_hash", models.BigIntegerField(blank=True, null=True)),
                ("address_hash", models.BigIntegerField(blank=True, null=True)),
                (
                    "document_numbers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["bands"], name="signature_bands"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["identity_hashes"], name="signature_people"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["name_hashes"], name="signature_names"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["document_numbers"], name="signature_documents"
                    ),
                    models.Index(
                        models.F("address_hash"),
                        models.OrderBy(models.F("letter"), descending=True),
                        condition=models.Q(("address_hash__isnull", False)),
                        name="signature_address",
                    ),
                    models.Index(
                        models.F("respondent_hash"),
                        models.OrderBy(models.F("letter"), descending=True),
                        condition=models.Q(("respondent_hash__isnull", False)),
                        name="signature_respondent",
                    ),
                ],
            },
        ),
    ]
