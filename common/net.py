"""The address a request comes from."""

from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The visitor's address. Behind our reverse proxy the middleware ``RealAddress`` has put it
    there; a header that anybody can send is never believed."""
    return str(request.META.get("REMOTE_ADDR", ""))
