"""Public codes and secrets: random, unguessable, forgiving to type, with check characters."""

import base64
import hashlib
import hmac
import secrets
import uuid

from django.conf import settings

from common.crypto import token_make, token_open
from common.errors import NotVisible

# Crockford's base 32: no I, L, O, U, so that a code read aloud or copied by hand survives.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FOLD = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
CODE_RANDOM = 10
ONCE_LENGTH = 8
SECRET_LENGTH = 26  # 26 * 5 bits >= 128 random bits


def code_new(prefix: str) -> str:
    """A public code such as ``HN-7K3M9-QXD4F-2T``: 50 random bits and two check characters."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(CODE_RANDOM))
    return f"{prefix}-{body[:5]}-{body[5:]}-{_check(prefix + body)}"


def page_token(key: int, *, context: str) -> str:
    """A row as pages and addresses name it: its number in the database stays inside."""
    return base64.urlsafe_b64encode(token_make(str(key), context=context)).decode().rstrip("=")


def page_key(token: str, *, context: str) -> int:
    """The number behind a token made in the same context. Raises NotVisible."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        raise NotVisible from None
    text = token_open(raw, context=context)
    if text is None:
        raise NotVisible
    return int(text)


def public_id_read(text: str) -> uuid.UUID:
    """The identifier in an address. Raises NotVisible: a malformed one is as good as unknown."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotVisible from None


def code_clean(typed: str, prefix: str) -> str | None:
    """The code as stored, from what a person typed, or None when it cannot be one of ours."""
    text = "".join(ch for ch in typed.upper() if ch.isascii() and ch.isalnum())
    if not text.startswith(prefix):
        return None
    body = text[len(prefix) :].translate(_FOLD)
    if len(body) != CODE_RANDOM + 2 or _check(prefix + body[:-2]) != body[-2:]:
        return None
    return f"{prefix}-{body[:5]}-{body[5:10]}-{body[10:]}"


def secret_from_salt(salt: bytes) -> str:
    """The secret that belongs to a random 128-bit salt: the same salt gives the same secret.

    A repeated request (lost connection, double click) can thus be answered with the same
    secret although only its HMAC and the salt are kept; the salt alone says nothing without
    the server's key.
    """
    digest = hmac.new(settings.TOKEN_HMAC_KEY, b"secret:" + salt, hashlib.sha256).digest()
    number = int.from_bytes(digest, "big")
    text = "".join(ALPHABET[(number >> (5 * i)) & 31] for i in range(SECRET_LENGTH))
    return "-".join((text[:6], text[6:11], text[11:16], text[16:21], text[21:]))


def once_code_from_salt(salt: bytes) -> str:
    """A one-time code of 40 bits for a mail, from a random 128-bit salt: the salt may lie in the
    outbox, since it says nothing without the server's key."""
    digest = hmac.new(settings.TOKEN_HMAC_KEY, b"once:" + salt, hashlib.sha256).digest()
    number = int.from_bytes(digest, "big")
    text = "".join(ALPHABET[(number >> (5 * i)) & 31] for i in range(ONCE_LENGTH))
    return f"{text[:4]}-{text[4:]}"


def digits_from_salt(salt: bytes) -> str:
    """A code of six digits for a mail, from a random 128-bit salt. It is good for few tries and
    minutes only, and beside a secret."""
    digest = hmac.new(settings.TOKEN_HMAC_KEY, b"digits:" + salt, hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**6:06d}"


def secret_clean(typed: str) -> str:
    """The secret without separators, upper case, with look-alike letters folded."""
    text = "".join(ch for ch in typed.upper() if ch.isascii() and ch.isalnum())
    return text.translate(_FOLD)


def token_hmac(purpose: str, token: str | bytes) -> bytes:
    """What is stored in place of a secret or token: HMAC-SHA256 under the server's key."""
    raw = token.encode() if isinstance(token, str) else token
    return hmac.new(
        settings.TOKEN_HMAC_KEY, purpose.encode() + b"\0" + raw, hashlib.sha256
    ).digest()


def token_matches(stored: bytes | memoryview, purpose: str, token: str | bytes) -> bool:
    """Constant-time comparison of a presented token with what is stored."""
    return hmac.compare_digest(bytes(stored), token_hmac(purpose, token))


def _check(text: str) -> str:
    value = int.from_bytes(hashlib.blake2s(text.encode(), digest_size=4).digest(), "big")
    return ALPHABET[value & 31] + ALPHABET[(value >> 5) & 31]
