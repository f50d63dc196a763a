"""Errors by rule, raised anywhere below a page, become a clear page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.errors import DomainError

TEMPLATES = {403: "403.html", 404: "404.html", 409: "409.html", 429: "429.html"}


class DomainErrorMiddleware:
    """Renders DomainError for pages; the API has its own handler (``common.api``)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, error: Exception
    ) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        template = TEMPLATES.get(error.status, "409.html")
        context = {"message": error.message, "extra": error.extra}
        response = render(request, template, context, status=error.status)
        if "retry_after" in error.extra:
            response["Retry-After"] = str(error.extra["retry_after"])
        return response
