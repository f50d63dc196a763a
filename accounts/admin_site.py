"""The admin site opens to an administrator with elevated rights, and to nobody else."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class PortalAdminConfig(AdminConfig):
    default_site = "accounts.admin_site.PortalAdminSite"


class PortalAdminSite(AdminSite):
    site_header = _("Reference data of the portal")
    site_title = _("Reference data")
    index_title = _("To read only")
    site_url = "/can-bo/"

    def has_permission(self, request: HttpRequest) -> bool:
        from accounts.access import access_of
        from accounts.roles import Permission

        return access_of(request.user).has(Permission.REFERENCE_INSPECT)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """No second form for passwords: sign-in is the portal's, rights are taken there."""
        if request.user.is_authenticated:
            return HttpResponseRedirect(reverse("powers:elevation"))
        return HttpResponseRedirect(f"{reverse('account_login')}?next={reverse('admin:index')}")
