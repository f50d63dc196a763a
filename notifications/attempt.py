"""One attempt to send, and what becomes of the messages it was about: sent, later, dead."""

import datetime as dt
import json
import random
from collections.abc import Callable, Sequence

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from common.time import now
from notifications.channels import Parcel, Refused, TryLater
from notifications.models import MessageState, OutboxMessage
from notifications.run import Run, Unreachable

log = structlog.get_logger(__name__)
ATTEMPTS_MAX = 12
BACKOFF_FIRST = 60  # seconds
BACKOFF_MAX = 3600  # seconds
# One statement with one parameter: bulk_update spends more time on it than sending the mails.
_SAVE = """
    UPDATE notifications_outboxmessage AS message
    SET state = given.state, attempts = given.attempts, next_attempt_at = given.next_attempt_at,
        digest_on = given.digest_on, sent_at = given.sent_at, error = given.error,
        answer = given.answer,
        address_box = CASE WHEN given.state = 'sent' THEN NULL ELSE message.address_box END,
        address_key_version =
            CASE WHEN given.state = 'sent' THEN NULL ELSE message.address_key_version END
    FROM jsonb_to_recordset(%s::jsonb) AS given (id bigint, state text, attempts int,
        next_attempt_at timestamptz, digest_on date, sent_at timestamptz, error text, answer text)
    WHERE message.id = given.id
"""
_SAVED = ("id", "state", "attempts", "next_attempt_at", "digest_on", "sent_at", "error", "answer")


def rows_send(run: Run, rows: Sequence[OutboxMessage], make: Callable[[], Parcel]) -> None:
    """Send one parcel that tells these rows. Raises Unreachable, with the rows untouched.

    A message that breaks the sending fails by itself, with the type of the error as reason.
    """
    try:
        answer = run.send(make())
    except (SoftTimeLimitExceeded, Unreachable):
        raise
    except TryLater as error:
        rows_later(run, rows, error)
    except Refused as error:
        rows_fail(run, rows, error.reason, error.answer)
    except Exception as error:  # noqa: BLE001 -- logged, and the rows say which
        rows_break(run, rows, error)
    else:
        _sent(run, rows, answer)


def rows_save(rows: Sequence[OutboxMessage]) -> None:
    """Store what was decided about locked rows. A citizen's address goes with the sending: nothing
    needs it any longer, and no backup made later holds it."""
    if rows:
        given = [{name: getattr(row, name) for name in _SAVED} for row in rows]
        with connection.cursor() as cursor:
            cursor.execute(_SAVE, [json.dumps(given, cls=DjangoJSONEncoder)])


def suppress(run: Run, row: OutboxMessage, reason: str) -> None:
    """The message is not to be sent."""
    row.state, row.error = MessageState.SUPPRESSED, reason
    run.result.count("suppressed")


def rows_fail(run: Run, rows: Sequence[OutboxMessage], reason: str, answer: str = "") -> None:
    """Make messages dead letters."""
    for row in rows:
        row.attempts += 1
        row.state, row.error, row.answer = MessageState.FAILED, reason, answer
        log.error("notifications.message.failed", template=row.template, error=reason)
    run.result.count("failed", len(rows))


def rows_break(run: Run, rows: Sequence[OutboxMessage], error: Exception) -> None:
    """A fault of ours: dead, with the type of the error as reason, and in the log."""
    log.error("notifications.message.broken", exc_info=error)
    rows_fail(run, rows, type(error).__name__)


def _sent(run: Run, rows: Sequence[OutboxMessage], answer: str) -> None:
    for row in rows:
        row.attempts += 1
        row.state, row.sent_at = MessageState.SENT, max(run.at, now())
        row.error, row.answer = "", answer
    run.result.count("sent", len(rows))


def rows_later(run: Run, rows: Sequence[OutboxMessage], error: TryLater) -> None:
    """Try again later, longer each time, with jitter; after the last attempt it is dead."""
    attempts = max(row.attempts for row in rows)
    if attempts + 1 >= ATTEMPTS_MAX:
        rows_fail(run, rows, error.reason, error.answer)
        return
    wait = min(BACKOFF_FIRST * 2**attempts, BACKOFF_MAX)
    jitter = random.uniform(0.8, 1.2)  # noqa: S311 -- spreads retries, no secret
    for row in rows:
        row.attempts += 1
        row.error, row.answer = error.reason, error.answer
        row.next_attempt_at = run.at + dt.timedelta(seconds=wait * jitter)
    run.result.count("retried", len(rows))
