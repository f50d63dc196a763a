"""Secrets of the installation: from the environment or from files, never with a default."""

import base64
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


def key_ring(name: str, text: str) -> dict[int, bytes]:
    """``1:base64,2:base64`` as keys of 32 bytes by version; the highest seals."""
    try:
        pairs = [part.split(":", 1) for part in text.split(",") if part.strip()]
        keys = {int(number): base64.b64decode(key, validate=True) for number, key in pairs}
    except ValueError:
        raise ImproperlyConfigured(f"{name} is not of the form 1:base64,2:base64") from None
    if not keys or any(len(key) != 32 for key in keys.values()):
        raise ImproperlyConfigured(f"{name} holds keys of 32 bytes each")
    if not all(0 < version < 10_000 for version in keys):
        raise ImproperlyConfigured(f"{name} numbers its keys from 1 to 9999")
    return keys


def secret_text(name: str) -> str:
    """A secret from the environment, or from the file that ``NAME_FILE`` names."""
    path = env(f"{name}_FILE", default="")
    if not path:
        return str(env(name, default=""))
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error.strerror}") from None


def secret_bytes(name: str, text: str) -> bytes:
    """A base64 secret of at least 32 bytes."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is not base64") from None
    if len(raw) < 32:
        raise ImproperlyConfigured(f"{name} is shorter than 32 bytes")
    return raw
