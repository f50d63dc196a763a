"""Papers that came of a visit, for the visitor who holds code and secret."""

import uuid

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from common.errors import NotVisible
from common.net import client_address
from common.ratelimit import limit
from receptions.kept_files import notice_for_citizen
from receptions.progress import notice_public
from receptions.selectors import registration_track
from receptions.views_steps import pdf


@login_not_required
@require_POST
@never_cache
def conclusion_file(request: HttpRequest, notice_id: uuid.UUID) -> HttpResponse:
    """The notice without its internal rows; code and secret are sent, never in an address."""
    limit("track", client_address(request))
    found = registration_track(request.POST.get("code", ""), request.POST.get("secret", ""))
    if found is None:
        raise NotVisible
    body = notice_for_citizen(notice_public(found, notice_id))
    return pdf(body, "thong-bao-ket-luan.pdf")
