"""In which language a petitioner is told; existing letters keep the site's own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0009_inbox_start"),
    ]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="language",
            field=models.CharField(blank=True, max_length=5),
        ),
    ]
