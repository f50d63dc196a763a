"""Sealing of personal data: under a ring of versioned keys, or for the vault alone.

A box is kept beside the version of its key. Versions of the first ring (AES-256-GCM, held by every
process) are small; those above ``VAULT`` belong to the ring of the vault (HPKE, RFC 9180), whose
private half no other process holds.
"""

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from django.conf import settings

NONCE_BYTES = 12
# Key 1 of the vault's ring is kept as version 10001.
VAULT = 10_000
# A box that only its owner's token opens has no key in any ring.
BY_TOKEN = 0
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
# What the database gives back for a binary column.
Box = bytes | memoryview


def seal(data: dict[str, Any], *, context: str) -> tuple[int, bytes]:
    """Encrypt ``data`` under the newest key; ``context`` binds the box to where it is stored."""
    version = max(settings.IDENTITY_KEYS)
    return version, _encrypt(_cipher(version), data, context)


def unseal(version: int, box: Box, *, context: str) -> dict[str, Any]:
    """The data of a box. Raises KeyError for an unknown key, InvalidTag when it was altered."""
    return _decrypt(_cipher(version), box, context)


def seal_file(data: bytes, *, context: str) -> tuple[int, bytes]:
    """The bytes of a file as ``seal`` keeps words."""
    return seal({"file": base64.b64encode(data).decode()}, context=context)


def unseal_file(version: int, box: Box, *, context: str) -> bytes:
    """The bytes that ``seal_file`` sealed. Raises as ``unseal``."""
    return base64.b64decode(unseal(version, box, context=context)["file"])


def is_vaulted(version: int) -> bool:
    """Whether only the vault opens boxes of this version."""
    return version > VAULT


def seal_for_vault(data: dict[str, Any], *, context: str) -> tuple[int, bytes]:
    """Encrypt ``data`` so that only the vault can open it; whoever seals cannot."""
    version = max(settings.DENOUNCER_PUBLIC_KEYS)
    key = _public_key(settings.DENOUNCER_PUBLIC_KEYS[version])
    return VAULT + version, _SUITE.encrypt(_json(data), key, context.encode())


def vault_unseal(
    ring: Mapping[int, bytes], version: int, box: Box, *, context: str
) -> dict[str, Any]:
    """The data of a box of the vault, by its private ring. Raises KeyError, InvalidTag."""
    key = X25519PrivateKey.from_private_bytes(ring[version - VAULT])
    return dict(json.loads(_SUITE.decrypt(bytes(box), key, context.encode())))


def seal_by_token(token: str, data: dict[str, Any], *, context: str) -> tuple[int, bytes]:
    """Encrypt ``data`` under a token of at least 128 random bits that is kept nowhere."""
    return BY_TOKEN, _encrypt(_token_box(token), data, context)


def unseal_by_token(token: str, box: Box, *, context: str) -> dict[str, Any]:
    """The data of a box that was sealed by this token. Raises InvalidTag."""
    return _decrypt(_token_box(token), box, context)


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


def _json(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def _encrypt(cipher: AESGCM, data: dict[str, Any], context: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, _json(data), context.encode())


def _decrypt(cipher: AESGCM, box: Box, context: str) -> dict[str, Any]:
    raw = bytes(box)
    nonce, sealed = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
    return dict(json.loads(cipher.decrypt(nonce, sealed, context.encode())))


def _token_box(token: str) -> AESGCM:
    return AESGCM(hmac.new(token.encode(), b"sealed by token", hashlib.sha256).digest())


@lru_cache(maxsize=16)
def _public_key(raw: bytes) -> X25519PublicKey:
    return X25519PublicKey.from_public_bytes(raw)


def _cipher(version: int) -> AESGCM:
    return _cipher_of(settings.IDENTITY_KEYS[version])


@lru_cache(maxsize=16)
def _cipher_of(key: bytes) -> AESGCM:
    return AESGCM(key)
