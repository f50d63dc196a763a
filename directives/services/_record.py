"""What every change of a directive's record shares: the lock, the version, the history."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import NotPermitted, NotVisible, Stale, Text
from common.history import NewEvent
from common.time import now
from directives.models import Directive, DirectiveEvent
from directives.policies import may_keep
from directives.wording import RECORD_ACTION


def directive_locked(access: Access, slug: str) -> Directive:
    """The visible directive under its lock, for whoever keeps the register. Raises NotVisible,
    NotPermitted."""
    rows = Directive.objects.visible_to(access).select_for_update(of=("self",), no_key=True)
    found = rows.filter(slug=slug).first()
    if found is None:
        raise NotVisible
    refuse(may_keep(access))
    return found


def refuse(refusal: Text | None) -> None:
    """Raises NotPermitted with the reason, if there is one."""
    if refusal is not None:
        raise NotPermitted(refusal)


def version_match(directive: Directive, expected: int) -> None:
    """Raises Stale with the current version when the form was opened on another one."""
    if directive.version != expected:
        raise Stale(
            _("Somebody else has changed this document since you opened it. Nothing was lost."),
            extra={"version": directive.version, "state": directive.state},
        )


def record_step(
    directive: Directive,
    access: Access,
    action: str,
    data: dict[str, Any],
    *,
    at: dt.datetime | None = None,
) -> None:
    """Save a locked directive as its next version, with the event that says what was done."""
    directive.version += 1
    directive.save()
    record_event(directive, access, action, data | {"version": directive.version}, at=at)


def record_event(
    directive: Directive,
    access: Access,
    action: str,
    data: dict[str, Any],
    *,
    at: dt.datetime | None = None,
) -> None:
    """Append to the history of a locked directive. ``at``: UTC moment."""
    moment = at or now()
    DirectiveEvent.append(
        NewEvent(directive.pk, RECORD_ACTION + action, data, access.user_id, moment),
    )


def plain(value: Any) -> Any:
    """A value of the record as the history keeps it."""
    return value.isoformat() if isinstance(value, dt.date) else value
