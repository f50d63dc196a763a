from django.apps import AppConfig


class EarlyWarningConfig(AppConfig):
    name = "early_warning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Show on tasks which projects take land in the unit, and its live signals."""
        from directives.evidence import register
        from early_warning.evidence import land_projects, signals

        register("land_projects", land_projects)
        register("signals", signals)
