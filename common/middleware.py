"""Errors by rule, raised anywhere below a page, become a clear page."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from common.errors import DomainError

TEMPLATES = {403: "403.html", 404: "404.html", 409: "409.html", 429: "429.html"}


# Shorter values are choices and hidden fields, not something that a person wrote
TYPED_LENGTH = 15
NEVER_SHOWN = {
    "csrfmiddlewaretoken",
    "password",
    "secret",
    "petition_secret",
    "token",
    "key",
    "identity_number",
}


def _typed(request: HttpRequest) -> list[str]:
    """The texts of a refused form, so that nothing a person wrote is lost."""
    return [
        value
        for name, value in request.POST.items()
        if name not in NEVER_SHOWN and isinstance(value, str) and len(value) > TYPED_LENGTH
    ]


def previous_page(request: HttpRequest) -> str:
    """The path of this site from which the request came, or ""."""
    came_from = request.headers.get("referer", "")
    if not url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}):
        return ""
    return urlsplit(came_from).path


def _not_by_get(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    """An address that only takes forms, opened by a bookmark or after a sign-in."""
    response = render(request, "405.html", {"back_href": previous_page(request)}, status=405)
    response["Allow"] = refused["Allow"]
    return response


class DomainErrorMiddleware:
    """Renders DomainError for pages; the API has its own handler (``common.api``)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and request.method == "GET":
            return _not_by_get(request, response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        template = TEMPLATES.get(error.status, "422.html")
        context = {
            "message": error.message,
            "code": error.code,
            "extra": error.extra,
            "back_href": previous_page(request),
            "typed": _typed(request),
        }
        response = render(request, template, context, status=error.status)
        if "retry_after" in error.extra:
            response["Retry-After"] = str(error.extra["retry_after"])
        return response
