"""Secrets of a local installation, made once and kept in ``PORTAL_DATA/secrets.json``."""

import base64
import fcntl
import json
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey


def load_or_create(data: Path) -> dict[str, str]:
    """The secrets of ``data``; two processes that start at once get the same."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (data / "secrets.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        path = data / "secrets.json"
        known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        complete = _fresh() | known
        if complete.keys() != known.keys():
            _write(path, complete)
        return complete


def _fresh() -> dict[str, str]:
    pair = X25519PrivateKey.generate()
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "IDENTITY_KEYS": "1:" + _text(secrets.token_bytes(32)),
        "BLIND_INDEX_KEY": _text(secrets.token_bytes(32)),
        "TOKEN_HMAC_KEY": _text(secrets.token_bytes(32)),
        "VAULT_AUTH_KEY": _text(secrets.token_bytes(32)),
        # The two halves of one pair: everybody seals, the vault alone opens.
        "DENOUNCER_PUBLIC_KEYS": "1:" + _text(pair.public_key().public_bytes_raw()),
        "DENOUNCER_PRIVATE_KEYS": "1:" + _text(pair.private_bytes_raw()),
    }


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _write(path: Path, content: dict[str, str]) -> None:
    draft = path.with_suffix(".new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
