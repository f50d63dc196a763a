"""What can go wrong by rule. Raised by services and policies, translated at the edges.

Pages turn them into a clear message, the API into ``{"code", "message", "fields"}``.
"""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
Fields = Mapping[str, Sequence[Text]]


class DomainError(Exception):
    """A rule said no. ``status`` is the HTTP status that fits, ``fields`` names the inputs."""

    status = 422
    code = "not_allowed"
    message: Text = _("This is not possible.")

    def __init__(
        self,
        message: Text | None = None,
        *,
        code: str | None = None,
        fields: Fields | None = None,
        extra: Mapping[str, Any] | None = None,
        status: int | None = None,
    ) -> None:
        self.message = message or self.message
        self.status = status or self.status
        self.code = code or self.code
        self.fields = dict(fields or {})
        self.extra = dict(extra or {})
        super().__init__(str(self.code))


class InvalidInput(DomainError):
    """What was typed cannot be used; ``fields`` says where and why."""

    status = 400
    code = "invalid"
    message = _("Some of the information is missing or wrong.")


class NotVisible(DomainError):
    """Absent, or not for this person: the two must look the same."""

    status = 404
    code = "not_found"
    message = _("Not found.")


class NotPermitted(DomainError):
    """Visible, but this person may not do it now; the message says why."""

    status = 403
    code = "forbidden"
    message = _("You do not have the right to do this.")


class Conflict(DomainError):
    """Somebody or something else was there first."""

    status = 409
    code = "conflict"
    message = _("Somebody else has changed this in the meantime.")


class Stale(Conflict):
    """The form was opened on an older version; nothing was changed."""

    code = "stale"
    message = _("Somebody else has changed this case since you opened it. Nothing was lost.")


class TooMany(DomainError):
    """Too many requests; ``retry_after`` is in seconds."""

    status = 429
    code = "too_many_requests"
    message = _("Too many requests. Please try again later.")

    def __init__(self, retry_after: int) -> None:
        super().__init__(extra={"retry_after": retry_after})
        self.retry_after = retry_after


def allow(refusal: Text | None) -> None:
    """What a policy said. Raises NotPermitted with the reason, if there is one."""
    if refusal is not None:
        raise NotPermitted(refusal)


def key_read(public_id: uuid.UUID | str) -> uuid.UUID:
    """A public identifier; a malformed one is as good as a wrong one. Raises NotVisible."""
    try:
        return uuid.UUID(str(public_id))
    except ValueError:
        raise NotVisible from None
