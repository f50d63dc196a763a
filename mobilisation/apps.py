from django.apps import AppConfig


class MobilisationConfig(AppConfig):
    name = "mobilisation"
    default_auto_field = "django.db.models.BigAutoField"
