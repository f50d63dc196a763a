"""Who is looking at a case right now: comfort only, kept for a minute in the cache.

Two who open a case in the same instant may miss each other once; the version of the case, not
this, keeps their work apart.
"""

import time
from collections.abc import Iterable

from django.core.cache import cache

from accounts.models import User

SECONDS = 60
Looking = dict[int, tuple[str, float]]


def look(case_id: int, user: User) -> str:
    """Note that this person has a case open; returns who else has, by name."""
    key, moment = _key(case_id), time.time()
    found: Looking = cache.get(key) or {}
    others = {pk: item for pk, item in found.items() if pk != user.pk and _is_fresh(item, moment)}
    cache.set(key, {**others, user.pk: (user.full_name, moment)}, SECONDS)
    return _names(others)


def looking_at(case_ids: Iterable[int], user_id: int | None) -> dict[int, str]:
    """By case, who else is looking at it: one question to the cache for all of them."""
    keys = {_key(pk): pk for pk in case_ids}
    moment = time.time()
    found = {}
    for key, items in cache.get_many(list(keys)).items():
        others = {
            pk: item for pk, item in items.items() if pk != user_id and _is_fresh(item, moment)
        }
        if others:
            found[keys[key]] = _names(others)
    return found


def _is_fresh(item: tuple[str, float], moment: float) -> bool:
    return moment - item[1] < SECONDS


def _names(looking: Looking) -> str:
    return ", ".join(sorted(name for name, _moment in looking.values()))


def _key(case_id: int) -> str:
    return f"looking:{case_id}"
