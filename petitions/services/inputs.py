"""Checking the inputs of an action against its row in the workflow table."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.text import clean, is_storable
from common.time import date_read, today
from communes.selectors import unit_by_code
from petitions.enums import Finding
from petitions.grounds import listed
from petitions.receivers import unit_in_force
from petitions.references import field_by_code
from petitions.workflow import Action, Field, FieldType, Transition

KEY_MAX = 40
PROPOSALS = (
    Action.ACCEPT,
    Action.DECLINE,
    Action.GUIDE,
    Action.FORWARD,
    Action.URGE,
    Action.RETURN_TO_SENDER,
    Action.FILE_AWAY,
    Action.REFER_TO_INVESTIGATION,
)


def is_choice(field: Field, value: str, kind: str) -> bool:
    """Whether a choice field may take the stored value, for a kind of petition."""
    values = listed(field.choices, kind)
    if values is not None:
        return value in values
    return _CHOICES[field.choices](value)


def _is_proposal(value: str) -> bool:
    return value in {action.value for action in PROPOSALS}


_CHOICES: dict[str, Callable[[str], bool]] = {
    "fields": lambda value: field_by_code(value) is not None,
    "findings": lambda value: value in Finding.values,
    # Held against the papers of the case once it is locked.
    "papers": lambda value: len(value) <= KEY_MAX,
    "proposals": _is_proposal,
    "receivers": lambda value: unit_by_code(value) is not None,
    "units": lambda value: unit_in_force(value, today()) is not None,
}


def inputs_clean(row: Transition, raw: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """The checked inputs of ``row``; raises InvalidInput naming every wrong or unknown field."""
    errors: dict[str, list[str]] = {}
    known = {field.name for field in row.fields}
    for name in raw:
        if name not in known:
            errors[str(name)[:80]] = [_("This field is not known.")]
    cleaned: dict[str, Any] = {}
    for field in row.fields:
        try:
            cleaned[field.name] = _clean_one(_asked(field, raw), raw.get(field.name), kind)
        except ValueError as error:
            errors[field.name] = [str(error)]
    if errors:
        raise InvalidInput(fields=errors)
    return cleaned


def _asked(field: Field, raw: Mapping[str, Any]) -> Field:
    """A field that another one stands in for may be left empty."""
    stood_in = bool(field.unless) and bool(raw.get(field.unless))
    return field._replace(required=False) if stood_in else field


def _clean_one(field: Field, value: Any, kind: str) -> Any:
    if field.type is FieldType.BOOLEAN:
        return _boolean(value)
    if value is None or value == "":
        if field.required:
            raise ValueError(_("This field is required."))
        return ""
    if not isinstance(value, str):
        raise ValueError(_("Text is expected here."))  # noqa: TRY004 -- becomes a field error
    if not is_storable(value):
        raise ValueError(_("The text contains characters that cannot be stored."))
    if field.type is FieldType.CHOICE:
        return _choice(field, value, kind)
    return _READERS[field.type](field, value)


def _boolean(value: Any) -> bool:
    if value in (None, "", False, "false", "off", "0"):
        return False
    if value in (True, "true", "on", "1"):
        return True
    raise ValueError(_("Yes or no is expected here."))


def _text(field: Field, value: str) -> str:
    text = clean(value)
    if field.required and not text:
        raise ValueError(_("This field is required."))
    if field.max_length and len(text) > field.max_length:
        raise ValueError(
            _("At most %(limit)s characters; this text has %(length)s.")
            % {"limit": field.max_length, "length": len(text)}
        )
    return text


def _date(field: Field, value: str) -> dt.date:
    return date_read(value)


def _choice(field: Field, value: str, kind: str) -> str:
    if not is_choice(field, value, kind):
        raise ValueError(_("Choose one of the values of the list."))
    return value


def _officer(field: Field, value: str) -> str:
    return value.strip()[:60]


_READERS = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.DATE: _date,
    FieldType.OFFICER: _officer,
}
