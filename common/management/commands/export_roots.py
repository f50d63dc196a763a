"""``manage.py export_roots``: the daily roots, to be kept outside the portal."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from common.roots_check import lines_stored


class Command(BaseCommand):
    help = "Write the daily roots of the histories, one JSON object a line, the oldest first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", default="", help="only days from YYYY-MM-DD on")

    def handle(self, *args: Any, **options: Any) -> None:
        for line in lines_stored():
            if line["day"] >= options["since"]:
                self.stdout.write(json.dumps(line, ensure_ascii=False, sort_keys=True))
