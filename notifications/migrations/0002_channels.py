"""A row a channel: what was told is named by fact, recipient and channel, no longer by one key.

Messages that were there become e-mails; their key was unique and names the fact. Nothing is put
into the bell for the past. One statement fills the new columns.
"""

import datetime

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

FILL = """
    UPDATE notifications_outboxmessage SET channel = 'email', recipient_key = CASE
        WHEN recipient_id IS NOT NULL THEN 'u:' || recipient_id
        WHEN unit_id IS NOT NULL THEN 'p:' || unit_id || ':' || position
        WHEN address_box IS NOT NULL
            THEN 'a:' || left(encode(sha256(address_box), 'hex'), 32)
        ELSE 'x:' || id
    END
"""


class Migration(migrations.Migration):
    dependencies = [
        ("communes", "0003_working_hours"),
        ("notifications", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MessageEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sequence", models.PositiveIntegerField()),
                ("action", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("data", models.JSONField(default=dict)),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="NoticeRead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="NoticeSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_topic", models.JSONField(default=dict)),
                ("quiet_from", models.TimeField(default=datetime.time(21, 0))),
                ("quiet_until", models.TimeField(default=datetime.time(6, 30))),
            ],
        ),
        migrations.RemoveIndex(
            model_name="outboxmessage",
            name="outbox_pending",
        ),
        migrations.RenameField(
            model_name="outboxmessage",
            old_name="key",
            new_name="event",
        ),
        migrations.AlterField(
            model_name="outboxmessage",
            name="event",
            field=models.CharField(max_length=120),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="answer",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="channel",
            field=models.CharField(
                choices=[("app", "In the portal"), ("email", "E-mail")],
                default="email",
                max_length=12,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="digest_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="language",
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="recipient_key",
            field=models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="outboxmessage",
            name="state",
            field=models.CharField(
                choices=[
                    ("pending", "Pending"),
                    ("sent", "Sent"),
                    ("spread", "Spread"),
                    ("failed", "Failed"),
                    ("suppressed", "Suppressed"),
                ],
                default="pending",
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("digest_on", None), ("state", "pending"), ("unit", None)),
                fields=["channel", "next_attempt_at", "id"],
                name="outbox_pending",
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("state", "pending"), ("unit__isnull", False)),
                fields=["channel", "next_attempt_at", "id"],
                name="outbox_spread",
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("digest_on__isnull", False), ("state", "pending")),
                fields=["channel", "recipient", "digest_on"],
                name="outbox_digest",
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("channel", "app"), ("state", "sent")),
                fields=["recipient", "-created_at", "-id"],
                name="outbox_app_person",
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("channel", "app"), ("state", "sent")),
                fields=["unit", "position", "-created_at", "-id"],
                name="outbox_app_position",
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(
                    ("state", "failed"),
                    models.Q(("error", "no_address"), ("state", "suppressed")),
                    _connector="OR",
                ),
                fields=["state", "-created_at", "-id"],
                name="outbox_undelivered",
            ),
        ),
        migrations.AddConstraint(
            model_name="outboxmessage",
            constraint=models.UniqueConstraint(
                fields=("event", "recipient_key", "channel"), name="outbox_told_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="outboxmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("event", ""), _negated=True),
                    models.Q(("recipient_key", ""), _negated=True),
                ),
                name="outbox_has_recipient",
            ),
        ),
        migrations.AddConstraint(
            model_name="outboxmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["app", "email"])), name="outbox_channel_known"
            ),
        ),
        migrations.AddField(
            model_name="messageevent",
            name="actor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="messageevent",
            name="message",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="notifications.outboxmessage",
            ),
        ),
        migrations.AddField(
            model_name="noticeread",
            name="message",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reads",
                to="notifications.outboxmessage",
            ),
        ),
        migrations.AddField(
            model_name="noticeread",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="noticesettings",
            name="user",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notice_settings",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="messageevent",
            constraint=models.UniqueConstraint(
                fields=("message", "sequence"), name="message_event_chain"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="messageevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="6c905e0542e36e16e4f97960cb9ccde3917a1630",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_4ee3d",
                    table="notifications_messageevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="noticeread",
            constraint=models.UniqueConstraint(fields=("message", "user"), name="notice_read_once"),
        ),
    ]
