"""Production: refuses to start on a missing secret, never a demo, HTTPS only."""

from django.core.exceptions import ImproperlyConfigured

from hanoi_portal.settings.base import *
from hanoi_portal.settings.base import (
    CONTENT_SECURITY_POLICY,
    PROCESS,
    RATE_LIMITS,
    database,
    database_address,
    env,
    is_owner_command,
)
from hanoi_portal.settings.keys import key_ring, secret_bytes, secret_text

# Each may lie in a file that ``NAME_FILE`` names.
SECRETS = (
    "SECRET_KEY",
    "IDENTITY_KEYS",
    "TOKEN_HMAC_KEY",
    "BLIND_INDEX_KEY",
    "DENOUNCER_PUBLIC_KEYS",
    "VAULT_AUTH_KEY",
)
REQUIRED = ("ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "PUBLIC_BASE_URL", "EMAIL_URL")
_missing = [name for name in SECRETS if not secret_text(name)]
_missing += [name for name in REQUIRED if not env(name, default="")]
if PROCESS == "vault" and not secret_text("DENOUNCER_PRIVATE_KEYS"):
    _missing.append("DENOUNCER_PRIVATE_KEYS")
if _missing:
    raise ImproperlyConfigured(f"Set in the environment: {', '.join(_missing)}")
if not RATE_LIMITS:
    raise ImproperlyConfigured("RATE_LIMITS=off is for load and acceptance runs only")

DEMO_MODE = False
DEBUG = False
SECRET_KEY = secret_text("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
IDENTITY_KEYS = key_ring("IDENTITY_KEYS", secret_text("IDENTITY_KEYS"))
DENOUNCER_PUBLIC_KEYS = key_ring("DENOUNCER_PUBLIC_KEYS", secret_text("DENOUNCER_PUBLIC_KEYS"))
if PROCESS == "vault":
    DENOUNCER_PRIVATE_KEYS = key_ring(
        "DENOUNCER_PRIVATE_KEYS", secret_text("DENOUNCER_PRIVATE_KEYS")
    )
VAULT_AUTH_KEY = secret_bytes("VAULT_AUTH_KEY", secret_text("VAULT_AUTH_KEY"))
TOKEN_HMAC_KEY = secret_bytes("TOKEN_HMAC_KEY", secret_text("TOKEN_HMAC_KEY"))
BLIND_INDEX_KEY = secret_bytes("BLIND_INDEX_KEY", secret_text("BLIND_INDEX_KEY"))
PUBLIC_BASE_URL = env("PUBLIC_BASE_URL").rstrip("/")
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL]

DATABASES = {"default": database(database_address(owner=is_owner_command()))}
vars().update(env.email_url("EMAIL_URL"))

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_SECURE = True
LANGUAGE_COOKIE_NAME = "__Host-language"
CONTENT_SECURITY_POLICY["DIRECTIVES"]["upgrade-insecure-requests"] = True
