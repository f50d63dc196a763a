"""``manage.py restore FILE``: a backup into an empty place, then the two checks."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from hanoi_portal.backup.key import NoKey, key_find
from hanoi_portal.backup.load import Refused, backup_load
from hanoi_portal.backup.sealed import NotReadable


class Command(BaseCommand):
    help = "Restore a backup into an empty database and directory; all of it or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--key-file", type=Path, help="32 bytes as base64")
        parser.add_argument("--replace", default="", metavar="DATABASE", help="empty this one")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            told = backup_load(
                options["file"], key_find(options["key_file"]), replace=options["replace"]
            )
        except (NoKey, NotReadable, Refused) as error:
            raise CommandError(f"{error} Nothing was restored.") from error
        except (Error, OSError) as error:
            name = type(error).__name__
            raise CommandError(f"{name}: nothing was restored.") from error
        rows = sum(table["rows"] for table in told["tables"])
        self.stdout.write(
            f"Restored the state of {told['made_at']}: {rows} rows,"
            f" {told['files']['count']} files. Everybody signs in again."
        )
        for name, what in told["troubles"].items():
            self.stdout.write(f"already {what} when the backup was made: {name}")
        call_command("check_data", stdout=self.stdout)
        call_command("verify_history", stdout=self.stdout)
