from django.apps import AppConfig


class DirectivesConfig(AppConfig):
    name = "directives"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the sweep and the calendar who owns the clocks of directives."""
        from deadlines import recalculation
        from directives.escalations import DirectiveDates, DirectiveOwner
        from escalation.registry import register

        register("directives", DirectiveOwner())
        recalculation.register("directives", DirectiveDates())
