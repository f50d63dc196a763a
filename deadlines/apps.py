from django.apps import AppConfig

from deadlines.rules import load_rules


class DeadlinesConfig(AppConfig):
    name = "deadlines"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A table of rules that contradicts itself stops the program at once."""
        load_rules()
