"""A new password by a one-time link. Asking answers the same for every name."""

import datetime as dt
import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.enums import SignInEnd
from accounts.models import AccountEvent, PasswordReset, User
from accounts.services import api_tokens_revoke
from accounts.services_locks import (
    NOBODY_NAME,
    account_or_nobody,
    link_is_one_too_many,
    sign_in_cleared,
)
from accounts.services_sign_ins import sign_ins_revoke
from accounts.tell import News, tell
from common.codes import secret_clean, secret_from_salt, token_hmac
from common.errors import InvalidInput, NotVisible
from common.history import NewEvent
from common.time import now

PURPOSE = "password-reset"
VALID_FOR = dt.timedelta(hours=1)
# The first password of an account: the mail may come in the evening of a day before days off.
FIRST_VALID_FOR = dt.timedelta(days=3)


@transaction.atomic
def reset_ask(name: str, at: dt.datetime | None = None) -> None:
    """Send a link to the address of the account with this name, if there is one.

    The same steps for every name: the fourth asking within an hour sends nothing and leaves the
    link that was sent. The salt travels in the outbox; without the server's key it opens nothing.
    """
    moment = at or now()
    if link_is_one_too_many(name, moment):
        return
    person = account_or_nobody(name)
    is_invitation = person.username != NOBODY_NAME and is_first_password(person)
    salt = secrets.token_bytes(16)
    secret = secret_clean(secret_from_salt(salt))
    PasswordReset.objects.filter(user=person, used_at=None).update(used_at=moment)
    PasswordReset.objects.create(
        user=person, secret_hmac=token_hmac(PURPOSE, secret), asked_at=moment
    )
    tell(
        News(
            f"password-reset:{salt.hex()}",
            "account_invitation" if is_invitation else "password_reset",
            people=[person.pk],
            params={"salt": salt.hex()} | ({"name": person.username} if is_invitation else {}),
            is_muted=person.username == NOBODY_NAME or not person.email,
        )
    )


def is_first_password(user: User) -> bool:
    """Whether the account waits for its first password: its links say so and hold for longer."""
    return not user.has_usable_password()


def reset_read(typed: str, at: dt.datetime | None = None) -> PasswordReset:
    """The open link with this secret. Raises NotVisible: unknown, used and too old look alike."""
    moment = at or now()
    row = (
        PasswordReset.objects.select_related("user")
        .filter(secret_hmac=token_hmac(PURPOSE, secret_clean(typed)), used_at=None)
        .filter(asked_at__gt=moment - FIRST_VALID_FOR, user__is_active=True)
        .first()
    )
    if row is None or moment - row.asked_at >= _valid_for(row.user):
        raise NotVisible
    return row


def _valid_for(user: User) -> dt.timedelta:
    return FIRST_VALID_FOR if is_first_password(user) else VALID_FOR


@transaction.atomic
def reset_use(*, secret: str, password: str, at: dt.datetime | None = None) -> User:
    """Set the password; the link is used up, every sign-in and token of the person ends.

    The second factor stays. Raises NotVisible, InvalidInput on ``password``.
    """
    moment = at or now()
    row = reset_read(secret, moment)
    sign_in_cleared(row.user, moment)  # first: failures lock their count before the person
    user = User.objects.select_for_update(no_key=True).get(pk=row.user_id)
    if not PasswordReset.objects.filter(pk=row.pk, used_at=None).update(used_at=moment):
        raise NotVisible
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput(fields={"password": error.messages}) from error
    user.set_password(password)
    user.save(update_fields=["password"])
    sign_ins_revoke(user=user, reason=SignInEnd.PASSWORD)
    api_tokens_revoke(user=user)
    AccountEvent.append(NewEvent(user.pk, "accounts.password.reset", {}, user.pk, moment))
    return user


def resets_prune(at: dt.datetime | None = None) -> int:
    """Forget links that are too old."""
    old = (at or now()) - FIRST_VALID_FOR
    gone, _by_model = PasswordReset.objects.filter(asked_at__lt=old).delete()
    return gone
