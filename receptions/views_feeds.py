"""Calendar feeds and open data: public files that programs fetch again and again."""

import datetime as dt
import hashlib
import uuid

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import InvalidInput, NotVisible
from common.net import client_address
from common.ratelimit import limit
from communes.models import Unit
from communes.selectors import unit_by_code
from receptions import documents, open_data, selectors
from receptions.selectors_calendar import POSTS, post_exists

CODE_MAX = 12
FEED_SECONDS = 900
DATA_SECONDS = 300
# Any page of any site may read open data; nothing else of the portal.
OPEN_TO_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Expose-Headers": "ETag, Link",
    "Access-Control-Max-Age": "86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def public_answer(
    request: HttpRequest,
    response: HttpResponse,
    *,
    seconds: int,
    changed_at: dt.datetime | None = None,
) -> HttpResponseBase:
    """An answer that is the same for everybody and may be kept for ``seconds``; whoever holds it
    already is told so (304). Always Vietnamese, whatever language the browser chose."""
    digest = hashlib.sha256(response.content).hexdigest()[:32]
    response["ETag"] = quote_etag(digest)
    response["Cache-Control"] = f"public, max-age={seconds}"
    response["Content-Language"] = documents.LANGUAGE
    if changed_at is not None:
        response["Last-Modified"] = http_date(changed_at.timestamp())
    moment = int(changed_at.timestamp()) if changed_at else None
    kept = get_conditional_response(request, response["ETag"], moment, response)
    return kept if kept is not None else response


@login_not_required
@require_safe
def calendar_ics(request: HttpRequest) -> HttpResponseBase:
    """The calendar of all units, or of one (``?unit=CODE``), for calendar programs."""
    code = request.GET.get("unit", "")[:CODE_MAX]
    return _feed(request, _unit(code) if code else None)


@login_not_required
@require_safe
def unit_ics(request: HttpRequest, code: str) -> HttpResponseBase:
    """The feed of one unit, under an address that stays."""
    return _feed(request, _unit(code))


@login_not_required
@require_safe
def post_ics(request: HttpRequest, code: str, post: str) -> HttpResponseBase:
    """The feed of one post of a unit: it goes on when somebody else takes the post."""
    unit = _unit(code)
    if post not in POSTS or not post_exists(unit, POSTS[post]):
        raise NotVisible
    return _feed(request, unit, post)


@login_not_required
@require_safe
def session_ics(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    found = selectors.session_get_public(public_id)
    return _file(documents.sessions_ics([found]), "buoi-tiep-dan.ics")


def _unit(code: str) -> Unit:
    unit = unit_by_code(code)
    if unit is None:
        raise NotVisible
    return unit


def _feed(request: HttpRequest, unit: Unit | None, post: str = "") -> HttpResponseBase:
    limit("read", client_address(request))
    feed = documents.feed_ics(unit, POSTS[post] if post else "")
    name = "-".join(["lich-tiep-dan", unit.code if unit else "ha-noi", *([post] if post else [])])
    response = _file(feed.body, f"{name}.ics")
    return public_answer(request, response, seconds=FEED_SECONDS, changed_at=feed.changed_at)


def _file(body: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)


@login_not_required
@require_http_methods(["GET", "HEAD", "OPTIONS"])
def data_json(request: HttpRequest) -> HttpResponseBase:
    """Announced sessions as JSON, documented at ``/lich-tiep-dan/du-lieu/``."""
    return _data(request, "json")


@login_not_required
@require_http_methods(["GET", "HEAD", "OPTIONS"])
def data_csv(request: HttpRequest) -> HttpResponseBase:
    """The same rows and fields as a table; ``Link`` names the next page."""
    return _data(request, "csv")


def _data(request: HttpRequest, form: str) -> HttpResponseBase:
    limit("read", client_address(request))
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=OPEN_TO_ALL)
    try:
        page = open_data.page(request.GET.dict(), request.path)
    except InvalidInput as refused:
        body = open_data.refusal(refused)
        return HttpResponse(body, "application/json", status=400, headers=OPEN_TO_ALL)
    if form == "json":
        response = HttpResponse(open_data.as_json(page), "application/json")
    else:
        response = HttpResponse(open_data.as_csv(page), "text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="lich-tiep-dan.csv"'
    if page.next_url:
        response["Link"] = f'<{page.next_url}>; rel="next"'
    answer = public_answer(request, response, seconds=DATA_SECONDS)
    for name, value in OPEN_TO_ALL.items():
        answer[name] = value
    return answer
