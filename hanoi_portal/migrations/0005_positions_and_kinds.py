from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("hanoi_portal", "0004_task_history"),
    ]

    operations = [
        migrations.AlterField(
            model_name="membershipchange",
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
        migrations.AlterField(
            model_name="unitchange",
            name="kind",
            field=models.CharField(
                choices=[
                    ("city", "city"),
                    ("city_body", "city body"),
                    ("department", "department"),
                    ("service_unit", "public service unit"),
                    ("ward", "ward"),
                    ("commune", "commune"),
                ],
                max_length=12,
            ),
        ),
    ]
