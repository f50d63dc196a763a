"""What every change of a reform shares: the lock, the version, the history, the notices."""

import datetime as dt
import uuid
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import NotVisible, Stale, key_read
from common.history import NewEvent
from continuity.models import ReformEvent, UnitReform
from notifications.services import NewMessage, outbox_write


def reform_locked(access: Access, public_id: uuid.UUID | str, version: int) -> UnitReform:
    """The visible reform under its lock, in the version that was looked at. Raises NotVisible,
    Stale."""
    rows = UnitReform.objects.visible_to(access).select_for_update(of=("self",), no_key=True)
    found = rows.filter(public_id=key_read(public_id)).first()
    if found is None:
        raise NotVisible
    version_match(found, version)
    return found


def version_match(reform: UnitReform, version: int) -> None:
    """Raises Stale with the current version when the form was opened on another one."""
    if reform.version != version:
        raise Stale(
            _("Somebody else has changed this reform since you opened it. Nothing was lost."),
            extra={"version": reform.version, "state": reform.state},
        )


def keep(
    reform: UnitReform, what: str, at: dt.datetime, by_id: int | None, data: dict[str, Any]
) -> None:
    """Save a locked reform as its next version, with the event that says what was done."""
    reform.version += 1
    reform.save()
    body = {"version": reform.version, **data}
    ReformEvent.append(NewEvent(reform.pk, f"continuity.reform.{what}", body, by_id, at))


def tell(
    reform: UnitReform, template: str, at: dt.datetime, *addresses: dict[str, Any], **values: Any
) -> None:
    """Write a notice about a reform to people or positions, in the caller's transaction."""
    params = {
        "name": reform.number,
        "first_on": reform.effective_on.isoformat(),
        "href": reverse("continuity_staff:reform", args=[reform.public_id]),
        **values,
    }
    key = f"reform:{reform.public_id}:{reform.version}:{template}"
    outbox_write([NewMessage(key, template, params, **address) for address in addresses], at=at)
