"""Codes that lie nowhere in readable form: made where they are shown."""

from django import template

from common.codes import digits_from_salt, once_code_from_salt

register = template.Library()


@register.filter
def once_code(salt: str) -> str:
    """The one-time code of a salt in hexadecimal digits."""
    return once_code_from_salt(bytes.fromhex(salt))


@register.filter
def six_digits(salt: str) -> str:
    """The code of six digits that belongs to a salt in hexadecimal digits."""
    return digits_from_salt(bytes.fromhex(salt))
