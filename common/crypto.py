"""Sealing of personal data: AES-256-GCM under a ring of versioned keys."""

import json
import os
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12
# What the database gives back for a binary column.
Box = bytes | memoryview


def seal(data: dict[str, Any], *, context: str) -> tuple[int, bytes]:
    """Encrypt ``data`` under the newest key; ``context`` binds the box to where it is stored."""
    version = max(settings.IDENTITY_KEYS)
    nonce = os.urandom(NONCE_BYTES)
    raw = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    return version, nonce + _cipher(version).encrypt(nonce, raw, context.encode())


def unseal(version: int, box: Box, *, context: str) -> dict[str, Any]:
    """The data of a box. Raises KeyError for an unknown key, InvalidTag when it was altered."""
    raw = bytes(box)
    nonce, sealed = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
    opened = _cipher(version).decrypt(nonce, sealed, context.encode())
    return dict(json.loads(opened))


def _cipher(version: int) -> AESGCM:
    return _cipher_of(settings.IDENTITY_KEYS[version])


@lru_cache(maxsize=16)
def _cipher_of(key: bytes) -> AESGCM:
    return AESGCM(key)
