"""Opening accounts: nobody signs up, somebody gives the account."""

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.models import AccountEvent, User
from accounts.roles import Permission
from accounts.selectors_watchers import keepers
from accounts.services_locks import NOBODY_NAME
from accounts.services_reset import reset_ask
from accounts.tell import News, tell
from common.errors import InvalidInput, NotVisible
from common.history import NewEvent


@transaction.atomic
def account_open(*, access: Access | None, username: str, full_name: str, email: str) -> User:
    """An account without a password; the link to set one goes to the address. The other
    administrators are told.

    ``access`` None: the command line, for the first administrator. Raises NotVisible (not
    elevated), InvalidInput on ``username``, ``full_name`` or ``email``.
    """
    if access is not None and not access.has(Permission.ACCOUNT_KEEP):
        raise NotVisible
    _check(username, full_name, email)
    user = User(username=username, full_name=full_name.strip(), email=email)
    user.set_unusable_password()
    user.save()
    by = access.actor_id if access is not None else None
    AccountEvent.append(NewEvent(user.pk, "accounts.opened", {}, by))
    tell(News(f"account-opened:{user.pk}", "account_opened", people=sorted(keepers(by))))
    reset_ask(username)
    return user


def _check(username: str, full_name: str, email: str) -> None:
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError as error:
        raise InvalidInput(fields={"username": error.messages}) from error
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvalidInput(fields={"email": error.messages}) from error
    if not full_name.strip():
        raise InvalidInput(fields={"full_name": [_("Fill this in.")]})
    if username == NOBODY_NAME or User.objects.filter(username__iexact=username).exists():
        raise InvalidInput(fields={"username": [_("This user name is taken.")]})
