"""Reading the outbox: who holds a position, a person's notices and wishes, dead letters."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import (
    BooleanField,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from accounts.access import Access
from accounts.roles import Permission
from common.api import Keyset
from common.codes import page_key, page_token
from common.errors import NotVisible
from common.time import now
from notifications.models import (
    SECRET,
    MessageState,
    NoticeRead,
    NoticeSettings,
    OutboxMessage,
    person_key,
    position_key,
)
from notifications.quiet import Wishes
from notifications.topics import ChannelName

Pair = tuple[int, str]
NO_ADDRESS = "no_address"
# No mail server said anything: the connection, or the vault, was away.
TEMPORARY = "temporary"
SHOWN_DAYS = 60
COUNT_MAX = 99
NEWEST = Keyset("-created_at", "-id")
TOKEN_CONTEXT = "outbox message"  # noqa: S105 -- a purpose, no secret


def wishes_by_person(user_ids: Iterable[int]) -> dict[int, Wishes]:
    """What people want who ever said; one query."""
    rows = NoticeSettings.objects.filter(user_id__in=list(user_ids))
    return {row.user_id: Wishes.of(row) for row in rows}


def wishes_get(access: Access) -> Wishes:
    """What the signed-in person wants, or the defaults."""
    return wishes_by_person([access.actor_id]).get(access.actor_id, Wishes())


def notices_for(access: Access) -> QuerySet[OutboxMessage]:
    """Notices of the last weeks to a person and the positions held today, with ``is_read``."""
    since = _since()
    before = Q(created_at__lte=_read_until(access, since))
    is_read = ExpressionWrapper(before | Q(_read_by(access)), BooleanField())
    return _notices(access, since).annotate(is_read=is_read)


def unread_for(access: Access) -> QuerySet[OutboxMessage]:
    """Those of them that the person has not read."""
    since = _since()
    fresh = _notices(access, since).filter(created_at__gt=_read_until(access, since))
    return fresh.filter(~_read_by(access))


def unread_count(access: Access) -> int:
    """How many are unread, counted up to one more than is shown; one query."""
    return unread_for(access)[: COUNT_MAX + 1].count()


def _since() -> dt.datetime:
    return now() - dt.timedelta(days=SHOWN_DAYS)


def _notices(access: Access, since: dt.datetime) -> QuerySet[OutboxMessage]:
    own = person_key(access.actor_id)
    held = {position_key(unit, position): unit for unit, position in sorted(access.positions)}
    rows = OutboxMessage.objects.filter(
        recipient_key__in=[own, *held],
        channel=ChannelName.APP,
        state=MessageState.SENT,
        created_at__gte=since,
    )
    # A deputy holds the position, but not the sight of denunciations.
    blind = [
        key for key, unit in held.items() if not access.has(Permission.DENUNCIATION_VIEW, unit)
    ]
    return rows.exclude(recipient_key__in=blind, params__contains=SECRET) if blind else rows


def _read_until(access: Access, since: dt.datetime) -> Coalesce:
    """The moment until which the person has read everything, or one before all that is shown."""
    marked = NoticeSettings.objects.filter(user_id=access.actor_id).values("read_until")
    return Coalesce(Subquery(marked), Value(since, DateTimeField()))


def _read_by(access: Access) -> Exists:
    return Exists(NoticeRead.objects.filter(message=OuterRef("pk"), user_id=access.actor_id))


def may_keep_notices(access: Access) -> bool:
    """Whether the person keeps texts and dead letters of the whole portal."""
    return access.has(Permission.REFERENCE_EDIT)


def undelivered(access: Access, *, no_address: bool = False) -> QuerySet[OutboxMessage]:
    """Dead letters, or those that had nowhere to go. Raises NotVisible."""
    if not may_keep_notices(access):
        raise NotVisible
    if no_address:
        rows = OutboxMessage.objects.filter(state=MessageState.SUPPRESSED, error=NO_ADDRESS)
    else:
        rows = OutboxMessage.objects.filter(state=MessageState.FAILED)
    return rows.select_related("recipient", "unit")


def backlog(access: Access) -> tuple[int, dt.datetime | None]:
    """How many messages should have been tried by now, and since when the oldest one.

    Those that are tried again are none of them: while the vault is away only mails to denouncers
    wait like that. One query. Raises NotVisible.
    """
    if not may_keep_notices(access):
        raise NotVisible
    due = OutboxMessage.objects.filter(
        state=MessageState.PENDING, attempts=0, next_attempt_at__lte=now()
    )
    found = due.aggregate(count=Count("pk"), oldest=Min("created_at"))
    return found["count"], found["oldest"]


def message_token(pk: int) -> str:
    """A message as pages name it."""
    return page_token(pk, context=TOKEN_CONTEXT)


def message_id_of(token: str) -> int:
    """The message behind a token. Raises NotVisible."""
    return page_key(token, context=TOKEN_CONTEXT)
