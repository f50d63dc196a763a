"""Asking the vault: the one process that opens what was sealed for it (docs/adr/0009).

A question and its answer are JSON in one message each, over a Unix socket, after both sides have
shown that they hold ``VAULT_AUTH_KEY``. Nothing is ever unpickled.
"""

import json
import socket
import struct
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, answer_challenge, deliver_challenge
from typing import Any

import structlog
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError

log = structlog.get_logger(__name__)
SECONDS = 5  # for each read and write, on both sides
PING_SECONDS = 1
MESSAGE_MAX = 4 * 1024 * 1024
BROKEN = (OSError, EOFError, AuthenticationError, ValueError)


class VaultAway(DomainError):
    """The vault does not answer; what was recorded before it was asked stays recorded."""

    status = 503
    code = "vault_away"
    message = _(
        "Protected identities cannot be opened right now: the vault does not answer. The attempt"
        " is recorded. Please try again in a few minutes and tell the administrator."
    )


class VaultRefused(DomainError):
    """The vault found no valid ground for what was asked, or cannot open the box."""

    status = 403
    code = "vault_refused"
    message = _(
        "The vault did not open the identity. The attempt is recorded. Please open it again with"
        " a new reason; if that does not help, tell the administrator."
    )


def vault_ask(what: str, *, seconds: int = SECONDS, **details: Any) -> dict[str, Any]:
    """The vault's answer; ``seconds``: for each read and write. Raises VaultAway, VaultRefused."""
    try:
        with _connect(seconds) as connection:
            connection.send_bytes(json.dumps({"what": what, **details}).encode())
            answer = json.loads(connection.recv_bytes(MESSAGE_MAX))
    except BROKEN as error:
        log.warning("vault.away", error=type(error).__name__)
        raise VaultAway from None
    if answer.get("why") == "database":
        raise VaultAway
    if not answer.get("ok"):
        log.warning("vault.refused", what=what, why=answer.get("why", ""))
        raise VaultRefused
    return dict(answer)


def vault_answers() -> bool:
    """Whether the vault is there."""
    try:
        vault_ask("ping", seconds=PING_SECONDS)
    except (VaultAway, VaultRefused):
        return False
    return True


def vault_connection(raw: socket.socket, seconds: int = SECONDS) -> Connection:
    """A connection that gives up after so many seconds without an answer; it owns the socket."""
    limit = struct.pack("ll", seconds, 0)
    raw.setblocking(True)
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
    return Connection(raw.detach())


def vault_address() -> tuple[socket.AddressFamily, Any]:
    """The family and the address of ``VAULT_ADDRESS``: a path, or host:port."""
    host, colon, port = settings.VAULT_ADDRESS.rpartition(":")
    if colon and port.isdecimal():
        return socket.AF_INET, (host, int(port))
    return socket.AF_UNIX, settings.VAULT_ADDRESS


def _connect(seconds: int) -> Connection:
    family, address = vault_address()
    raw = socket.socket(family, socket.SOCK_STREAM)
    try:
        raw.settimeout(seconds)
        raw.connect(address)
        connection = vault_connection(raw, seconds)
    except BaseException:
        raw.close()
        raise
    try:
        answer_challenge(connection, settings.VAULT_AUTH_KEY)
        deliver_challenge(connection, settings.VAULT_AUTH_KEY)
    except BaseException:
        connection.close()
        raise
    return connection
