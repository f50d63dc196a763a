"""Django's ``migrate``, then the rights of the application's role."""

from typing import Any

from django.core.management.commands.migrate import Command as MigrateCommand

from hanoi_portal import grants


class Command(MigrateCommand):
    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if not (options["plan"] or options["check_unapplied"]) and not grants.apply(
            options["database"]
        ):
            self.stderr.write("There is no second database role: the application owns the schema.")
