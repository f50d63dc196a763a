"""The admin site shows reference data and nothing about cases or people; it changes nothing.

Reference data changes through its files and ``load_reference``, which reports what changed.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest


def called(model: type[models.Model], one: Any, many: Any, fields: Mapping[str, Any]) -> None:
    """Words of a table and its columns, for these pages alone: no migration takes note of them."""
    model._meta.verbose_name, model._meta.verbose_name_plural = one, many
    for name, words in fields.items():
        field: Any = model._meta.get_field(name)
        field.verbose_name = words


class ReferenceAdmin(admin.ModelAdmin[models.Model]):
    """Read-only list and page; who gets as far as that is ``accounts.admin_site``'s rule."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return admin.site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
