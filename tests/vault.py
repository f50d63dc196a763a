"""The vault of the suite: the real server in a thread, with the private halves of the test keys."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from common.vault import VaultRefused
from hanoi_portal.vault import Vault, VaultServer
from tests.vault_keys import PRIVATE

__all__ = ["PRIVATE", "vault_here", "vault_running"]


def vault_here(monkeypatch: pytest.MonkeyPatch, *modules: str) -> None:
    """The vault without its process, in the transaction of the test, for these modules."""
    vault = Vault(PRIVATE)

    def ask(what: str, **details: Any) -> dict[str, Any]:
        answer = vault.answer(json.dumps({"what": what, **details}).encode())
        if not answer["ok"]:
            raise VaultRefused
        return answer

    for module in modules:
        monkeypatch.setattr(f"{module}.vault_ask", ask)


@contextmanager
def vault_running(ring: dict[int, bytes] | None = None) -> Iterator[VaultServer]:
    """It has a database connection of its own: what it must see has to be committed."""
    server = VaultServer(PRIVATE if ring is None else ring)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(10)
