from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "papers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the workflow which papers its steps may take their numbers from."""
        import papers.references  # noqa: F401
