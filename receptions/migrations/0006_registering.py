from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("receptions", "0005_calendar_indexes")]

    operations = [
        migrations.AddField("placehold", "is_renewed", models.BooleanField(default=False)),
        migrations.AddField(
            "registration", "moved_up_at", models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField("registration", "told_at", models.DateTimeField(blank=True, null=True)),
    ]
