"""Sign-in is locked for a while after failures, in the same way for every typed name.

Whatever happens here happens for names without an account too, with the same queries: their
history is kept under one account that nobody can use. So nobody learns which names exist.
"""

import datetime as dt
import unicodedata

from django.db import transaction
from django.db.models import Q

from accounts.models import AccountEvent, SignInLock, User
from accounts.tell import News, tell
from common.blind import blind_index
from common.history import NewEvent
from common.time import now

FAILURES, WITHIN, LOCKED_FOR = 5, dt.timedelta(minutes=15), dt.timedelta(minutes=15)
KEPT_FOR = dt.timedelta(days=1)
# Links for a new password under one typed name: a link holds for an hour, and each ends the one
# before, so who asks without end would keep its owner from ever using one.
LINKS, LINKS_WITHIN = 3, dt.timedelta(hours=1)
# Stands for every name that no account has. Not a valid sign-in: inactive, without a password.
NOBODY_NAME = "khong-co-tai-khoan"


def name_folded(name: str) -> str:
    """A typed user name as failures are counted and accounts are looked up: without a difference
    of case and of surrounding space."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def name_index(name: str) -> bytes:
    """The blind index of a typed user name."""
    return blind_index("username", name_folded(name))


def link_index(name: str) -> bytes:
    """The blind index under which askings for a link are counted."""
    return blind_index("password-reset", name_folded(name))


def link_is_one_too_many(name: str, at: dt.datetime) -> bool:
    """Count an asking for a link under a typed name, whether or not an account has it."""
    return _counted(link_index(name), at, LINKS_WITHIN).failures > LINKS


def sign_in_is_locked(name: str, at: dt.datetime | None = None) -> bool:
    """Whether sign-in under a typed name is locked at a moment. One query."""
    rows = SignInLock.objects.filter(name_index=name_index(name))
    return rows.filter(locked_until__gt=at or now()).exists()


@transaction.atomic
def sign_in_failed(name: str, at: dt.datetime | None = None) -> bool:
    """Count a failure; returns whether this one locked the sign-in.

    Only the count is written, for a day, and no row is locked but that of the typed name: names
    without an account, of which there is no end, leave nothing that grows and make nobody wait.
    The lock itself is an event; single failures become one at the next sign-in.
    """
    moment = at or now()
    row = _counted(name_index(name), moment, WITHIN)
    if row.failures < FAILURES:
        return False
    person = account_or_nobody(name)
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    data = {"failures": row.total}
    AccountEvent.append(NewEvent(person.pk, "accounts.sign_in.locked", data, None, moment))
    SignInLock.objects.filter(pk=row.pk).update(
        failures=0, total=0, locked_until=moment + LOCKED_FOR, first_at=moment
    )
    tell(
        News(
            f"account-locked:{person.pk}:{moment.isoformat()}",
            "account_locked",
            people=[person.pk],
            is_muted=person.username == NOBODY_NAME,
        )
    )
    return True


@transaction.atomic
def sign_in_cleared(user: User, at: dt.datetime | None = None) -> None:
    """The right password came: earlier failures no longer count, and stand in the history."""
    rows = SignInLock.objects.filter(name_index=name_index(user.username))
    total = sum(rows.values_list("total", flat=True))
    rows.delete()
    if total:
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        data = {"failures": total}
        AccountEvent.append(NewEvent(user.pk, "accounts.sign_in.failed", data, None, at))


@transaction.atomic
def sign_in_unlock(*, user: User, by: int) -> bool:
    """An administrator ends a lock; returns whether there was one."""
    gone, _by_model = SignInLock.objects.filter(name_index=name_index(user.username)).delete()
    if gone:
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        AccountEvent.append(NewEvent(user.pk, "accounts.sign_in.unlocked", {}, by))
    return bool(gone)


def locks_prune(at: dt.datetime | None = None) -> int:
    """Forget failures and locks of the days before."""
    gone, _by_model = SignInLock.objects.filter(first_at__lt=(at or now()) - KEPT_FOR).delete()
    return gone


def account_or_nobody(name: str) -> User:
    """The active account with a typed name, or the one that stands for none; no row is locked."""
    folded = name_folded(name)
    rows = User.objects.filter(Q(username__iexact=folded) | Q(username=NOBODY_NAME))
    # Of two that differ only in case, the one that was typed.
    ordered = sorted(rows, key=lambda row: row.username == name)
    found = {name_folded(row.username): row for row in ordered}
    person = found.get(folded)
    if person is not None and person.is_active:
        return person
    return found.get(NOBODY_NAME) or _nobody()


def _nobody() -> User:
    user, _created = User.objects.get_or_create(
        username=NOBODY_NAME, defaults={"full_name": "–", "is_active": False, "password": "!"}
    )
    return user


def _counted(index: bytes, moment: dt.datetime, within: dt.timedelta) -> SignInLock:
    row, _created = SignInLock.objects.select_for_update(no_key=True).get_or_create(
        name_index=index, defaults={"first_at": moment}
    )
    if moment - row.first_at > within:
        row.failures, row.first_at = 0, moment
    row.failures += 1
    row.total += 1
    row.save(update_fields=["failures", "total", "first_at"])
    return row
