"""Checking the inputs of an action against its row in the workflow table."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.text import clean, is_storable
from common.time import date_read
from petitions.enums import Finding, RefusalGround
from petitions.references import fields_all
from petitions.workflow import Action, Field, FieldType, Transition

PROPOSALS = (Action.ACCEPT, Action.DECLINE, Action.GUIDE, Action.FILE_AWAY)


def choices_of(field: Field) -> list[str]:
    """The stored values that a choice field may take."""
    lists = {
        "refusal_grounds": list(RefusalGround.values),
        "fields": [item.code for item in fields_all()],
        "findings": list(Finding.values),
        "proposals": [action.value for action in PROPOSALS],
    }
    return lists[field.choices]


def inputs_clean(row: Transition, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The checked inputs of ``row``; raises InvalidInput naming every wrong or unknown field."""
    errors: dict[str, list[str]] = {}
    known = {field.name for field in row.fields}
    for name in raw:
        if name not in known:
            errors[str(name)[:80]] = [_("This field is not known.")]
    cleaned: dict[str, Any] = {}
    for field in row.fields:
        try:
            cleaned[field.name] = _clean_one(field, raw.get(field.name))
        except ValueError as error:
            errors[field.name] = [str(error)]
    if errors:
        raise InvalidInput(fields=errors)
    return cleaned


def _clean_one(field: Field, value: Any) -> Any:
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


def _choice(field: Field, value: str) -> str:
    if value not in choices_of(field):
        raise ValueError(_("Choose one of the values of the list."))
    return value


def _officer(field: Field, value: str) -> str:
    return value.strip()[:60]


_READERS = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.DATE: _date,
    FieldType.CHOICE: _choice,
    FieldType.OFFICER: _officer,
}
