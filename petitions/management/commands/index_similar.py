"""Signatures for letters filed before letters were compared."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from petitions.services.signatures import signatures_fill


class Command(BaseCommand):
    help = "Sign letters without a signature, in batches; may be stopped and run again at any time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=200, help="letters a transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        while done := signatures_fill(max(1, options["batch"])):
            total += done
            self.stdout.write(f"Đã lập chỉ mục {total} đơn")
        self.stdout.write("Mọi đơn đều đã có chỉ mục.")
