from django.apps import AppConfig


class ContinuityConfig(AppConfig):
    name = "continuity"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Show on the task about petitions what lies untouched in the unit."""
        from continuity.evidence import gaps
        from directives.evidence import register

        register("continuity", gaps)
