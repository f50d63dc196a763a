"""The address a request comes from."""

from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The peer's address. Behind the reverse proxy gunicorn has already put the real one there
    (``forwarded_allow_ips``); a header that anybody can send is never believed."""
    return str(request.META.get("REMOTE_ADDR", ""))
