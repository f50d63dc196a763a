"""``manage.py verify_history``: is every event there, unchanged and in its place?"""

import itertools
import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.history import history_models
from common.history_check import Finding, table_check
from common.roots_check import (
    NotReadable,
    events_check,
    lines_check,
    lines_read,
    lines_stored,
    proof_check,
    stored_check,
)

EVERY = 100_000  # events from one line of progress to the next
SHOWN_MAX = 1000


class Command(BaseCommand):
    help = (
        "Check every history: the chains, the counts, the daily roots in the database and those"
        " exported earlier; exit 1 and name what was changed, removed, swapped or inserted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--roots", type=Path, help="roots exported earlier (export_roots)")
        parser.add_argument("--proof", type=Path, help="check one proof; needs no database")
        parser.add_argument("--json", action="store_true", help="one JSON object on the output")
        parser.add_argument("--progress", action="store_true", help="say how far it is")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lines = lines_read(options["roots"]) if options["roots"] else []
            if options["proof"]:
                self._prove(options["proof"], lines)
                return
        except NotReadable as error:
            raise CommandError(f"Not of the form of an export: {error}.") from error
        self.progress, self.checked = options["progress"], 0
        found = list(itertools.islice(self._findings(lines), SHOWN_MAX))
        self._tell(found, len(lines), as_json=options["json"])

    def _prove(self, path: Path, lines: list[dict[str, Any]]) -> None:
        try:
            proof = json.loads(path.read_text())
        except (OSError, ValueError) as error:
            raise NotReadable(path.name) from error
        refusal = proof_check(proof, lines)
        if refusal:
            raise CommandError(refusal)
        self.stdout.write(
            f"{proof['code']} event {proof['sequence']} is in the root of {proof['root']['day']}:"
            f" {proof['root']['hash']}"
        )

    def _findings(self, given: list[dict[str, Any]]) -> Iterator[Finding]:
        for model in history_models():
            began, self.read = time.monotonic(), 0
            yield from table_check(model, self._count)
            self.checked += self.read
            seconds = max(time.monotonic() - began, 0.001)
            self._say(f"{model._meta.db_table}: {self.read} events, {self.read / seconds:.0f}/s")
        stored = lines_stored()
        self._say(f"roots: {len(stored)} in the database, {len(given)} given")
        yield from lines_check(stored)
        yield from events_check(stored)
        yield from lines_check(given)
        yield from stored_check(given)
        # What the database says itself has been held against the events already.
        yield from events_check(line for line in given if line not in stored)

    def _count(self, read: int) -> None:
        if read // EVERY > self.read // EVERY:
            self._say(f"  {read} events")
        self.read = read

    def _say(self, words: str) -> None:
        if self.progress:
            sys.stderr.write(f"{words}\n")

    def _tell(self, found: list[Finding], roots: int, *, as_json: bool) -> None:
        if as_json:
            report = {
                "events": self.checked,
                "roots_given": roots,
                "findings": [one._asdict() for one in found],
            }
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        elif found:
            self.stdout.write("\n".join(map(str, found)))
        if found:
            raise CommandError(f"History is not whole: {len(found)} findings.")
        if not as_json:
            self.stdout.write(f"{self.checked} events, every chain is whole.")
