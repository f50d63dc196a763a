from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "papers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Known to the checks; tell the workflow which papers its steps may take their numbers from."""
        from papers import checks, references  # noqa: F401 - registered by being imported
