"""Who comes in."""

from django.http import HttpRequest

from accounts.access import Access, access_of
from common.errors import NotVisible
from early_warning.policies import sees_projects, sees_rules, sees_signals


def signal_access(request: HttpRequest) -> Access:
    """The caller's access; whoever sees no signals does not see these pages."""
    access = access_of(request.user)
    if not sees_signals(access):
        raise NotVisible
    return access


def rule_access(request: HttpRequest) -> Access:
    access = access_of(request.user)
    if not sees_rules(access):
        raise NotVisible
    return access


def project_access(request: HttpRequest) -> Access:
    access = access_of(request.user)
    if not sees_projects(access):
        raise NotVisible
    return access
