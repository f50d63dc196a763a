"""Sealing of personal data: AES-256-GCM under a ring of versioned keys."""

import hashlib
import hmac
import json
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
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


def token_make(text: str, *, context: str) -> bytes:
    """``text`` as a token for outside: unreadable, unforgeable, the same for the same text."""
    return _token_cipher(settings.TOKEN_HMAC_KEY).encrypt(text.encode(), [context.encode()])


def token_open(token: bytes, *, context: str) -> str | None:
    """The text of a token made in the same context, or None."""
    try:
        cipher = _token_cipher(settings.TOKEN_HMAC_KEY)
        return cipher.decrypt(token, [context.encode()]).decode()
    except (InvalidTag, ValueError):
        return None


@lru_cache(maxsize=4)
def _token_cipher(key: bytes) -> AESSIV:
    return AESSIV(hmac.new(key, b"page token", hashlib.sha512).digest())


def _cipher(version: int) -> AESGCM:
    return _cipher_of(settings.IDENTITY_KEYS[version])


@lru_cache(maxsize=16)
def _cipher_of(key: bytes) -> AESGCM:
    return AESGCM(key)
