"""Production refuses to start half set up; demonstration needs nothing."""

import base64
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


def test_production_speaks_https_alone() -> None:
    code = (
        "import django; django.setup(); from django.conf import settings as s;"
        "print(s.SECURE_HSTS_SECONDS >= 31536000, s.SECURE_HSTS_INCLUDE_SUBDOMAINS,"
        " s.SECURE_HSTS_PRELOAD, s.CONTENT_SECURITY_POLICY['DIRECTIVES']"
        "['upgrade-insecure-requests'], s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE,"
        " *(n.startswith('__Host-') for n in"
        " (s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.LANGUAGE_COOKIE_NAME)))"
    )
    done = settings_load({}, code)
    assert done.stdout.split() == ["True"] * 9, done.stderr


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


SECRET = sorted(name for name in REQUIRED if name.endswith(("_KEY", "_KEYS")))


def test_every_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    changes: dict[str, str] = {}
    for name in SECRET:
        (tmp_path / name).write_text(PRODUCTION[name] + "\n")
        changes |= {name: "", f"{name}_FILE": str(tmp_path / name)}
    done = settings_load(changes)
    assert done.returncode == 0, done.stderr
    assert len(SECRET) == 6


@pytest.mark.parametrize("name", sorted(set(REQUIRED) - set(SECRET)))
def test_what_is_no_secret_is_missed_by_name_whatever_a_file_says(
    tmp_path: Path, name: str
) -> None:
    """It is read from the environment alone, so a file does not make it present."""
    (tmp_path / name).write_text(PRODUCTION[name])
    changes = {name: "", f"{name}_FILE": str(tmp_path / name)}
    done = settings_load(changes, "import hanoi_portal.settings.production")
    last = done.stderr.strip().splitlines()[-1]
    assert last.endswith(f"Set in the environment: {name}")


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


def test_the_vault_does_not_start_without_its_ring() -> None:
    done = settings_load({"PORTAL_PROCESS": "vault"})
    assert done.returncode != 0
    assert "DENOUNCER_PRIVATE_KEYS" in done.stderr.strip().splitlines()[-1]


def test_keys_come_from_files_as_well(tmp_path: Path) -> None:
    rings = ("IDENTITY_KEYS", "DENOUNCER_PUBLIC_KEYS", "DENOUNCER_PRIVATE_KEYS")
    changes = {"PORTAL_PROCESS": "vault"}
    for number, name in enumerate(rings, start=3):
        key = base64.b64encode(bytes([number]) * 32).decode()
        (tmp_path / name).write_text(f"{number}:{key}\n", encoding="utf-8")
        changes |= {name: "", f"{name}_FILE": str(tmp_path / name)}
    show = "import django; django.setup(); from django.conf import settings as s;"
    show += f"print(*[list(getattr(s, name)) for name in {rings}])"
    done = settings_load(changes, show)
    assert done.stdout.split() == ["[3]", "[4]", "[5]"], done.stderr
    gone = settings_load({**changes, "IDENTITY_KEYS_FILE": str(tmp_path / "gone")}, show)
    assert "IDENTITY_KEYS_FILE cannot be read" in gone.stderr.strip().splitlines()[-1]
