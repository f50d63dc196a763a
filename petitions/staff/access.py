"""Who gets as far as the pages of cases."""

from django.http import HttpRequest

from accounts.access import Access, access_of
from accounts.models import User
from accounts.roles import Permission
from common.errors import NotVisible


def signed_in(request: HttpRequest) -> User:
    """The person behind a page that only signed-in people reach."""
    if not isinstance(request.user, User):
        raise NotVisible
    return request.user


def case_access(request: HttpRequest) -> Access:
    """The caller's access; people without any case permission do not see these pages at all."""
    access = access_of(request.user)
    if not access.has(Permission.CASE_VIEW):
        raise NotVisible
    return access
