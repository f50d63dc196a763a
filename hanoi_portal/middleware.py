"""Middleware of the whole site."""

from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django_structlog.middlewares import RequestMiddleware
from pghistory.middleware import HistoryMiddleware


class RealAddress:
    """Behind our own proxy, ``REMOTE_ADDR`` becomes the visitor's address.

    Only proxies named in ``TRUSTED_PROXIES`` (networks) are believed, and of
    ``X-Forwarded-For`` only the part that they wrote: read from the right, the first address
    that is not one of them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.TRUSTED_PROXIES:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.proxies = [ip_network(network) for network in settings.TRUSTED_PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        header = request.META.get("HTTP_X_FORWARDED_FOR", "")
        written = [part.strip() for part in header.split(",") if part.strip()]
        address = request.META.get("REMOTE_ADDR", "")
        while written and self._is_ours(address):
            address = written.pop()
        request.META["REMOTE_ADDR"] = address
        return self.get_response(request)

    def _is_ours(self, address: str) -> bool:
        try:
            return any(ip_address(address) in network for network in self.proxies)
        except ValueError:
            return False


class SiteHeaders:
    """Headers of every answer, files and error pages too.

    Nothing is kept by browsers or by what lies between: a page that lies in the history of a
    shared computer tells who denounces. Views that know better say so themselves.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in settings.SITE_HEADERS.items():
            if name != "X-Frame-Options" or not getattr(response, "xframe_options_exempt", False):
                response.headers.setdefault(name, value)
        return response


class RequestLog(RequestMiddleware):
    """One line a request: method and path, never the query string."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"


class FieldHistory(HistoryMiddleware):
    """Says in the field history who changed a row by a form or by the API: the person's key, and
    never an address, a path or what was sent."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        user = getattr(request, "user", None)
        return {"user": user.pk if user is not None else None, "process": "web"}


class ChosenLanguage:
    """Vietnamese, unless the visitor chose another language on the page.

    The browser's own preference is not followed: many are set up in English by their makers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.known = {code for code, _name in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in self.known else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
