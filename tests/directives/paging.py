"""Pages of the register, as they are sent and read."""

from typing import Any

from django.test import Client

from directives.models import Directive
from tests.directives.keeping import (
    NUMBER,
)

STAFF = "/can-bo/chi-dao/"


RECORD = {
    "number": NUMBER,
    "kind": "official_letter",
    "issued_on": "2026-11-16",
    "issuer": "Ban Thường vụ Thành ủy Hà Nội",
    "subject": "Đối thoại với nhân dân",
    "confidentiality": "open",
}
TASK = {
    "title": "Tổ chức đối thoại với nhân dân",
    "expected_result": "Có đối thoại, có kết luận.",
    "evidence": "Biên bản đối thoại",
    "indicator": "count",
    "addressee": "authority",
    "rhythm": "once",
    "report_days": "5",
    "source": "typed",
    "supporting_units": ["BNC"],
}
STALE = "đã được người khác thay đổi"


def text(client: Client, path: str, **query: str) -> str:
    answer = client.get(STAFF + path, query)
    assert answer.status_code == 200
    return answer.content.decode()


def version(directive: Directive) -> int:
    return Directive.objects.values_list("version", flat=True).get(pk=directive.pk)


def step(client: Client, directive: Directive, name: str, **data: Any) -> Any:
    body = {"do": name, "version": version(directive)} | data
    return client.post(f"{STAFF}{directive.slug}/ho-so/", body)
