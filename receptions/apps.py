from django.apps import AppConfig


class ReceptionsConfig(AppConfig):
    name = "receptions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the sweep and the calendar who owns the clocks of receptions."""
        from deadlines import recalculation
        from escalation.registry import register
        from receptions.escalations import ReceptionDates, ReceptionOwner

        register("receptions", ReceptionOwner())
        recalculation.register("receptions", ReceptionDates())
