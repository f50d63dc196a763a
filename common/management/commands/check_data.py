from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import autodiscover_modules

from common.invariants import invariants_broken


class Command(BaseCommand):
    help = "Check the invariants over live data; exit 1 with a list when one is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        autodiscover_modules("invariants")
        broken = invariants_broken()
        for name, lines in broken.items():
            for line in lines:
                self.stdout.write(f"{name}: {line}")
        if broken:
            raise CommandError(f"{sum(map(len, broken.values()))} rows break an invariant.")
        self.stdout.write("All invariants hold.")
