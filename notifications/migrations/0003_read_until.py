"""The bell at a glance: one index for persons and positions, and a mark until which all is read.

Two indexes joined by OR were read nearly whole; "mark all as read" wrote a row a notice.
"""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communes", "0003_working_hours"),
        ("notifications", "0002_channels"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="outboxmessage",
            name="outbox_app_person",
        ),
        migrations.RemoveIndex(
            model_name="outboxmessage",
            name="outbox_app_position",
        ),
        migrations.AddField(
            model_name="noticesettings",
            name="read_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("channel", "app"), ("state", "sent")),
                fields=["recipient_key", "-created_at", "-id"],
                name="outbox_app",
            ),
        ),
    ]
