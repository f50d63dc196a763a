"""Blind index: exact matching of personal data that is never decrypted for it."""

import hashlib
import hmac

from django.conf import settings


def blind_index(kind: str, value: str) -> bytes:
    """HMAC-SHA256 of a normalised value (``phone``, ``id_number``, ``email``) under a key of its
    own: equal values of one kind meet, nothing else can be told from it.

    The caller normalises: the same phone number written in two ways has two indexes.
    """
    raw = kind.encode() + b"\0" + value.encode()
    return hmac.new(settings.BLIND_INDEX_KEY, raw, hashlib.sha256).digest()
