"""One form of answer for the whole API: errors, lists, strict input."""

import base64
import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import structlog
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.http import Http404, HttpRequest
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.crypto import token_make, token_open
from common.errors import DomainError, InvalidInput, NotVisible
from common.text import is_storable

log = structlog.get_logger(__name__)
BODY_DEPTH_MAX = 20  # lists and objects in one another
PAGE_SIZE = 50
PAGE_SIZE_MAX = 200


@method_decorator(login_not_required, name="dispatch")
class PublicView(APIView):
    """Open to anyone; sessions and tokens are not even looked at."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]


@method_decorator(login_not_required, name="dispatch")
class StaffView(APIView):
    """Token or session; ``LoginRequiredMiddleware`` is for pages, the API answers 401 itself."""


class UnknownPath(PublicView):
    """Whatever lies below ``/api/`` and is nothing: the same 404 as everywhere in the API."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotVisible


class MixedView(StaffView):
    """Open to anyone as a ``PublicView``, but for ``staff_methods``: a token or session."""

    staff_methods: tuple[str, ...] = ()

    def get_authenticators(self) -> list[Any]:
        return super().get_authenticators() if self._is_for_staff() else []

    def get_permissions(self) -> list[Any]:
        return list(super().get_permissions()) if self._is_for_staff() else [AllowAny()]

    def _is_for_staff(self) -> bool:
        # While the schema is made, a view begins without a request.
        return getattr(self.request, "method", None) in self.staff_methods


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses unknown fields by name and strings that PostgreSQL cannot hold."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = sorted(set(map(str, data)) - set(self.fields))
            if unknown:
                raise serializers.ValidationError(
                    {name[:80]: [_("This field is not known.")] for name in unknown[:20]}
                )
        return super().to_internal_value(data)


def validated(serializer: type[serializers.Serializer[Any]], data: Any) -> dict[str, Any]:
    """The checked input, or a ValidationError that becomes a 400.

    One serializer a class serves every request: building its fields anew costs more than
    checking with them, and checking keeps nothing.
    """
    return dict(_shared(serializer).run_validation(data))


def cleaned_by(clean: Callable[[str], str], value: str) -> str:
    """The value as a validator shared with forms gives it, its error as one of the API."""
    try:
        return clean(value)
    except ValidationError as error:
        raise serializers.ValidationError(error.messages) from error


@lru_cache
def _shared(serializer: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    return serializer()


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook: every error as ``{"code", "message", "fields"}``."""
    if isinstance(exc, RequestDataTooBig):
        exc = DomainError(_("The request is too large."), code="too_large", status=413)
    if isinstance(exc, DomainError):
        return _domain_answer(exc)
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    elif isinstance(exc, SuspiciousOperation):
        exc = exceptions.ParseError()
    if isinstance(exc, exceptions.APIException):
        return _api_answer(exc)
    return None


def _domain_answer(exc: DomainError) -> Response:
    fields = {name: [str(text) for text in texts] for name, texts in exc.fields.items()}
    body = {
        "code": exc.code,
        "message": str(exc.message),
        "fields": fields,
        **exc.extra,
    }
    answer = Response(body, status=exc.status)
    if "retry_after" in exc.extra:
        answer["Retry-After"] = str(exc.extra["retry_after"])
    return answer


def _api_answer(exc: exceptions.APIException) -> Response:
    fields: dict[str, Any] = {}
    if isinstance(exc, exceptions.ValidationError):
        fields = _flat(exc.detail)
        code, message = "invalid", str(InvalidInput.message)
    elif isinstance(exc, exceptions.ParseError):
        code = _code(exc)
        message = _("The body is not well formed: send JSON in UTF-8, a file as form data.")
    else:
        code, message = _code(exc), str(exc.detail)
    answer = Response({"code": code, "message": message, "fields": fields}, status=exc.status_code)
    for header, value in (
        ("WWW-Authenticate", getattr(exc, "auth_header", None)),
        ("Retry-After", getattr(exc, "wait", None)),
    ):
        if value is not None:
            answer[header] = str(value)
    return answer


def _code(exc: exceptions.APIException) -> str:
    codes = exc.get_codes()
    return codes if isinstance(codes, str) else "invalid"


def _flat(detail: Any, path: str = "") -> dict[str, list[str]]:
    """Nested validation errors as ``{"petitioners.0.full_name": [...]}``."""
    if isinstance(detail, Mapping):
        found: dict[str, list[str]] = {}
        for name, value in detail.items():
            plain = "" if name == "non_field_errors" else str(name)
            found |= _flat(value, ".".join(p for p in (path, plain) if p))
        return found
    if isinstance(detail, list) and any(isinstance(item, Mapping | list) for item in detail):
        found = {}
        for index, item in enumerate(detail):
            found |= _flat(item, f"{path}.{index}" if path else str(index))
        return found
    items = detail if isinstance(detail, list) else [detail]
    return {path or "body": [str(item) for item in items]}


def json_body(request: Request) -> Any:
    """The parsed body. What is no JSON in UTF-8, nested without end or holds NUL or lone
    surrogates becomes a clear 400."""
    try:
        data = request.data
    except RecursionError:
        raise exceptions.ParseError from None
    _check_body(data, BODY_DEPTH_MAX)
    return data


def _check_body(value: Any, room: int) -> None:
    """One pass over everything, as long as ``room`` levels are left."""
    if isinstance(value, str):
        if not is_storable(value):
            raise InvalidInput(_("The text contains characters that cannot be stored."))
    elif isinstance(value, dict | list):
        if room == 0:
            raise exceptions.ParseError
        if isinstance(value, dict):
            for name in value:
                _check_body(name, room)
            value = value.values()
        for item in value:
            _check_body(item, room - 1)


class Keyset:
    """Keyset pagination: ``ordering`` ends with a unique key, cursors carry its values.

    No count is made and no row is skipped or shown twice while others are inserted. Columns
    must not be null. A cursor is sealed: the keys in it are integers of the database, which
    nobody outside may read or make up.
    """

    def __init__(self, *ordering: str) -> None:
        self.fields = [name.lstrip("-") for name in ordering]
        self.down = [name.startswith("-") for name in ordering]
        self.context = ",".join(ordering)

    def page(self, rows: QuerySet[Any], cursor: str, size: int) -> tuple[list[Any], str, str]:
        """The rows of one page and the cursors of the next and the previous page ("" if none)."""
        backwards, values = self._read(cursor)
        if values:
            rows = rows.filter(self._after(values, backwards))
        found = list(rows.order_by(*self.order(backwards))[: size + 1])
        more, found = len(found) > size, found[:size]
        if backwards:
            found.reverse()
        has_next = bool(found) and (more or backwards)
        has_previous = bool(found) and bool(values) and (more or not backwards)
        return (
            found,
            self._write(found[-1], False) if has_next else "",
            self._write(found[0], True) if has_previous else "",
        )

    def order(self, backwards: bool = False) -> list[OrderBy]:
        pairs = zip(self.fields, self.down, strict=True)
        return [OrderBy(F(name), descending=down != backwards) for name, down in pairs]

    def _after(self, values: list[Any], backwards: bool) -> Q:
        condition = Q()
        equal = Q()
        for name, down, value in zip(self.fields, self.down, values, strict=True):
            operator = "lt" if down != backwards else "gt"
            condition |= equal & Q(**{f"{name}__{operator}": value})
            equal &= Q(**{name: value})
        # Implied, but an index scan can begin only where a plain comparison says so.
        operator = "lte" if self.down[0] != backwards else "gte"
        return Q(**{f"{self.fields[0]}__{operator}": values[0]}) & condition

    def _write(self, row: Any, backwards: bool) -> str:
        values = [_value(row, name) for name in self.fields]
        raw = json.dumps([int(backwards), *map(str, values)], separators=(",", ":"))
        token = token_make(raw, context=self.context)
        return base64.urlsafe_b64encode(token).decode().rstrip("=")

    def _read(self, cursor: str) -> tuple[bool, list[Any]]:
        if not cursor:
            return False, []
        try:
            token = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except ValueError:
            raise _bad_cursor() from None
        raw = token_open(token, context=self.context)
        if raw is None:  # of another list, or made up
            raise _bad_cursor()
        backwards, *values = json.loads(raw)
        return bool(backwards), values


def _bad_cursor() -> InvalidInput:
    return InvalidInput(fields={"cursor": [_("This page link is not valid.")]})


def _value(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = row[part] if isinstance(row, Mapping) else getattr(row, part)
    return row.isoformat() if hasattr(row, "isoformat") else row


def page_size(request: HttpRequest | Request, most: int = PAGE_SIZE_MAX) -> int:
    """The asked page size between 1 and ``most`` rows; anything else is refused."""
    asked = request.GET.get("page_size", str(PAGE_SIZE))
    if not asked.isascii() or not asked.isdecimal() or not 1 <= int(asked[:9]) <= most:
        message = _("A number from 1 to %(most)s.") % {"most": most}
        raise InvalidInput(fields={"page_size": [message]})
    return int(asked)


def list_answer(
    request: Request,
    rows: QuerySet[Any],
    keyset: Keyset,
    show: Callable[[list[Any]], list[Any]],
    most: int = PAGE_SIZE_MAX,
) -> Response:
    """The envelope of every list: absolute links or null, results, no count; ``most`` rows may be
    asked for at once."""
    size = page_size(request, most)
    found, after, before = keyset.page(rows, request.GET.get("cursor", ""), size)
    return page_answer(request, show(found), after, before)


def page_answer(request: Request, results: list[Any], after: str, before: str) -> Response:
    """A page in the same envelope, with the cursors after and before it ("" if none)."""
    return Response(
        {"next": _link(request, after), "previous": _link(request, before), "results": results},
        status=status.HTTP_200_OK,
    )


def plain_list(results: list[Any]) -> Response:
    """A list that is complete on one page."""
    return Response({"next": None, "previous": None, "results": results})


def _link(request: Request, cursor: str) -> str | None:
    if not cursor:
        return None
    query = request.GET.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
