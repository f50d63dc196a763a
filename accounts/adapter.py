"""Sign-in by allauth: staff accounts are given, nobody signs up; locked after failures."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services_locks import sign_in_cleared, sign_in_failed, sign_in_is_locked


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The user name or the password is not right."),
        "too_many_login_attempts": _(
            "Too many failed attempts: sign-in under this name is locked for 15 minutes. After"
            " that, try again, or ask an administrator to end the lock."
        ),
        "incorrect_code": _("This code is not right, or it was used already."),
        "incorrect_password": _("This password is not right."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Count failures and refuse while locked, also for the right password.

        A locked name, a wrong name and a wrong password each cost one hash.
        """
        name = str(credentials.get("username", ""))
        is_locked = sign_in_is_locked(name)
        user: User | None = super().authenticate(request, **credentials)
        if is_locked:
            raise self.validation_error("too_many_login_attempts")
        if user is None:
            if sign_in_failed(name):
                raise self.validation_error("too_many_login_attempts")
        else:
            sign_in_cleared(user)
        return user

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Every sensitive step asks again, whichever app it belongs to."""
        return True

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Our words for allauth's ways."""
        words = {
            "reauthenticate": _("Use the password"),
            "mfa_reauthenticate": _("Use a code of the app or a recovery code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        found = super().get_reauthentication_methods(user)
        return [way | {"description": words[way["id"]]} for way in found]

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """As allauth does, without its look at e-mail addresses, which are not kept there."""
        found = self.authenticate(context.request, username=user.get_username(), password=password)
        return found is not None and found.pk == user.pk
