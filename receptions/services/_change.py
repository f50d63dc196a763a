"""What every change of a session shares: the lock, the version, the history, the notices."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from common.codes import token_hmac
from common.errors import NotVisible, Stale
from common.history import NewEvent
from common.time import local_date
from notifications.services import NewMessage, outbox_write
from receptions.holders import desks_of
from receptions.models import ReceptionSession, SessionEvent
from receptions.policies import can_view_unit


def outbox_mark(code: str) -> str:
    """A registration as the keys of the outbox name it: the code itself is half of the visitor's
    key, and would join whoever was written to with what came of the visit."""
    return token_hmac("outbox", code).hex()[:32]


@dataclass
class Notes:
    """What a change adds to the history and the outbox. No personal data in either."""

    action: str
    at: dt.datetime
    by_id: int | None = None
    quiet: bool = False
    data: dict[str, Any] = field(default_factory=dict)
    messages: list[NewMessage] = field(default_factory=list)

    def tell(
        self,
        session: ReceptionSession,
        template: str,
        *,
        key: str = "",
        href: str = "",
        extra: Mapping[str, Any] | None = None,
        **address: Any,
    ) -> None:
        """Queue a notice to somebody, by default to the desks of the session's unit.

        ``href``: the page it leads to, by default the session's own. ``extra``: more values for
        the text.
        """
        params = {
            "unit": session.unit.full_name,
            "session_on": local_date(session.starts_at).isoformat(),
            "href": href or reverse("receptions_staff:session", args=[session.public_id]),
            **(extra or {}),
        }
        desks = [{"unit_id": session.unit_id, "position": name} for name in desks_of(session.unit)]
        self.messages += [
            NewMessage(
                key=key or f"session:{session.public_id}:{session.version}:{template}",
                template=template,
                params=params,
                **to,
            )
            for to in ([address] if address else desks)
        ]


def session_locked(
    public_id: uuid.UUID, beside: Mapping[str, RawSQL] | None = None, **only: Any
) -> ReceptionSession:
    """The session, its row locked until the end of the transaction; ``beside``: what is read with
    it. Raises NotVisible."""
    session = (
        ReceptionSession.objects.select_related("unit")
        .annotate(**(beside or {}))
        .select_for_update(of=("self",), no_key=True)
        .filter(public_id=public_id, **only)
        .first()
    )
    if session is None:
        raise NotVisible
    return session


def session_for_change(
    access: Access, public_id: uuid.UUID, version: int | None = None
) -> ReceptionSession:
    """The locked session when the person sees it and the form was opened on this version.

    Raises NotVisible, or Stale with the current version.
    """
    session = session_locked(public_id)
    if not can_view_unit(access, session.unit_id):
        raise NotVisible
    if version is not None and session.version != version:
        raise Stale(
            _("Somebody else has changed this session since you opened it. Nothing was lost."),
            extra={"version": session.version, "status": session.status},
        )
    return session


def keep(session: ReceptionSession, notes: Notes) -> None:
    """Append the event and write the notices, in the caller's transaction."""
    SessionEvent.append(NewEvent(session.pk, notes.action, notes.data, notes.by_id, notes.at))
    outbox_write(notes.messages, at=notes.at, suppress=notes.quiet)
