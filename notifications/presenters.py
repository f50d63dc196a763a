"""Messages as pages show them."""

import datetime as dt
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.urls import NoReverseMatch
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.enums import Role
from common.time import local_date, now
from common.ui import span_words
from notifications.models import OutboxMessage
from notifications.rendering import Block, Words, words_of
from notifications.selectors import NO_ADDRESS, TEMPORARY, message_token
from notifications.texts import GENERIC
from notifications.topics import topic_of

log = structlog.get_logger(__name__)
# Texts that only denunciations send, as the ordinary ones to the same people.
_SHOWN_AS = {"identity_opened": "draft_waiting", "copy_released": "case_assigned"}


@dataclass(frozen=True)
class Notice:
    """A notice in the list. ``links`` lead to pages of the portal; opening one changes nothing."""

    token: str
    subject: str
    lines: tuple[str, ...]
    links: tuple[Block, ...]
    topic: Promise
    at: dt.datetime
    is_read: bool


@dataclass(frozen=True)
class Undelivered:
    """A message that did not go, and why."""

    token: str
    topic: Promise
    to: str
    attempts: int
    error: str
    answer: str
    created_at: dt.datetime
    age: str
    channel: str


def notice_shown(row: OutboxMessage) -> Notice:
    """A row of ``notices_for`` in the language of the page."""
    words = _words(row)
    return Notice(
        token=message_token(row.pk),
        subject=words.subject,
        lines=tuple(line for block in words.blocks for line in block.lines),
        links=tuple(_inside(block) for block in words.blocks if block.href),
        topic=topic_of(row.template).label,
        at=row.created_at,
        is_read=bool(getattr(row, "is_read", False)),
    )


def _words(row: OutboxMessage) -> Words:
    """The words of a row; one that is broken must not take the whole list away."""
    on, language = local_date(row.created_at), get_language() or ""
    try:
        return words_of(row.template, row.params, on=on, language=language)
    except (LookupError, TypeError, ValueError, NoReverseMatch) as error:
        log.warning(
            "notifications.notice.broken", template=row.template, error=type(error).__name__
        )
        return words_of(GENERIC, {}, on=on, language=language)


def _inside(link: Block) -> Block:
    """The link without the site's address: the reader is there."""
    return Block(label=link.label, href=link.href.removeprefix(settings.PUBLIC_BASE_URL))


def undelivered_shown(row: OutboxMessage) -> Undelivered:
    """A dead letter for those who keep the portal, who must not learn of a denunciation."""
    return Undelivered(
        token=message_token(row.pk),
        topic=topic_of(_SHOWN_AS.get(row.template, row.template)).label,
        to=_to(row),
        attempts=row.attempts,
        error=_error(row),
        answer=row.answer,
        created_at=row.created_at,
        age=span_words(now() - row.created_at),
        channel=str(row.get_channel_display()),
    )


def _error(row: OutboxMessage) -> str:
    """Why it did not go. To citizens, what no mail server said is not told apart: the vault opens
    the addresses of denouncers alone."""
    is_citizens = row.recipient is None and row.unit is None
    return TEMPORARY if is_citizens and not row.answer and row.error != NO_ADDRESS else row.error


def _to(row: OutboxMessage) -> str:
    if row.recipient is not None:
        return row.recipient.get_full_name()
    if row.unit is not None:
        role = Role(row.position).label if row.position in Role.values else row.position
        return f"{role}, {row.unit.full_name}"
    return _("A citizen (sealed address)")
