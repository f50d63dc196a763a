"""``manage.py backup FILE``: database and attachments of one moment, encrypted."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hanoi_portal.backup.dump import AlreadyThere, backup_verify, backup_write
from hanoi_portal.backup.key import NoKey, key_find
from hanoi_portal.backup.sealed import NotReadable


class Command(BaseCommand):
    help = "Write database and attachments into one encrypted file while the site runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--verify", action="store_true", help="read an existing backup whole")
        parser.add_argument("--key-file", type=Path, help="32 bytes as base64")
        parser.add_argument("--json", action="store_true", help="print the whole manifest")

    def handle(self, *args: Any, **options: Any) -> None:
        run = backup_verify if options["verify"] else backup_write
        began = time.monotonic()
        try:
            manifest = run(options["file"], key_find(options["key_file"]))
        except (AlreadyThere, NoKey, NotReadable) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{options['file'].name}: {error.strerror}") from error
        if options["json"]:
            self.stdout.write(json.dumps(manifest, ensure_ascii=False))
        else:
            self._tell(manifest, options["file"], time.monotonic() - began)
        if manifest["troubles"] and not options["verify"]:
            raise CommandError("The backup is whole, but files are missing or changed (above).")

    def _tell(self, manifest: dict[str, Any], file: Path, seconds: float) -> None:
        rows = sum(table["rows"] for table in manifest["tables"])
        size = file.stat().st_size / 1024**2
        self.stdout.write(
            f"{len(manifest['tables'])} tables, {rows} rows, {manifest['files']['count']} files;"
            f" {size:.1f} MiB read and found whole in {seconds:.1f} s."
        )
        for name, what in manifest["troubles"].items():
            self.stdout.write(f"{what}: {name}")
