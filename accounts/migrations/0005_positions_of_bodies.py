from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_failures_told_later"),
        ("communes", "0004_service_units"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="membership",
            name="membership_role_known",
        ),
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("clerk", "clerk"),
                    ("handler", "handling officer"),
                    ("head", "chair of the People's Committee"),
                    ("secretary", "Party secretary"),
                    ("front", "commune Fatherland Front"),
                    ("board_officer", "reception board officer"),
                    ("board_head", "head of the reception board"),
                    ("city_chair", "chair of the City People's Committee"),
                    ("city_secretary", "secretary of the City Party Committee"),
                    ("party_office", "Office of the City Party Committee"),
                    ("internal_affairs", "City Internal Affairs Commission"),
                    ("propaganda", "City Commission for Propaganda and Mass Mobilisation"),
                    ("city_front", "City Fatherland Front"),
                    ("inspector", "inspector"),
                    ("agency_head", "head of a body of the City"),
                    ("service_head", "head of a public service unit of the City"),
                    ("reception_officer", "officer who prepares receptions"),
                    ("admin", "system administrator"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "clerk",
                            "handler",
                            "head",
                            "secretary",
                            "front",
                            "board_officer",
                            "board_head",
                            "city_chair",
                            "city_secretary",
                            "party_office",
                            "internal_affairs",
                            "propaganda",
                            "city_front",
                            "inspector",
                            "agency_head",
                            "service_head",
                            "reception_officer",
                            "admin",
                        ],
                    )
                ),
                name="membership_role_known",
            ),
        ),
    ]
