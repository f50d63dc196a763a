"""What is measured through HTTP, and the requests that do it."""

import json
import uuid
from collections.abc import Callable

from benchmarks.load import Request

BODY = {
    "kind": "complaint",
    "subject": "Khiếu nại mức bồi thường khi thu hồi đất",
    "content": "Gia đình tôi có thửa đất bị thu hồi, mức bồi thường chưa đúng quy định. " * 8,
    "request": "Đề nghị xem xét lại mức bồi thường.",
    "field": "land_compensation",
    "unit": "00004",
    "respondent": {"name": "Ủy ban nhân dân phường", "unit": "00004", "position": "unknown"},
    "petitioners": [
        {
            "full_name": "Vũ Thị Thử Nghiệm",
            "identity_number": "001099012345",
            "address": "Số 5, ngõ 12, phố Tưởng Tượng",
            "phone": "0912345678",
            "email": "thu.nghiem@example.com",
            "representative": True,
        }
    ],
}
JSON = {"Content-Type": "application/json"}
FILTERS = ("", "?overdue=true", "?ordering=due_on&open=true", "?q=boi+thuong", "?kind=complaint")


def filing(_number: int) -> Request:
    headers = JSON | {"Idempotency-Key": uuid.uuid4().hex}
    return "POST", "/api/v1/petitions/", headers, json.dumps(BODY).encode()


def inbox(token: str) -> Callable[[int], Request]:
    headers = {"Authorization": f"Token {token}"}

    def make(number: int) -> Request:
        return "GET", f"/api/v1/cases/{FILTERS[number % len(FILTERS)]}", headers, None

    return make


def case(token: str, codes: list[str]) -> Callable[[int], Request]:
    headers = {"Authorization": f"Token {token}"}

    def make(number: int) -> Request:
        return "GET", f"/api/v1/cases/{codes[number % len(codes)]}/", headers, None

    return make


def receive(token: str, codes: list[str]) -> Callable[[int], Request]:
    """Each code once: the first change of status of a new petition."""
    headers = JSON | {"Authorization": f"Token {token}"}
    body = json.dumps({"version": 1, "is_signed": True}).encode()

    def make(number: int) -> Request:
        return "POST", f"/api/v1/cases/{codes[number]}/actions/receive/", headers, body

    return make


def page(path: str, cookie: str = "") -> Callable[[int], Request]:
    headers = {"Cookie": cookie} if cookie else {}

    def make(_number: int) -> Request:
        return "GET", path, headers, None

    return make
