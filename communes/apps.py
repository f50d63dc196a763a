from django.apps import AppConfig


class CommunesConfig(AppConfig):
    name = "communes"
    default_auto_field = "django.db.models.BigAutoField"
