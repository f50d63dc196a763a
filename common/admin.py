"""The admin site shows reference data and nothing about cases or people; it changes nothing.

Reference data changes through its files and ``load_reference``, which reports what changed.
"""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest


class ReferenceAdmin(admin.ModelAdmin[models.Model]):
    """Read-only list and page, for whoever keeps the reference data."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
