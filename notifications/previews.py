"""Invented values for looking at a text before anybody gets it."""

import datetime as dt
from typing import Any

from notifications.digest import TEMPLATE as DIGEST
from notifications.digest import digest_item
from notifications.rendering import Words, words_of
from notifications.topics import TOPIC_OF

SAMPLE: dict[str, Any] = {
    "code": "HN-00000-00000-00",
    "unit": "Phường Ba Đình",
    "due_on": "2026-11-30",
    "session_on": "2026-12-03",
    "href": "",
    "limit": "Điều 28 Luật Khiếu nại",
    "step": "breach",
    "level": 1,
    "basis": "Điều 28 Luật Khiếu nại",
    "nobody_found": False,
    "of": "case",
    "year": 2027,
    "directive": "1699-CV/TU",
    "task": "Ban hành kế hoạch của đơn vị",
    "id": "00000000-0000-4000-8000-000000000000",
    "items": [],
    "more": 0,
    "kind": "complaint",
    "month": "10/2026",
    "posts": 3,
    "due": 1200,
    "cap": 300,
    "name": "Hệ thống văn bản",
    "number": "15-KH/ĐU",
    "ground": "recovery",
    "minutes": 15,
    "salt": "00" * 16,
    "role": "handler",
    "rights": ["case.decide", "identity.open"],
    "first_on": "2026-11-30",
    "last_on": "2026-12-31",
    "wanted_on": "2026-12-31",
    "place": "Trụ sở Ủy ban nhân dân phường",
    "time": "08:00",
}
# What a sample of the digest tells.
TOGETHER = ("case_accepted", "directive_report")
SAMPLES: dict[str, dict[str, Any]] = dict.fromkeys(TOPIC_OF, SAMPLE)


def preview(template: str, *, on: dt.date, language: str) -> Words:
    """A text with sample values in the version that holds on a local date."""
    params = SAMPLES[template]
    if template == DIGEST:
        told = [words_of(name, SAMPLE, on=on, language=language) for name in TOGETHER]
        params = params | {"items": [digest_item(one) for one in told]}
    return words_of(template, params, on=on, language=language)
