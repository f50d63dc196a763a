"""The vault as a process: the only one with the private ring."""

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from hanoi_portal.vault import VaultServer


class Command(BaseCommand):
    help = "Open identities of denouncers on record, for the other processes, until stopped."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DENOUNCER_PRIVATE_KEYS:
            raise CommandError("The vault needs PORTAL_PROCESS=vault and DENOUNCER_PRIVATE_KEYS.")
        server = VaultServer(settings.DENOUNCER_PRIVATE_KEYS)
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: server.stop())
        self.stdout.write(f"Vault: keys {sorted(settings.DENOUNCER_PRIVATE_KEYS)}")
        self.stdout.flush()  # whoever waits at a pipe for it would wait for ever
        server.serve()
