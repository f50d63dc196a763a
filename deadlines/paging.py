"""Lists held in memory in the envelope of every list, with keyset cursors."""

import base64
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import page_size
from common.errors import InvalidInput

AFTER, BEFORE = ">", "<"
Item = TypeVar("Item")
Key = Callable[[Item], str]


def sequence_answer(
    request: Request, items: Sequence[Item], key: Key[Item], show: Callable[[Item], dict[str, Any]]
) -> Response:
    """The items in their order, all at once, or in pages when the query asks for pages.

    ``key`` is unique per item. Raises InvalidInput on a wrong ``cursor`` or ``page_size``.
    """
    cursor = request.GET.get("cursor", "")
    paged = cursor or "page_size" in request.GET
    size = page_size(request) if paged else len(items)
    start, end = _window(items, key, cursor, size)
    page = items[start:end]
    return Response(
        {
            "next": _link(request, AFTER, key(page[-1])) if page and end < len(items) else None,
            "previous": _link(request, BEFORE, key(page[0])) if page and start > 0 else None,
            "results": [show(item) for item in page],
        }
    )


def _window(items: Sequence[Item], key: Key[Item], cursor: str, size: int) -> tuple[int, int]:
    if not cursor:
        return 0, min(size, len(items))
    side, wanted = _read(cursor)
    found = [index for index, item in enumerate(items) if key(item) == wanted]
    if side not in (AFTER, BEFORE) or not found:
        raise InvalidInput(fields={"cursor": [_("This page link is not valid.")]})
    if side == AFTER:
        return found[0] + 1, min(found[0] + 1 + size, len(items))
    return max(found[0] - size, 0), found[0]


def _read(cursor: str) -> tuple[str, str]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        return "", ""
    return text[:1], text[1:]


def _link(request: Request, side: str, key: str) -> str:
    query = request.GET.copy()
    query["cursor"] = base64.urlsafe_b64encode(f"{side}{key}".encode()).decode().rstrip("=")
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
