"""Sessions and pages survive a broker that is away."""

import pytest
from django.contrib.sessions.backends.cached_db import SessionStore
from django.core.cache import cache
from pytest_django.fixtures import Settings


@pytest.fixture
def _broker_away(settings: Settings) -> None:
    away = {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/valkey.sock?db=0"}
    settings.CACHES = {"default": away}


def test_the_cache_works() -> None:
    cache.set("a", {"b": 1}, 10)
    assert cache.get("a") == {"b": 1}
    assert cache.add("a", 2) is False


@pytest.mark.usefixtures("_broker_away")
def test_a_missing_broker_is_a_miss() -> None:
    cache.set("a", 1)
    assert cache.get("a", "default") == "default"
    assert cache.get_many(["a"]) == {}
    assert cache.delete("a") is False
    assert "a" not in cache


@pytest.mark.django_db
@pytest.mark.usefixtures("_broker_away")
def test_a_session_lives_in_the_database() -> None:
    session = SessionStore()
    session["step"] = 2
    session.save()
    assert SessionStore(session.session_key)["step"] == 2
