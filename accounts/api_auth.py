"""``Authorization: Token …`` for other systems, and the session of a signed-in person."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.authentication import (
    BaseAuthentication,
    SessionAuthentication,
    get_authorization_header,
)
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import ApiToken, User
from accounts.policies import needs_second_factor
from accounts.scopes import scope_for
from accounts.services import TOKEN_PURPOSE
from accounts.standing import COLUMN, standing_column
from common.codes import token_hmac
from common.errors import NotPermitted
from common.time import now, today


class ApiTokenAuthentication(BaseAuthentication):
    """Unknown, revoked and expired tokens get the same answer."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        kind, _space, token = get_authorization_header(request).partition(b" ")
        if kind.lower() != b"token":
            return None
        moment = now()
        found = (
            ApiToken.objects.select_related("user")
            .annotate(**{COLUMN: standing_column(moment, "user_id")})
            .filter(token_hmac=token_hmac(TOKEN_PURPOSE, token.strip()))
            .first()
        )
        if found is None or not found.is_open(moment) or not found.user.is_active:
            raise exceptions.AuthenticationFailed(_("This token is not valid."))
        # An elevation belongs to a person at a screen, never to a token.
        standing = found.__dict__.pop(COLUMN)
        found.user.__dict__[COLUMN] = standing | {"until": []}
        self._note_use(found)
        return found.user, found

    def authenticate_header(self, request: Request) -> str:
        return "Token"

    def _note_use(self, token: ApiToken) -> None:
        """The day of the last use; at most one write a day and token."""
        if token.last_used_on != today():
            ApiToken.objects.filter(pk=token.pk).update(last_used_on=today())


class StaffSession(SessionAuthentication):
    """A session, once its person has a second factor."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        found = super().authenticate(request)
        if found is not None and needs_second_factor(found[0]):
            raise NotPermitted(_("Set up a second factor first."), code="second_factor_required")
        return found


class TokenScope(BasePermission):
    """A token opens what its scopes name; sessions have no scopes."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, ApiToken):
            return True
        match = request.resolver_match
        needed = scope_for(match.url_name or "", request.method or "") if match else None
        if needed is None or needed.value not in request.auth.scopes:
            raise NotPermitted(
                _("This token is not made for that."),
                code="scope_missing",
                extra={"scope": needed.value if needed else None},
            )
        return True
