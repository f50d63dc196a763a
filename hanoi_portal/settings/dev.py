"""Demo and development: everything local, secrets made once, mail into a directory."""

import os

from hanoi_portal import local_secrets
from hanoi_portal.logging import structured_logging
from hanoi_portal.settings.base import *
from hanoi_portal.settings.base import (
    PORTAL_DATA,
    database,
    database_address,
    env,
    is_owner_command,
    key_ring,
    secret_bytes,
)

_secrets = local_secrets.load_or_create(PORTAL_DATA) | {
    name: os.environ[name]
    for name in ("SECRET_KEY", "IDENTITY_KEYS", "TOKEN_HMAC_KEY")
    if os.environ.get(name)
}

DEMO_MODE = True
DEMO_PASSWORD = "hanoi-demo-2026"  # noqa: S105 - printed by ``up``, demo accounts only
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = _secrets["SECRET_KEY"]
IDENTITY_KEYS = key_ring(_secrets["IDENTITY_KEYS"])
TOKEN_HMAC_KEY = secret_bytes("TOKEN_HMAC_KEY", _secrets["TOKEN_HMAC_KEY"])
PUBLIC_BASE_URL = env("PUBLIC_BASE_URL", default=f"http://localhost:{env('PORT', default='8000')}")
ALLOWED_HOSTS = ["*"]

DATABASES = {"default": database(database_address(owner=is_owner_command()))}

# ``up`` sets the address of its mail catcher; a lone command leaves its mails as files
EMAIL_URL = env("EMAIL_URL", default="")
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = PORTAL_DATA / "mail"

LOGGING = structured_logging(readable=True)
