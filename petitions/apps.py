from django.apps import AppConfig


class PetitionsConfig(AppConfig):
    name = "petitions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the sweep and the calendar who owns the clocks of cases."""
        from deadlines import recalculation
        from escalation.registry import register
        from petitions.escalations import CaseOwner
        from petitions.recalculations import CaseDates

        register("petitions", CaseOwner())
        recalculation.register("petitions", CaseDates())
