"""``manage.py prove_event CODE SEQUENCE``: the proof that an event is in the root of its day."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.roots_check import proof_make


class Command(BaseCommand):
    help = (
        "Write a proof that one event of a case (or another subject) is in a daily root;"
        " verify_history --proof checks it without the database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="public code of the case or other subject")
        parser.add_argument("sequence", type=int, help="number of the event in its history")
        parser.add_argument(
            "--table", default="", help="table of events, such as petitions_caseevent"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            proof = proof_make(options["code"], options["sequence"], options["table"])
        except LookupError as error:
            raise CommandError(str(error.args[0])) from error
        self.stdout.write(json.dumps(proof, ensure_ascii=False))
