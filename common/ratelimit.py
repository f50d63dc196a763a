"""Limits per address and purpose, counted in fixed windows in Redis.

When Redis is down the request passes: a limit protects the service and must not end it.
"""

import hashlib
import hmac
import time
from functools import lru_cache

import redis
import structlog
from django.conf import settings

from common.errors import TooMany

log = structlog.get_logger(__name__)
# purpose -> (requests, seconds)
LIMITS = {
    "file": (20, 3600),
    "track": (30, 600),
    "verify": (30, 600),
    "receipt": (30, 3600),
    "write": (20, 600),
    "recover": (10, 3600),
    "recover_mail": (3, 3600),
    "upload": (60, 3600),
    "draft": (120, 3600),
    "register": (20, 3600),
    "hold": (12, 900),
    "register_mail": (5, 3600),
    "confirm": (30, 600),
    "message": (30, 3600),
    "read": (600, 60),
    "password_reset": (10, 3600),
}


def limit(purpose: str, address: str) -> None:
    """Count one request of ``address``; raises TooMany with the seconds left in the window."""
    if not settings.RATE_LIMITS:
        return
    allowed, window = LIMITS[purpose]
    slot, passed = divmod(int(time.time()), window)
    try:
        used = _count(f"limit:{purpose}:{_blind(address)}:{slot}", window)
    except redis.RedisError as error:
        log.warning("common.ratelimit.unavailable", error=type(error).__name__)
        return
    if used > allowed:
        raise TooMany(retry_after=window - passed)


def _count(key: str, window: int) -> int:
    pipe = _client().pipeline(transaction=False)
    pipe.incr(key)
    pipe.expire(key, window)
    return int(pipe.execute()[0])


def _blind(address: str) -> str:
    """An address is personal data: only its HMAC reaches Redis."""
    return hmac.new(settings.TOKEN_HMAC_KEY, address.encode(), hashlib.sha256).hexdigest()[:24]


@lru_cache(maxsize=1)
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
