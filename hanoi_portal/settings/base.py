"""What is common to every environment, in short sections. No secret has a default here."""

import logging
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import django_stubs_ext
import environ
import psycopg
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

from hanoi_portal import embedded
from hanoi_portal.logging import structured_logging
from hanoi_portal.schedule import BEAT_SCHEDULE
from hanoi_portal.settings.seals import *

django_stubs_ext.monkeypatch()  # generic classes such as ModelAdmin[Unit] at run time
env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent.parent
PORTAL_DATA = embedded.data_dir()

# Which kind of process this is: web, worker, beat, vault or command
PROCESS = os.environ.get("PORTAL_PROCESS", "web")
OWNER_COMMANDS = {"flush", "makemigrations", "migrate", "pgtrigger", "restore", "sqlmigrate"}

# The portal
DEMO_MODE = False
RATE_LIMITS = env("RATE_LIMITS", default="on").lower() != "off"
DENUNCIATION_MODE = env("DENUNCIATION_MODE", default="information")
if DENUNCIATION_MODE not in {"off", "information", "full"}:
    raise ImproperlyConfigured("DENUNCIATION_MODE is one of off, information, full")
# Under which licence the public calendar may be used again (an SPDX name); the City decides
OPEN_DATA_LICENCE = env("OPEN_DATA_LICENCE", default="CC-BY-4.0")
# The days off of the owner's choice: kept outside the code where a notice comes between releases
CALENDAR_DAYS_FILE = env(
    "CALENDAR_DAYS_FILE", default=str(BASE_DIR / "deadlines/data/calendar_days.csv")
)
# Above so many clocks due at once, in a unit or in all, the sweep waits for an administrator
ESCALATION_CAP_UNIT = env.int("ESCALATION_CAP_UNIT", default=300)
ESCALATION_CAP_RUN = env.int("ESCALATION_CAP_RUN", default=10_000)

# Hosts of the City's own video system; without one no online reception can be planned
VIDEO_HOSTS = env.list("VIDEO_HOSTS", default=[])

# Django
DEBUG = False
ALLOWED_HOSTS: list[str] = []
ROOT_URLCONF = "hanoi_portal.urls"
WSGI_APPLICATION = "hanoi_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "accounts.admin_site.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pghistory",
    "pgtrigger",
    "rest_framework",
    "hanoi_portal",
    "reports",
    "continuity",
    "mobilisation",
    "early_warning",
    "directives",
    "receptions",
    "papers",
    "petitions",
    "escalation",
    "attachments",
    "notifications",
    "deadlines",
    "accounts",
    "communes",
    "common",
]
MIDDLEWARE = [
    "hanoi_portal.middleware.SiteHeaders",
    "hanoi_portal.middleware.RealAddress",
    "hanoi_portal.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hanoi_portal.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.SignedIn",
    "hanoi_portal.middleware.FieldHistory",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SignInFirst",
    "accounts.middleware.SecondFactorFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "common.middleware.DomainErrorMiddleware",
]
FORM_RENDERER = "common.forms.PortalRenderer"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "escalation.context_processors.staff_badges",
                "hanoi_portal.context_processors.staff_frame",
            ],
        },
    }
]

# Language and time: Vietnamese first, days are days in Hà Nội
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

# Database
STATEMENT_SECONDS = {"web": (10, 5), "worker": (60, 10), "beat": (60, 10), "command": (0, 30)}
STATEMENT_SECONDS["vault"] = (5, 2)


def address_parts(url: str) -> dict[str, Any]:
    """The parts of a database's address; an error never quotes it, it holds a password."""
    try:
        return conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise ImproperlyConfigured("The address of the database is not valid") from None


def database(url: str) -> dict[str, Any]:
    """Django's description of a database from any address that libpq understands."""
    known = address_parts(url)
    statement, lock = STATEMENT_SECONDS[PROCESS]
    limits = f"-c statement_timeout={statement}s -c lock_timeout={lock}s"
    fields = {
        "NAME": known.pop("dbname", ""),
        "USER": known.pop("user", ""),
        "PASSWORD": known.pop("password", ""),
        "HOST": known.pop("host", ""),
        "PORT": str(known.pop("port", "")),
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        **fields,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": f"portal-{PROCESS}", "options": limits, **known},
    }


def is_owner_command() -> bool:
    """Whether this process changes the schema; everything else runs without that right."""
    return PROCESS == "command" and bool(OWNER_COMMANDS & set(sys.argv[1:2]))


def database_address(*, owner: bool) -> str:
    """The application's role, or the role that owns the schema."""
    given = env("DATABASE_URL", default="")
    if owner:
        given = env("MIGRATION_DATABASE_URL", default="") or given
    return given or embedded.database_url(embedded.OWNER if owner else embedded.APPLICATION)


APPLICATION_ROLE = str(address_parts(database_address(owner=False)).get("user") or "")


def broker_url(url: str) -> str:
    """Celery's spelling of a redis-py address: a Unix socket is ``redis+socket://``."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    number = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={number}"


# Broker, cache, sessions
REDIS_URL = env("REDIS_URL", default="") or embedded.redis_url()
CACHES = {
    "default": {
        "BACKEND": "hanoi_portal.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"

# Celery: a lost worker's task is given out again, results are never read
CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900, "socket_timeout": 10}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE

# How often a web process looks whether a periodic job fell silent
JOBS_WATCH_SECONDS = min(max(env.float("JOBS_WATCH_SECONDS", default=60.0), 0.2), 60.0)

# People and sign-in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PortalBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/can-bo/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(timedelta(minutes=10).total_seconds())
# Sign-ins of officers: how long unused, how long at all
SIGN_IN_IDLE = timedelta(minutes=60)
SIGN_IN_LONGEST = timedelta(hours=12)
ACCOUNT_FORMS = {
    "login": "accounts.forms_mfa.PortalLoginForm",
    "reauthenticate": "accounts.forms_mfa.PasswordAgainForm",
    "change_password": "accounts.forms_mfa.PasswordChangeForm",
}
MFA_FORMS = {
    "authenticate": "accounts.forms_mfa.CodeForm",
    "reauthenticate": "accounts.forms_mfa.ConfirmCodeForm",
    "activate_totp": "accounts.forms_mfa.ActivateForm",
    "add_webauthn": "accounts.forms_mfa.PasskeyForm",
    "edit_webauthn": "accounts.forms_mfa.PasskeyNameForm",
}
MFA_ADAPTER = "accounts.mfa_adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are given with the account
MFA_TOTP_TOLERANCE = 1
MFA_PASSKEY_LOGIN_ENABLED = False
# An empty dictionary keeps allauth's own limits.
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {} if RATE_LIMITS else False

# API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api_auth.ApiTokenAuthentication",
        "accounts.api_auth.StaffSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "accounts.api_auth.TokenScope",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "hanoi_portal.schema.PortalSchema",
    "EXCEPTION_HANDLER": "common.api.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Cổng đơn thư và tiếp công dân Thành phố Hà Nội",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "AdHocTrigger": "receptions.enums.AdHocTrigger",
        "DirectiveKind": "directives.enums.DirectiveKind",
        "PetitionKind": "petitions.enums.Kind",
        "ReceptionMove": "receptions.moves.Move",
        "ReceptionTaskState": "receptions.enums.TaskState",
        "ReceptionTaskStep": "receptions.serializers_day.STEPS",
        "RegistrationStatus": "receptions.enums.RegistrationStatus",
        "SessionKind": "receptions.enums.SessionKind",
        "SessionStatus": "receptions.enums.SessionStatus",
        "SignedHow": "receptions.enums.SignedHow",
        "UnitKind": "communes.enums.UnitKind",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# Field history: who, never from where
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

# Files
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(PORTAL_DATA / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = PORTAL_DATA / "files"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
FILE_UPLOAD_PERMISSIONS = 0o600

# Mail
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="cong-don-thu@hanoi.example")
EMAIL_TIMEOUT = 10

# Security
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
CONTENT_SECURITY_POLICY: dict[str, dict[str, Any]] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "frame-src": [NONE],
        "object-src": [NONE],
        "worker-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
# The strictest with which forms still work: without any, browsers send ``Origin: null``, which
# the check of forms refuses. Other sites learn nothing.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# What an answer has unless its view says otherwise (``hanoi_portal.middleware.SiteHeaders``)
UNUSED_POWERS = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture",
    "encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid", "idle-detection",
    "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock",
    "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
SITE_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{power}=()" for power in UNUSED_POWERS),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": X_FRAME_OPTIONS,
    "X-Permitted-Cross-Domain-Policies": "none",
}
# Few cookies, each named on the page of privacy: session, form token, language
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = None  # until the browser is closed
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

# Logs: no query string, no body, no address, no person
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = None
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
LOGGING = structured_logging(readable=False)
