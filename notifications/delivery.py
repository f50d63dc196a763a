"""Sending the outbox by e-mail: at least once, in small batches, whatever fails.

A message is marked after the server took it. A crash between the two sends it again with the
same Message-ID, by which mail systems recognise the copy.
"""

import datetime as dt
import hashlib
import random
import smtplib
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from accounts.models import User
from accounts.selectors import position_emails
from common.time import local_date, now
from notifications.models import MessageState, OutboxMessage
from notifications.rendering import render
from notifications.services import address_open

log = structlog.get_logger(__name__)
# Rows locked, and at most sent again, by one crash.
BATCH = 20
ATTEMPTS_MAX = 12
BACKOFF_FIRST = 60  # seconds
BACKOFF_MAX = 3600  # seconds
PERMANENT_FROM = 500  # SMTP answers 5xx: trying again does not help


@dataclass
class Delivery:
    """What one run did, in messages. ``unreachable``: the mail server did not answer."""

    sent: int = 0
    retried: int = 0
    failed: int = 0
    suppressed: int = 0
    unreachable: bool = False

    def as_dict(self) -> dict[str, int | bool]:
        return asdict(self)

    def count(self, row: OutboxMessage) -> None:
        name = "retried" if row.state == MessageState.PENDING else row.state
        setattr(self, name, getattr(self, name) + 1)


def outbox_deliver(*, limit: int = 1000, at: dt.datetime | None = None) -> Delivery:
    """Send pending messages whose time has come (UTC moment), oldest first, at most ``limit``.

    Safe in parallel: each run takes rows that no other holds. Stops when the mail server cannot
    be reached: nothing is changed then, and the next run tries again.
    """
    moment = at or now()
    result = Delivery()
    taken = 0
    while taken < limit:
        count = _batch(moment, min(BATCH, limit - taken), result)
        taken += count
        if not count:
            break
    log.info("notifications.outbox.delivered", **result.as_dict())
    return result


def _batch(at: dt.datetime, size: int, result: Delivery) -> int:
    """Send one batch in one transaction; 0 when there is nothing to do or nobody to give it to."""
    with transaction.atomic():
        rows = list(
            OutboxMessage.objects.filter(state=MessageState.PENDING, next_attempt_at__lte=at)
            .order_by("next_attempt_at", "id")
            .select_for_update(skip_locked=True, no_key=True)[:size]
        )
        if not rows:
            return 0
        connection = _connected()
        if connection is None:
            result.unreachable = True
            return 0
        try:
            _send_all(rows, connection, at)
        finally:
            _close(connection)
        changed = ["state", "attempts", "next_attempt_at", "sent_at", "error"]
        OutboxMessage.objects.bulk_update(rows, changed)
    for row in rows:
        result.count(row)
    return len(rows)


def _connected() -> BaseEmailBackend | None:
    connection: BaseEmailBackend = get_connection()
    try:
        connection.open()
    except OSError as error:
        log.warning("notifications.server.unreachable", error=type(error).__name__)
        return None
    return connection


def _send_all(rows: Sequence[OutboxMessage], connection: BaseEmailBackend, at: dt.datetime) -> None:
    addresses = _addresses(rows, at)
    for row in rows:
        _send(row, addresses.get(row.pk, []), connection, at)


def _send(row: OutboxMessage, to: list[str], connection: BaseEmailBackend, at: dt.datetime) -> None:
    """One broken message never ends the batch: it fails by itself, with the type as reason."""
    row.attempts += 1
    if not to:
        row.state, row.error = MessageState.SUPPRESSED, "no_address"
        return
    try:
        connection.send_messages([_mail(row, to, connection)])
    except OSError as error:  # every error of smtplib is one
        _later(row, at, error)
        if not isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
            _close(connection)  # the next message opens it again
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        row.state, row.error = MessageState.FAILED, type(error).__name__
        log.exception("notifications.message.failed", template=row.template)
    else:
        row.state, row.sent_at, row.error = MessageState.SENT, max(at, now()), ""


def _mail(row: OutboxMessage, to: list[str], connection: BaseEmailBackend) -> EmailMessage:
    subject, body = render(row.template, row.params)
    return EmailMessage(
        subject,
        body,
        settings.DEFAULT_FROM_EMAIL,
        to,
        connection=connection,
        headers={"Message-ID": message_id(row.key), "Auto-Submitted": "auto-generated"},
    )


def message_id(key: str) -> str:
    """The same for every sending of the same fact; says nothing about it."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def _later(row: OutboxMessage, at: dt.datetime, error: OSError) -> None:
    """Try again later, longer each time, with jitter; a permanent refusal is final."""
    row.error = type(error).__name__
    if row.attempts >= ATTEMPTS_MAX or _is_permanent(error):
        row.state = MessageState.FAILED
        log.error("notifications.message.failed", template=row.template, error=row.error)
        return
    wait = min(BACKOFF_FIRST * 2 ** (row.attempts - 1), BACKOFF_MAX)
    jitter = random.uniform(0.8, 1.2)  # noqa: S311 -- spreads retries, no secret
    row.next_attempt_at = at + dt.timedelta(seconds=wait * jitter)


def _is_permanent(error: OSError) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= PERMANENT_FROM for code, _text in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError | smtplib.SMTPSenderRefused):
        return error.smtp_code >= PERMANENT_FROM
    return False


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except OSError as error:
        log.warning("notifications.connection.close_failed", error=type(error).__name__)


def _addresses(rows: Sequence[OutboxMessage], at: dt.datetime) -> dict[int, list[str]]:
    """E-mail addresses by message: a person, whoever holds a position now, a sealed address."""
    people = _people(rows)
    pairs = {(row.unit_id, row.position) for row in rows if row.unit_id and row.position}
    positions = position_emails(pairs, local_date(at)) if pairs else {}
    found: dict[int, list[str]] = {}
    for row in rows:
        if row.recipient_id is not None:
            found[row.pk] = people.get(row.recipient_id, [])
        elif row.unit_id is not None:
            found[row.pk] = positions.get((row.unit_id, row.position), [])
        elif row.address_box is not None and row.address_key_version is not None:
            found[row.pk] = _sealed(row.address_key_version, bytes(row.address_box))
    return found


def _people(rows: Sequence[OutboxMessage]) -> dict[int, list[str]]:
    ids = {row.recipient_id for row in rows if row.recipient_id is not None}
    found = User.objects.filter(pk__in=ids, is_active=True).exclude(email="").order_by("pk")
    return {pk: [email] for pk, email in found.values_list("pk", "email")}


def _sealed(version: int, box: bytes) -> list[str]:
    try:
        return [address_open(version, box)]
    except (KeyError, InvalidTag, ValueError) as error:
        log.warning("notifications.address.unreadable", error=type(error).__name__)
        return []
