"""A reception day for citizens. No account is needed."""

import uuid

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from receptions import present, selectors


@login_not_required
@require_safe
def session(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One session and, while it is open, the way to register."""
    found = selectors.session_get_public(public_id)
    context = {"card": present.card(found), "session": found}
    return render(request, "receptions/session.html", context)
