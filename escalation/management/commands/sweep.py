"""One sweep as if it were a given moment; prints exactly one JSON object."""

import datetime as dt
import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime

from common.time import HANOI, now
from escalation.sweep import BATCH, sweep_run


class Command(BaseCommand):
    help = "Take every step of the ladder that is due at a moment (now when none is given)."
    # Checks of the project print to the standard output, which holds the result only.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", type=moment, default=None, help="ISO moment, Hà Nội if bare")
        parser.add_argument("--dry-run", action="store_true", help="count, write nothing")
        parser.add_argument("--batch", type=int, default=BATCH, help="clocks a transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        at = options["at"] or now()
        if at > now() and not settings.DEMO_MODE:
            raise CommandError("A future moment is for demo and development only.")
        if options["batch"] < 1:
            raise CommandError("A batch holds at least one clock.")
        result = sweep_run(
            at=at, batch_size=options["batch"], dry_run=options["dry_run"], is_manual=True
        )
        self.stdout.write(json.dumps(result.as_dict(), ensure_ascii=False))


def moment(text: str) -> dt.datetime:
    """An ISO moment as UTC. Raises CommandError when it is none."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise CommandError("--at expects an ISO moment such as 2026-11-30T08:00+07:00")
    return (found if found.tzinfo else found.replace(tzinfo=HANOI)).astimezone(dt.UTC)
