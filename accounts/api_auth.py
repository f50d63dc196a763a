"""``Authorization: Token …`` for other systems."""

from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from accounts.models import ApiToken, User
from accounts.services import TOKEN_PURPOSE
from common.codes import token_hmac


class ApiTokenAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        kind, _space, token = get_authorization_header(request).partition(b" ")
        if kind.lower() != b"token":
            return None
        found = (
            ApiToken.objects.select_related("user")
            .filter(token_hmac=token_hmac(TOKEN_PURPOSE, token.strip()), revoked_at=None)
            .first()
        )
        if found is None or not found.user.is_active:
            raise exceptions.AuthenticationFailed(_("This token is not valid."))
        return found.user, found

    def authenticate_header(self, request: Request) -> str:
        return "Token"
