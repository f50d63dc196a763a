from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from deadlines.rules import load_rules


class DeadlinesConfig(AppConfig):
    name = "deadlines"
    verbose_name = _("Calendar")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A table of rules that contradicts itself stops the program at once."""
        load_rules()
