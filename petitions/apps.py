from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PetitionsConfig(AppConfig):
    name = "petitions"
    verbose_name = _("Petitions")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the sweep and the calendar who owns the clocks of cases."""
        from deadlines import recalculation
        from escalation.registry import register
        from petitions.escalations import CaseOwner
        from petitions.recalculations import CaseDates

        register("petitions", CaseOwner())
        recalculation.register("petitions", CaseDates())
