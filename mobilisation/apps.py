from django.apps import AppConfig


class MobilisationConfig(AppConfig):
    name = "mobilisation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Show on tasks of directives what the registers hold."""
        from directives.evidence import register
        from mobilisation.evidence import registers_evidence

        register("registers", registers_evidence)
