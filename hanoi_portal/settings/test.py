"""The test suite: the owner's role makes the test database, nothing leaves the process."""

from typing import Any

from hanoi_portal.settings.base import *  # noqa: F403
from hanoi_portal.settings.base import TEMPLATES, database, database_address

SECRET_KEY = "only-for-tests-" + "x" * 40
IDENTITY_KEYS = {1: b"1" * 32, 2: b"2" * 32}
TOKEN_HMAC_KEY = b"t" * 32
PUBLIC_BASE_URL = "http://testserver"
ALLOWED_HOSTS = ["*"]
DEMO_MODE = True
DEMO_PASSWORD = "hanoi-demo-2026"  # noqa: S105
RATE_LIMITS = False

DATABASES = {"default": database(database_address(owner=True)) | {"CONN_MAX_AGE": 0}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
