"""The test suite: the owner's role makes the test database, nothing leaves the process."""

import os
import sys
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hanoi_portal.settings.base import *
from hanoi_portal.settings.base import TEMPLATES, VAULT_ADDRESS, database, database_address


class UndefinedVariable(str):
    """Raises for a variable that a template of ours uses and its view did not give.

    Templates of other packages count on the empty text.
    """

    def __mod__(self, variable: object) -> str:
        frame = sys._getframe()
        while frame.f_back is not None:
            frame = frame.f_back
            origin = _origin(frame.f_locals.get("self"), frame.f_locals.get("context"))
            if origin is not None:
                if "site-packages" in origin:
                    return ""
                raise AssertionError(f"undefined template variable {variable} in {origin}")
        return ""


def _origin(node: object, context: object) -> str | None:
    found = getattr(node, "origin", None) or getattr(
        getattr(context, "template", None), "origin", None
    )
    return str(found) if found is not None else None


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable("undefined %s")

SECRET_KEY = "only-for-tests-" + "x" * 40
IDENTITY_KEYS = {1: b"1" * 32, 2: b"2" * 32}
TOKEN_HMAC_KEY = b"t" * 32
BLIND_INDEX_KEY = b"b" * 32
# The private halves are in tests/vault_keys.py, for the vault of the suite alone
DENOUNCER_PUBLIC_KEYS = {
    number: X25519PrivateKey.from_private_bytes(bytes([number]) * 32)
    .public_key()
    .public_bytes_raw()
    for number in (1, 2)
}
VAULT_AUTH_KEY = b"v" * 32
# Workers of one test run share the directory, not the vault
VAULT_ADDRESS += os.environ.get("PYTEST_XDIST_WORKER", "")
PUBLIC_BASE_URL = "http://testserver"
ALLOWED_HOSTS = ["*"]
DEMO_MODE = True
DEMO_PASSWORD = "hanoi-demo-2026"  # noqa: S105
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # http://localhost
# Tests travel in time; those of sign-ins set their own limits.
SIGN_IN_IDLE = SIGN_IN_LONGEST = timedelta(days=36500)
RATE_LIMITS = False
ACCOUNT_RATE_LIMITS = False

DATABASES = {"default": database(database_address(owner=True)) | {"CONN_MAX_AGE": 0}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
VIDEO_HOSTS = ["hop.example.vn"]
