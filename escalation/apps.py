from django.apps import AppConfig


class EscalationConfig(AppConfig):
    name = "escalation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Recomputed limits get the ladder's moments."""
        from deadlines.recalculation import register_planner
        from escalation.ladders import plan_for

        register_planner(plan_for)
