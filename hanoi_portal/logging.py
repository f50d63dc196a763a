"""Structured logs: one event a line, without a query string, a body or a person.

A traceback is written as its frames and the type of the error; the message of an error may
quote what somebody typed and stays out unless logs are made readable for development.
"""

import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

# One list for good: loggers in use keep the list they began with.
_CHAIN: list[Processor] = []


def structured_logging(*, readable: bool) -> dict[str, Any]:
    """Configure structlog and return Django's LOGGING: JSON, or lines for a developer."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_personal_data,
    ]
    _CHAIN[:] = [
        structlog.stdlib.filter_by_level,
        *shared,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ]
    structlog.configure(
        processors=_CHAIN,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return _logging(shared, readable=readable)


def _logging(shared: list[Processor], *, readable: bool) -> dict[str, Any]:
    last: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if readable:
        last.append(structlog.dev.ConsoleRenderer(colors=False))
    else:
        last += [_frames_only, structlog.processors.JSONRenderer(ensure_ascii=False)]
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": last,
        "foreign_pre_chain": shared,
    }
    quiet = {"level": "WARNING"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"structured": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # Our own request log has the same lines without the query string.
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            "django_structlog": quiet if readable else {"level": "INFO"},
            "celery": {"level": "INFO"},
            "celery.beat": quiet if readable else {"level": "INFO"},
            "celery.app.trace": quiet,
            "celery.worker.strategy": quiet,
        },
    }


def _without_personal_data(logger: Any, name: str, event: EventDict) -> EventDict:
    """Browsers and Django's ``request`` object (it prints its query string) stay out."""
    event.pop("user_agent", None)
    if str(event.get("logger", "")).startswith("django.security"):
        # Django quotes what it refused: a host, a path, a cookie.
        event["event"] = "request_refused"
    if not isinstance(event.get("request"), str | None):
        event["request"] = getattr(event["request"], "path", "")
    return event


def _frames_only(logger: Any, name: str, event: EventDict) -> EventDict:
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        error = (type(error), error, error.__traceback__)
    if isinstance(error, tuple) and error[0] is not None:
        event["error"] = f"{error[0].__module__}.{error[0].__qualname__}"
        frames = traceback.extract_tb(error[2])
        event["frames"] = [f"{f.filename}:{f.lineno} {f.name}" for f in frames[-12:]]
    return event
