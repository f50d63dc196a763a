"""Letters filed before lost receipts could be recovered by e-mail."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from petitions.services.recovery import contacts_index


class Command(BaseCommand):
    help = "Index the e-mail of letters, in batches; may be stopped and run again at any time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=500, help="letters a transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        while done := contacts_index(max(1, options["batch"])):
            total += done
            self.stdout.write(f"Đã lập chỉ mục thư điện tử của {total} đơn")
        self.stdout.write("Mọi đơn có thư điện tử đều đã có chỉ mục.")
