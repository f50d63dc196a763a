"""The words of a message: a text template, its first line is the subject."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.template.loader import select_template
from django.utils import translation

GENERIC = "notifications/generic.txt"
# Every template may name these; a message brings what it has.
EMPTY: dict[str, Any] = {
    "code": "",
    "unit": "",
    "due_on": None,
    "href": "",
    "limit": "",
    "step": "",
    "level": 0,
    "basis": "",
    "nobody_found": False,
}


def render(template: str, params: dict[str, Any], *, language: str = "") -> tuple[str, str]:
    """Subject and body of a message in a language (the site's own when none is given)."""
    with translation.override(language or settings.LANGUAGE_CODE):
        text = select_template([f"notifications/{template}.txt", GENERIC]).render(
            EMPTY | _values(params) | {"site": settings.PUBLIC_BASE_URL}
        )
    subject, _newline, body = text.strip().partition("\n")
    return subject.strip(), body.strip() + "\n"


def _values(params: dict[str, Any]) -> dict[str, Any]:
    """Params as stored in JSON; names ending in ``_on`` are dates."""
    return {
        name: dt.date.fromisoformat(value) if name.endswith("_on") and value else value
        for name, value in params.items()
    }
