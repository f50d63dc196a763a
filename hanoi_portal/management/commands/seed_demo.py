"""Invented people, petitions, receptions and directive work, for a portal that shows itself."""

import os
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from hanoi_portal.demo.fast import fast_seed
from hanoi_portal.demo.seed import demo_seed


class Command(BaseCommand):
    help = "Make reproducible demo data; safe to run again after an interruption. Demo mode only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, default=500, help="how many petitions in all")
        parser.add_argument("--seed", type=int, default=1, help="the same seed, the same data")
        parser.add_argument(
            "--fast", action="store_true", help="in bulk, past the services: 100k to 10M cases"
        )
        parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("Demo data is made in demo mode only.")
        if options["cases"] < 0:
            raise CommandError("The number of cases cannot be negative.")
        started = time.monotonic()
        make = fast_seed if options["fast"] else demo_seed
        make(
            cases=options["cases"],
            seed=options["seed"],
            workers=max(1, options["workers"]),
            say=self._say,
        )
        self._say(f"Demo data complete in {time.monotonic() - started:.0f} s")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
