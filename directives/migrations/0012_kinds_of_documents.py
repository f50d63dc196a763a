from django.db import migrations, models
from django.db.models import Q

KINDS = [
    ("directive", "directive (document)"),
    ("official_letter", "official letter"),
    ("regulation", "regulation"),
    ("conclusion", "conclusion document"),
    ("plan", "plan"),
    ("decision", "decision (document)"),
    ("notice", "notice (document)"),
    ("resolution", "resolution (document)"),
]


class Migration(migrations.Migration):
    dependencies = [("directives", "0009_plans_and_periods")]

    operations = [
        migrations.AlterField(
            model_name="directive",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=16),
        ),
        migrations.RemoveConstraint(model_name="directive", name="directive_kind_known"),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.CheckConstraint(
                condition=Q(kind__in=[kind for kind, _label in KINDS]),
                name="directive_kind_known",
            ),
        ),
    ]
