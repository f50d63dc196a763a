from django.apps import AppConfig


class EarlyWarningConfig(AppConfig):
    name = "early_warning"
    default_auto_field = "django.db.models.BigAutoField"
