"""Production: refuses to start on a missing secret, never a demo, HTTPS only."""

from django.core.exceptions import ImproperlyConfigured

from hanoi_portal.settings.base import *
from hanoi_portal.settings.base import (
    RATE_LIMITS,
    database,
    database_address,
    env,
    is_owner_command,
    key_ring,
    secret_bytes,
)

REQUIRED = (
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "REDIS_URL",
    "IDENTITY_KEYS",
    "TOKEN_HMAC_KEY",
    "PUBLIC_BASE_URL",
    "EMAIL_URL",
)
_missing = [name for name in REQUIRED if not env(name, default="")]
if _missing:
    raise ImproperlyConfigured(f"Set in the environment: {', '.join(_missing)}")
if not RATE_LIMITS:
    raise ImproperlyConfigured("RATE_LIMITS=off is for load and acceptance runs only")

DEMO_MODE = False
DEBUG = False
SECRET_KEY = env("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
IDENTITY_KEYS = key_ring(env("IDENTITY_KEYS"))
TOKEN_HMAC_KEY = secret_bytes("TOKEN_HMAC_KEY", env("TOKEN_HMAC_KEY"))
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
