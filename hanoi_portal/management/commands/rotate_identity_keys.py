"""Every sealed box under the newest key of its ring, while the site runs."""

import time
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.crypto import VAULT, is_vaulted
from common.vault import VaultAway, VaultRefused, vault_ask
from hanoi_portal.rotation import Rotation, missing_keys, vault_is_paired, versions

PASSES_MAX = 20
PAUSE_SECONDS = 0.5


class Command(BaseCommand):
    help = "Seal everything again under the newest keys; may be stopped and run again at any time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=200, help="boxes a transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        self._check()
        rotation = Rotation(max(1, options["batch"]))
        total: Counter[str] = Counter()
        try:
            for _number in range(PASSES_MAX):
                for name, count in rotation.passes():
                    total[name] += count
                    self.stdout.write(f"Sealed again: {total[name]} {name}")
                if not rotation.left():
                    break
                time.sleep(PAUSE_SECONDS)
        except (VaultAway, VaultRefused):
            raise CommandError(
                "The vault does not answer; what was done is kept. Run the command again later."
            ) from None
        self._report(rotation)

    def _check(self) -> None:
        """Refuse before anything is changed when a key is missing or does not fit."""
        try:
            known = vault_ask("ping")["versions"]
            is_paired = vault_is_paired()
        except (VaultAway, VaultRefused):
            raise CommandError(
                "The vault does not answer: start the process and run the command again."
            ) from None
        if not is_paired:
            raise CommandError(
                "The vault has no private key for the newest of DENOUNCER_PUBLIC_KEYS: give it"
                " the private key first."
            )
        missing = missing_keys(known)
        if missing:
            raise CommandError(
                f"Keys are missing: {', '.join(map(_name, missing))}. Nothing was changed."
            )

    def _report(self, rotation: Rotation) -> None:
        """Which keys may be taken out. Raises CommandError while boxes are left."""
        used = versions()
        held = [*settings.IDENTITY_KEYS, *(VAULT + n for n in settings.DENOUNCER_PUBLIC_KEYS)]
        newest = {max(settings.IDENTITY_KEYS), VAULT + max(settings.DENOUNCER_PUBLIC_KEYS)}
        for version in sorted({*held, *used}):
            words = f"still needed by {used[version]} boxes"
            if version in newest:
                words = f"the newest, {used[version]} boxes"
            elif not used[version]:
                words = "needed by no box: may be taken out"
            self.stdout.write(f"{_name(version)}: {words}")
        broken = {name: len(found) for name, found in rotation.broken.items() if found}
        if broken:
            told = ", ".join(f"{count} {name}" for name, count in broken.items())
            raise CommandError(f"Could not be opened and were left as they are: {told}.")
        if left := rotation.left():
            raise CommandError(f"{left} boxes are in use; run the command again.")
        self.stdout.write("Every box is under the newest key.")


def _name(version: int) -> str:
    if is_vaulted(version):
        return f"key {version - VAULT} of the vault"
    return f"key {version} of the first ring"
