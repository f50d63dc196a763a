"""What drf-spectacular cannot see by itself."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.authentication import SessionScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from accounts.api_auth import TokenScope
from accounts.scopes import scope_for

ERROR: dict[str, Any] = {
    "type": "object",
    "properties": {
        "code": {"type": "string"},
        "message": {"type": "string"},
        "fields": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
    "required": ["code", "message", "fields"],
}
# ``scope`` is there when a token was refused for what it was made for.
NOT_ALLOWED: dict[str, Any] = ERROR | {
    "properties": ERROR["properties"] | {"scope": {"type": "string", "nullable": True}}
}


@cache
def _names() -> dict[str, str]:
    """Route → name of the address."""

    def walk(patterns: Any, prefix: str) -> Iterator[tuple[str, str]]:
        for item in patterns:
            route = prefix + str(item.pattern)
            if isinstance(item, URLResolver):
                yield from walk(item.url_patterns, route)
            elif isinstance(item, URLPattern) and item.name:
                yield route, item.name

    return dict(walk(get_resolver().url_patterns, ""))


class PortalSchema(AutoSchema):
    """Operations are named after their view: ``case_list_get``. Every refusal has one form."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is not None:
            operation["responses"]["4XX"] = {
                "description": "Refused: what is wrong, by field where it lies in one",
                "content": {"application/json": {"schema": ERROR}},
            }
            if any(isinstance(one, TokenScope) for one in self.view.get_permissions()):
                operation["responses"]["403"] = self._not_allowed()
        return operation

    def _not_allowed(self) -> dict[str, Any]:
        scope = scope_for(_names()[self.path_regex.lstrip("/")], self.method)
        needed = f"has no scope `{scope.value}`" if scope else "was used: no token may"
        return {
            "description": f"Not allowed (`forbidden`), or the token {needed} (`scope_missing`)",
            "content": {"application/json": {"schema": NOT_ALLOWED}},
        }

    def get_operation_id(self) -> str:
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type(self.view).__name__).lower()
        return f"{words}_{self.method.lower()}"


class ApiTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """``Authorization: Token …``, made by ``manage.py create_api_token``."""

    target_class = "accounts.api_auth.ApiTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": (
                "Token <value>. A token has scopes and an end; an operation outside its scopes"
                " answers 403 `scope_missing` with the missing `scope`."
            ),
        }


class StaffSessionScheme(SessionScheme):  # type: ignore[no-untyped-call]
    """The session of an officer in the browser."""

    target_class = "accounts.api_auth.StaffSession"
