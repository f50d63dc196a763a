"""Steps that ask for the password or the second factor again, within ten minutes.

What was typed is kept in the session while the person confirms, and sent on afterwards.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

View = Callable[..., HttpResponse]
# On a view and on what is wrapped around it: the methods by which it asks first.
MARK = "asks_password"


def sensitive(view: View) -> View:
    """Ask before the page is shown."""
    asked: View = reauthentication_required(app="accounts")(view)
    return _marked(asked, "GET", "POST")


def sensitive_change(view: View) -> View:
    """Ask before the change; looking is free."""
    asked: View = reauthentication_required(app="accounts", allow_get=True)(view)
    return _marked(asked, "POST")


def sensitive_form(view: View) -> View:
    """Ask before the form is shown, and keep nothing of what is typed into it: sessions lie in the
    database. Whoever sends it too late confirms the password and types again."""
    asked = sensitive(view)

    @wraps(asked)
    def late_or_asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and is_reauthentication_required(request, app="accounts"):
            return redirect(request.path)
        return asked(request, *args, **kwargs)

    return late_or_asked


def _marked(view: View, *methods: str) -> View:
    view.__dict__[MARK] = frozenset(methods)
    return view
