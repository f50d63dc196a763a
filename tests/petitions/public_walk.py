"""A citizen at the filing pages, in the tests: what is typed, page by page."""

from typing import Any

from django.test import Client

from petitions.models import Draft
from tests.people import WARD

PERSON = {
    "full_name": "Trần Văn Giả Định",
    "address": "Số 7, ngõ 3, phố Tưởng Tượng",
    "identity_number": "001099012345",
    "phone": "0912 345 678",
    "email": "gia.dinh@example.com",
}
CONTENT = {
    "subject": "Khiếu nại mức bồi thường khi thu hồi đất",
    "content": "Thửa đất số 12 bị thu hồi.\r\nMức bồi thường chưa đúng.",
    "request": "Đề nghị xem xét lại mức bồi thường.",
}
ABOUT = {"name": "Ủy ban nhân dân phường", "unit": WARD, "position": "unknown"}
ROUTE: dict[str, dict[str, Any]] = {
    "loai": {"kind": "complaint"},
    "noi-nhan": {"unit": WARD},
    "linh-vuc": {"field": "land_compensation"},
    "noi-dung": CONTENT,
    "ve-ai": ABOUT,
    "nguoi-gui": PERSON,
    "tep": {},
}


def step(slug: str) -> str:
    return f"/gui-don/{slug}/"


def write(client: Client, upto: str = "tep", **changes: dict[str, Any]) -> str:
    """Answer the pages in their order up to one of them; returns where the last one led."""
    target = ""
    route = {**ROUTE, **{slug.replace("_", "-"): typed for slug, typed in changes.items()}}
    if route["loai"]["kind"] == "denunciation":
        route = {"loai": route.pop("loai"), "bao-ve": {}, **route}
    if route["loai"]["kind"] in ("recommendation", "feedback"):
        del route["ve-ai"]
    for slug, typed in route.items():
        response = client.post(step(slug), typed)
        assert response.status_code == 302, (slug, response.content.decode()[:3000])
        target = response["Location"]
        if slug == upto:
            break
    return target


def the_draft() -> Draft:
    return Draft.objects.get()
