"""What an asking for a lost receipt looks for is sealed by the browser's token.

Askings of before, which hold it readably, are forgotten: they live for twenty minutes, and whoever
meant to answer one asks again. The table never holds more than a day's.
"""

from typing import Any

from django.db import migrations, models


def forget(apps: Any, schema_editor: Any) -> None:
    apps.get_model("petitions", "Recovery").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0017_neutral_subjects"),
    ]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.RemoveField(model_name="recovery", name="contact_indexes"),
        migrations.AddField(
            model_name="recovery",
            name="sealed_indexes",
            field=models.BinaryField(default=b""),
            preserve_default=False,
        ),
        # Before the old column, which has no value for them, comes back.
        migrations.RunPython(migrations.RunPython.noop, forget),
    ]
