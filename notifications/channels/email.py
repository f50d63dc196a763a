"""E-mail by Django's mail backend: plain text and HTML, one recipient a mail."""

import hashlib
import re
import smtplib
from collections.abc import Collection, Mapping
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from accounts.models import User
from notifications.channels.parcel import Parcel, Refused, TryLater

log = structlog.get_logger(__name__)
DJANGO_SMTP = "django.core.mail.backends.smtp.EmailBackend"
OUR_SMTP = "notifications.channels.smtp.AnsweringBackend"
PERMANENT_FROM = 500  # SMTP answers 5xx: trying again does not help
CLOSING = 421  # the server hangs up
_ADDRESS = re.compile(r"\S+@\S+")


class EmailChannel:
    """One connection to the mail server."""

    def __init__(self) -> None:
        backend = settings.EMAIL_BACKEND
        self._backend: BaseEmailBackend = get_connection(
            OUR_SMTP if backend == DJANGO_SMTP else backend
        )

    def open(self) -> None:
        """Connect. Raises TryLater."""
        try:
            self._backend.open()
        except OSError as error:  # every error of smtplib is one
            raise TryLater(type(error).__name__, is_down=True) from error

    def send(self, parcel: Parcel) -> str:
        """Hand over one mail; returns the server's answer. Raises TryLater, Refused."""
        mail = EmailMultiAlternatives(
            parcel.subject,
            parcel.text,
            settings.DEFAULT_FROM_EMAIL,
            [parcel.to],
            connection=self._backend,
            headers={
                "Message-ID": message_id(parcel.key),
                "Auto-Submitted": "auto-generated",
                "Content-Language": parcel.language,
            },
        )
        mail.attach_alternative(parcel.html, "text/html")
        try:
            self._backend.send_messages([mail])
        except OSError as error:
            raise _judged(error) from error
        return _scrubbed(getattr(self._backend, "answer", ""))

    def close(self) -> None:
        """Hang up; never raises."""
        try:
            self._backend.close()
        except OSError as error:
            log.warning("notifications.connection.close_failed", error=type(error).__name__)

    def addresses(self, user_ids: Collection[int]) -> Mapping[int, str]:
        """Addresses of active people; one query."""
        found = User.objects.filter(pk__in=user_ids, is_active=True).exclude(email="")
        return dict(found.order_by("pk").values_list("pk", "email"))

    def address_in(self, box: Mapping[str, Any]) -> str:
        return str(box.get("email", ""))


def message_id(key: str) -> str:
    """The same for every sending of the same parcel; says nothing about it."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def _judged(error: OSError) -> Refused | TryLater:
    """Whether a mail server's error is final, of this mail alone, or of the connection."""
    reason, (code, text) = type(error).__name__, _said(error)
    answer = _scrubbed(f"{code} {text}") if code else ""
    is_of_the_mail = isinstance(
        error,
        smtplib.SMTPRecipientsRefused | smtplib.SMTPSenderRefused | smtplib.SMTPDataError,
    )
    if is_of_the_mail and code >= PERMANENT_FROM:
        return Refused(reason, answer)
    return TryLater(reason, answer, is_down=not is_of_the_mail or code == CLOSING)


def _said(error: OSError) -> tuple[int, str]:
    text: str | bytes
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        # One recipient a mail, so one answer.
        code, text = next(iter(error.recipients.values()), (0, b""))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, text = error.smtp_code, error.smtp_error
    else:
        return 0, ""
    return code, text.decode(errors="replace") if isinstance(text, bytes) else text


def _scrubbed(answer: str) -> str:
    """A server's answer without the addresses it repeats."""
    return _ADDRESS.sub("…", " ".join(answer.split()))[:200]
