from django.apps import AppConfig


class ReceptionsConfig(AppConfig):
    name = "receptions"
    default_auto_field = "django.db.models.BigAutoField"
