"""Sign-ins: begun, seen, ended. The row decides; the session only carries its number."""

import datetime as dt
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.devices import device_of
from accounts.enums import SignInEnd
from accounts.models import AccountEvent, SignIn, User
from accounts.standing import standing_of
from common.errors import NotVisible
from common.history import NewEvent
from common.time import now

SEEN_EVERY = dt.timedelta(minutes=5)


@transaction.atomic
def sign_in_begin(*, user: User, agent: str, at: dt.datetime | None = None) -> SignIn:
    """A person signed in; ``agent`` is the browser's description, of which only words are kept."""
    moment = at or now()
    device, browser = device_of(agent)
    _lock(user.pk)
    row = SignIn.objects.create(
        user=user, device=device, browser=browser, begun_at=moment, seen_at=moment
    )
    _note(user.pk, "accounts.sign_in.begun", {"device": device.value}, user.pk, moment)
    return row


def sign_in_holds(user: User, number: int | None, at: dt.datetime | None = None) -> bool:
    """Whether a session with this sign-in is still believed; notes every few minutes that it is
    used, and ends what was idle or open too long."""
    moment = at or now()
    found = next((row for row in standing_of(user).sign_ins if row[0] == number), None)
    if found is None:
        return False
    _number, begun_at, seen_at = found
    if moment - begun_at > settings.SIGN_IN_LONGEST:
        return _expired(user, found[0], SignInEnd.TOO_LONG, moment)
    if moment - seen_at > settings.SIGN_IN_IDLE:
        return _expired(user, found[0], SignInEnd.IDLE, moment)
    if moment - seen_at > SEEN_EVERY:
        SignIn.objects.filter(pk=found[0], ended_at=None).update(seen_at=moment)
    return True


@transaction.atomic
def sign_in_end(*, user: User, number: int, reason: SignInEnd = SignInEnd.LEFT) -> None:
    """This sign-in is over; ending it twice changes nothing."""
    _end(user.pk, SignIn.objects.filter(pk=number), reason, user.pk, now())


@transaction.atomic
def sign_in_revoke(*, user: User, public_id: UUID) -> None:
    """End one of the own sign-ins. Raises NotVisible for one that is not open or not the own."""
    if not _end(
        user.pk,
        SignIn.objects.filter(user=user, public_id=public_id),
        SignInEnd.REVOKED,
        user.pk,
        now(),
    ):
        raise NotVisible


@transaction.atomic
def sign_ins_revoke(
    *,
    user: User,
    keep: int | None = None,
    reason: SignInEnd = SignInEnd.REVOKED,
    by: int | None = None,
) -> int:
    """End all sign-ins of a person but ``keep``; returns how many."""
    rows = SignIn.objects.exclude(pk=keep) if keep is not None else SignIn.objects.all()
    return _end(user.pk, rows, reason, by or user.pk, now())


def sign_ins_expire(at: dt.datetime | None = None) -> int:
    """Close what ended by time and nobody came back to; returns how many. A person at a time."""
    moment = at or now()
    over = SignIn.objects.filter(ended_at=None).exclude(pk__in=SignIn.objects.open(moment))
    people = over.order_by("user_id").values_list("user_id", flat=True).distinct()
    return sum(_expire(person, moment) for person in list(people))


@transaction.atomic
def _expire(person: int, at: dt.datetime) -> int:
    too_long = SignIn.objects.filter(begun_at__lt=at - settings.SIGN_IN_LONGEST)
    idle = SignIn.objects.filter(seen_at__lt=at - settings.SIGN_IN_IDLE)
    ends = ((too_long, SignInEnd.TOO_LONG), (idle, SignInEnd.IDLE))
    return sum(_end(person, rows, reason, None, at) for rows, reason in ends)


def _expired(user: User, number: int, reason: SignInEnd, at: dt.datetime) -> bool:
    with transaction.atomic():
        _end(user.pk, SignIn.objects.filter(pk=number), reason, None, at)
    return False


def _end(
    person: int, rows: QuerySet[SignIn], reason: SignInEnd, by: int | None, at: dt.datetime
) -> int:
    _lock(person)
    ended = rows.filter(user_id=person, ended_at=None).update(ended_at=at, ended_as=reason)
    if ended:
        data = {"reason": reason.value, "count": ended}
        _note(person, "accounts.sign_in.ended", data, by, at)
    return ended


def _lock(person: int) -> None:
    User.objects.select_for_update(no_key=True).get(pk=person)


def _note(
    person: int, action: str, data: dict[str, object], by: int | None, at: dt.datetime
) -> None:
    AccountEvent.append(NewEvent(person, action, data, by, at))
