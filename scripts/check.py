#!/usr/bin/env python
"""Everything that is checked without running the tests; ``make check``."""

import base64
import os
import subprocess
import sys
import time
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
KEY = base64.b64encode(b"k" * 32).decode()
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "hanoi_portal.settings.production",
    "SECRET_KEY": "check-only-" + KEY + "-0123456789-abcdefghijklm",
    "ALLOWED_HOSTS": "portal.example",
    "DATABASE_URL": "postgresql://portal_app@localhost/portal",
    "REDIS_URL": "redis://localhost:6379/0",
    "IDENTITY_KEYS": f"1:{KEY}",
    "TOKEN_HMAC_KEY": KEY,
    "BLIND_INDEX_KEY": KEY,
    "DENOUNCER_PUBLIC_KEYS": f"1:{KEY}",
    "VAULT_AUTH_KEY": KEY,
    "PUBLIC_BASE_URL": "https://portal.example",
    "EMAIL_URL": "smtp://localhost:25",
}
MANAGE = (sys.executable, "manage.py")
TYPED = (
    "hanoi_portal", "reports", "continuity", "mobilisation", "early_warning", "directives",
    "receptions", "papers", "petitions", "escalation", "attachments", "notifications", "deadlines",
    "accounts", "communes", "common",
    "scripts", "benchmarks", "tests",
)  # fmt: skip
STEPS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "format": ((sys.executable, "-m", "ruff", "format", "--check", "."), {}),
    "lint": ((sys.executable, "-m", "ruff", "check", "."), {}),
    "imports": ((str(Path(sys.executable).parent / "lint-imports"), "--no-cache"), {}),
    "templates": ((sys.executable, "-m", "djlint", "--lint", "--quiet", "templates"), {}),
    "translations": ((sys.executable, "scripts/messages.py", "check"), {}),
    "migrations": ((*MANAGE, "makemigrations", "--check", "--dry-run"), {}),
    "deployment": ((*MANAGE, "check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
    "types": ((sys.executable, "-m", "mypy", *TYPED), {}),
}


def run(name: str) -> bool:
    command, extra = STEPS[name]
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=BASE, env={**os.environ, **extra}, capture_output=True, text=True, check=False
    )
    passed = done.returncode == 0
    print(f"{'ok  ' if passed else 'FAIL'} {name} ({time.monotonic() - began:.1f} s)", flush=True)
    if not passed:
        print(done.stdout + done.stderr, flush=True)
    return passed


def main(*names: str) -> int:
    results = [run(name) for name in names or STEPS]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
