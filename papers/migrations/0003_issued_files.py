"""Files of papers of receptions and of receipts, with what proves them."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attachments", "0001_initial"),
        ("communes", "0005_reforms"),
        ("papers", "0002_lists_of_a_unit"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="IssuedFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("check_code", models.CharField(max_length=20, unique=True)),
                ("subject", models.CharField(max_length=80)),
                ("is_party", models.BooleanField(default=False)),
                ("shown_number", models.CharField(blank=True, max_length=60)),
                ("issued_at", models.DateTimeField()),
                ("signed_by", models.CharField(blank=True, max_length=200)),
                ("key_version", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("box", models.BinaryField(blank=True, null=True)),
                ("sha256", models.BinaryField(max_length=32)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("submitted", "waiting to be issued"),
                            ("issued", "issued"),
                            ("replaced", "replaced by another paper"),
                            ("voided", "void"),
                        ],
                        default="issued",
                        max_length=10,
                    ),
                ),
                ("void_reason", models.CharField(blank=True, max_length=500)),
                (
                    "file",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issued_file",
                        to="attachments.attachment",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="papers.issuedfile",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communes.unit",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["subject", "-id"], name="issued_file_of_subject")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("issued", "replaced", "voided"))),
                        name="issued_file_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("subject", ""), _negated=True),
                        name="issued_file_has_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("box", None), ("file__isnull", False), ("key_version", None)),
                            models.Q(
                                ("box__isnull", False),
                                ("file", None),
                                ("key_version__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="issued_file_lies_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "voided"), ("void_reason", ""), _connector="XOR"
                        ),
                        name="issued_file_void_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaces", None),
                            models.Q(("replaces", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="issued_file_replaces_other",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "issued")),
                        fields=("subject",),
                        name="issued_file_in_force_once",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="issuedfile",
            trigger=pgtrigger.compiler.Trigger(
                name="issued_file_fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'DELETE'\n                OR (OLD.check_code, OLD.subject, OLD.unit_id, OLD.is_party, OLD.shown_number, OLD.issued_at, OLD.issued_by_id, OLD.signed_by, OLD.sha256, OLD.replaces_id) IS DISTINCT FROM (NEW.check_code, NEW.subject, NEW.unit_id, NEW.is_party, NEW.shown_number, NEW.issued_at, NEW.issued_by_id, NEW.signed_by, NEW.sha256, NEW.replaces_id)\n                OR (OLD.state <> NEW.state AND OLD.state <> 'issued')\n                OR (OLD.state = NEW.state AND OLD.void_reason <> NEW.void_reason)\n                OR (OLD.file_id IS DISTINCT FROM NEW.file_id\n                    AND (NEW.file_id IS NOT NULL OR NEW.box IS NULL))\n                OR (OLD.box IS NOT NULL AND NEW.box IS NULL)\n                OR (OLD.key_version = NEW.key_version AND OLD.box <> NEW.box)\n            THEN\n                RAISE EXCEPTION 'an issued file is not changed'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'issued_file_fixed';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="0e7cd1ed385e226e079092e711f12e1f7d1ee738",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_issued_file_fixed_36a0b",
                    table="papers_issuedfile",
                    when="BEFORE",
                ),
            ),
        ),
    ]
