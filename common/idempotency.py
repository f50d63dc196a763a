"""One effect for a request however often it arrives (double click, reload, lost answer)."""

import datetime as dt
import json
import os
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from common.codes import token_hmac, token_matches
from common.errors import Conflict, InvalidInput
from common.models import IdempotencyKey
from common.time import now

KEY_MAX = 200
KEEP = dt.timedelta(days=7)
_CLAIM = """
    INSERT INTO common_idempotencykey (scope, key_hmac, body_hmac, salt, answer, created_at)
    VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (scope, key_hmac) DO NOTHING RETURNING id
"""


def once(
    scope: str, key: str, body: Any, work: Callable[[bytes], dict[str, Any]]
) -> tuple[dict[str, Any], bytes]:
    """Run ``work(salt)`` once for ``key`` and return its answer and the 128-bit salt.

    A second request with the same key waits for the first, then gets the stored answer. The
    answer must hold no secret: secrets come again from the salt. Raises Conflict
    ``idempotency_key_reused`` when the body differs.
    """
    if not 1 <= len(key) <= KEY_MAX or "\0" in key:
        raise InvalidInput(fields={"Idempotency-Key": [_("1 to 200 characters.")]})
    raw = json.dumps(body, ensure_ascii=False, sort_keys=True, default=str)
    with transaction.atomic():
        salt = os.urandom(16)
        row_id = _claim(scope, key, raw, salt)
        if row_id is not None:
            answer = work(salt)
            IdempotencyKey.objects.filter(pk=row_id).update(answer=answer)
            return answer, salt
    return _replay(scope, key, raw)


def idempotency_prune(*, at: dt.datetime | None = None) -> int:
    """Forget keys older than a week; returns how many."""
    return IdempotencyKey.objects.filter(created_at__lt=(at or now()) - KEEP).delete()[0]


def _claim(scope: str, key: str, raw: str, salt: bytes) -> int | None:
    values = (scope, token_hmac(scope, key), token_hmac(scope, raw), salt, "{}", now())
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, values)
        row = cursor.fetchone()
    return int(row[0]) if row else None


def _replay(scope: str, key: str, raw: str) -> tuple[dict[str, Any], bytes]:
    row = IdempotencyKey.objects.get(scope=scope, key_hmac=token_hmac(scope, key))
    if not token_matches(row.body_hmac, scope, raw):
        raise Conflict(
            _("This Idempotency-Key was used with another request."),
            code="idempotency_key_reused",
        )
    return row.answer, bytes(row.salt)
