"""Failures at sign-in are counted and told at the next sign-in, not one event each."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_sign_ins_and_powers")]

    operations = [
        migrations.AddField(
            model_name="signinlock",
            name="total",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
