"""What Django and allauth say about sign-ins, written down.

Both offer nothing but signals for this. A sign-in by whatever view ends in ``login()``, so no way
in goes unnoticed.
"""

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from accounts.enums import SignInEnd
from accounts.middleware import SESSION_KEY
from accounts.models import User
from accounts.services import account_note
from accounts.services_sign_ins import sign_in_begin, sign_in_end, sign_ins_revoke
from accounts.standing import standing_forget


def _began(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    row = sign_in_begin(user=user, agent=request.META.get("HTTP_USER_AGENT", ""))
    request.session[SESSION_KEY] = row.pk
    request.__dict__.pop("_person", None)
    standing_forget(user)


def _left(sender: Any, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    number = request.session.get(SESSION_KEY)
    if user is not None and number is not None:
        sign_in_end(user=user, number=number)


def _password_changed(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The other sign-ins end; this one goes on."""
    keep = request.session.get(SESSION_KEY)
    sign_ins_revoke(user=user, keep=keep, reason=SignInEnd.PASSWORD)
    account_note(user, "accounts.password.changed")


def _factor(action: str) -> Any:
    def note(sender: Any, user: User, authenticator: Any, **kwargs: Any) -> None:
        account_note(user, f"accounts.second_factor.{action}", {"type": authenticator.type})
        standing_forget(user)

    return note


_NOTES = {
    mfa.authenticator_added: _factor("added"),
    mfa.authenticator_removed: _factor("removed"),
    mfa.authenticator_reset: _factor("reset"),
    mfa.authentication_failed: _factor("failed"),
}


def connect() -> None:
    """At start-up."""
    user_logged_in.connect(_began, dispatch_uid="accounts.sign_in.began")
    user_logged_out.connect(_left, dispatch_uid="accounts.sign_in.left")
    password_changed.connect(_password_changed, dispatch_uid="accounts.password.changed")
    for signal, note in _NOTES.items():
        signal.connect(note, weak=False, dispatch_uid="accounts.second_factor")
