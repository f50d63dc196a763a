"""Checks of what people type, shared by forms and API. Messages say what is expected."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SUBJECT_MAX = 300
CONTENT_MAX = 20_000
NAME_MAX = 120
ADDRESS_MAX = 300
# Of what an officer writes down for the record; the columns hold so many characters.
REASON_MIN, REASON_MAX = 10, 300
PETITIONERS_MAX = 200
ATTACHMENTS_MAX = 20
_IDENTITY = re.compile(r"(?:\d{12}|\d{9}|[A-Z]\d{7,8})")
_PHONE = re.compile(r"0\d{9,10}")


def identity_number_clean(value: str) -> str:
    """12 digits (citizen card), 9 digits (old card) or a passport number; "" stays ""."""
    text = re.sub(r"[\s.\-]", "", value).upper()
    if text and not _IDENTITY.fullmatch(text):
        raise ValidationError(
            _(
                "Enter the 12 digits of the citizen identity card"
                " (or the 9 digits of the old card, or a passport number)."
            ),
            code="identity_number",
        )
    return text


def phone_clean(value: str) -> str:
    """A Vietnamese telephone number as 0 and 9 or 10 digits; "" stays ""."""
    text = re.sub(r"[\s.\-()]", "", value)
    text = re.sub(r"^\+?84", "0", text) if text.startswith(("+84", "84")) else text
    if text and not _PHONE.fullmatch(text):
        raise ValidationError(
            _("Enter a telephone number of 10 digits, for example 0912345678."),
            code="phone",
        )
    return text


def reason_words(longest: int = REASON_MAX) -> str:
    """What is said about a reason of the wrong length (characters)."""
    words = _("Give the reason in %(low)d to %(high)d characters.")
    return words % {"low": REASON_MIN, "high": longest}


def no_nul(value: str) -> None:
    """PostgreSQL cannot store NUL; other control characters come from broken copies."""
    if "\0" in value:
        raise ValidationError(_("The text contains characters that cannot be stored."), code="nul")
