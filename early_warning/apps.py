from django.apps import AppConfig


class EarlyWarningConfig(AppConfig):
    name = "early_warning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Show on tasks about land which projects take land in the unit."""
        from directives.evidence import register
        from early_warning.evidence import land_projects

        register("land_projects", land_projects)
