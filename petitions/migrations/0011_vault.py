"""Boxes for the vault, openings that only grow, telephone numbers among what is compared.

No box is touched: `manage.py rotate_identity_keys` moves those of denouncers to the vault.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communes", "0003_working_hours"),
        ("petitions", "0010_letter_language"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="VaultUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("message", models.BigIntegerField(blank=True, null=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="identityopening",
            name="ground",
            field=models.CharField(
                choices=[
                    (
                        "verify",
                        "to verify the denouncer's identity with the denouncer (Article 24)",
                    ),
                    ("post", "to send a notice or decision by post"),
                    ("invite", "to invite the denouncer to work or to a dialogue"),
                    ("protect", "to protect the denouncer or relatives (Articles 47 to 58)"),
                    ("request", "written request of a court, inspection or investigating body"),
                    ("jurisdiction", "to check a duplicate or the competent body"),
                    ("other", "another ground, given in the text"),
                    ("counter_search", "found by a search for phone or identity number"),
                    ("earlier", "recorded before grounds were listed"),
                ],
                default="earlier",
                max_length=20,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="identityopening",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="communes.unit",
            ),
        ),
        migrations.AddField(
            model_name="lettersignature",
            name="phone_hashes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), blank=True, null=True, size=None
            ),
        ),
        migrations.AddField(
            model_name="sealedidentity",
            name="made_for",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="petitions.party",
            ),
        ),
        migrations.AddField(
            model_name="sealedidentity",
            name="tells",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), blank=True, default=list, size=None
            ),
        ),
        # Few rows: people opened them one by one.
        migrations.RunSQL(
            """
            UPDATE petitions_identityopening AS opening SET unit_id = held.unit_id
            FROM petitions_sealedidentity AS identity
            JOIN petitions_party AS party ON party.id = identity.party_id
            JOIN petitions_letter AS letter ON letter.id = party.letter_id
            JOIN petitions_case AS held ON held.id = letter.case_id
            WHERE identity.id = opening.identity_id;
            SET CONSTRAINTS ALL IMMEDIATE;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name="identityopening",
            index=models.Index(fields=["unit", "-at", "-id"], name="opening_unit_newest"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="identityopening",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e11882298ca0c6dce3f6cbe06fce84ae5706ef4b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_9e88d",
                    table="petitions_identityopening",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="identityopening",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "ground__in",
                        [
                            "verify",
                            "post",
                            "invite",
                            "protect",
                            "request",
                            "jurisdiction",
                            "other",
                            "counter_search",
                            "earlier",
                        ],
                    )
                ),
                name="opening_ground_known",
            ),
        ),
        migrations.AddField(
            model_name="vaultuse",
            name="opening",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="use",
                to="petitions.identityopening",
            ),
        ),
        migrations.AddIndex(
            model_name="vaultuse",
            index=models.Index(
                condition=models.Q(("message__isnull", False)),
                fields=["message"],
                name="vault_use_message",
            ),
        ),
        migrations.AddConstraint(
            model_name="vaultuse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("message__isnull", False), ("opening", None)),
                    models.Q(("message", None), ("opening__isnull", False)),
                    _connector="OR",
                ),
                name="vault_use_of_one",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="vaultuse",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="cff63dcb22acd624689eb13e3cddc7dcda1db820",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_41ecb",
                    table="petitions_vaultuse",
                    when="BEFORE",
                ),
            ),
        ),
    ]
