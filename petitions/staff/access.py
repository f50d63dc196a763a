"""Who gets as far as the pages of cases."""

from django.http import HttpRequest

from accounts.access import Access, access_of
from accounts.roles import Permission
from common.errors import NotVisible


def case_access(request: HttpRequest) -> Access:
    """The caller's access; people without any case permission do not see these pages at all."""
    access = access_of(request.user)
    if not access.has(Permission.CASE_VIEW):
        raise NotVisible
    return access
