"""What texts of notices say about accounts."""

from collections.abc import Sequence

from django import template

from accounts.enums import ElevationGround, Role
from accounts.models import Elevation
from accounts.roles import PERMISSION_WORDS, Permission
from common.codes import secret_clean, secret_from_salt

register = template.Library()


@register.filter
def ground_words(value: str) -> str:
    """The ground of an elevation in words."""
    return str(ElevationGround(value).label) if value in ElevationGround.values else value


@register.filter
def elevation_by(public_id: str) -> str:
    """Who took elevated rights: read when the notice is shown, so that no message keeps the name.

    "–" for none: a preview of the text, a message from before the list.
    """
    rows = Elevation.objects.select_related("user")
    row = rows.filter(public_id=public_id).first() if public_id else None
    return row.user.full_name if row else "–"


@register.filter
def role_words(value: str) -> str:
    """A role in words."""
    return str(Role(value).label) if value in Role.values else value


@register.filter
def rights_words(values: Sequence[str]) -> str:
    """Rights in words, one after the other."""
    return "; ".join(str(PERMISSION_WORDS[Permission(value)]) for value in values)


@register.filter
def reset_secret(salt: str) -> str:
    """The secret of a link for a new password: made when the mail is written, stored nowhere."""
    return secret_clean(secret_from_salt(bytes.fromhex(salt)))
