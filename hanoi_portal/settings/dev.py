"""Demo and development: everything local, secrets made once, mail into a directory."""

import os

from hanoi_portal import local_secrets
from hanoi_portal.logging import structured_logging
from hanoi_portal.settings.base import *
from hanoi_portal.settings.base import (
    PORTAL_DATA,
    PROCESS,
    database,
    database_address,
    env,
    is_owner_command,
)
from hanoi_portal.settings.keys import key_ring, secret_bytes

# Values of the environment go before those of the file; the private ring is the vault's alone
_secrets = {
    name: os.environ.get(name) or value
    for name, value in local_secrets.load_or_create(PORTAL_DATA).items()
    if name != "DENOUNCER_PRIVATE_KEYS" or PROCESS == "vault"
}

DEMO_MODE = True
DEMO_PASSWORD = "hanoi-demo-2026"  # noqa: S105 - printed by ``up``, demo accounts only
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # http://localhost
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = _secrets["SECRET_KEY"]
IDENTITY_KEYS = key_ring("IDENTITY_KEYS", _secrets["IDENTITY_KEYS"])
DENOUNCER_PUBLIC_KEYS = key_ring("DENOUNCER_PUBLIC_KEYS", _secrets["DENOUNCER_PUBLIC_KEYS"])
if PROCESS == "vault":
    DENOUNCER_PRIVATE_KEYS = key_ring("DENOUNCER_PRIVATE_KEYS", _secrets["DENOUNCER_PRIVATE_KEYS"])
VAULT_AUTH_KEY = secret_bytes("VAULT_AUTH_KEY", _secrets["VAULT_AUTH_KEY"])
BLIND_INDEX_KEY = secret_bytes("BLIND_INDEX_KEY", _secrets["BLIND_INDEX_KEY"])
TOKEN_HMAC_KEY = secret_bytes("TOKEN_HMAC_KEY", _secrets["TOKEN_HMAC_KEY"])
PUBLIC_BASE_URL = env("PUBLIC_BASE_URL", default=f"http://localhost:{env('PORT', default='8000')}")
ALLOWED_HOSTS = ["*"]
VIDEO_HOSTS = env.list("VIDEO_HOSTS", default=["hop.example.vn"])

DATABASES = {"default": database(database_address(owner=is_owner_command()))}

# ``up`` sets the address of its mail catcher; a lone command leaves its mails as files
EMAIL_URL = env("EMAIL_URL", default="")
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = PORTAL_DATA / "mail"

LOGGING = structured_logging(readable=True)
