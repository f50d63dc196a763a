"""Django's ``migrate``, then the triggers of the histories and the application's rights."""

from typing import Any

from django.core.management.commands.migrate import Command as MigrateCommand

from common.history_guard import guard_apply
from hanoi_portal import grants


class Command(MigrateCommand):
    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if options["plan"] or options["check_unapplied"]:
            return
        guard_apply(options["database"])
        if not grants.apply(options["database"]):
            self.stderr.write("There is no second database role: the application owns the schema.")
