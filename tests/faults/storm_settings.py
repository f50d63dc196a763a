"""The installation of the storms: as ``dev``, with a beat that hurries, so that a fault meets a
sweep or a delivery at almost any moment."""

from typing import Any

from hanoi_portal.settings.dev import *  # noqa: F403
from hanoi_portal.settings.dev import CELERY_BEAT_SCHEDULE


def hurried(name: str, seconds: float) -> dict[str, Any]:
    return CELERY_BEAT_SCHEDULE[name] | {"schedule": seconds, "options": {"expires": 5}}


CELERY_BEAT_SCHEDULE = CELERY_BEAT_SCHEDULE | {
    "escalation-sweep": hurried("escalation-sweep", 1.5),
    "outbox-delivery": hurried("outbox-delivery", 1.0),
}
# Its processes are many and on one machine with the tests: the quickest hash, for any password.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
