"""Signatures for letters that have none yet."""

from typing import Any

from django.core.management.base import BaseCommand

from petitions.services.signatures import signatures_backfill


class Command(BaseCommand):
    help = "Make older letters findable by letters like them; may be stopped and run again."

    def handle(self, *args: Any, **options: Any) -> None:
        after: int | None = 0
        done = 0
        while after is not None:
            after = signatures_backfill(after=after)
            done += after is not None
            if after is not None and done % 20 == 0:
                self.stdout.write(f"up to letter {after}")
        self.stdout.write("Every letter has its signature.")
