"""Production refuses to start half set up; demonstration needs nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.check import PRODUCTION

ROOT = Path(__file__).resolve().parents[2]
REQUIRED = sorted(set(PRODUCTION) - {"DJANGO_SETTINGS_MODULE"})
SHOW = (
    "import django; django.setup(); from django.conf import settings as s;"
    "print(s.DEMO_MODE, s.DEBUG, s.SESSION_COOKIE_SECURE, s.SECURE_SSL_REDIRECT,"
    " s.SECURE_HSTS_SECONDS > 0, sorted(s.IDENTITY_KEYS), s.DATABASES['default']['USER'])"
)


def settings_load(changes: dict[str, str], code: str = SHOW) -> subprocess.CompletedProcess[str]:
    """What happens when a process starts with production's settings and these changes."""
    clean = {k: v for k, v in os.environ.items() if k not in REQUIRED}
    environment = {**clean, "PORTAL_PROCESS": "web", **PRODUCTION, **changes}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_complete_production_starts() -> None:
    done = settings_load({})
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["False", "False", "True", "True", "True", "[1]", "portal_app"]


def test_every_missing_name_is_told() -> None:
    done = settings_load(dict.fromkeys(REQUIRED, ""))
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert all(name in last for name in REQUIRED)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"RATE_LIMITS": "off"}, "RATE_LIMITS"),
        ({"IDENTITY_KEYS": "1:c2hvcnQ="}, "32 bytes"),
        ({"IDENTITY_KEYS": "no"}, "IDENTITY_KEYS"),
        ({"TOKEN_HMAC_KEY": "c2hvcnQ="}, "TOKEN_HMAC_KEY"),
        ({"DENUNCIATION_MODE": "perhaps"}, "DENUNCIATION_MODE"),
        ({"DATABASE_URL": "nonsense"}, "database"),
    ],
)
def test_wrong_value_is_refused_by_name(changes: dict[str, str], told: str) -> None:
    done = settings_load(changes, "import hanoi_portal.settings.production")
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert "ImproperlyConfigured" in last
    assert told in last
    assert all(value not in last for value in changes.values() if len(value) > 7)


def test_the_owner_is_for_schema_changes_only(monkeypatch: pytest.MonkeyPatch) -> None:
    from hanoi_portal.settings import base

    monkeypatch.setattr(base, "PROCESS", "command")
    for command, owner in (("migrate", True), ("flush", True), ("sweep", False), ("shell", False)):
        monkeypatch.setattr(sys, "argv", ["manage.py", command])
        assert base.is_owner_command() is owner
    monkeypatch.setattr(base, "PROCESS", "web")
    monkeypatch.setattr(sys, "argv", ["gunicorn", "migrate"])
    assert not base.is_owner_command()


@pytest.mark.parametrize(
    ("url", "spelled"),
    [
        ("unix:///a b/valkey.sock?db=3", "redis+socket:///a b/valkey.sock?virtual_host=3"),
        ("unix:///x/valkey.sock", "redis+socket:///x/valkey.sock?virtual_host=0"),
        ("redis://valkey:6379/1", "redis://valkey:6379/1"),
    ],
)
def test_broker_address(url: str, spelled: str) -> None:
    from hanoi_portal.settings import base

    assert base.broker_url(url) == spelled
