"""Reading what a citizen sends: an expired form or a body too large loses nothing."""

from urllib.parse import urlsplit

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext as _

from petitions.validators import ATTACHMENTS_MAX

# The proxy lets the same through (deploy/Caddyfile).
FILES_BODY_MAX = ATTACHMENTS_MAX * 21 * 1024 * 1024
DRAIN_MAX = 32 * 1024 * 1024
DRAIN_STEP = 64 * 1024


class UnreadableError(Exception):
    """The body cannot be used; ``status`` and ``message`` say why."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def body_read(request: HttpRequest) -> None:
    """Parse the body now. Raises UnreadableError 413 or 400 with words for the citizen."""
    if _length(request) > FILES_BODY_MAX:
        raise UnreadableError(413, _too_large())
    try:
        _parsed = request.POST
    except RequestDataTooBig:
        _drain(request)
        raise UnreadableError(413, _too_large()) from None
    except (SuspiciousOperation, MultiPartParserError):
        message = _("The form arrived damaged. Nothing was sent. Please try again.")
        raise UnreadableError(400, message) from None


def form_refused(request: HttpRequest) -> HttpResponse | None:
    """Django's own check against forged forms: None, or its refusal."""
    check = CsrfViewMiddleware(lambda _request: HttpResponse())
    return check.process_view(request, HttpResponse, (), {})


def is_own_form(request: HttpRequest) -> bool:
    """Whether the browser says that the form came from this site."""
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(source).netloc == request.get_host()


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _drain(request: HttpRequest) -> None:
    """Read on, within bounds, so that the browser gets to see the answer."""
    left = min(_length(request), DRAIN_MAX)
    while left > 0 and (chunk := request.read(min(left, DRAIN_STEP))):
        left -= len(chunk)


def _too_large() -> str:
    return _(
        "What you sent is too large to be read at once. Your earlier answers are kept."
        " Please shorten the text, or send fewer or smaller files."
    )
