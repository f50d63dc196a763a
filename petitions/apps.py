from django.apps import AppConfig


class PetitionsConfig(AppConfig):
    name = "petitions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the sweep who owns the clocks of cases."""
        from escalation.registry import register
        from petitions.escalations import CaseOwner

        register("petitions", CaseOwner())
